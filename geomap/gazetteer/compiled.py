"""Curated files made ready to look up: the form in which geomap carries its own."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.names import Names, display_name, native_name
from geomap.gazetteer.worldviews import View

if TYPE_CHECKING:
    from geomap.gazetteer.curated import CuratedPlace

# A site this small is known as exactly as a pin can show; anything wider is a named place.
_EXACT_RADIUS_M: Final = 500.0
_SETTLEMENTS: Final = frozenset({"city", "town", "village"})
_FEATURES: Final = {
    "city": "PPL", "town": "PPL", "village": "PPL", "airfield": "AIRF", "air_base": "AIRB",
}  # fmt: skip
_AIRFIELDS: Final = frozenset({"airfield", "air_base"})
_IDENT: Final = re.compile(r"[A-Z0-9]{2,4}(?:-[A-Z0-9]{2,5})?")
COMPILED: Final = "curated.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPlace:
    """A curated place; `folds` are its folded names, `region` the first-order region that it lies in.

    `replaces` are ids of records of other sources that it stands for (`oa:UMLI`).
    """

    place_id: str
    name: str
    native_name: str
    kind: str
    feature: str
    country: str
    countries: tuple[str, ...]
    region: str | None
    lon: float
    lat: float
    radius_m: float
    exact: bool
    geonameid: int | None
    note: str
    folds: tuple[str, ...]
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledPlaces:
    """The content of curated files: places, and names of regions and countries (`region:RU-KRS`)."""

    places: tuple[CompiledPlace, ...] = ()
    names: dict[str, Names]


def to_json(content: CompiledPlaces, views: Mapping[str, View]) -> bytes:
    """The bytes of `curated.json`: curated places, and the worldviews by id."""
    return orjson.dumps(
        {
            "names": content.names,
            "places": [asdict(place) for place in content.places],
            "views": [asdict(view) for view in views.values()],
        },
        option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2,
    )


def views_of(data: bytes) -> dict[str, View]:
    """The worldviews in the bytes of `curated.json`, in the order of `worldviews.yaml`."""
    return {view["id"]: View(**view) for view in orjson.loads(data)["views"]}


def places_of(data: bytes) -> CompiledPlaces:
    """The curated places in the bytes of `curated.json`."""
    content: dict[str, Any] = orjson.loads(data)
    places = tuple(
        CompiledPlace(**place | {"folds": tuple(place["folds"]), "countries": tuple(place["countries"])})
        for place in content["places"]
    )
    return CompiledPlaces(places=places, names=content["names"])


def compile_curated(
    paths: Sequence[Path], has: Callable[[str], bool], region_at: Callable[[float, float, str], str | None]
) -> CompiledPlaces:
    """Read files of curated places.

    Parameters
    ----------
    paths
        Files in the form of `gazetteer/curated/`; of two entries with one id the later one holds.
    has
        Whether the base tables have a `region:RU-KRS` or `country:BY`.
    region_at
        The region at a longitude, latitude (WGS 84) in a country.

    Raises
    ------
    ConfigError
        For anything but the documented form, or an id that the base tables lack, with file, line and column.
    """
    from geomap.errors import ConfigError
    from geomap.gazetteer.curated import read_curated

    places: dict[str, CompiledPlace] = {}
    names: dict[str, Names] = {}
    for path in paths:
        curated, written = read_curated(path)
        for index, entry in enumerate(curated.places):
            if not any(entry.names.values()):
                raise ConfigError.at(written.mark(("places", index)), "a place needs at least one name")
            place_id = f"gn:{entry.geonameid}" if entry.geonameid is not None else f"cur:{entry.id}"
            places[place_id] = CompiledPlace(
                place_id=place_id,
                name=display_name(entry.names),
                native_name=native_name(entry.names, entry.country),
                kind=entry.kind,
                feature=_FEATURES.get(entry.kind, "SITE"),
                country=entry.country,
                countries=tuple(entry.countries),
                region=entry.region or region_at(entry.lon, entry.lat, entry.country),
                lon=entry.lon,
                lat=entry.lat,
                radius_m=entry.radius_m,
                exact=entry.kind not in _SETTLEMENTS and entry.radius_m <= _EXACT_RADIUS_M,
                geonameid=entry.geonameid,
                note=f"extent {entry.extent}" if entry.extent else "",
                folds=folds_of(entry.names),
                replaces=tuple(_airports(entry)),
            )
        for kind, entries in (("region", curated.regions), ("country", curated.countries)):
            for index, named in enumerate(entries):
                key = f"{kind}:{named.id}"
                if not has(key):
                    plural = "regions" if kind == "region" else "countries"
                    raise ConfigError.at(
                        written.mark((plural, index, "id")), f"no {kind} {named.id!r} in the base tables"
                    )
                names[key] = named.names
    return CompiledPlaces(places=tuple(places.values()), names=names)


def _airports(entry: "CuratedPlace") -> Iterator[str]:
    """The records of OurAirports that a curated airfield rests on."""
    for source in entry.sources:
        if entry.kind in _AIRFIELDS and "OurAirports" in source.name and _IDENT.fullmatch(source.record):
            yield f"oa:{source.record}"


def folds_of(names: Names) -> tuple[str, ...]:
    """Every folded name once, in order."""
    folded = {fold_name(name) for written in names.values() for name in written}
    return tuple(sorted(folded - {""}))
