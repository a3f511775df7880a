#!/bin/sh
# Build the wheel, install it alone in a clean environment, and build a project outside this folder with it.
# usage: wheel_test.sh PYTHON_FOR_THE_CLEAN_ENVIRONMENT PYTHON_WITH_BUILD
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$2" -m build --wheel --no-isolation --outdir "$work/dist" . >/dev/null
bytes=$(cat "$work"/dist/*.whl | wc -c)
echo "wheel: $bytes bytes"
test "$bytes" -le 25000000
"$1" -m venv "$work/env"
"$work/env/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/dist/*.whl
cp -r maps seeds "$work/"
cd "$work"
"$work/env/bin/geomap" build maps/union-state
"$work/env/bin/geomap" init new-project
"$work/env/bin/geomap" build new-project
"$work/env/bin/geomap" resolve "Kursk Region" Гродна "Machulishchy air base"
test -s maps/union-state/out/index.html
test -s new-project/out/events.geojson
"$work/env/bin/python" - <<'PY'
import geomap, pathlib
package = pathlib.Path(geomap.__file__).parent
assert pathlib.Path.cwd() in package.parents, package
carried = sorted(path.name for path in (package / "gazetteer" / "data").iterdir())
assert carried == [
    "SOURCES.md", "base.sqlite", "curated.json", "ground.sqlite", "toponym_weights.json", "weights.json",
    "word_lists.json", "worldviews.yaml",
], carried
print("the wheel alone builds a project")
PY
