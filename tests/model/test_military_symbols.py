"""The table of military symbols: every type is accounted for, and every code is one of the standard's."""

import re

import pytest

from geomap.model.event_types import EVENT_TYPES
from geomap.model.military_symbols import (
    AFFILIATIONS,
    MILITARY_SYMBOLS,
    WITHOUT_SYMBOL,
    military_symbol,
)

# Version 10, reality, standard identity, symbol set, present without headquarters or echelon, entity, modifiers.
SIDC = re.compile(r"10 0 [1346] (01|10|20|40) 0000 \d{6} \d{4}".replace(" ", ""))


def test_each_type_has_a_symbol_or_a_reason_why_not() -> None:
    with_symbol = {kind for kind in MILITARY_SYMBOLS if "/" not in kind}
    assert with_symbol | set(WITHOUT_SYMBOL) == set(EVENT_TYPES)
    assert with_symbol & set(WITHOUT_SYMBOL) == set()
    assert all(WITHOUT_SYMBOL.values())


@pytest.mark.parametrize("kind", MILITARY_SYMBOLS)
def test_the_table_names_types_and_subtypes_that_there_are_and_says_why(kind: str) -> None:
    head, _, subtype = kind.partition("/")
    assert not subtype or subtype in EVENT_TYPES[head].subtypes
    assert MILITARY_SYMBOLS[kind].name
    assert MILITARY_SYMBOLS[kind].why


@pytest.mark.parametrize("kind", MILITARY_SYMBOLS)
def test_codes_have_twenty_digits_that_differ_by_affiliation_only(kind: str) -> None:
    codes = [MILITARY_SYMBOLS[kind].sidc(side) for side in AFFILIATIONS]
    assert all(SIDC.fullmatch(code) for code in codes)
    assert [code[3] for code in codes] == ["4", "3", "6", "1"]
    assert len({code[:3] + code[4:] for code in codes}) == 1


def test_a_subtype_without_a_symbol_has_its_types() -> None:
    assert military_symbol("deployment", "buildup") == MILITARY_SYMBOLS["deployment"]
    assert military_symbol("deployment", None) == MILITARY_SYMBOLS["deployment"]
    assert military_symbol("deployment", "airlift") != MILITARY_SYMBOLS["deployment"]


def test_people_words_and_a_maps_own_types_have_none() -> None:
    assert military_symbol("migration", "camp") is not None
    for kind, subtype in (
        ("migration", "crossing"),
        ("statement", "threat"),
        ("legal", None),
        ("cyber", "outage"),
    ):
        assert military_symbol(kind, subtype) is None
