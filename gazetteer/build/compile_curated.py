"""Build gazetteer/curated.json from worldviews.yaml and curated/*.yaml: python gazetteer/build/compile_curated.py."""

from pathlib import Path

from geomap.gazetteer.compiled import COMPILED, to_json
from geomap.gazetteer.curated import read_views
from geomap.gazetteer.store import Store

FOLDER = Path(__file__).parents[1]


def main() -> None:
    """Read, check, write."""
    path = FOLDER / COMPILED
    path.write_bytes(compile_files(FOLDER))
    print(f"{path.name}: {path.stat().st_size:,} bytes")


def compile_files(folder: Path) -> bytes:
    """The bytes of `curated.json`, from the files as they stand."""
    views = read_views(folder / "worldviews.yaml")
    store = Store(folder, views["un"], curated=False)
    return to_json(store.compile(sorted((folder / "curated").glob("*.yaml"))), views)


if __name__ == "__main__":
    main()
