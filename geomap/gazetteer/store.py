"""What the gazetteer knows: derived base tables in SQLite, a user's own tables, and curated places over them."""

import hashlib
import json
import math
import sqlite3
import weakref
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geomap.errors import DataFileError
from geomap.gazetteer.compiled import (
    COMPILED,
    CompiledPlace,
    CompiledPlaces,
    compile_curated,
    folds_of,
    places_of,
    views_of,
)
from geomap.gazetteer.ground import Owners, Town, Water, coarse_land
from geomap.gazetteer.ground.store import GroundStore
from geomap.gazetteer.kinds import PlaceClass, class_of
from geomap.gazetteer.names import Names, display_name, native_name, without_region_words
from geomap.gazetteer.read import open_places
from geomap.gazetteer.rows import Row, kind_of, place_id, radius_m, settlement_radius_m
from geomap.gazetteer.schema import DEGREE, POSTAL
from geomap.gazetteer.shapes import decode_shape
from geomap.gazetteer.worldviews import View
from geomap.model.geometry import METRES_A_DEGREE, distance_m, wgs84
from geomap.model.lonlat import LonLat
from geomap.model.places import Place
from geomap.model.vocabulary import Precision

# Borders are generalised: of the settlements here none lies more than 2.9 km on the wrong
# side of one, which is 0.05 degrees of longitude at 58 north.
BORDER_SLACK: Final = 0.05
WEIGHTS: Final = "weights.json"
_CURATED_KEY: Final = -1_000_000_000


_COLUMNS: Final = (
    "p.key, p.code, p.name, p.feature, p.country, p.region, p.district, p.population, p.lon, p.lat,"
    " p.radius_m"
)
_BY_FOLD: Final = f"SELECT {_COLUMNS}, n.rank FROM name n JOIN place p ON p.key = n.place WHERE n.fold = ?"
_BY_KEY: Final = f"SELECT {_COLUMNS}, 0 FROM place p WHERE p.key = ?"


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
    """A country of the base tables: code is ISO 3166-1 alpha-2, label a point of its land to write it at."""

    code: str
    names: Names
    geonameid: int | None
    label: LonLat


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


def carried_views() -> dict[str, View]:
    """The worldviews that geomap carries, by id, the default first."""
    return views_of((data_folder() / COMPILED).read_bytes())


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each feature of `scoring` counts: `prior` before the rest of a text is looked at, `joint` after."""

    learned_from: tuple[str, ...] = ()
    prior: Mapping[str, float]
    joint: Mapping[str, float]


class Store:
    """Read access to every place, under one worldview.

    Names are looked up by their fold. Curated places replace the record with the same GeoNames id, a
    user's own files replace both.

    Parameters
    ----------
    folder
        Where `base.sqlite` and `curated.json` lie.
    view, views
        The worldview in use, and all that are carried.
    extra
        Files of a user's own curated places.
    dumps
        SQLite files with the tables of `schema`, which a user has built; the last holds.
    curated
        Whether to take the curated places that geomap carries.
    """

    def __init__(
        self,
        folder: Path,
        view: View,
        views: Sequence[View] = (),
        extra: Sequence[Path] = (),
        dumps: Sequence[Path] = (),
        curated: bool = True,
    ) -> None:
        self.view = view
        self._views = views or (view,)
        self._folder = folder
        self._ground_tables: GroundStore | None = None
        self._files = (folder / "base.sqlite", folder / WEIGHTS)
        self._dump_files = tuple(dumps)
        self._base = self._closed_with_me(_open(folder / "base.sqlite"))
        self._dumps = [self._closed_with_me(open_places(path)) for path in dumps]
        self.weights = Weights(**orjson.loads((folder / WEIGHTS).read_bytes()))
        self._by_fold = self._base.cursor()
        self._regions: dict[str, Region] = {}
        self._region_boxes: tuple[list[str], NDArray[np.float64]] | None = None
        self._region_shapes: dict[str, BaseGeometry] = {}
        self._country_shapes: dict[str, BaseGeometry] = {}
        self._names: dict[str, Names] = {}
        self._curated: dict[str, list[Row]] = defaultdict(list)
        self._compiled: dict[int, CompiledPlace] = {}
        self._replaced: dict[str, int] = {}
        self._people: dict[int, int] = {}
        self._points: _Points | None = None
        self._curated_folds: list[str] | None = None
        self.region_owners: dict[str, str] = dict(self._base.execute("SELECT id, country_un FROM region"))
        self._base_owners = frozenset(self.region_owners.values())
        self.unknown_regions = sorted(view.owners.keys() - self.region_owners.keys())
        self._owned_elsewhere = {
            region_id: owner
            for region_id, owner in view.owners.items()
            if region_id in self.region_owners and owner != self.region_owners[region_id]
        }
        gained, lost = (
            self._owned_elsewhere.values(),
            map(self.region_owners.__getitem__, self._owned_elsewhere),
        )
        self._reshaped = frozenset((*gained, *lost))
        if curated:
            self._take(places_of((folder / COMPILED).read_bytes()))
        if extra:
            self._take(self.compile(extra))

    def _closed_with_me(self, database: sqlite3.Connection) -> sqlite3.Connection:
        weakref.finalize(self, database.close)
        return database

    # Names

    def rows(self, fold: str) -> list[Row]:
        """Every place of a folded name: curated ones first, then by key."""
        found = list(map(Row._make, self._by_fold.execute(_BY_FOLD, (fold,))))
        for database in self._dumps:
            found = self._with_dump(database, fold, found)
        curated = self._curated.get(fold)
        compiled, replaced = self._compiled, self._replaced
        if curated is None and not any(row.key in compiled or row.code in replaced for row in found):
            return found
        return self._with_curated(curated or [], found)

    def named_rows(self) -> Iterator[tuple[str, list[Row]]]:
        """Every folded name once, in no order, with its places as `rows` gives them."""
        apart = set(self._curated)
        for database in self._dumps:
            apart.update(fold for (fold,) in database.execute("SELECT DISTINCT fold FROM name"))
        replaced = self._compiled.keys() | self._replaced.keys()
        query = (
            f"SELECT n.fold, {_COLUMNS}, n.rank FROM name n JOIN place p ON p.key = n.place ORDER BY n.fold"
        )
        for fold, found in groupby(self._base.execute(query), itemgetter(0)):
            if fold in apart:
                continue
            rows = [Row(*columns) for _, *columns in found]
            if any(row.key in replaced or row.code in replaced for row in rows):
                rows = self.rows(fold)
            yield fold, rows
        for fold in sorted(apart):
            if rows := self.rows(fold):
                yield fold, rows

    def digest(self) -> str:
        """SHA-256 over all that names are looked up in and weighed by, in hexadecimal."""
        from geomap.gazetteer.read import file_digest
        from geomap.gazetteer.userdata import store_digest

        parts = [file_digest(path) for path in self._files]
        parts += [store_digest(path) for path in self._dump_files]
        parts += [repr(sorted((fold, rows) for fold, rows in self._curated.items()))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def row(self, key: int) -> Row | None:
        """A place by key."""
        if key in self._compiled:
            return self._compiled_row(key)
        for database in (*reversed(self._dumps), self._base):
            if found := database.execute(_BY_KEY, (key,)).fetchone():
                return Row._make(found)
        return None

    def variants(self, key: str) -> list[str]:
        """The folded names that share a variant key."""
        return sorted(
            {
                fold
                for database in (self._base, *self._dumps)
                for (fold,) in database.execute("SELECT fold FROM variant WHERE key = ?", (key,))
            }
        )

    def folds_like(self, head: str, lengths: range) -> list[str]:
        """The folded names that begin alike and are of some length, for a search among misspellings."""
        query = "SELECT DISTINCT fold FROM name WHERE fold >= ? AND fold < ? AND length(fold) BETWEEN ? AND ?"
        bounds = (head, head + "\x7f", lengths.start, lengths.stop - 1)
        found = {
            fold for database in (self._base, *self._dumps) for (fold,) in database.execute(query, bounds)
        }
        if self._curated_folds is None:
            self._curated_folds = sorted(self._curated)
        first = bisect_left(self._curated_folds, head)
        last = bisect_left(self._curated_folds, head + "\x7f")
        found.update(fold for fold in self._curated_folds[first:last] if len(fold) in lengths)
        return sorted(found)

    def compile(self, paths: Sequence[Path]) -> CompiledPlaces:
        """Files of curated places made ready to look up.

        Raises
        ------
        ConfigError
            For anything but the documented form, with file, line and column.
        """
        return compile_curated(paths, self._has, self._region_of_country)

    # A row as a place

    def place(self, row: Row) -> Place:
        """The place of a row, under this store's worldview."""
        kind_class = class_of(row.feature)
        if kind_class is PlaceClass.COUNTRY and row.code:
            return self._country_place(row)
        if kind_class is PlaceClass.REGION and row.code:
            return self._region_place(row)
        position = LonLat(lon=row.lon / DEGREE, lat=row.lat / DEGREE)
        country = self.owner(row)
        curated = self._compiled.get(row.key)
        if curated is not None:
            return Place(
                id=curated.place_id,
                name=curated.name,
                native_name=curated.native_name,
                kind=curated.kind,
                precision=Precision.EXACT if curated.exact else Precision.PLACE,
                country=country,
                recorded_countries=(curated.country, *curated.countries),
                position=position,
                radius_m=curated.radius_m,
                geonameid=curated.geonameid,
                population=row.population,
                curated=True,
                note=curated.note,
            )
        return Place(
            id=place_id(row),
            name=row.name,
            native_name="",
            kind=kind_of(row),
            precision=_PRECISIONS.get(kind_class, Precision.PLACE),
            country=country,
            recorded_countries=(row.country,) if row.country else (),
            position=position,
            radius_m=radius_m(row),
            geonameid=row.key if row.code is None else None,
            population=row.population,
            key=row.key,
        )

    def _country_place(self, row: Row) -> Place:
        land = self.country(str(row.country))
        return Place(
            id=str(row.code),
            name=display_name(land.names),
            native_name=native_name(land.names, land.code),
            kind="country",
            precision=Precision.COUNTRY,
            country=land.code,
            position=land.label,
            radius_m=row.radius_m if land.code not in self._reshaped else None,
            geonameid=land.geonameid,
            population=row.population,
        )

    def _region_place(self, row: Row) -> Place:
        region = self.region(str(row.region))
        return Place(
            id=str(row.code),
            name=display_name(region.names),
            native_name=native_name(region.names, region.country),
            kind="region",
            precision=Precision.REGION,
            country=region.country,
            position=region.label,
            radius_m=row.radius_m,
            geonameid=region.geonameid,
            population=row.population,
        )

    def owner(self, row: Row) -> str | None:
        """Whose a place is under this worldview."""
        if row.region is None:
            return row.country
        moved = self._owned_elsewhere.get(row.region)
        if moved is not None:
            return moved
        # Kosovo has a code in GeoNames, and no region in the view of ISO.
        return row.country if row.country in self._base_owners else self.region_owners.get(row.region)

    def countries_of(self, row: Row) -> frozenset[str]:
        """The countries that a place may be looked for in: its owner's here, and those of its record."""
        curated = self._compiled.get(row.key)
        more = (curated.country, *curated.countries) if curated else ()
        return frozenset(code for code in (self.owner(row), row.country, *more) if code)

    def is_curated(self, row: Row) -> bool:
        """Whether a place is a reviewed one."""
        return row.key in self._compiled

    def shape_of(self, key: int) -> BaseGeometry | None:
        """The polygon or line of a place that is no region or country; None where it has none."""
        for database in (*reversed(self._dumps), self._base):
            found = database.execute("SELECT shape FROM area WHERE place = ?", (key,)).fetchone()
            if found:
                return decode_shape(found[0])
        return None

    def country_row(self, code: str) -> Row:
        """The row of a country.

        Raises
        ------
        KeyError
            If there is none with a shape.
        """
        return self._row_of("country", "code", code)

    def region_row(self, region_id: str) -> Row:
        """The row of a first-order region.

        Raises
        ------
        KeyError
            If there is none.
        """
        return self._row_of("region", "id", region_id)

    def _row_of(self, table: str, column: str, value: str) -> Row:
        query = f"SELECT {_COLUMNS}, 0 FROM {table} t JOIN place p ON p.key = t.place WHERE t.{column} = ?"
        found = self._base.execute(query, (value,)).fetchone()
        if found is None:
            raise KeyError(value)
        return Row._make(found)

    # Regions and countries

    def region(self, region_id: str) -> Region:
        """A region by id.

        Raises
        ------
        KeyError
            If there is none.
        """
        if (known := self._regions.get(region_id)) is not None:
            return known
        query = "SELECT names, country_un, geonameid, label_lon, label_lat, name FROM region WHERE id = ?"
        row = self._base.execute(query, (region_id,)).fetchone()
        if row is None:
            raise KeyError(region_id)
        region = self._regions[region_id] = Region(
            id=region_id,
            names=self._all_names(f"region:{region_id}", row[0]) or {"en": [row[5]]},
            country=self.view.owners.get(region_id, row[1]),
            geonameid=row[2],
            label=LonLat(lon=row[3], lat=row[4]),
        )
        return region

    def country(self, code: str) -> Country:
        """A country by ISO code.

        Raises
        ------
        KeyError
            If there is none with a shape.
        """
        row = self._base.execute(
            "SELECT names, geonameid, label_lon, label_lat FROM country WHERE code = ?", (code,)
        ).fetchone()
        if row is None:
            raise KeyError(code)
        return Country(
            code=code,
            names=self._all_names(f"country:{code}", row[0]),
            geonameid=row[1],
            label=LonLat(lon=row[2], lat=row[3]),
        )

    def country_codes(self) -> list[str]:
        """Every country with a shape."""
        return [row[0] for row in self._base.execute("SELECT code FROM country ORDER BY code")]

    def region_ids(self, bbox: tuple[float, float, float, float] | None = None) -> list[str]:
        """Every region, or those whose bbox touches another (west, south, east, north)."""
        if self._region_boxes is None:
            rows = self._base.execute(
                "SELECT id, west, south, east, north FROM region ORDER BY id"
            ).fetchall()
            self._region_boxes = [row[0] for row in rows], np.array([row[1:] for row in rows])
        ids, boxes = self._region_boxes
        if bbox is None:
            return list(ids)
        west, south, east, north = bbox
        touching = (
            (boxes[:, 0] <= east) & (boxes[:, 2] >= west) & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        )
        return [ids[number] for number in np.flatnonzero(touching)]

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
        owners = self.region_owners | self._owned_elsewhere
        members = sorted(region_id for region_id, owner in owners.items() if owner == code)
        if not members:  # named, though in the view of ISO its regions are another's: Kosovo
            query = "SELECT id FROM region WHERE country_de_facto = ? ORDER BY id"
            members = [region_id for (region_id,) in self._base.execute(query, (code,))]
        if not members:
            raise KeyError(code)
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
        slack, point = BORDER_SLACK, shapely.Point(lon, lat)
        away = {
            region_id: self.region_shape(region_id).distance(point)
            for region_id in self.region_ids((lon - slack, lat - slack, lon + slack, lat + slack))
            if self.region(region_id).country == country
        }
        return sorted((key for key in away if away[key] <= slack), key=lambda key: (away[key], key))

    def countries_near(self, position: LonLat) -> list[str]:
        """The countries that a position may lie in, nearest first: several beside a generalised border."""
        lon, lat = position.geojson
        slack, point = BORDER_SLACK, shapely.Point(lon, lat)
        away = sorted(
            (self.region_shape(region_id).distance(point), self.region(region_id).country)
            for region_id in self.region_ids((lon - slack, lat - slack, lon + slack, lat + slack))
        )
        return list(dict.fromkeys(country for distance, country in away if distance <= slack))

    def country_at(self, position: LonLat) -> str | None:
        """The country that holds a position under this worldview, None at sea."""
        held = self.regions_at(position)
        return self.region(held[0]).country if held else None

    def capitals(self) -> dict[int, str]:
        """The country of every capital, by key."""
        return dict(self._base.execute("SELECT key, country FROM place WHERE feature = 'PPLC'"))

    def attributions(self) -> list[str]:
        """The lines that the licences of the base tables and of a user's own dumps ask for."""
        query = "SELECT value FROM meta WHERE key = 'attribution'"
        texts = [text for database in (self._base, *self._dumps) for (text,) in database.execute(query)]
        return list(dict.fromkeys(line for text in texts for line in str(text).splitlines() if line))

    def owners(self, bbox: tuple[float, float, float, float]) -> list[tuple[str, str, tuple[str, ...]]]:
        """The regions that touch a bbox: id, owner here, and owner under each worldview carried."""
        found = []
        for region_id in self.region_ids(bbox):
            un = self.region_owners[region_id]
            under_each = tuple(view.owners.get(region_id, un) for view in self._views)
            found.append((region_id, self.view.owners.get(region_id, un), under_each))
        return found

    def country_names(self) -> dict[str, str]:
        """The display name of every country by code."""
        return {code: display_name(self.country(code).names) for code in self.country_codes()}

    def country_labels(self, code: str) -> dict[str, str]:
        """The name of a country in each language that it is known in."""
        return {language: written[0] for language, written in self.country(code).names.items() if written}

    def search_names(self, place_id: str) -> tuple[str, ...]:
        """What people may call a place when they look for it on a map: its names by language, spellings kept.

        Empty for an id of another scheme than `gn`, `cur` and `ne`, and for places that are known by one name.
        """
        scheme, _, code = place_id.partition(":")
        names: list[str] = []
        if scheme == "ne" and (row := self._one("SELECT names FROM region WHERE id = ?", code)):
            written = self._all_names(f"region:{code}", row)
            names = [name for spellings in written.values() for name in spellings]
        elif scheme == "gn" and code.isascii() and code.isdecimal():
            key = int(code)
            names = [found.name] if (found := self.row(key)) else []
            for by_language, native in self._ground.town_names([key]).values():
                names += [*by_language.values(), native]
        names += self._folds_by_id.get(place_id, ())
        return tuple(dict.fromkeys(name for name in names if name))

    @cached_property
    def _folds_by_id(self) -> dict[str, tuple[str, ...]]:
        return {place.place_id: place.folds for place in self._compiled.values()}

    def far_land(self) -> list[tuple[str, Owners, BaseGeometry]]:
        """The land of the world at small scale: owner here, owner under each worldview carried, and polygon."""
        ids = [view.id for view in self._views]
        if self.view.id in ids and ids == list(self._ground.views):
            here = ids.index(self.view.id)
            return [(owners[here], owners, shape) for owners, shape in self._ground.far_land()]
        # A table of the user's own: it is joined and simplified now, as the build did with the views carried.
        pieces = [
            ((owner, *owners), self.region_shape(region_id))
            for region_id, owner, owners in self.owners((-180.0, -90.0, 180.0, 90.0))
        ]
        return [(owners[0], owners[1:], shape) for owners, shape in coarse_land(pieces)]

    def waters(self, bbox: tuple[float, float, float, float], last_rank: int) -> list[Water]:
        """Rivers, lakes and seas that touch a bbox, up to one of Natural Earth's ranks, the greatest first."""
        return self._ground.waters(bbox, last_rank)

    def towns(self, bbox: tuple[float, float, float, float], limit: int) -> list[Town]:
        """The most populous settlements in a bbox.

        A town within a larger one's radius is a part of it and left out; curated names go before others.
        """
        west, south, east, north = (round(degrees * DEGREE) for degrees in bbox)
        rows = self._base.execute(
            f"SELECT {_COLUMNS}, 0 FROM place p WHERE p.lon BETWEEN ? AND ? AND p.lat BETWEEN ? AND ?"
            " AND p.feature LIKE 'PPL%' AND p.feature <> 'PPLX' ORDER BY p.population DESC, p.key LIMIT ?",
            (west, east, south, north, 2 * limit),
        )
        return self._labelled(rows, limit)

    def capital_towns(self) -> list[Town]:
        """The capitals of the world, the most populous first."""
        rows = self._base.execute(
            f"SELECT {_COLUMNS}, 0 FROM place p WHERE p.feature = 'PPLC' ORDER BY p.population DESC, p.key"
        )
        return self._labelled(rows, 1000)

    def _labelled(self, found: Iterable[Sequence[Any]], limit: int) -> list[Town]:
        rows = list(map(Row._make, found))
        kept: set[int] = set()
        for number, larger in enumerate(_within_earlier(rows)):
            if kept.isdisjoint(larger):
                kept.add(number)
        rows = [rows[number] for number in sorted(kept)[:limit]]
        names = self._ground.town_names(row.key for row in rows)
        return [self._town(row, *names.get(row.key, ({}, ""))) for row in rows]

    def _town(self, row: Row, names: Mapping[str, str], native: str) -> Town:
        curated = self._compiled.get(row.key)
        return Town(
            lon=row.lon / DEGREE,
            lat=row.lat / DEGREE,
            name=curated.name if curated else row.name,
            population=row.population,
            capital=row.feature == "PPLC",
            names=names,
            native=native,
        )

    @property
    def _ground(self) -> GroundStore:
        if self._ground_tables is None:
            self._ground_tables = GroundStore(self._folder)
        return self._ground_tables

    def nearest(self, position: LonLat, limit: int = 1) -> list[tuple[Place, float]]:
        """The settlements nearest to a position, each with its distance in metres on the ellipsoid."""
        if self._points is None:
            self._points = _Points(self._all_settlements())
        found = []
        for key in self._points.near(position, limit):
            if (row := self.row(key)) is not None:
                place = self.place(row)
                found.append((place, distance_m(position, place.position)))
        return sorted(found, key=lambda item: (item[1], item[0].id))[:limit]

    def _all_settlements(self) -> dict[int, tuple[float, float]]:
        """Lon, lat in degrees of every settlement by key: of the base, of dumps, curated ones over both."""
        query = "SELECT key, lon, lat FROM place WHERE feature LIKE 'PPL%'"
        found = {
            key: (lon / DEGREE, lat / DEGREE)
            for database in (self._base, *self._dumps)
            for key, lon, lat in database.execute(query)
        }
        for key, place in self._compiled.items():
            if place.feature == "PPL":
                found[key] = (place.lon, place.lat)
        return found

    # Inside

    def _compiled_row(self, key: int) -> Row:
        place = self._compiled[key]
        return Row(
            key=key,
            code=None if place.geonameid is not None else place.place_id,
            name=place.name,
            feature=place.feature,
            country=place.country,
            region=place.region,
            district=None,
            population=self._people.get(key, 0),
            lon=round(place.lon * DEGREE),
            lat=round(place.lat * DEGREE),
            radius_m=round(place.radius_m),
            rank=0,
        )

    def _one(self, query: str, key: str) -> Any:
        row = self._base.execute(query, (key,)).fetchone()
        return row[0] if row else None

    def _all_names(self, key: str, base: str) -> Names:
        names: Names = {language: list(written) for language, written in self._names.get(key, {}).items()}
        for language, written in json.loads(base).items():
            known = names.setdefault(language, [])
            known += [name for name in written if name not in known]
        return names

    def _with_curated(self, curated: list[Row], found: list[Row]) -> list[Row]:
        """Curated places first; each stands for its other records, also by names that only these have."""
        rows = {row.key: row for row in curated}
        for row in found:
            key = self._replaced.get(row.code or "", row.key)
            if key in rows:
                continue
            if key in self._compiled:
                rows[key] = self._compiled_row(key)._replace(rank=row.rank)
            elif not (row.code == POSTAL and any(_are_close(row, known) for known in curated)):
                rows[key] = row
        return list(rows.values())

    def _with_dump(self, database: sqlite3.Connection, fold: str, found: list[Row]) -> list[Row]:
        own = list(map(Row._make, database.execute(_BY_FOLD, (fold,))))
        codes = {row.code for row in own} - {None, POSTAL}  # one airport has other keys here and there
        rows = {row.key: row for row in found if row.code not in codes} | {row.key: row for row in own}
        for key in rows.keys() & {row.key for row in found}:
            if newer := database.execute(_BY_KEY, (key,)).fetchone():
                rows[key] = Row._make(newer)._replace(rank=rows[key].rank)
        return [rows[key] for key in sorted(rows)]

    def _has(self, key: str) -> bool:
        kind, _, code = key.partition(":")
        column = "id" if kind == "region" else "code"
        return self._one(f"SELECT 1 FROM {kind} WHERE {column} = ?", code) is not None

    def _region_of_country(self, lon: float, lat: float, country: str) -> str | None:
        held = self.regions_of(LonLat(lon=lon, lat=lat), country)
        return held[0] if held else None

    def _take(self, content: CompiledPlaces) -> None:
        """Put curated places over what is there; the latest holds under all its names."""
        self._regions.clear()
        keys = {place.place_id: key for key, place in self._compiled.items()}
        for place in content.places:
            key = place.geonameid or keys.get(place.place_id) or _CURATED_KEY - len(self._compiled)
            before = self._compiled[key].folds if key in self._compiled else ()
            for fold in before:
                self._curated[fold] = [row for row in self._curated[fold] if row.key != key]
            self._compiled[key] = place
            self._replaced.update(dict.fromkeys(place.replaces, key))
            self._people[key] = self._one("SELECT population FROM place WHERE key = ?", str(key)) or 0
            row = self._compiled_row(key)
            for fold in {*before, *place.folds}:
                self._curated[fold].append(row)
        for written, names in content.names.items():
            kind, _, code = written.partition(":")
            self._names[written] = names
            row = self.region_row(code) if kind == "region" else self.country_row(code)
            folds = set(folds_of(names))
            if kind == "region":
                folds |= {bare for fold in folds if (bare := without_region_words(fold))}
            for fold in folds:
                if all(known.key != row.key for known in self._curated[fold]):
                    self._curated[fold].append(row)


class _Points:
    """Where all settlements are, for the nearest ones; read when first asked."""

    def __init__(self, positions: Mapping[int, tuple[float, float]]) -> None:
        self._keys = sorted(positions)
        self._lonlat = np.array([positions[key] for key in self._keys]).reshape(-1, 2)
        self._tree = shapely.STRtree(shapely.points(self._lonlat))

    def near(self, position: LonLat, limit: int) -> list[int]:
        """Keys of the nearest ones, more than asked for."""
        # A box that is as wide on the ground as it is high, ever larger until enough lie in the circle within it.
        squeeze = max(math.cos(math.radians(position.lat)), 0.01)
        degrees = 0.1
        while True:
            held = self._held(position, degrees / squeeze, degrees)
            lonlat = self._lonlat[held]
            east = ((lonlat[:, 0] - position.lon + 180) % 360 - 180) * squeeze
            inside = np.hypot(east, lonlat[:, 1] - position.lat) <= degrees * 0.9
            if inside.sum() >= limit or degrees > 180:
                return [self._keys[number] for number in held]
            degrees *= 2

    def _held(self, position: LonLat, east: float, north: float) -> list[int]:
        boxes = [
            shapely.box(lon - east, position.lat - north, lon + east, position.lat + north)
            for lon in (position.lon - 360, position.lon, position.lon + 360)
        ]
        return sorted(set(self._tree.query(boxes)[1].tolist()))


_PRECISIONS: Final = {
    PlaceClass.COUNTRY: Precision.COUNTRY,
    PlaceClass.REGION: Precision.REGION,
    PlaceClass.DISTRICT: Precision.DISTRICT,
    PlaceClass.WATERS: Precision.WATERS,
    PlaceClass.TERRAIN: Precision.LINE,
}


def _open(path: Path) -> sqlite3.Connection:
    # Whoever drops it last closes it, which may be another thread than opened it; SQLite itself allows that.
    database = sqlite3.connect(
        path.resolve().as_uri() + "?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    database.execute("PRAGMA mmap_size = 268435456")
    return database


def _within_earlier(rows: Sequence[Row]) -> list[set[int]]:
    """For each settlement those before it, by number, in whose radius it lies."""
    lon = np.array([row.lon for row in rows], dtype=np.float64) / DEGREE
    lat = np.array([row.lat for row in rows], dtype=np.float64) / DEGREE
    radii_m = np.array([settlement_radius_m(row.population) for row in rows])
    # On a plane first, with a fifth to spare, so that the ellipsoid is asked for few.
    east = np.abs((lon[:, None] - lon + 180) % 360 - 180) * np.cos(np.radians(lat))[:, None]
    near = np.hypot(east, lat[:, None] - lat) < radii_m / METRES_A_DEGREE * 1.2
    each, earlier = np.nonzero(np.tril(near, -1))
    is_within = wgs84().inv(lon[each], lat[each], lon[earlier], lat[earlier])[2] < radii_m[earlier]
    found: list[set[int]] = [set() for _ in rows]
    for number, other in zip(each[is_within].tolist(), earlier[is_within].tolist(), strict=True):
        found[number].add(other)
    return found


def _are_close(one: Row, two: Row) -> bool:
    """Whether two records are so near each other that one name for both names one place: about 10 km."""
    return abs(one.lon - two.lon) + abs(one.lat - two.lat) <= DEGREE // 10
