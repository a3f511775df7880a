"""What military symbol, if any, stands for an event type: the codes of MIL-STD-2525D and APP-6(D).

Both standards share these 20-digit symbol identification codes (SIDC). A symbol is chosen only where the
standard has one for what the type says and for nothing more: none names a weapon, a branch or a deed that a
source may not have told. Whose side it stands on is never in the table: it is the reader's own setting.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

Affiliation = Literal["neutral", "friend", "hostile", "unknown"]

AFFILIATIONS: Final[tuple[Affiliation, ...]] = ("neutral", "friend", "hostile", "unknown")
"""In the order in which the page offers them; the first is what it opens with."""

_VERSION: Final = "10"  # MIL-STD-2525D of 2014 and APP-6(D) of 2017
_REALITY: Final = "0"  # neither exercise nor simulation: an event is what was reported
_IDENTITY: Final = MappingProxyType({"unknown": "1", "friend": "3", "neutral": "4", "hostile": "6"})
_PRESENT: Final = "0000"  # present, no headquarters, no echelon: nothing of it is told by a type
_AIR, _LAND_UNIT, _INSTALLATION, _ACTIVITY = "01", "10", "20", "40"


@dataclass(frozen=True, slots=True)
class MilitarySymbol:
    """A symbol without its affiliation, and why it was chosen.

    `symbol_set` has 2 digits; `entity` 10: six of the entity, two of each modifier. `name` is the standard's.
    """

    symbol_set: str
    entity: str
    name: str
    why: str

    def sidc(self, affiliation: Affiliation) -> str:
        """The 20-digit code of MIL-STD-2525D and APP-6(D)."""
        return f"{_VERSION}{_REALITY}{_IDENTITY[affiliation]}{self.symbol_set}{_PRESENT}{self.entity}"


_UNIT: Final = MilitarySymbol(
    symbol_set=_LAND_UNIT,
    entity="0000000000",
    name="Land unit, unspecified",
    why="forces are somewhere or on their way; which branch is rarely told, so the frame stays empty",
)
_AIRCRAFT: Final = MilitarySymbol(
    symbol_set=_AIR,
    entity="0000000000",
    name="Air, unspecified",
    why="something flies; whether aeroplane, helicopter or drone is not told by the type",
)
_TRANSPORT: Final = MilitarySymbol(
    symbol_set=_AIR,
    entity="1101070000",
    name="Military fixed wing: cargo",
    why="an airlift is flown by transport aeroplanes",
)
_OF_FORCES: Final = MilitarySymbol(
    symbol_set=_ACTIVITY,
    entity="0000000000",
    name="Activity, unspecified",
    why="forces do something in common; the standard's mark of exercises would turn a hostile one into a "
    "friend that plays the enemy",
)
_AIR_DEFENCE: Final = MilitarySymbol(
    symbol_set=_LAND_UNIT,
    entity="1301000000",
    name="Fires: air defence",
    why="what the subtype names, without the weapon",
)
_ENGINEERS: Final = MilitarySymbol(
    symbol_set=_LAND_UNIT,
    entity="1407000000",
    name="Protection: engineer",
    why="earthworks, bridges and obstacles are the engineers' task",
)
_RIOT: Final = MilitarySymbol(
    symbol_set=_ACTIVITY,
    entity="1101100000",
    name="Incident: civil rioting",
    why="a crowd that is violent, as the subtype says",
)

MILITARY_SYMBOLS: Final = MappingProxyType(
    {
        "deployment": _UNIT,
        "deployment/airlift": _TRANSPORT,
        "deployment/basing": MilitarySymbol(
            _INSTALLATION, "1208020000", "Military infrastructure: military base", "where forces are kept"
        ),
        "deployment/convoy": MilitarySymbol(
            _LAND_UNIT,
            "1636000000",
            "Sustainment: transportation",
            "the wheel is the sign of movement by road; a moving convoy itself is a line, not a point",
        ),
        "exercise": _OF_FORCES,
        "exercise/air_defence": _AIR_DEFENCE,
        "exercise/airborne_drop": MilitarySymbol(
            _LAND_UNIT,
            "1211000001",
            "Movement and manoeuvre: infantry, airborne",
            "who jumps is airborne infantry",
        ),
        "air_activity": _AIRCRAFT,
        "air_activity/airlift": _TRANSPORT,
        "air_activity/bomber_flight": MilitarySymbol(
            _AIR, "1101030000", "Military fixed wing: bomber", "what the subtype names"
        ),
        "air_activity/intercept": MilitarySymbol(
            _AIR, "1101040000", "Military fixed wing: fighter", "fighters are what intercepts in the air"
        ),
        "air_activity/patrol": MilitarySymbol(
            _AIR, "1101100000", "Military fixed wing: patrol", "what the subtype names"
        ),
        "border_incident": MilitarySymbol(
            _ACTIVITY,
            "1315020000",
            "Law enforcement operation: border patrol",
            "the standard's only sign for what happens at a guarded border, whoever acts there",
        ),
        "border_incident/detention": MilitarySymbol(
            _ACTIVITY, "1101010000", "Incident: arrest", "what the subtype names"
        ),
        "border_incident/shooting": MilitarySymbol(
            _ACTIVITY, "1104000000", "Incident: shooting", "what the subtype names"
        ),
        "migration/camp": MilitarySymbol(
            _INSTALLATION,
            "1119010000",
            "Tented camp: displaced persons, refugees, evacuees",
            "the one thing of this type that the standard knows, as a place and not as a force",
        ),
        "strike": MilitarySymbol(
            _ACTIVITY,
            "1106000000",
            "Incident: explosion",
            "what is common to all strikes; the explosions of single weapons would say more than is known",
        ),
        "strike/interception": _AIR_DEFENCE,
        "strike/sabotage": MilitarySymbol(
            _ACTIVITY, "1101220000", "Incident: sabotage", "what the subtype names"
        ),
        "ground_combat": MilitarySymbol(
            _LAND_UNIT,
            "1209000000",
            "Movement and manoeuvre: combat",
            "fighting on the ground, without the branch; advance and retreat are lines in the standard",
        ),
        "unrest": MilitarySymbol(_ACTIVITY, "1200000000", "Civil disturbance", "what the type names"),
        "unrest/intervention": MilitarySymbol(
            _ACTIVITY, "1315000000", "Law enforcement operation", "those who step in, police or others"
        ),
        "unrest/mob": _RIOT,
        "unrest/peaceful_protest": MilitarySymbol(
            _ACTIVITY, "1201000000", "Civil disturbance: demonstration", "what the subtype names"
        ),
        "unrest/violent_demonstration": _RIOT,
        "infrastructure/engineering": _ENGINEERS,
        "infrastructure/fortification": _ENGINEERS,
    }
)
"""By type, and by `type/subtype` where the subtype has a symbol of its own."""

WITHOUT_SYMBOL: Final = MappingProxyType(
    {
        "migration": "people on their way are no force, and drawing them as one would say that they are",
        "violence_civilians": "the standard knows crimes by name only; to choose one would be to judge",
        "statement": "words have no military symbol",
        "diplomacy": "the standard's meeting is one of fighters or of a village, not of states",
        "sanctions": "a measure of economy and law",
        "aid": "the standard knows places where food or water is handed out, not aid",
        "infrastructure": "the standard knows works by what they are (power, water, roads), which is not told",
        "legal": "courts and ballots are no business of armed forces",
        "other": "it may be anything",
    }
)
"""Why the other types keep their own icon, with all subtypes that have no symbol above."""


def military_symbol(kind: str, subtype: str | None) -> MilitarySymbol | None:
    """The symbol of an event type and subtype; None where our own icon says it better."""
    return MILITARY_SYMBOLS.get(f"{kind}/{subtype}") or MILITARY_SYMBOLS.get(kind)
