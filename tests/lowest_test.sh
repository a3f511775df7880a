#!/bin/sh
# Install geomap with the lowest versions that pyproject.toml states, and do with them what people do.
# usage: lowest_test.sh PYTHON_3.11 FOLDER_OF_THE_PROJECTS_OWN_COMMANDS
set -eu
"$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || {
    echo "the lowest versions are those of Python 3.11, and $1 is another; set LOWEST_PYTHON" >&2
    exit 1
}
own=$(cd "$2" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$own/python" tests/lowest_versions.py draft >"$work/lowest.txt"
"$1" -m venv "$work/env"
# A bound that another one contradicts ends here: pip says which.
"$work/env/bin/python" -m pip install --quiet --disable-pip-version-check --constraint "$work/lowest.txt" --editable '.[draft]'
cp -r maps seeds "$work/"
cd "$work"
geomap=$work/env/bin/geomap
run() {
    "$geomap" "$@" >said.txt 2>remarks.txt || {
        echo "geomap $* fails with the lowest versions:" >&2
        tail -5 remarks.txt >&2
        exit 1
    }
}
map=maps/union-state
run build $map
run build $map --check
run check $map
formats=geojson,gpkg,fgb,parquet,kml,csv,lpf,shp
run export $map --format $formats --out exports
for file in events.geojson events.gpkg events.fgb events.parquet events.kml events.csv events_points.shp places.lpf.json; do
    run import exports/$file
    grep -q '^  - id: ' said.txt || { echo "nothing was imported from $file" >&2; exit 1; }
done
run init new-project
run build new-project
run resolve "Kursk Region" Гродна "Machulishchy air base"
seed=seeds/2021-11-12-paratroopers-grodno.md
run tag $seed
run draft $seed -o new-project/events.yaml --force
run build new-project --drafts
printf '<!doctype html><html lang="en"><body><article><h1>Landing</h1><p>Paratroopers jumped near Grodno in Belarus on 12 November 2021, as the ministry said.</p></article></body></html>' >page.html
run draft page.html
grep -q 'type: exercise/airborne_drop' said.txt || { echo "nothing was drafted of a page" >&2; exit 1; }
run draft $seed --parts corpus --workers 2
"$own/geomap" build $map --out own >/dev/null 2>&1
"$own/python" - $map/out own <<'PY'
import json, pathlib, sys
low, own = (
    {one["id"]: one["properties"] for one in json.loads((pathlib.Path(folder) / "events.geojson").read_text())["features"]}
    for folder in sys.argv[1:]
)
assert low == own, sorted(key for key in low.keys() | own.keys() if low.get(key) != own.get(key))
print(f"the lowest versions do what people do, and draw the same {len(low)} features")
PY
