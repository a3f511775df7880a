"""Rows of any table as events, by a mapping: which column holds what, and which word means which of ours."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import orjson
from shapely.geometry.base import BaseGeometry

from geomap.events.imports.addresses import is_web
from geomap.events.imports.shapes import checked_shape, read_wkt, repaired
from geomap.events.imports.value import (
    Feature,
    FeatureFile,
    ImportedEvent,
    ImportFileError,
    Row,
    RowError,
    filled,
    host_of,
    make_record,
    make_source,
    number_in,
    position_in,
    shortened,
    slug,
)
from geomap.model.geometry import to_geojson
from geomap.model.import_mapping import ImportMapping, MappedKey
from geomap.model.records import Source
from geomap.model.timespan import parse_edtf
from geomap.model.vocabulary import Precision, SourceKind

OTHER_NAMES: Final[Mapping[MappedKey, tuple[str, ...]]] = {
    MappedKey.TITLE: ("name",),
    MappedKey.SUMMARY: ("description",),
    MappedKey.WHEN: ("date",),
    MappedKey.START: ("begin",),
    MappedKey.LON: ("longitude",),
    MappedKey.LAT: ("latitude",),
    MappedKey.URL: ("link",),
}
"""Columns that are taken where no mapping says otherwise and none has the key's own name."""

_DAY: Final = re.compile(
    r"(\d{4})([-/])(\d{2})\2(\d{2})(?:[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}(:?\d{2})?)?)?"
)
_PARTING: Final = re.compile("[;\t|]")
_NUMBER_KEYS: Final = (MappedKey.LON.value, MappedKey.LAT.value, MappedKey.RADIUS_M.value)
_NUMBERS: Final = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}( .*)?")
_AREAS: Final = frozenset({Precision.DISTRICT, Precision.REGION, Precision.COUNTRY})
_PLACED: Final = frozenset({MappedKey.PLACE, MappedKey.COUNTRY, MappedKey.LON, MappedKey.WKT})


def guessed_columns(columns: Iterable[str]) -> dict[MappedKey, str]:
    """The columns that bear the names of our keys, in capitals or not, or one of `OTHER_NAMES`."""
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(column.strip().lower(), column)
    found = {}
    for key in MappedKey:
        for name in (key.value, *OTHER_NAMES.get(key, ())):
            if name in by_name:
                found[key] = by_name[name]
                break
    return found


class Mapper:
    """Makes events of the rows of one file.

    Parameters
    ----------
    mapping
        What the user says of the columns; None for what their names say.
    file
        The features, for the names of their columns and for what the file says of itself.
    path_name, stem
        The file's name as messages have it, and what ids begin with where the mapping has no prefix.

    Raises
    ------
    ImportFileError
        If no column says what happened, or a column of the mapping is not there.
    """

    def __init__(
        self, mapping: ImportMapping | None, file: FeatureFile, *, path_name: str, stem: str
    ) -> None:
        self._mapping = mapping or ImportMapping(schema_=1)
        self.columns = dict(self._mapping.columns) or guessed_columns(file.columns)
        missing = [column for column in self.columns.values() if column not in file.columns]
        found = ", ".join(file.columns[:60]) or "none"
        if missing:
            raise ImportFileError(f"{path_name}: no column {', '.join(missing)}; found {found}")
        if MappedKey.TITLE not in self.columns and MappedKey.TITLE not in self._mapping.defaults:
            text = "no column says what happened; name it in a mapping, as columns: {title: …}"
            if len(file.columns) == 1 and (parting := _PARTING.search(file.columns[0])):
                text = f"one column only; its names seem parted by {parting[0]!r}: name it in a mapping, as delimiter"
            raise ImportFileError(f"{path_name}: {text}; found {found}")
        given = self._mapping
        self._keys = [
            (key.value, self.columns.get(key), given.values.get(key, {}), given.defaults.get(key, ""))
            for key in MappedKey
        ]
        self._prefix = self._mapping.id_prefix or slug(stem)
        self._source = self._mapping.source or _source_of(file, path_name)
        self.repaired = 0
        """Outlines that crossed themselves."""
        self._has_places = bool(_PLACED.intersection(self.columns)) or any(
            feature.shape is not None for feature in file.features
        )

    def unread(self, columns: Iterable[str]) -> list[str]:
        """The columns that nothing is taken of."""
        return [column for column in columns if column not in self.columns.values()]

    def event(self, feature: Feature, number: int) -> ImportedEvent:
        """The event of a feature, which is the so-many-eth of its file.

        Raises
        ------
        RowError
            If it cannot become one.
        """
        if feature.fault:
            raise RowError(feature.fault)
        row = self._row(feature.cells)
        sources = self._sources(row, feature.links)
        told = " ".join((row[MappedKey.TITLE] or row[MappedKey.SUMMARY]).split())
        if not told:
            raise RowError("nothing says what happened: the title is empty")
        title, summary = shortened(told), row[MappedKey.SUMMARY]
        if title != told and row[MappedKey.TITLE]:
            # What was cut must stand somewhere.
            summary = f"{told}\n\n{summary}".strip()
        record = make_record(
            {
                "id": self._id(row[MappedKey.ID], number),
                "type": row[MappedKey.TYPE] or "other",
                "title": title,
                "summary": "" if summary == title else summary,
                "modality": row[MappedKey.MODALITY],
                "when": self._when(row),
                "where": self._where(row, feature.shape),
                "actors": [{"name": name} for name in self._listed(row[MappedKey.ACTORS])],
                "claims": [
                    {"by": name, "stance": "asserts", "source": next(iter(sources))}
                    for name in self._listed(row[MappedKey.CLAIMANTS])
                ],
                "sources": list(sources),
                "tags": self._listed(row[MappedKey.TAGS]),
                "workflow": row[MappedKey.WORKFLOW],
            }
        )
        is_area = row[MappedKey.PRECISION] in _AREAS
        return ImportedEvent(record, sources, country=row[MappedKey.COUNTRY], at=feature.at, is_area=is_area)

    def _row(self, cells: Row) -> Row:
        """The cells under our keys, in our words."""
        row = {}
        for key, column, known, default in self._keys:
            text = cells.get(column, "").strip() if column is not None else ""
            row[key] = known.get(text, text) or default
        if self._mapping.decimal == ",":
            row |= {key: row[key].replace(",", ".") for key in _NUMBER_KEYS}
        return row

    def _id(self, written: str, number: int) -> str:
        return f"{self._prefix}-{slug(written) if written else number}"

    def _listed(self, text: str) -> list[str]:
        if not text:
            return []
        parts = [part.strip() for part in _json_list(text) or text.split(self._mapping.list_separator)]
        return list(dict.fromkeys(part for part in parts if part))

    # Time

    def _when(self, row: Row) -> dict[str, str] | None:
        if row[MappedKey.WHEN]:
            return {"edtf": self._edtf("when", self._day(row[MappedKey.WHEN]))}
        start, end = (self._day(row[key]) if row[key] else "" for key in (MappedKey.START, MappedKey.END))
        if not start and not end:
            return None
        # A start alone is a day: that something went on must have been said.
        return {
            "edtf": self._edtf("start and end", start if end in ("", start) else f"{start or '..'}/{end}")
        }

    def _edtf(self, key: str, text: str) -> str:
        try:
            parse_edtf(text)
        except ValueError as error:
            hint = (
                "" if self._mapping.date_format else "; of another form, name it in a mapping as date_format"
            )
            raise RowError(f"{key}: {error}{hint}") from error
        return text

    def _day(self, text: str) -> str:
        if self._mapping.date_format:
            try:
                day = datetime.strptime(text, self._mapping.date_format)  # noqa: DTZ007 - a day has no zone
            except ValueError:
                form = self._mapping.date_format
                raise RowError(f"expected a day of the form {form}, found {text[:40]!r}") from None
            return day.date().isoformat()
        if _NUMBERS.fullmatch(text):
            raise RowError(
                f"{text!r} may be two days; name the form of days in a mapping, as date_format: '%d/%m/%Y'"
            )
        # The time of the day of a GIS is mostly midnight, and nobody's statement.
        stamp = _DAY.fullmatch(text)
        return f"{stamp[1]}-{stamp[3]}-{stamp[4]}" if stamp else text

    # Place

    def _where(self, row: Row, shape: BaseGeometry | None) -> dict[str, Any] | str:
        shape = checked_shape(shape) or checked_shape(read_wkt(row[MappedKey.WKT]))
        known: dict[str, Any] = {"precision": row[MappedKey.PRECISION], "method": row[MappedKey.METHOD]}
        known["radius_m"] = number_in(row, MappedKey.RADIUS_M)
        known["name"] = row[MappedKey.PLACE]
        if shape is not None and shape.geom_type == "Point":
            return self._position(row, {"lon": shape.x, "lat": shape.y}, known)
        if shape is not None:
            del known["radius_m"]
            if not shape.is_valid:
                shape = repaired(shape)
                self.repaired += 1
            return filled({"geometry": to_geojson(shape), **known, "method": known["method"] or "given"})
        if row[MappedKey.LON] or row[MappedKey.LAT]:
            return self._position(row, position_in(row, MappedKey.LON, MappedKey.LAT), known)
        if row[MappedKey.PLACE]:
            return {"place": row[MappedKey.PLACE]}
        if row[MappedKey.COUNTRY]:
            return {"place": row[MappedKey.COUNTRY]}
        return "unknown" if self._has_places else "none"

    def _position(self, row: Row, at: Mapping[str, float], known: Mapping[str, Any]) -> dict[str, Any]:
        """A point; one that stands for an area is no place, and the area is looked up by its name."""
        precision = row[MappedKey.PRECISION]
        if precision and precision not in list(Precision):
            raise RowError(f"precision: expected one of {', '.join(Precision)}, found {precision[:40]!r}")
        if not precision or Precision(precision).is_point:
            return filled({**at, **known, "method": known["method"] or "given"})
        if not (area := row[MappedKey.PLACE] or row[MappedKey.COUNTRY]):
            raise RowError(f"a point of precision {precision} is no place; name the {precision} as place")
        return {"place": area}

    # Sources

    def _sources(self, row: Row, links: Iterable[str]) -> dict[str, Source]:
        """The sources that the row names by address, else those linked to in its words, else the file itself.

        What is only linked to is known through the file: however many links, that is one origin.
        """
        named = self._listed(row[MappedKey.URL])
        if not named and not (linked := list(links)):
            return {self._prefix: self._source}
        origin = "" if named else self._prefix
        return {
            f"{self._prefix}-{sha256(url.encode()).hexdigest()[:8]}": self._web_source(url, row, origin)
            for url in named or linked
        } | ({} if named else {self._prefix: self._source})

    def _web_source(self, url: str, row: Row, origin: str) -> Source:
        host = host_of(url)
        if not is_web(url):
            raise RowError(f"url: expected an address that begins with http, found {url[:60]!r}")
        published = row[MappedKey.PUBLISHED]
        return make_source(
            filled(
                {
                    "publisher": row[MappedKey.PUBLISHER] or host,
                    "url": url,
                    "published": self._day(published) if published else "",
                    "licence": self._source.licence,
                    "derived_from": origin,
                }
            )
        )


def _json_list(text: str) -> list[str]:
    """The items of a list that a format with lists gave as JSON."""
    if not text.startswith("["):
        return []
    try:
        values = orjson.loads(text)
    except orjson.JSONDecodeError:
        return []
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _source_of(file: FeatureFile, path_name: str) -> Source:
    about: dict[str, Any] = {"publisher": "not stated", "title": path_name}
    return make_source(about | dict(file.about) | {"kind": SourceKind.DATASET})
