#!/bin/sh
# Build the wheel, install it alone in a clean environment, and build a project outside this folder with it.
# usage: wheel_test.sh PYTHON_FOR_THE_CLEAN_ENVIRONMENT PYTHON_WITH_BUILD
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$2" -m build --wheel --no-isolation --outdir "$work/dist" . >/dev/null
bytes=$(cat "$work"/dist/*.whl | wc -c)
echo "wheel: $bytes bytes"
test "$bytes" -le 26214400 # 25 MiB
"$1" -m venv "$work/env"
"$work/env/bin/python" -m pip install --quiet --disable-pip-version-check "$work"/dist/*.whl
cp -r maps seeds "$work/"
cd "$work"
"$work/env/bin/geomap" build maps/union-state
"$work/env/bin/geomap" init new-project
"$work/env/bin/geomap" build new-project
"$work/env/bin/geomap" resolve "Kursk Region" Гродна
test -s maps/union-state/out/index.html
test -s new-project/out/events.geojson
"$work/env/bin/python" - <<'PY'
import geomap, pathlib
assert pathlib.Path.cwd() in pathlib.Path(geomap.__file__).parents, geomap.__file__
print("the wheel alone builds a project")
PY
