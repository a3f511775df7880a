"""The event types: subtypes, symbols, and the crosswalk to ACLED, PLOVER and CAMEO."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class EventType:
    """One event type with its subtypes and its nearest classes elsewhere.

    `acled` is the ACLED event type, `plover` the PLOVER event type, `cameo` the CAMEO root codes; empty
    where the scheme has none. `colour` and `glyph` are its symbol: no two types share a pair, and the glyph
    alone tells types apart for people who do not see the colour.
    """

    label: str
    subtypes: tuple[str, ...]
    acled: str = ""
    plover: str = ""
    cameo: tuple[str, ...] = ()
    colour: str
    glyph: str


# Colours: Okabe and Ito (2008), "Color Universal Design", and Paul Tol's muted scheme for the rest, some of
# them darker, so that no two types look alike to colour-blind eyes or in grey: see tests/colours.
EVENT_TYPES: Final = MappingProxyType(
    {
        "deployment": EventType(
            label="Deployment",
            subtypes=(
                "airlift",
                "announced",
                "arrival",
                "basing",
                "buildup",
                "convoy",
                "departure",
                "rotation",
                "withdrawal",
            ),
            acled="Strategic developments",
            plover="MOBILIZE",
            cameo=("15",),
            colour="#0072b2",
            glyph="square",
        ),
        "exercise": EventType(
            label="Exercise",
            subtypes=(
                "air_defence",
                "airborne_drop",
                "announced",
                "live_fire",
                "naval",
                "snap_check",
                "underway",
            ),
            acled="Strategic developments",
            plover="MOBILIZE",
            cameo=("15",),
            colour="#009e73",
            glyph="triangle",
        ),
        "air_activity": EventType(
            label="Air activity",
            subtypes=("airlift", "airspace_violation", "bomber_flight", "intercept", "overflight", "patrol"),
            acled="Strategic developments",
            plover="MOBILIZE",
            cameo=("15",),
            colour="#56b4e9",
            glyph="chevron",
        ),
        "border_incident": EventType(
            label="Border incident",
            subtypes=(
                "breach",
                "closure",
                "crossing_attempt",
                "detention",
                "fence_damage",
                "pushback",
                "shooting",
            ),
            acled="Strategic developments",
            plover="COERCE",
            cameo=("17", "18"),
            colour="#e69f00",
            glyph="diamond",
        ),
        "migration": EventType(
            label="Migration",
            subtypes=("aid", "camp", "crossing", "gathering", "return_flight", "route_closure"),
            colour="#cc79a7",
            glyph="circle",
        ),
        "strike": EventType(
            label="Strike or explosion",
            subtypes=("air_drone_strike", "explosion", "interception", "missile_artillery", "sabotage"),
            acled="Explosions/Remote violence",
            plover="ASSAULT",
            cameo=("18", "19"),
            colour="#d55e00",
            glyph="star",
        ),
        "ground_combat": EventType(
            label="Ground combat",
            subtypes=("advance", "clash", "incursion", "retreat", "territory_change"),
            acled="Battles",
            plover="ASSAULT",
            cameo=("19",),
            colour="#882255",
            glyph="cross",
        ),
        "violence_civilians": EventType(
            label="Violence against civilians",
            subtypes=("abduction", "attack", "sexual_violence"),
            acled="Violence against civilians",
            plover="ASSAULT",
            cameo=("18", "20"),
            colour="#6f2a66",
            glyph="pentagon",
        ),
        "unrest": EventType(
            label="Unrest",
            subtypes=("intervention", "mob", "peaceful_protest", "violent_demonstration"),
            acled="Protests",
            plover="PROTEST",
            cameo=("14",),
            colour="#999933",
            glyph="hourglass",
        ),
        "statement": EventType(
            label="Statement",
            subtypes=(
                "accusation",
                "claim",
                "condemnation",
                "demand",
                "denial",
                "offer",
                "threat",
                "ultimatum",
                "warning",
            ),
            plover="ACCUSE",
            cameo=("01", "10", "11", "12", "13"),
            colour="#555555",
            glyph="triangle_down",
        ),
        "diplomacy": EventType(
            label="Diplomacy",
            subtypes=("agreement", "expulsion", "mediation", "meeting", "recognition"),
            acled="Strategic developments",
            plover="CONSULT",
            cameo=("03", "04", "05", "16"),
            colour="#228077",
            glyph="ring",
        ),
        "sanctions": EventType(
            label="Sanctions",
            subtypes=("announced", "extended", "imposed", "lifted", "trade_or_flight_ban"),
            plover="SANCTION",
            cameo=("16", "17"),
            colour="#332288",
            glyph="bar",
        ),
        "aid": EventType(
            label="Aid",
            subtypes=("financial", "humanitarian", "military"),
            plover="AID",
            cameo=("06", "07"),
            colour="#117733",
            glyph="plus",
        ),
        "infrastructure": EventType(
            label="Infrastructure",
            subtypes=("damage", "engineering", "fortification", "outage", "wall"),
            cameo=("15",),
            colour="#8c6d31",
            glyph="square_open",
        ),
        "legal": EventType(
            label="Legal",
            subtypes=("arrest", "election", "mobilisation_decree", "sentence", "trial"),
            acled="Strategic developments",
            cameo=("17",),
            colour="#4477aa",
            glyph="diamond_open",
        ),
        "other": EventType(label="Other", subtypes=(), colour="#777777", glyph="dot"),
    }
)

_FAMILIES: Final = {
    "deployment": "movement", "exercise": "movement",
    "border_incident": "border", "migration": "border",
    "strike": "violence", "ground_combat": "violence", "violence_civilians": "violence",
}  # fmt: skip


def head_of(kind: str) -> str:
    """A type without its subtype."""
    return kind.partition("/")[0]


def family_of(kind: str) -> str:
    """The family of a type, with or without its subtype: types in it may be two views of one event.

    Troops sent and troops exercising, for instance. A type without kin is its own family.
    """
    head = head_of(kind)
    return _FAMILIES.get(head, head)
