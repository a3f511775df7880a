"""`geomap gazetteer`: the place data in use, and a user's own."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import orjson
import typer

from geomap import __version__
from geomap.cli.terminal import remark, visible

if TYPE_CHECKING:
    from geomap.gazetteer.search import FoundPlace
    from geomap.gazetteer.write import StoreReport, Watch
    from geomap.model.lonlat import LonLat

app = typer.Typer(
    name="gazetteer",
    help="The place data in use, and your own: dumps of GeoNames, and files of places.",
    no_args_is_help=True,
)
_LABEL: Final = re.compile("[a-z0-9][a-z0-9-]{0,63}")


@app.command()
def build(
    geonames: Annotated[
        list[Path] | None,
        typer.Option(
            help="Dump of GeoNames (allCountries.txt, PL.zip), or a folder of them; may be given again.",
            show_default=False,
        ),
    ] = None,
    alternate: Annotated[
        Path | None, typer.Option(help="GeoNames' alternateNamesV2, plain or zip: names with their language.")
    ] = None,
    ourairports: Annotated[Path | None, typer.Option(help="OurAirports' airports.csv.")] = None,
    countries: Annotated[
        str, typer.Option(metavar="CC,CC", help="Only places of these countries; default: all.")
    ] = "",
    features: Annotated[
        str,
        typer.Option(
            metavar="P,A,…",
            help="GeoNames feature classes and codes to take; default: all but roads and undersea forms.",
        ),
    ] = "",
    languages: Annotated[
        str, typer.Option(metavar="en,ru,…", help="Languages to take of the alternate names; default: all.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="The store to write; default: the one that geomap reads.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was read as JSON.")] = False,
) -> None:
    """Make your own store of places from dumps; it replaces the one built before."""
    from geomap.gazetteer.dumps import Selection
    from geomap.gazetteer.read import find_dumps, read_base
    from geomap.gazetteer.store import data_folder
    from geomap.gazetteer.userdata import user_store_path
    from geomap.gazetteer.write import Inputs, write_store

    if not geonames and not ourairports:
        raise typer.BadParameter("name a dump with --geonames or --ourairports")
    if not geonames and alternate:
        raise typer.BadParameter("--alternate gives names to places of --geonames")
    if languages and not alternate:
        raise typer.BadParameter("--languages chooses among the names of --alternate")
    try:
        selection = Selection.parse(countries=countries, features=features, languages=languages)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    tables: list[Path] = []
    for path in geonames or []:
        found, left_out = find_dumps(path)
        tables += [table for table in found if table not in tables]
        for entry in left_out:
            remark(f"{entry}: no main table of GeoNames, left out")
    inputs = Inputs(geonames=tables, alternate=alternate, ourairports=ourairports)
    base = read_base(data_folder() / "base.sqlite")
    with _progress() as watch:
        report = write_store(
            out or user_store_path(), inputs, selection, base, version=__version__, watch=watch
        )
    _tell_build(report, as_json)


@app.command()
def add(
    file: Annotated[
        Path | None,
        typer.Argument(help="YAML, CSV, GeoJSON points, or Linked Places (JSON).", show_default=False),
    ] = None,
    label: Annotated[
        str | None, typer.Option("--as", help="Name to keep the places under; default: that of the file.")
    ] = None,
    mapping: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=COLUMN", help="Which column or property is a field; may be given again."),
    ] = None,
    show: Annotated[bool, typer.Option("--list", help="List your own places.")] = False,
    remove: Annotated[str | None, typer.Option(metavar="NAME", help="Remove places of your own.")] = None,
) -> None:
    """Check a file of your own places and keep a copy, which outranks all other places."""
    if [file is not None, show, remove is not None].count(True) != 1:
        raise typer.BadParameter("give a file, --list, or --remove NAME")
    if file is None and (label or mapping):
        raise typer.BadParameter("--as and --mapping go with a file")
    if show:
        _list_own()
    elif remove is not None:
        _remove_own(remove)
    elif file is not None:
        _add_own(file, label, _read_mapping(mapping or []))


@app.command()
def info(
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Say what place data are in use: where, which versions, how many, under which licences."""
    told = _info()
    if as_json:
        print(orjson.dumps(told).decode())
        return
    for title in ("base", "store"):
        if part := told[title]:
            made = f", built by geomap {part['geomap_version']}" if part["geomap_version"] else ""
            tables = f"{part['bytes']:,} bytes, tables {part['schema_version']}{made}"
            print(visible(f"{title}: {part['path']} ({tables})"))
            for source, kinds in part["places"].items():
                counts = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
                print(visible(f"  {source}: {counts}"))
            for line in part["licences"]:
                print(visible(f"  {line}"))
        else:
            print(visible(f"{title}: none; geomap gazetteer build would write {told['store_path']}"))
    print(f"curated: {told['curated']} places")
    for own in told["own_places"]:
        print(visible(f"own places: {own['name']}, {own['places']} places ({own['path']})"))
    print(visible(f"worldviews: {', '.join(told['worldviews'])}"))
    print(f"fingerprint: {told['fingerprint']}")


@app.command()
def search(
    text: Annotated[str, typer.Argument(help="How the name begins, in any script.", show_default=False)],
    country: Annotated[str | None, typer.Option(help="ISO 3166 code to keep to.")] = None,
    feature: Annotated[
        str | None, typer.Option(help="GeoNames feature code to keep to, such as PPL.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many places.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print the places as JSON.")] = False,
) -> None:
    """List places by the beginning of a name, the most populous first; exit 3 when there is none."""
    found = _search(text, country and country.upper(), feature and feature.upper(), limit)
    if as_json:
        print(orjson.dumps([asdict(place) for place in found]).decode())
    else:
        for place in found:
            where = ", ".join(filter(None, (place.region, place.country)))
            people = f"  {place.population:,}" if place.population else ""
            print(
                visible(
                    f"{place.place_id}  {place.name}  {place.feature}  {where}  "
                    f"{place.lat:.4f}, {place.lon:.4f}{people}"
                )
            )
    if not found:
        remark(f"{text}: nothing found")
        raise typer.Exit(3)


def _tell_build(report: "StoreReport", as_json: bool) -> None:
    faults = report.faults
    for problem in faults.first:
        remark(f"{problem.mark}: warning {problem.code} {problem.message}")
    if faults.count > len(faults.first):
        remark(f"{faults.count - len(faults.first):,} more rows left out")
    if as_json:
        told = {
            "path": str(report.path),
            "places": report.places,
            "names": report.names,
            "broken": faults.count,
            "sources": [asdict(source) for source in report.sources],
        }
        print(orjson.dumps(told).decode())
        return
    for source in report.sources:
        remark(f"{source.file}: {source.rows:,} rows, {source.kept:,} kept, {source.broken:,} broken")
    remark(f"{report.places:,} places, {report.names:,} names")
    print(visible(str(report.path)))


@contextmanager
def _progress() -> "Iterator[Watch]":
    """A bar on stderr, on a terminal only."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    text = TextColumn("{task.description}", markup=False)
    columns = (text, BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def watch(doing: str, read: int, total: int) -> None:
            bar.update(task, description=visible(doing), advance=read, total=total or None)

        yield watch


def _own_path(label: str) -> Path:
    from geomap.gazetteer.userdata import own_places_folder

    # It becomes a file's name, so nothing that leads elsewhere.
    if _LABEL.fullmatch(label) is None:
        raise typer.BadParameter(f"{label!r}: a name has lower-case letters, digits and hyphens, 64 at most")
    return own_places_folder() / f"{label}.yaml"


def _read_mapping(written: list[str]) -> dict[str, str]:
    mapping = {}
    for part in ",".join(written).split(","):
        name, equals, column = part.partition("=")
        if part and not (equals and column.strip()):
            raise typer.BadParameter(f"--mapping {part!r}: expected FIELD=COLUMN, such as name=Toponym")
        if part:
            mapping[name.strip()] = column.strip()
    return mapping


def _add_own(file: Path, label: str | None, mapping: dict[str, str]) -> None:
    from geomap.files import write_all
    from geomap.gazetteer import read_gazetteer
    from geomap.gazetteer.fold import fold_name
    from geomap.gazetteer.user_places import read_own_places

    label = label or fold_name(file.stem).replace(" ", "-")[:64].strip("-")
    path = _own_path(label)

    def country_at(position: "LonLat") -> str | None:
        return open_gazetteer().store.country_at(position)

    open_gazetteer = cache(read_gazetteer)  # opened if a place does not say its country
    places = read_own_places(file, label, mapping=mapping, country_at=country_at)
    if file.suffix.lower() in (".yaml", ".yml"):
        read_gazetteer(extra=[file])  # whether there are the regions and countries that it names
    replaced = path.is_file()
    write_all(path.parent, {path.name: places.content})
    for note in places.remarks:
        remark(f"{file}: {note}")
    remark(
        f"{places.count:,} places kept as {label}" + ("; what stood there is replaced" if replaced else "")
    )
    print(visible(str(path)))


def _list_own() -> None:
    for own in _own():
        print(visible(f"{own['name']}  {own['places']} places  {own['path']}"))


def _remove_own(label: str) -> None:
    from geomap.errors import OutputError
    from geomap.gazetteer.userdata import own_places
    from geomap.gazetteer.write import remove_file

    path = _own_path(label)
    if not path.is_file():
        known = ", ".join(own.stem for own in own_places())
        raise OutputError(f"no places of your own called {label!r}; there are {known or 'none'}")
    remove_file(path)
    remark(f"{path}: removed")


def _own() -> list[dict[str, Any]]:
    from geomap.gazetteer.curated import read_curated
    from geomap.gazetteer.userdata import own_places

    return [
        {"name": path.stem, "path": str(path), "places": len(read_curated(path)[0].places)}
        for path in own_places()
    ]


def _info() -> dict[str, Any]:
    from geomap.gazetteer.compiled import COMPILED, places_of
    from geomap.gazetteer.store import carried_views, data_folder
    from geomap.gazetteer.userdata import fingerprint, own_places_folder, user_store_path

    folder, store = data_folder(), user_store_path()
    return {
        "base": _about(folder / "base.sqlite"),
        "store": _about(store) if store.exists() else None,
        "store_path": str(store),
        "curated": len(places_of((folder / COMPILED).read_bytes()).places),
        "own_places": _own(),
        "own_places_path": str(own_places_folder()),
        "worldviews": sorted(carried_views()),
        "fingerprint": fingerprint(),
    }


def _about(path: Path) -> dict[str, Any]:
    from geomap.errors import DataFileError
    from geomap.gazetteer.read import open_places
    from geomap.gazetteer.search import count_places

    try:
        with closing(open_places(path)) as database:
            meta = dict(database.execute("SELECT key, value FROM meta"))
            places = count_places(database)
    except sqlite3.Error as error:
        raise DataFileError(f"{path}: cannot be read ({error}); build it again") from error
    licences = [
        line
        for key, value in sorted(meta.items())
        if key == "licence" or key.endswith("_licence")
        for line in value.splitlines()
    ]
    return {
        "path": str(path),
        "bytes": path.stat().st_size,
        "schema_version": meta["schema_version"],
        "geomap_version": meta.get("geomap_version"),
        "places": places,
        "attribution": meta.get("attribution", "").splitlines(),
        "licences": licences,
        "sources": orjson.loads(meta["sources"]) if "sources" in meta else [],
    }


def _search(text: str, country: str | None, feature: str | None, limit: int) -> "list[FoundPlace]":
    from geomap.errors import DataFileError
    from geomap.gazetteer.compiled import COMPILED, compile_curated, places_of
    from geomap.gazetteer.read import open_places
    from geomap.gazetteer.search import search_curated, search_names
    from geomap.gazetteer.store import data_folder
    from geomap.gazetteer.userdata import own_places, user_store_path

    folder, store = data_folder(), user_store_path()
    found: dict[str, FoundPlace] = {}
    for path in (folder / "base.sqlite", *([store] if store.exists() else [])):
        try:
            with closing(open_places(path)) as database:
                for place in search_names(database, text, country=country, feature=feature, limit=limit):
                    found[place.place_id] = place
        except sqlite3.Error as error:
            raise DataFileError(f"{path}: cannot be read ({error}); build it again") from error
    # Ids are checked when a file is added; here only names count.
    own = compile_curated(own_places(), lambda key: True, lambda lon, lat, country: None)
    places = (*places_of((folder / COMPILED).read_bytes()).places, *own.places)
    for place in search_curated(places, text, country=country, feature=feature):
        people = found[place.place_id].population if place.place_id in found else 0
        found[place.place_id] = replace(place, population=people)
    ranked = sorted(found.values(), key=lambda place: (-place.population, not place.exact, place.place_id))
    return ranked[:limit]
