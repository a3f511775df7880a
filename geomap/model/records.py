"""Records as people write them: the keys of an events file, each checked once and frozen.

These are values. How they come out of a file is `geomap.events`; what a written place resolves to is
`geomap.model.places.PlaceRef`.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints, model_validator

from geomap.model.timespan import TimeSpan, parse_edtf, unknown_time
from geomap.model.vocabulary import (
    ActorKind,
    ActorRole,
    DateBasis,
    DatePrecision,
    EvidenceMethod,
    Modality,
    PlaceMethod,
    PlaceRelation,
    PlaceRole,
    Precision,
    RelationType,
    Sensitivity,
    SourceKind,
    Stance,
    Status,
    Workflow,
)

Text = Annotated[str, StringConstraints(min_length=1)]
SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")
"""What an id is."""
Slug = Annotated[str, StringConstraints(pattern=rf"^{SLUG.pattern}$")]


def _check_code(value: Any) -> Any:
    if isinstance(value, str) and not re.fullmatch("[A-Z]{2}", value):
        raise ValueError(f"{value!r} is no ISO 3166 code; expected two capital letters such as BY")
    return value


CountryCode = Annotated[str, BeforeValidator(_check_code), StringConstraints(pattern=r"^[A-Z]{2}$")]
# Neither `true` nor a quoted text is a number, as the JSON Schemas say too.
Number = Annotated[float, Strict()]
Whole = Annotated[int, Strict()]


def _number_as_text(value: Any) -> Any:
    """YAML reads `2021` as a number; where a text is meant, its digits are that text."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if not 1000 <= value <= 9999:
        raise ValueError(f"{value} is not a year of four digits; put the date in quotes")
    return str(value)


def _read_edtf(value: Any) -> Any:
    """Turn a written `when` into a TimeSpan: EDTF text, or a mapping that adds what is known about it."""
    if isinstance(value, TimeSpan):
        return value
    value = _number_as_text(value)
    if isinstance(value, str):
        return parse_edtf(value)
    if not isinstance(value, Mapping):
        raise ValueError("expected an EDTF date such as 2021-11-12, or {edtf, precision, basis, text}")
    written = WrittenTime.model_validate(value)
    if written.edtf is None:
        if written.precision not in (None, DatePrecision.UNKNOWN):
            raise ValueError("a precision needs a date: add edtf")
        return unknown_time(written.text, written.basis or DateBasis.UNKNOWN)
    span = parse_edtf(written.edtf)
    if written.precision is not None and written.precision.is_finer_than(span.precision):
        raise ValueError(
            f"precision {written.precision} is finer than {written.edtf}, which is a {span.precision}"
        )
    changes = written.model_dump(include={"precision", "basis"}, exclude_none=True)
    return replace(span, words=written.text, **changes)


def _read_day(value: Any) -> Any:
    span = _read_edtf(value)
    if not isinstance(span, TimeSpan) or not span.is_dated:
        raise ValueError("expected a day such as 2021-11-12")
    return span


class Record(BaseModel):
    """Base of every written record: frozen, and an unknown key is an error."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        populate_by_name=True,
        use_attribute_docstrings=True,
    )


class WrittenTime(Record):
    """A `when` with what is known about it."""

    edtf: Annotated[str, BeforeValidator(_number_as_text)] | None = None
    precision: DatePrecision | None = None
    basis: DateBasis | None = None
    text: str = ""


When = Annotated[
    TimeSpan,
    BeforeValidator(_read_edtf, json_schema_input_type=Text | int | WrittenTime),
]
Day = Annotated[TimeSpan, BeforeValidator(_read_day, json_schema_input_type=Text | int)]


class Source(Record):
    """A document that an event rests on."""

    publisher: str = ""
    author: str = ""
    title: str = ""
    url: str = ""
    archive_url: str = ""
    published: Day | None = None
    published_basis: str = ""
    retrieved: Day | None = None
    language: str = ""
    kind: SourceKind = SourceKind.OTHER
    reliability: Literal["A", "B", "C", "D", "E", "F"] = "F"
    graded_by: str = ""
    licence: str = ""
    sha256: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    derived_from: str = ""
    """A source id, or the name of the origin that this document repeats."""
    file: str = ""

    @model_validator(mode="after")
    def _graded_by_somebody(self) -> Self:
        if self.reliability != "F" and not self.graded_by:
            raise ValueError(f"reliability {self.reliability} needs graded_by: a grade names who gave it")
        return self


class Actor(Record):
    """Who takes part or speaks; declared once under `actors`, or named in an event alone."""

    name: Text
    country: CountryCode | None = None
    side: str = ""
    kind: ActorKind = ActorKind.OTHER
    unit: str = ""


class ActorPart(Record):
    """An actor's part in one event: by id of a declared actor, or by name."""

    id: Slug | None = None
    name: str = ""
    role: ActorRole = ActorRole.PARTICIPANT
    country: CountryCode | None = None
    side: str = ""
    kind: ActorKind | None = None
    unit: str = ""

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if self.id is None and not self.name:
            raise ValueError("an actor needs an id (declared under actors) or a name")
        return self


class PlaceName(Record):
    """A place within a relation: a toponym and the country it lies in."""

    place: Text
    country: CountryCode | None = None


def _read_place_name(value: Any) -> Any:
    return {"place": value} if isinstance(value, str) else value


Anchor = Annotated[PlaceName, BeforeValidator(_read_place_name, json_schema_input_type=Text | PlaceName)]


def _check_range(lon: float, lat: float) -> None:
    # The figures stay out of the message: whether they may be told is not known yet.
    for name, value, most in (("lon", lon, 180), ("lat", lat, 90)):
        if not -most <= value <= most:
            raise ValueError(f"{name} out of range; expected -{most} to {most} degrees")


class PlaceSpec(Record):
    """A place as written: a toponym, a position, or a relation to other places."""

    place: Text | None = None
    country: CountryCode | None = None
    role: PlaceRole = PlaceRole.SITE
    relation: PlaceRelation = PlaceRelation.AT
    name: Text | None = None
    """The place as the source names it; never looked up."""
    lon: Number | None = None
    lat: Number | None = None
    precision: Precision | None = None
    radius_m: Annotated[Number, Field(gt=0, le=20_100_000, allow_inf_nan=False)] | None = None
    method: PlaceMethod | None = None
    geometry: dict[str, Any] | None = None
    """A GeoJSON geometry, EPSG:4326, [lon, lat]."""
    publish_precision: Literal["region", "country", "none", "as_known"] | None = None
    """How coarsely the place may be shown; nothing finer leaves the build. `as_known`: as it is known, even where
    the event is sensitive."""
    near: Anchor | None = None
    within_km: Annotated[Number, Field(gt=0, le=20_000)] | None = None
    border: Annotated[list[Text], Field(min_length=2, max_length=2)] | None = None
    within: Text | None = None
    side: Text | None = None
    depth_km: Annotated[Number, Field(gt=0, le=500)] | None = None
    between: Annotated[list[Anchor], Field(min_length=2, max_length=2)] | None = None
    from_: Annotated[Anchor | None, Field(alias="from")] = None
    bearing: Annotated[Number, Field(ge=0, le=360)] | None = None
    distance_km: Annotated[Number, Field(gt=0, le=20_000)] | None = None
    over: Text | None = None

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat go together")
        if self.lon is not None and self.lat is not None:
            _check_range(self.lon, self.lat)
        given = self.lon is not None or self.geometry is not None
        ways = {
            # Beside a given position a place is its name only.
            "place": None if given else self.place,
            "lon and lat": self.lon,
            "geometry": self.geometry,
            "border": self.border,
            "between": self.between,
            "from": self.from_,
            "over": self.over,
            "near": self.near if self.border is None else None,
        }
        written = [way for way, value in ways.items() if value is not None]
        if len(written) > 1:
            raise ValueError(f"{' and '.join(written)} contradict each other; keep one")
        if not written and self.country is None:
            hint = "name is never looked up; " if self.name else ""
            raise ValueError(f"nothing says where: {hint}give place, country, lon and lat, or a relation")
        if self.from_ is not None and (self.bearing is None or self.distance_km is None):
            raise ValueError("from needs bearing (degrees) and distance_km")
        if self.from_ is None and (self.bearing is not None or self.distance_km is not None):
            raise ValueError("bearing and distance_km need from")
        if self.border is None and any((self.within, self.side, self.depth_km)):
            raise ValueError("within, side and depth_km belong to a border")
        if self.depth_km is not None and self.side is None:
            raise ValueError("depth_km needs side")
        if self.within_km is not None and self.near is None:
            raise ValueError("within_km needs near")
        if self.border is not None and self.border[0] == self.border[1]:
            raise ValueError("a border lies between two, not between one and itself")
        if self.country is not None and not given and self.place is None and written:
            raise ValueError(
                f"country says nothing beside {written[0]}; put it inside, as in {{place: …, country: …}}"
            )
        if self.side is not None and self.border is not None and self.side not in self.border:
            raise ValueError("side is not one of the border's two")
        return self

    @property
    def is_coarsened(self) -> bool:
        """Whether what is written here is finer than may be shown."""
        return self.publish_precision not in (None, "as_known")

    def published(self, sensitivity: Sensitivity) -> "PlaceSpec":
        """The place as it may be shown: with the coarseness that its event asks for, if it says none itself."""
        if self.publish_precision == "as_known":
            return self.model_copy(update={"publish_precision": None})
        if self.publish_precision is None and sensitivity.coarsens_places:
            return self.model_copy(update={"publish_precision": "region"})
        return self


WhereMode = Literal["placed", "none", "unknown"]


class Where(Record):
    """Where an event happened: its places, or why it has none."""

    mode: WhereMode = "placed"
    places: tuple[PlaceSpec, ...] = ()


def _read_where(value: Any) -> Any:
    if isinstance(value, Where):
        return value
    if value is None or value == "none":
        return Where(mode="none")
    if value == "unknown":
        return Where(mode="unknown")
    items = value if isinstance(value, list) else [value]
    if not items:
        raise ValueError("an empty list of places; write none, or leave where out")
    if any(item in ("none", "unknown") for item in items if isinstance(item, str)):
        raise ValueError("none and unknown stand alone, not in a list of places")
    if not all(isinstance(item, str | Mapping | PlaceSpec) for item in items):
        raise ValueError(
            "expected places: names (numbers in quotes), or mappings such as {place: …, country: …}"
        )
    return {"places": [_read_place_name(item) for item in items]}


WrittenWhere = Annotated[
    Where,
    BeforeValidator(_read_where, json_schema_input_type=Text | PlaceSpec | list[Text | PlaceSpec]),
]


class Quantity(Record):
    """A number as its source states it, with what it counts."""

    measure: Text
    low: Number | None = None
    best: Number | None = None
    high: Number | None = None
    unit: str = ""
    by: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        known = [value for value in (self.low, self.best, self.high) if value is not None]
        if not known:
            raise ValueError("a quantity needs at least one of low, best, high")
        if known != sorted(known):
            raise ValueError("low, best and high must rise")
        return self


class Equipment(Record):
    """A kind of equipment seen or reported."""

    name: Text
    class_: Annotated[str, Field(alias="class")] = ""
    count: Annotated[Whole, Field(ge=0)] | None = None


class Claim(Record):
    """What somebody says about the event or one of its fields, in our paraphrase or in their words."""

    by: Text
    stance: Stance
    id: Slug | None = None
    about: Text = "event"
    """`event`, `motive`, a field of the event, or the id of another claim."""
    value: str | Number | None = None
    text: str = ""
    quote: str = ""
    when: When | None = None
    place: str = ""
    source: Slug | None = None
    via: str = ""
    credibility: Annotated[Whole, Field(ge=1, le=6)] = 6


class Evidence(Record):
    """The very words: Unicode code points into the stored original, end exclusive."""

    source: Slug
    start: Annotated[Whole, Field(ge=0)]
    end: Annotated[Whole, Field(ge=0)]
    quote: Text
    field: str = ""
    rule: str = ""
    """Which rule of a machine read the words."""
    method: EvidenceMethod = EvidenceMethod.HUMAN
    confidence: Annotated[Number, Field(ge=0, le=1)] | None = None


class Media(Record):
    """A picture or film that shows the event."""

    url: Text
    archive_url: str = ""
    credit: str = ""
    captured: Day | None = None
    licence: str = ""


class Relation(Record):
    """How this event stands to another."""

    type: RelationType
    event: Slug


class SetStatus(Record):
    """A status that a person sets, with their name and reason."""

    value: Status
    by: Text
    basis: Text


def _read_status(value: Any) -> Any:
    if isinstance(value, SetStatus):
        return value
    if isinstance(value, Mapping):
        return SetStatus.model_validate(value)
    if value not in list(Status):
        raise ValueError(f"expected one of {', '.join(Status)}, or {{value, by, basis}}")
    if value == Status.CONFIRMED:
        raise ValueError(
            "confirmed names who confirms and on what basis: {value: confirmed, by: …, basis: …}"
        )
    return value


WrittenStatus = Annotated[SetStatus | Status, BeforeValidator(_read_status)]


class EventRecord(Record):
    """One event as written."""

    id: Slug
    type: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(/[a-z][a-z0-9_]*)?$")]
    """`type` or `type/subtype`."""
    title: Text
    sources: Annotated[tuple[Slug, ...], Field(min_length=1)]
    summary: str = ""
    modality: Modality = Modality.OCCURRED
    status: WrittenStatus | None = None
    when: When | None = None
    where: WrittenWhere = Where(mode="none")
    actors: tuple[ActorPart, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    claims: tuple[Claim, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    media: tuple[Media, ...] = ()
    relations: tuple[Relation, ...] = ()
    tags: tuple[Text, ...] = ()
    sensitivity: Sensitivity = Sensitivity.NONE
    workflow: Workflow = Workflow.REVIEWED
    codes: dict[str, str] = Field(default_factory=dict)

    @property
    def published_places(self) -> tuple[PlaceSpec, ...]:
        """The places of `where`, in their order, each with the `publish_precision` that counts.

        Whatever resolves places for others to see takes these: a sensitive event's are coarsened unless one says
        `as_known`, which is gone here, as it asks for nothing.
        """
        return tuple(place.published(self.sensitivity) for place in self.where.places)


class EventsFile(Record):
    """An events file."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    sources: dict[Slug, Source] = Field(default_factory=dict)
    actors: dict[Slug, Actor] = Field(default_factory=dict)
    events: tuple[EventRecord, ...] = ()
