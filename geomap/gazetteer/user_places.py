"""A user's own places, read from YAML, CSV, GeoJSON or Linked Places into the curated form."""

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, get_args

import orjson
import yaml
from pydantic import ValidationError

from geomap.errors import ConfigError, Mark, Problem
from geomap.files import read_text
from geomap.gazetteer.curated import CuratedFile, CuratedKind, CuratedNames, CuratedPlace
from geomap.gazetteer.dumps import UNSEEN
from geomap.gazetteer.fold import fold_name
from geomap.model.geometry import METRES_A_DEGREE
from geomap.model.lonlat import LonLat
from geomap.yamlfile import MAX_FILE, parse_yaml

FIELDS: Final = (
    "name", "lon", "lat", "kind", "country", "radius_m", "other_names", "id", "geonameid", "source", "date", "note",
)  # fmt: skip
"""Columns of a table and properties of a feature; the first three are needed."""
FORMATS: Final = {
    ".yaml": "yaml", ".yml": "yaml", ".csv": "csv", ".tsv": "csv", ".txt": "csv",
    ".geojson": "json", ".json": "json", ".jsonl": "lines", ".ndjson": "lines", ".geojsonl": "lines",
}  # fmt: skip
"""How a file is read, by the end of its name."""
MAX_PLACES: Final = 10_000
"""Places of one file: all of them are read whenever places are looked up."""
DEFAULT_KIND: Final[CuratedKind] = "site"

_KINDS: Final = frozenset(get_args(CuratedKind))
# Where a file does not say: as far as such places reach from their point.
_RADIUS_M: Final = {
    "city": 10_000, "town": 3_000, "village": 2_000, "airfield": 2_000, "air_base": 2_000, "training_range": 20_000,
    "military_base": 2_000, "power_plant": 2_000,
}  # fmt: skip
_OTHER_RADIUS_M: Final = 1_000
_MAX_TEXT: Final = 400
_MAX_PROBLEMS: Final = 20
# No language is known of a name in a table (ISO 639-2).
_UNKNOWN_LANGUAGE: Final = "und"
_BLANKS: Final = re.compile("[ \t\r\n\u00a0]+")
_ID: Final = re.compile("[a-z0-9][a-z0-9-]*")
_LANGUAGE: Final = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9-]+)?")
_GEONAMES: Final = re.compile(r"(?:gn:|https?://(?:www|sws)\.geonames\.org/)([0-9]{1,9})(?:/.*)?")
# What may stand in the old `crs` member for the WGS 84 of RFC 7946.
_WGS84: Final = re.compile(r"(CRS:?84|EPSG:{1,2}4326)$", re.IGNORECASE)

CountryAt = Callable[[LonLat], str | None]


@dataclass(frozen=True, slots=True)
class OwnPlaces:
    """Places as they are kept: `content` is a file of the curated form; `remarks` tell what was filled in."""

    content: bytes
    count: int
    remarks: tuple[str, ...] = ()


@dataclass(slots=True)
class _Draft:
    """One place as a file has it: texts by field, names by language, and where it stands."""

    mark: Mark
    where: str
    texts: dict[str, str]
    names: dict[str, list[str]] = field(default_factory=dict)
    countries: list[str] = field(default_factory=list)


_Read = _Draft | ConfigError
"""A place, or what is wrong with one whose file can be read on."""


def read_own_places(
    path: Path, label: str, *, mapping: Mapping[str, str] | None = None, country_at: CountryAt
) -> OwnPlaces:
    """Read and check a user's file of places; the file itself is never changed.

    Parameters
    ----------
    path
        YAML of the curated form, CSV (parted by comma, semicolon or tab), GeoJSON points, or Linked
        Places (LPF), as one collection or a feature a line. Positions are WGS 84 degrees.
    label
        Begins the ids of places that have none, so that they meet no other file's.
    mapping
        The file's own name of a column or property by field of `FIELDS`.
    country_at
        The country (ISO 3166-1 alpha-2) at a position, where a place does not say; None at sea.

    Raises
    ------
    ConfigError
        With every problem found, up to 20, each with file and line, or with the feature it is in.
    """
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise ConfigError.at(Mark(path, 1, 1), f"a file of places ends in {', '.join(FORMATS)}; rename it")
    if unknown := sorted(set(mapping or ()) - set(FIELDS)):
        raise ConfigError.at(
            Mark(path, 1, 1), f"no field {unknown[0]!r} to map to; there are {', '.join(FIELDS)}"
        )
    text = read_text(path, max_bytes=MAX_FILE)
    if form == "yaml":
        if mapping:
            raise ConfigError.at(
                Mark(path, 1, 1), "a mapping is for tables and features; YAML has fixed keys"
            )
        return _checked_yaml(text, path)
    readers = {"csv": _read_table, "json": _read_collection, "lines": _read_lines}
    drafts = readers[form](text, path, dict(mapping or {}))
    places, remarks = _to_places(drafts, path, label, country_at)
    if not places:
        raise ConfigError.at(Mark(path, 1, 1), "no place in this file; expected one a row or feature")
    return OwnPlaces(_to_yaml(places, path), len(places), remarks)


# --- YAML -------------------------------------------------------------------------------------------


def _checked_yaml(text: str, path: Path) -> OwnPlaces:
    written = parse_yaml(text, path)
    parsed = written.parse(CuratedFile)
    problems = []
    for index, place in enumerate(parsed.places):
        if not any(place.names.values()):
            problems.append(Problem(written.mark(("places", index)), "a place needs at least one name"))
    sections: dict[str, Sequence[CuratedPlace | CuratedNames]] = {
        "places": parsed.places, "regions": parsed.regions, "countries": parsed.countries,
    }  # fmt: skip
    for section, entries in sections.items():
        for index, entry in enumerate(entries):
            problems += [
                Problem(written.mark((section, index, "names", language, number)), fault)
                for language, names in entry.names.items()
                for number, name in enumerate(names)
                if (fault := _text_fault(name))
            ]
    count = len(parsed.places) + len(parsed.regions) + len(parsed.countries)
    if not count:
        problems.append(Problem(Mark(path, 1, 1), "no place in this file; give some under the key places"))
    if len(parsed.places) > MAX_PLACES:
        problems.append(Problem(Mark(path, 1, 1), _too_many(len(parsed.places))))
    if problems:
        raise ConfigError(problems[:_MAX_PROBLEMS])
    return OwnPlaces(text.encode(), count)


# --- Tables -----------------------------------------------------------------------------------------


def _read_table(text: str, path: Path, mapping: dict[str, str]) -> Iterator[_Read]:
    header_line = text.partition("\n")[0]
    delimiter = max(",;\t", key=header_line.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        header = [column.strip() for column in next(rows, [])]
        columns = _columns(header, path, mapping)
        line = rows.line_num + 1
        for row in rows:
            mark, line = Mark(path, line, 1), rows.line_num + 1
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(header):
                cells = f"{len(row)} cells where the header has {len(header)}; quote one that contains {delimiter!r}"
                yield ConfigError.at(mark, cells)
                continue
            yield _Draft(mark, "", {name: row[at].strip() for name, at in columns.items()})
    except csv.Error as error:
        raise ConfigError.at(Mark(path, line, 1), f"not CSV: {error}") from error


def _columns(header: list[str], path: Path, mapping: dict[str, str]) -> dict[str, int]:
    """Where each field stands in a row."""
    mark = Mark(path, 1, 1)
    wanted = {name: mapping.get(name, name) for name in FIELDS}
    if twice := [
        column for column, times in Counter(header).items() if times > 1 and column in wanted.values()
    ]:
        raise ConfigError.at(mark, f"column {twice[0]!r} stands there twice; remove one")
    for name in FIELDS:
        needed = name in ("name", "lon", "lat") or name in mapping
        if needed and wanted[name] not in header:
            raise ConfigError.at(
                mark, f"column {wanted[name]!r} is missing; there are {', '.join(map(repr, header))};"
                f" name yours with --mapping {name}=COLUMN",
            )  # fmt: skip
    return {name: header.index(column) for name, column in wanted.items() if column in header}


# --- Features ---------------------------------------------------------------------------------------


def _read_collection(text: str, path: Path, mapping: dict[str, str]) -> Iterator[_Read]:
    mark = Mark(path, 1, 1)
    content = _parse_json(text, mark)
    if not isinstance(content, dict) or content.get("type") not in ("FeatureCollection", "Feature"):
        raise ConfigError.at(mark, "expected a GeoJSON FeatureCollection of points")
    if content["type"] == "Feature":
        yield _read_feature(content, mark, "feature", mapping)
        return
    _check_crs(content, mark)
    features = content.get("features")
    if not isinstance(features, list):
        raise ConfigError.at(mark, "features: expected a list")
    for index, feature in enumerate(features):
        yield _read_feature(feature, mark, f"features[{index}]", mapping)


def _read_lines(text: str, path: Path, mapping: dict[str, str]) -> Iterator[_Read]:
    for line, written in enumerate(text.split("\n"), 1):
        # A record separator may begin each line (RFC 8142).
        if written := written.strip().lstrip("\x1e"):
            mark = Mark(path, line, 1)
            try:
                yield _read_feature(_parse_json(written, mark), mark, "feature", mapping)
            except ConfigError as error:
                yield error


def _parse_json(text: str, mark: Mark) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        # orjson counts lines from 1, from where the text began.
        at = Mark(mark.path, mark.line + error.lineno - 1, error.colno)
        raise ConfigError.at(at, f"not JSON: {error.msg}") from error


def _check_crs(content: dict[str, Any], mark: Mark) -> None:
    """Refuse an old GeoJSON that says it has other coordinates than WGS 84 degrees."""
    crs = content.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not (isinstance(name, str) and _WGS84.search(name)):
        raise ConfigError.at(
            mark, f"crs {name!r}: expected WGS 84 (EPSG:4326); export it as RFC 7946 GeoJSON"
        )


def _read_feature(feature: Any, mark: Mark, where: str, mapping: dict[str, str]) -> _Read:
    try:
        return _draft_of_feature(feature, mark, where, mapping)
    except ConfigError as error:
        return error


def _draft_of_feature(feature: Any, mark: Mark, where: str, mapping: dict[str, str]) -> _Draft:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _fault(mark, where, "expected a Feature")
    properties = feature.get("properties")
    if not isinstance(properties, dict | None):
        raise _fault(mark, where, "properties: expected an object")
    lon, lat = _point(feature.get("geometry"), mark, where)
    properties = properties or {}
    texts = {
        name: _as_text(value, mark, f"{where}.{name}")
        for name in FIELDS
        if (value := properties.get(mapping.get(name, name))) is not None
    }
    draft = _Draft(mark, where, texts | {"lon": repr(lon), "lat": repr(lat)})
    own_id = feature.get("@id", feature.get("id"))
    if isinstance(own_id, str | int) and "id" not in texts:
        written = str(own_id)
        # An id of somebody else's form is no fault; ours is made from the name then.
        if _GEONAMES.fullmatch(written) or _ID.fullmatch(written):
            draft.texts["id"] = written
    if isinstance(feature.get("names"), list) or "title" in properties:
        _take_linked_place(feature, properties, draft)
    return draft


def _take_linked_place(feature: dict[str, Any], properties: dict[str, Any], draft: _Draft) -> None:
    """Take what Linked Places say in members of their own: title, names, types, countries, links."""
    if isinstance(title := properties.get("title"), str):
        draft.texts.setdefault("name", title)
    codes = properties.get("ccodes")
    if isinstance(codes, list):
        found = [code for code in codes if isinstance(code, str)]
        if found:
            draft.texts.setdefault("country", found[0])
            draft.countries += found[1:]
    for number, name in enumerate(_objects(feature.get("names"))):
        toponym, language = name.get("toponym"), name.get("lang")
        if not isinstance(toponym, str):
            raise _fault(draft.mark, f"{draft.where}.names[{number}]", "toponym: expected text")
        known = isinstance(language, str) and _LANGUAGE.fullmatch(language)
        draft.names.setdefault(str(language) if known else _UNKNOWN_LANGUAGE, []).append(toponym)
    for kind in _objects(feature.get("types")):
        labels = [kind.get("label"), kind.get("sourceLabel")]
        words = [label.strip().lower().replace(" ", "_") for label in labels if isinstance(label, str)]
        if known_kinds := [word for word in words if word in _KINDS]:
            draft.texts.setdefault("kind", known_kinds[0])
    for link in _objects(feature.get("links")):
        identifier = link.get("identifier")
        if link.get("type") != "exactMatch" or not isinstance(identifier, str):
            continue
        if match := _GEONAMES.fullmatch(identifier):
            draft.texts.setdefault("geonameid", match.group(1))


def _objects(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _point(geometry: Any, mark: Mark, where: str) -> tuple[float, float]:
    """Longitude and latitude of a feature's point."""
    if isinstance(geometry, dict) and geometry.get("type") == "GeometryCollection":
        # Linked Places put every geometry in a collection.
        points = [part for part in _objects(geometry.get("geometries")) if part.get("type") == "Point"]
        geometry = points[0] if len(points) == 1 else geometry
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        raise _fault(mark, where, f"a geometry of type {kind!r}; only one Point a place is read")
    position = geometry.get("coordinates")
    if (
        not isinstance(position, list)
        or len(position) not in (2, 3)
        or not all(isinstance(number, int | float) and not isinstance(number, bool) for number in position)
    ):
        raise _fault(mark, where, "coordinates: expected [lon, lat]")
    return position[0], position[1]


def _as_text(value: Any, mark: Mark, where: str) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return "|".join(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _fault(mark, where, "expected text or a number")
    return str(value).strip()


def _fault(mark: Mark, where: str, message: str) -> ConfigError:
    return ConfigError.at(mark, f"{where}: {message}")


# --- Places -----------------------------------------------------------------------------------------


def _to_places(
    drafts: Iterator[_Read], path: Path, label: str, country_at: CountryAt
) -> tuple[list[CuratedPlace], tuple[str, ...]]:
    places: list[CuratedPlace] = []
    problems: list[Problem] = []
    filled: Counter[str] = Counter()
    first: dict[str, _Draft] = {}
    ids = _NewIds(label, first)
    for number, draft in enumerate(drafts, 1):
        if number > MAX_PLACES:
            raise ConfigError.at(Mark(path, 1, 1), _too_many(None))
        try:
            if isinstance(draft, ConfigError):
                raise draft
            place = _to_place(draft, path, ids, country_at, filled)
            if place.id in first:
                raise ValueError(
                    f"id {place.id!r} again, it stands already {_place_of(first[place.id])}; remove one"
                )
            first[place.id] = draft
            places.append(place)
        except ConfigError as error:
            problems += error.problems
        except ValueError as error:
            assert isinstance(draft, _Draft)
            where = f"{draft.where}: " if draft.where else ""
            problems += [Problem(draft.mark, f"{where}{message}") for message in _messages(error)]
        if len(problems) >= _MAX_PROBLEMS:
            break
    if problems:
        raise ConfigError(problems[:_MAX_PROBLEMS])
    return places, tuple(f"{what} of {count:,} places" for what, count in sorted(filled.items()))


def _to_place(
    draft: _Draft, path: Path, ids: "_NewIds", country_at: CountryAt, filled: Counter[str]
) -> CuratedPlace:
    texts = {name: text for name, written in draft.texts.items() if (text := _one_line(written))}
    for name, text in texts.items():
        if fault := _text_fault(text):
            raise ValueError(f"{name}: {fault}")
    if "name" not in texts:
        raise ValueError("name is empty; write one")
    position = _position(texts)
    if (kind := texts.get("kind", "").lower().replace(" ", "_")) and kind not in _KINDS:
        raise ValueError(f"kind {texts['kind']!r}; there are {', '.join(sorted(_KINDS))}")
    if not kind:
        filled[f"kind {DEFAULT_KIND} for want of another, for that"] += 1
    country = texts.get("country", "").upper() or country_at(position)
    if country is None:
        raise ValueError("lies in no country; say one in country, as ISO 3166 code of two letters")
    if "country" not in texts:
        filled["country taken from the position"] += 1
    if "radius_m" not in texts:
        filled["radius_m taken from the kind and the digits of the position"] += 1
    if not re.fullmatch("[A-Z]{2}", country):
        raise ValueError(
            f"country {texts['country']!r}: expected an ISO 3166 code of two letters, such as PL"
        )
    geonameid = _geonameid(texts)
    own_id = texts.get("id", "").removeprefix("cur:")
    if not own_id or _GEONAMES.fullmatch(own_id):
        own_id = ids.make(texts["name"])
    if not _ID.fullmatch(own_id):
        raise ValueError(f"id {own_id!r}: expected lower-case letters, digits and hyphens")
    return CuratedPlace.model_validate(
        {
            "id": own_id,
            "kind": kind or DEFAULT_KIND,
            "country": country,
            "countries": draft.countries,
            "names": _names(draft, texts),
            "lon": position.lon,
            "lat": position.lat,
            "radius_m": _number(texts, "radius_m") if "radius_m" in texts else _radius_m(kind, texts),
            "geonameid": geonameid,
            "sources": [{"name": texts.get("source", path.name), "date": texts.get("date", "undated")}],
            "note": texts.get("note", ""),
        }
    )


def _position(texts: Mapping[str, str]) -> LonLat:
    if missing := [name for name in ("lon", "lat") if name not in texts]:
        raise ValueError(f"{missing[0]} is empty; write degrees, or remove the row")
    lon, lat = _number(texts, "lon"), _number(texts, "lat")
    if abs(lat) > 90 and abs(lon) <= 90:
        raise ValueError(f"lat {texts['lat']} is outside -90 to 90; are lon and lat swapped?")
    return LonLat(lon=lon, lat=lat)


def _number(texts: Mapping[str, str], name: str) -> float:
    try:
        number = float(texts[name])
    except ValueError:
        raise ValueError(f"{name} {texts[name]!r}: expected a number such as 23.83") from None
    if not math.isfinite(number):
        raise ValueError(f"{name} {texts[name]!r}: expected a finite number")
    return number


def _geonameid(texts: Mapping[str, str]) -> int | None:
    match = _GEONAMES.fullmatch(texts.get("id", ""))
    written = texts.get("geonameid") or (match.group(1) if match else None)
    if written is None:
        return None
    digits = written.removeprefix("gn:")
    if not re.fullmatch("[1-9][0-9]{0,8}", digits):
        raise ValueError(f"geonameid {written!r}: expected a number such as 627904")
    return int(digits)


def _names(draft: _Draft, texts: Mapping[str, str]) -> dict[str, list[str]]:
    """Names by language; the place's own name comes first, wherever its language puts it."""
    main = texts["name"]
    names: dict[str, list[str]] = {}
    language = next((key for key, known in draft.names.items() if main in known), _UNKNOWN_LANGUAGE)
    names[language] = [main]
    others = texts.get("other_names", "").split("|")
    for key, written in ((_UNKNOWN_LANGUAGE, others), *draft.names.items()):
        for spelling in written:
            name = _one_line(spelling)
            if fault := _text_fault(name):
                raise ValueError(f"other name: {fault}")
            if name and name not in names.setdefault(key, []):
                names[key].append(name)
    return {key: known for key, known in names.items() if known}


def _radius_m(kind: str, texts: Mapping[str, str]) -> float:
    """As far as such a place reaches, and no finer than the digits of its position."""
    exponents = [Decimal(texts[name]).as_tuple().exponent for name in ("lon", "lat")]
    digits = max(-exponent for exponent in exponents if isinstance(exponent, int))
    return float(max(_RADIUS_M.get(kind, _OTHER_RADIUS_M), round(METRES_A_DEGREE / 10 ** max(digits, 0))))


class _NewIds:
    """Ids from names, counted up where a name comes again."""

    def __init__(self, label: str, taken: Container[str]) -> None:
        self._label, self._taken = label, taken
        self._last: Counter[str] = Counter()

    def make(self, name: str) -> str:
        """An id that no place of the file has."""
        stem = f"{self._label}-{fold_name(name).replace(' ', '-') or 'place'}"
        while True:
            self._last[stem] += 1
            number = self._last[stem]
            new = stem if number == 1 else f"{stem}-{number}"
            if new not in self._taken:
                return new


def _one_line(text: str) -> str:
    return _BLANKS.sub(" ", text).strip(" ")


def _text_fault(text: str) -> str:
    if match := UNSEEN.search(text):
        return f"the character U+{ord(match.group()):04X} cannot be seen; remove it"
    return f"{len(text):,} characters; at most {_MAX_TEXT}" if len(text) > _MAX_TEXT else ""


def _messages(error: ValueError) -> list[str]:
    """What is wrong with a place, in words; pydantic finds several things at once."""
    if isinstance(error, ValidationError):
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in found]
    return [str(error)]


def _place_of(draft: _Draft) -> str:
    return f"in {draft.where}" if draft.where.startswith("features") else f"in line {draft.mark.line}"


def _too_many(count: int | None) -> str:
    return f"{f'{count:,} places' if count else 'more places than that'}; at most {MAX_PLACES:,} a file, split it"


def _to_yaml(places: list[CuratedPlace], path: Path) -> bytes:
    """The file of the curated form, in the order of the original."""
    content = {
        "schema": 1,
        "places": [
            place.model_dump(exclude_defaults=True, exclude_none=True, mode="json") for place in places
        ],
    }
    text: str = yaml.dump(
        content, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, default_flow_style=False
    )
    origin = UNSEEN.sub("", path.name)
    written = f"# Made from {origin} by geomap gazetteer add; edit that file and add it again.\n{text}"
    parse_yaml(written, path).parse(CuratedFile)  # what is kept can be read again
    return written.encode()
