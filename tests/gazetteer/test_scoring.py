"""Scores and shares, and the weights that they are made with."""

import json
import math
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.gazetteer import read_gazetteer
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.rows import Row
from geomap.gazetteer.schema import NameRank
from geomap.gazetteer.scoring import (
    CONTEXT_FEATURES,
    FEATURES,
    PriorScore,
    is_spelling,
    name_feature,
    row_features,
    score,
    shares,
)
from geomap.gazetteer.store import data_folder

STORE = read_gazetteer().store
WEIGHTS = json.loads((data_folder() / "weights.json").read_text())


def folds() -> list[str]:
    """Folded names of the base tables, of every rank, evenly over the alphabet and the table of places."""
    query = "SELECT DISTINCT fold FROM name WHERE abs(place) % 53 = 7 ORDER BY fold"
    with closing(sqlite3.connect(f"file:{data_folder() / 'base.sqlite'}?mode=ro", uri=True)) as base:
        return [str(fold) for (fold,) in base.execute(query)]


FOLDS = folds()
PRIOR = PriorScore(STORE.weights.prior)
VILLAGE = Row(
    key=1, code=None, name="Kuznica", feature="PPL", country="PL", region="PL-PD", district=None,
    population=0, lon=2_364_000, lat=5_351_000, radius_m=None, rank=NameRank.MAIN,
)  # fmt: skip


@given(st.sampled_from(FOLDS))
@settings(max_examples=300, derandomize=True)
def test_the_quick_score_is_the_weighted_sum_of_the_features(fold: str) -> None:
    for row in STORE.rows(fold):
        assert PRIOR(row, fold) == pytest.approx(
            score(row_features(row, fold), STORE.weights.prior), abs=1e-9
        )


@given(
    st.sampled_from(["PPL", "PPLC", "PPLX", "ADM1", "ADM2", "AIRP", "AIRB", "PCLI", "STM", "LK", "MTS"]),
    st.sampled_from(list(NameRank)),
    st.integers(0, 10**10),
    st.sampled_from([None, "gnp:", "oa:UMLI", "ne:RU-KRS"]),
    st.sampled_from(["kuznica", "kuznitsa", "kusnitza", "moskva"]),
)
@settings(max_examples=300, derandomize=True)
def test_the_quick_score_holds_for_any_row(
    feature: str, rank: NameRank, population: int, code: str | None, fold: str
) -> None:
    row = VILLAGE._replace(feature=feature, rank=rank, population=population, code=code)
    features = row_features(row, fold)
    assert set(features) <= set(FEATURES)
    expected = score(features, STORE.weights.prior)
    assert PRIOR(row, fold) == pytest.approx(expected, abs=1e-9)
    assert PRIOR(row, fold) == pytest.approx(expected, abs=1e-9)  # and once more, from what it has kept


def test_drawn_names_have_rows_of_many_kinds() -> None:
    rows = [row for fold in FOLDS[::20] for row in STORE.rows(fold)]
    assert len(rows) > 500
    assert len({row.feature for row in rows}) > 8
    assert {NameRank.MAIN, NameRank.OTHER} <= {row.rank for row in rows}


def test_more_inhabitants_are_never_less_likely() -> None:
    points = [
        PRIOR(VILLAGE._replace(population=people), "kuznica") for people in (0, 100, 1000, 10**5, 10**7)
    ]
    assert points == sorted(points)
    assert points[0] == points[1]  # below a hundred all are as small
    assert points[-1] > points[2]


# What a name is to its place


@pytest.mark.parametrize(
    ("rank", "feature", "fold", "expected"),
    [
        (NameRank.MAIN, "PPL", "kuznica", ""),
        (NameRank.OTHER, "PPL", "kuznitsa", "other_spelling"),
        (NameRank.OTHER, "PPL", "white house", "other_name"),
        (NameRank.OTHER, "ADM1", "kuznitsa", "region_alias"),
        (NameRank.OTHER, "PCLI", "kuznitsa", "region_alias"),
        (NameRank.SHORT, "ADM2", "kuznica", "short_name"),
        (NameRank.DEMONYM, "PCLI", "kuznicans", "demonym"),
    ],
)
def test_a_name_is_told_from_a_spelling(rank: NameRank, feature: str, fold: str, expected: str) -> None:
    assert name_feature(VILLAGE._replace(rank=rank, feature=feature), fold) == expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Odessa", "Odesa", True),
        ("Kiev", "Kyiv", True),
        ("Grodno", "Grodna", True),
        ("Kuznetsk", "Novokuznetsk", False),
        ("White House", "Casablanca", False),
        ("Leningrad", "Saint Petersburg", False),
    ],
)
def test_a_spelling_begins_alike_and_is_alike(one: str, other: str, expected: bool) -> None:
    assert is_spelling(fold_name(one), fold_name(other)) is expected


# Shares

FINITE = st.floats(-1e6, 1e6)


@given(st.lists(FINITE, min_size=1, max_size=60))
@settings(derandomize=True)
def test_shares_add_up_to_one_and_keep_the_order(scores: list[float]) -> None:
    parts = shares(scores)
    assert sum(parts) == pytest.approx(1)
    assert all(0 <= part <= 1 for part in parts)
    order = sorted(range(len(scores)), key=scores.__getitem__)
    assert [parts[number] for number in order] == sorted(parts)


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=20), st.floats(-1e3, 1e3))
@settings(derandomize=True)
def test_shares_are_of_differences_only(scores: list[float], more: float) -> None:
    assert shares([points + more for points in scores]) == pytest.approx(shares(scores), abs=1e-9)


def test_a_share_is_twice_another_where_its_score_is_the_logarithm_of_two_more() -> None:
    assert shares([math.log(2), 0.0, 0.0]) == pytest.approx([0.5, 0.25, 0.25])
    assert shares([]) == []


# Weights


@pytest.mark.parametrize("stage", ["prior", "joint"])
def test_every_feature_has_a_finite_weight_and_no_other_has(stage: str) -> None:
    weights = WEIGHTS[stage]
    assert set(weights) == set(FEATURES)
    for name, weight in weights.items():
        assert isinstance(weight, int | float), name
        assert not isinstance(weight, bool), name
        assert math.isfinite(weight), name


def test_the_weights_say_what_they_were_learned_from() -> None:
    learned_from = WEIGHTS["learned_from"]
    assert learned_from
    assert all(isinstance(name, str) and name for name in learned_from)
    assert len(set(learned_from)) == len(learned_from)
    assert tuple(STORE.weights.learned_from) == tuple(learned_from)


def test_the_features_are_told_once_and_those_of_context_are_among_them() -> None:
    assert len(set(FEATURES)) == len(FEATURES)
    assert set(CONTEXT_FEATURES) < set(FEATURES)


def test_the_weights_point_the_way_that_the_features_mean() -> None:
    joint = WEIGHTS["joint"]
    assert joint["people"] > 0
    assert joint["kind_said"] > 0 > joint["kind_other"]
    assert joint["close"] > 0
    assert joint["same_country"] > 0
