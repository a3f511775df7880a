"""The public columns as fields of a GIS: what each holds, in which type, in which words."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Final

from geomap.model.event_types import EVENT_TYPES
from geomap.model.vocabulary import (
    PRECISION_CODES,
    DatePrecision,
    Modality,
    PlaceMethod,
    PlaceRole,
    Status,
    Workflow,
)

ValueMap = MappingProxyType[str, str]
"""The label of each value of a closed word list."""


class FieldType(Enum):
    """What the values of a column are."""

    TEXT = "text"
    TEXTS = "a list of texts, as JSON where a format has no lists"
    DAY = "a day"
    MOMENT = "a moment, UTC"
    INTEGER = "a whole number"
    REAL = "a number"
    FLAG = "yes or no"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: `label` is what people read above it, `values` the labels of a closed word list."""

    name: str
    type: FieldType
    label: str
    about: str
    values: ValueMap = field(default_factory=lambda: MappingProxyType({}))


def moment_text(moment: datetime) -> str:
    """A moment of the table as ISO 8601, for formats that have no moments."""
    return f"{moment.replace(tzinfo=None).isoformat()}Z"


def _words(vocabulary: type[Enum]) -> ValueMap:
    return MappingProxyType({word.value: str(word.value).replace("_", " ") for word in vocabulary})


_TYPES: Final = MappingProxyType({name: kind.label for name, kind in EVENT_TYPES.items()})
_PRECISIONS: Final = MappingProxyType(
    {precision.value: codes.label for precision, codes in PRECISION_CODES.items()}
)


_TEXT, _TEXTS, _DAY, _MOMENT = FieldType.TEXT, FieldType.TEXTS, FieldType.DAY, FieldType.MOMENT
_INTEGER, _REAL, _FLAG = FieldType.INTEGER, FieldType.REAL, FieldType.FLAG

FIELDS: Final = MappingProxyType(
    {
        column.name: column
        for column in (
            Field("event_id", _TEXT, "Event", "the event's id"),
            Field("feature_id", _TEXT, "Feature", "the event's id, # and the number of its drawn place"),
            Field("title", _TEXT, "Title", "what happened, in one line"),
            Field("type", _TEXT, "Type", "event type", _TYPES),
            Field("subtype", _TEXT, "Subtype", "finer event type"),
            Field("status", _TEXT, "Status", "how far the event is vouched for", _words(Status)),
            Field("modality", _TEXT, "Modality", "whether it has happened", _words(Modality)),
            Field("t_start", _MOMENT, "Shown from", "first moment of the time span; filled if dated"),
            Field("t_end", _MOMENT, "Shown until", "last moment of the time span; filled if dated"),
            Field("date_start", _DAY, "First day", "first day, empty if not known"),
            Field("date_end", _DAY, "Last day", "last day, empty if not known"),
            Field("when", _TEXT, "When (EDTF)", "the date as Extended Date/Time Format"),
            Field("date_precision", _TEXT, "Date known to", "how the date is known", _words(DatePrecision)),
            Field("end_open", _FLAG, "End open", "no end is known; t_end is when it was last reported"),
            Field("place_name", _TEXT, "Place", "the place as the event names it"),
            Field("place_name_native", _TEXT, "Place (native)", "the place's name in its own language"),
            Field("place_id", _TEXT, "Place id", "the place in the gazetteer, scheme:id"),
            Field("place_role", _TEXT, "Place's role", "what the place is to the event", _words(PlaceRole)),
            Field("country", _TEXT, "Country", "ISO 3166-1 code, if the place lies in one country"),
            Field("precision", _TEXT, "Place known as", "how the place is known", _PRECISIONS),
            Field("radius_m", _REAL, "Radius (m)", "the true place lies within it with about 90 %"),
            Field("method", _TEXT, "Method", "where the position comes from", _words(PlaceMethod)),
            Field("actors", _TEXTS, "Actors", "who takes part"),
            Field("claimants", _TEXTS, "Claimants", "who says or denies something of it"),
            Field("sources", _TEXTS, "Sources", "ids of the sources"),
            Field("source_urls", _TEXTS, "Source links", "addresses of the sources"),
            Field("n_sources", _INTEGER, "Sources (number)", "how many sources"),
            Field("n_origins", _INTEGER, "Origins (number)", "how many of them are unrelated"),
            Field("reliability", _TEXT, "Reliability", "best grade among the sources, A to F"),
            Field("summary", _TEXT, "Summary", "what happened, in a few lines"),
            Field("tags", _TEXTS, "Tags", "words of the editors"),
            Field("workflow", _TEXT, "Workflow", "where the record stands with its editors", _words(Workflow)),
        )
    }
)  # fmt: skip
"""By name, in the order of `model.table.COLUMNS`, which is that of every format."""
