"""What the gazetteer knows: derived base tables in SQLite, and curated places over them."""

import json
import math
import sqlite3
import weakref
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.errors import ConfigError, DataFileError
from geomap.gazetteer.curated import read_curated
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.names import NATIVE_LANGUAGE, Names, without_region_words
from geomap.gazetteer.shapes import decode_shape
from geomap.gazetteer.worldviews import View
from geomap.model.geometry import distance_m
from geomap.model.lonlat import LonLat
from geomap.model.places import Place
from geomap.model.vocabulary import Precision

_SETTLEMENT_KINDS: Final = frozenset({"city", "town", "village"})
# A site this small is known as exactly as a pin can show; anything wider is a named place.
_EXACT_RADIUS_M: Final = 500.0
# Borders are generalised: of the settlements here none lies more than 2.9 km on the wrong
# side of one, which is 0.05 degrees of longitude at 58 north.
_BORDER_SLACK: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A first-order region: id is its ISO 3166-2 code as Natural Earth writes it (`RU-KRS`)."""

    id: str
    names: Names
    country: str
    geonameid: int | None
    label: LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A country of the base tables: code is ISO 3166-1 alpha-2."""

    code: str
    names: Names
    geonameid: int | None


def data_folder() -> Path:
    """The folder with the place data: beside the package in a checkout, inside it in a wheel.

    Raises
    ------
    DataFileError
        If neither is there.
    """
    package = Path(__file__).resolve().parent
    for folder in (package.parents[1] / "gazetteer", package / "data"):
        if (folder / "base.sqlite").is_file() and (folder / "worldviews.yaml").is_file():
            return folder
    raise DataFileError(f"the place data is missing from {package / 'data'}; install geomap again")


class Store:
    """Read access to every place, under one worldview.

    Names are looked up by their fold. Curated places replace the base record with the same `geonameid`.
    """

    def __init__(
        self, folder: Path, view: View, views: Sequence[View] = (), extra: Sequence[Path] = ()
    ) -> None:
        self.view = view
        self._views = views or (view,)
        address = (folder / "base.sqlite").resolve().as_uri() + "?mode=ro&immutable=1"
        self._base = sqlite3.connect(address, uri=True)
        weakref.finalize(self, self._base.close)
        self._region_shapes: dict[str, BaseGeometry] = {}
        self._country_shapes: dict[str, BaseGeometry] = {}
        self._places: dict[str, list[Place]] = defaultdict(list)
        self._curated_names: dict[int, str] = {}
        self._names: dict[str, Names] = {}
        self._region_folds: dict[str, set[str]] = defaultdict(set)
        self._country_folds: dict[str, set[str]] = defaultdict(set)
        base_owners = dict(self._base.execute("SELECT id, country_un FROM region"))
        self._base_owners = frozenset(base_owners.values())
        self.unknown_regions = sorted(view.owners.keys() - base_owners.keys())
        self._owned_elsewhere = {
            region_id: owner
            for region_id, owner in view.owners.items()
            if region_id in base_owners and owner != base_owners[region_id]
        }
        for path in (*sorted((folder / "curated").glob("*.yaml")), *extra):
            self._take_curated(path)

    # Names

    def places(self, fold: str) -> list[tuple[Place, bool]]:
        """Point places of a folded name, each with whether that is its main name."""
        found = [(place, fold == fold_name(place.name)) for place in self._places.get(fold, [])]
        rows = self._base.execute(
            "SELECT s.geonameid, s.name, s.country, s.feature_code, s.population, s.lon, s.lat, n.is_main"
            " FROM settlement_name n JOIN settlement s USING (geonameid) WHERE n.fold = ?"
            " ORDER BY s.population DESC, s.geonameid",
            (fold,),
        )
        return found + [
            (self._settlement(*row[:7]), bool(row[7])) for row in rows if row[0] not in self._curated_names
        ]

    def regions(self, fold: str) -> list[Region]:
        """Regions of a folded name, with or without words such as `oblast` in it."""
        ids = set(self._region_folds.get(fold, ())) | {
            row[0] for row in self._base.execute("SELECT region FROM region_name WHERE fold = ?", (fold,))
        }
        return [self.region(region_id) for region_id in sorted(ids)]

    def countries(self, fold: str) -> list[Country]:
        """Countries of a folded name."""
        codes = set(self._country_folds.get(fold, ())) | {
            row[0] for row in self._base.execute("SELECT country FROM country_name WHERE fold = ?", (fold,))
        }
        return [self.country(code) for code in sorted(codes)]

    def similar(self, fold: str, limit: int = 400) -> list[str]:
        """Names that begin like a folded name, for suggestions only."""
        head = fold[:2]
        rows = self._base.execute(
            "SELECT DISTINCT s.name FROM settlement_name n JOIN settlement s USING (geonameid)"
            " WHERE n.fold >= ? AND n.fold < ? ORDER BY s.population DESC LIMIT ?",
            (head, head + "\x7f", limit),
        )
        curated = {
            place.name for key, places in self._places.items() if key.startswith(head) for place in places
        }
        return sorted(curated) + [row[0] for row in rows]

    # Regions and countries

    def region(self, region_id: str) -> Region:
        """A region by id.

        Raises
        ------
        KeyError
            If there is none.
        """
        row = self._base.execute(
            "SELECT names, country_un, geonameid, label_lon, label_lat FROM region WHERE id = ?", (region_id,)
        ).fetchone()
        if row is None:
            raise KeyError(region_id)
        return Region(
            id=region_id,
            names=self._all_names(f"region:{region_id}", row[0]),
            country=self.view.owners.get(region_id, row[1]),
            geonameid=row[2],
            label=LonLat(lon=row[3], lat=row[4]),
        )

    def country(self, code: str) -> Country:
        """A country by ISO code.

        Raises
        ------
        KeyError
            If there is none with a shape.
        """
        row = self._base.execute("SELECT names, geonameid FROM country WHERE code = ?", (code,)).fetchone()
        if row is None:
            raise KeyError(code)
        return Country(code=code, names=self._all_names(f"country:{code}", row[0]), geonameid=row[1])

    def country_codes(self) -> list[str]:
        """Every country with a shape."""
        return [row[0] for row in self._base.execute("SELECT code FROM country ORDER BY code")]

    def region_ids(self, bbox: tuple[float, float, float, float] | None = None) -> list[str]:
        """Every region, or those whose bbox touches another (west, south, east, north)."""
        west, south, east, north = bbox or (-180, -90, 180, 90)
        rows = self._base.execute(
            "SELECT id FROM region WHERE west <= ? AND east >= ? AND south <= ? AND north >= ? ORDER BY id",
            (east, west, north, south),
        )
        return [row[0] for row in rows]

    def region_shape(self, region_id: str) -> BaseGeometry:
        """The polygon of a region, EPSG:4326."""
        if region_id not in self._region_shapes:
            blob = self._one("SELECT shape FROM region WHERE id = ?", region_id)
            self._region_shapes[region_id] = decode_shape(blob)
        return self._region_shapes[region_id]

    def country_shape(self, code: str) -> BaseGeometry:
        """The polygon of a country under this store's worldview, EPSG:4326.

        Raises
        ------
        KeyError
            If there is none.
        """
        if code not in self._country_shapes:
            self._country_shapes[code] = self._dissolve(code)
        return self._country_shapes[code]

    def _dissolve(self, code: str) -> BaseGeometry:
        blob = self._one("SELECT shape FROM country WHERE code = ?", code)
        if blob is None:
            raise KeyError(code)
        moved = self._owned_elsewhere
        rows = self._base.execute("SELECT id, country_un FROM region ORDER BY id").fetchall() if moved else []
        members = [region_id for region_id, un in rows if moved.get(region_id, un) == code]
        if members == [region_id for region_id, un in rows if un == code]:
            return decode_shape(blob)
        return shapely.coverage_union_all([self.region_shape(region_id) for region_id in members])

    def regions_at(self, position: LonLat) -> list[str]:
        """The regions that hold a position."""
        lon, lat = position.geojson
        return [
            region_id
            for region_id in self.region_ids((lon, lat, lon, lat))
            if self.region_shape(region_id).intersects(shapely.Point(lon, lat))
        ]

    def regions_of(self, position: LonLat, country: str | None) -> list[str]:
        """The regions that a place of a country may lie in, nearest first.

        Those that hold the position, and those that a generalised border may keep it out of; only such of
        `country`, where one is given.
        """
        if country is None:
            return self.regions_at(position)
        lon, lat = position.geojson
        slack, point = _BORDER_SLACK, shapely.Point(lon, lat)
        away = {
            region_id: self.region_shape(region_id).distance(point)
            for region_id in self.region_ids((lon - slack, lat - slack, lon + slack, lat + slack))
            if self.region(region_id).country == country
        }
        return sorted((key for key in away if away[key] <= slack), key=lambda key: (away[key], key))

    def countries_near(self, position: LonLat) -> list[str]:
        """The countries that a position may lie in, nearest first: several beside a generalised border."""
        lon, lat = position.geojson
        slack, point = _BORDER_SLACK, shapely.Point(lon, lat)
        away = sorted(
            (self.region_shape(region_id).distance(point), self.region(region_id).country)
            for region_id in self.region_ids((lon - slack, lat - slack, lon + slack, lat + slack))
        )
        return list(dict.fromkeys(country for distance, country in away if distance <= slack))

    def country_at(self, position: LonLat) -> str | None:
        """The country that holds a position under this worldview, None at sea."""
        held = self.regions_at(position)
        return self.region(held[0]).country if held else None

    def attributions(self) -> list[str]:
        """The lines that the licences of the base tables ask for."""
        text = self._one("SELECT value FROM meta WHERE key = ?", "attribution")
        return [line for line in str(text).splitlines() if line]

    def owners(self, bbox: tuple[float, float, float, float]) -> list[tuple[str, str, tuple[str, ...]]]:
        """The regions that touch a bbox: id, owner here, and owner under each worldview carried."""
        found = []
        for region_id in self.region_ids(bbox):
            un = self._one("SELECT country_un FROM region WHERE id = ?", region_id)
            under_each = tuple(view.owners.get(region_id, un) for view in self._views)
            found.append((region_id, self.view.owners.get(region_id, un), under_each))
        return found

    def country_names(self) -> dict[str, str]:
        """The display name of every country by code."""
        return {code: display_name(self.country(code).names) for code in self.country_codes()}

    def coarse_land(self) -> BaseGeometry:
        """The land of the world at small scale, EPSG:4326."""
        return decode_shape(self._one("SELECT shape FROM ground WHERE name = ?", "land"))

    def towns(
        self, bbox: tuple[float, float, float, float], limit: int
    ) -> list[tuple[float, float, str, int]]:
        """The most populous settlements in a bbox as (lon, lat, name, population).

        A town within a larger one's radius is a part of it and left out; curated names go before others.
        """
        west, south, east, north = bbox
        rows = self._base.execute(
            "SELECT geonameid, lon, lat, name, population FROM settlement WHERE lon BETWEEN ? AND ?"
            " AND lat BETWEEN ? AND ? ORDER BY population DESC, geonameid LIMIT ?",
            (west, east, south, north, 2 * limit),
        )
        towns: list[tuple[float, float, str, int]] = []
        for geonameid, lon, lat, name, population in rows:
            here = LonLat(lon=lon, lat=lat)
            if not any(
                abs(other[1] - lat) < 1
                and distance_m(here, LonLat(lon=other[0], lat=other[1])) < settlement_radius_m(other[3])
                for other in towns
            ):
                towns.append((lon, lat, self._curated_names.get(geonameid, name), population))
        return towns[:limit]

    # Inside

    def _one(self, query: str, key: str) -> Any:
        row = self._base.execute(query, (key,)).fetchone()
        return row[0] if row else None

    def _all_names(self, key: str, base: str) -> Names:
        names: Names = {language: list(written) for language, written in self._names.get(key, {}).items()}
        for language, written in json.loads(base).items():
            known = names.setdefault(language, [])
            known += [name for name in written if name not in known]
        return names

    def _settlement(
        self,
        geonameid: int,
        name: str,
        country: str,
        code: str | None,
        population: int,
        lon: float,
        lat: float,
    ) -> Place:
        position = LonLat(lon=lon, lat=lat)
        return Place(
            id=f"gn:{geonameid}",
            name=name,
            native_name="",
            kind=_settlement_kind(code, population),
            precision=Precision.PLACE,
            country=self._owner(country, position),
            recorded_countries=(country,),
            position=position,
            radius_m=settlement_radius_m(population),
            geonameid=geonameid,
            population=population,
        )

    def _owner(self, country: str, position: LonLat) -> str:
        """Whose a position is under this worldview, given whose it is in the base tables."""
        point = shapely.Point(*position.geojson)
        if (
            country not in self._base_owners
        ):  # Kosovo has a code in GeoNames, and no region in the view of ISO
            return self.country_at(position) or country
        for region_id, owner in self._owned_elsewhere.items():
            away = self.region_shape(region_id).distance(point)
            # A place on the shore may lie off a generalised coast.
            if away == 0 or (away <= _BORDER_SLACK and not self.regions_at(position)):
                return owner
        return country

    def _take_curated(self, path: Path) -> None:
        curated, written = read_curated(path)
        for index, entry in enumerate(curated.places):
            if not any(entry.names.values()):
                raise ConfigError.at(written.mark(("places", index)), "a place needs at least one name")
            position = LonLat(lon=entry.lon, lat=entry.lat)
            country = self._owned_elsewhere.get(entry.region or "") or self._owner(entry.country, position)
            if entry.geonameid is not None:
                self._curated_names[entry.geonameid] = display_name(entry.names)
            exact = entry.kind not in _SETTLEMENT_KINDS and entry.radius_m <= _EXACT_RADIUS_M
            population = self._one(
                "SELECT population FROM settlement WHERE geonameid = ?", str(entry.geonameid)
            )
            place = Place(
                id=f"gn:{entry.geonameid}" if entry.geonameid is not None else f"cur:{entry.id}",
                name=display_name(entry.names),
                native_name=native_name(entry.names, entry.country),
                kind=entry.kind,
                precision=Precision.EXACT if exact else Precision.PLACE,
                country=country,
                recorded_countries=(entry.country, *entry.countries),
                position=position,
                radius_m=entry.radius_m,
                geonameid=entry.geonameid,
                population=population or 0,
                curated=True,
                note=f"extent {entry.extent}" if entry.extent else "",
            )
            # The latest file wins under all its names, so that a user's own places outrank those carried.
            before = {
                fold for fold, known in self._places.items() if place.id in {other.id for other in known}
            }
            for fold in before.union(_folds(entry.names)):
                self._places[fold] = [other for other in self._places[fold] if other.id != place.id] + [place]
        for kind, entries, folds in (
            ("region", curated.regions, self._region_folds),
            ("country", curated.countries, self._country_folds),
        ):
            for entry_index, named in enumerate(entries):
                if (
                    self._one(
                        f"SELECT 1 FROM {kind} WHERE {'id' if kind == 'region' else 'code'} = ?", named.id
                    )
                    is None
                ):
                    plural = "regions" if kind == "region" else "countries"
                    mark = written.mark((plural, entry_index, "id"))
                    raise ConfigError.at(mark, f"no {kind} {named.id!r} in the base tables")
                self._names[f"{kind}:{named.id}"] = named.names
                for fold in _folds(named.names):
                    folds[fold].add(named.id)
                    if kind == "region" and (bare := without_region_words(fold)):
                        folds[bare].add(named.id)


def display_name(names: Names) -> str:
    """The first English name, else the first name there is."""
    return (names.get("en") or next(iter(names.values())))[0]


def native_name(names: Names, country: str | None) -> str:
    """The first name in the country's own language; empty where it is not known."""
    return (names.get(NATIVE_LANGUAGE.get(country or "", "")) or [""])[0]


def _settlement_kind(feature_code: str | None, population: int) -> str:
    """What a GeoNames settlement is; PPLX is a section of a populated place."""
    if feature_code == "PPLX":
        return "quarter"
    return "city" if population >= 100_000 else "town" if population >= 5_000 else "village"


def settlement_radius_m(population: int) -> float:
    """A radius that holds a settlement: 10 m by the root of its people, 2 to 30 km.

    Two releases of one GeoNames record were measured up to 2.6 km apart, hence the floor.
    """
    return float(round(min(max(10.0 * math.sqrt(population), 2_000.0), 30_000.0)))


def _folds(names: Names) -> Iterable[str]:
    return {fold for written in names.values() for name in written if (fold := fold_name(name))}
