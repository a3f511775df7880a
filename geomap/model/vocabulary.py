"""The closed word lists of the model: precision with its crosswalk, roles, stances, kinds."""

from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Precision(StrEnum):
    """How a place is known: a kind, not a scale; how wide it is, is `radius_m`."""

    EXACT = "exact"
    PLACE = "place"
    VICINITY = "vicinity"
    DISTRICT = "district"
    REGION = "region"
    LINE = "line"
    COUNTRY = "country"
    WATERS = "waters"
    NONE = "none"

    @property
    def is_point(self) -> bool:
        """Whether a point symbol may stand for it; nothing else may be a marker."""
        return self in (Precision.EXACT, Precision.PLACE, Precision.VICINITY)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionCodes:
    """One precision in the coding schemes of the field.

    `code` is ours (P0-P8); `ucdp` is UCDP GED `where_prec`, `acled` ACLED `geo_precision`, `gdelt` GDELT
    `ActionGeo_Type`; None where the scheme has no such class.
    """

    code: str
    label: str
    ucdp: int | None
    acled: int | None
    gdelt: int | None


PRECISION_CODES: Final = MappingProxyType(
    {
        Precision.EXACT: PrecisionCodes(code="P1", label="exact site", ucdp=1, acled=1, gdelt=None),
        Precision.PLACE: PrecisionCodes(code="P2", label="named place", ucdp=1, acled=1, gdelt=4),
        Precision.VICINITY: PrecisionCodes(
            code="P3", label="near a named place", ucdp=2, acled=2, gdelt=None
        ),
        Precision.DISTRICT: PrecisionCodes(code="P4", label="district", ucdp=3, acled=2, gdelt=None),
        Precision.REGION: PrecisionCodes(code="P5", label="region", ucdp=4, acled=3, gdelt=5),
        Precision.LINE: PrecisionCodes(
            code="P6", label="border stretch or fuzzy area", ucdp=5, acled=3, gdelt=None
        ),
        Precision.COUNTRY: PrecisionCodes(code="P7", label="country", ucdp=6, acled=None, gdelt=1),
        Precision.WATERS: PrecisionCodes(code="P8", label="waters or airspace", ucdp=7, acled=3, gdelt=None),
        Precision.NONE: PrecisionCodes(code="P0", label="no place", ucdp=None, acled=None, gdelt=None),
    }
)


class PlaceRole(StrEnum):
    """What a place is to its event."""

    SITE = "site"
    ORIGIN = "origin"
    DESTINATION = "destination"
    ROUTE = "route"
    OVERFLOWN = "overflown"
    TARGET = "target"
    PURPOSE = "purpose"
    MENTIONED = "mentioned"

    @property
    def locates(self) -> bool:
        """Whether the event happened there; what does not locate is not drawn by default."""
        return self not in (PlaceRole.PURPOSE, PlaceRole.MENTIONED)


class PlaceRelation(StrEnum):
    """How an event stands to the place that its source names."""

    AT = "at"
    IN = "in"
    NEAR = "near"
    BETWEEN = "between"
    ALONG = "along"
    TOWARD = "toward"
    OVER = "over"


class PlaceMethod(StrEnum):
    """Where a position comes from."""

    GAZETTEER = "gazetteer"
    GIVEN = "given"
    GEOLOCATED = "geolocated"
    ANALYST = "analyst"
    INFERRED = "inferred"


class Modality(StrEnum):
    """Whether the event has happened."""

    OCCURRED = "occurred"
    ONGOING = "ongoing"
    ANNOUNCED = "announced"
    PLANNED = "planned"


class Status(StrEnum):
    """How far the event is vouched for; computed, except `confirmed`, which a named person sets."""

    REPORTED = "reported"
    CORROBORATED = "corroborated"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    DENIED = "denied"
    RETRACTED = "retracted"


class Workflow(StrEnum):
    """Where the record stands with its editors."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    PUBLISHED = "published"


class ActorRole(StrEnum):
    """What an actor does in an event."""

    INITIATOR = "initiator"
    PARTICIPANT = "participant"
    HOST = "host"
    TARGET = "target"
    AFFECTED = "affected"
    SUPPORTER = "supporter"
    OBSERVER = "observer"
    MEDIATOR = "mediator"
    SPEAKER = "speaker"
    ACCUSER = "accuser"
    ACCUSED = "accused"
    REPORTER = "reporter"


class ActorKind(StrEnum):
    """What an actor is."""

    STATE_FORCES = "state_forces"
    GOVERNMENT = "government"
    MINISTRY = "ministry"
    HEAD_OF_STATE = "head_of_state"
    BORDER_GUARD = "border_guard"
    AGENCY = "agency"
    INTERNATIONAL_ORG = "international_org"
    ALLIANCE = "alliance"
    COMPANY = "company"
    MEDIA = "media"
    REBEL = "rebel"
    POLITICAL_MILITIA = "political_militia"
    IDENTITY_MILITIA = "identity_militia"
    RIOTERS = "rioters"
    PROTESTERS = "protesters"
    MIGRANTS = "migrants"
    CIVILIANS = "civilians"
    OTHER = "other"


class Stance(StrEnum):
    """What a claimant does with the thing claimed."""

    ASSERTS = "asserts"
    CONFIRMS = "confirms"
    ATTRIBUTES = "attributes"
    JUSTIFIES = "justifies"
    ACCUSES = "accuses"
    QUALIFIES = "qualifies"
    DENIES = "denies"
    DISPUTES = "disputes"
    DECLINES_TO_COMMENT = "declines_to_comment"
    DOES_NOT_CLAIM = "does_not_claim"
    RETRACTS = "retracts"

    @property
    def opposes(self) -> bool:
        """Whether it speaks against the thing claimed."""
        return self in (Stance.DENIES, Stance.DISPUTES)

    @property
    def vouches(self) -> bool:
        """Whether it stands behind the thing claimed."""
        return self in (Stance.ASSERTS, Stance.CONFIRMS, Stance.ATTRIBUTES, Stance.JUSTIFIES, Stance.ACCUSES)


class RelationType(StrEnum):
    """How one event stands to another."""

    PART_OF = "part_of"
    RESPONSE_TO = "response_to"
    CAUSED_BY = "caused_by"
    PRECEDES = "precedes"
    SAME_AS = "same_as"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    CONTRADICTS = "contradicts"
    RELATED = "related"


class DateBasis(StrEnum):
    """What a date rests on."""

    STATED = "stated"
    RELATIVE_TO_PUBLICATION = "relative_to_publication"
    RELATIVE_TO_EVENT = "relative_to_event"
    INFERRED = "inferred"
    UNKNOWN = "unknown"


class DatePrecision(StrEnum):
    """How finely a time is known."""

    INSTANT = "instant"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    SEASON = "season"
    YEAR = "year"
    RANGE = "range"
    UNKNOWN = "unknown"

    def is_finer_than(self, other: "DatePrecision") -> bool:
        """Whether this claims more than the other; a range may be of any width."""
        scale = list(DatePrecision)[: list(DatePrecision).index(DatePrecision.RANGE)]
        return self in scale and other in scale and scale.index(self) < scale.index(other)


class Sensitivity(StrEnum):
    """Why a record needs care when it is shown."""

    NONE = "none"
    GRAPHIC = "graphic"
    PERSONAL = "personal"
    SOURCE_AT_RISK = "source_at_risk"
    LIVE_POSITION = "live_position"

    @property
    def coarsens_places(self) -> bool:
        """Whether places are shown no finer than their region, unless the author says otherwise of one."""
        return self in (Sensitivity.PERSONAL, Sensitivity.SOURCE_AT_RISK, Sensitivity.LIVE_POSITION)


class EvidenceMethod(StrEnum):
    """Who found the words."""

    RULE = "rule"
    MODEL = "model"
    HUMAN = "human"


class SourceKind(StrEnum):
    """What sort of source it is."""

    WIRE = "wire"
    NEWSPAPER = "newspaper"
    BROADCASTER = "broadcaster"
    STATE_MEDIA = "state_media"
    OFFICIAL = "official"
    NGO = "ngo"
    SOCIAL = "social"
    BLOG = "blog"
    DATASET = "dataset"
    OTHER = "other"
