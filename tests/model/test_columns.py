"""Columns of many rows hold what lists hold."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geomap.model.columns import (
    Coded,
    Numbers,
    PlaceNames,
    Texts,
    coded,
    end_to_end,
    numbers,
    ranked,
    ranked_together,
    take,
)
from geomap.model.table import Geometries

TEXTS = ["b", "a", None, "b", "Ж", "a", ""]
NUMBERS = [1.5, None, 0.0, -3.0]


def columns() -> list[tuple[Any, list[Any]]]:
    lon, lat = np.array([np.nan, 27.5, 1e-7]), np.array([np.nan, 53.25, -89.0])
    return [
        (coded(TEXTS), TEXTS),
        (coded([("a",), (), ("a",)]), [("a",), (), ("a",)]),
        (Texts(pa.array(TEXTS, pa.large_string())), TEXTS),
        (Numbers(np.array([1.5, np.nan, 0.0, -3.0])), NUMBERS),
        (PlaceNames(coded(["x", None, None]), lon, lat), ["x", "53.25, 27.5", "-89, 1e-07"]),
    ]


@pytest.mark.parametrize(("column", "values"), columns())
def test_a_column_is_a_sequence(column: Sequence[Any], values: list[Any]) -> None:
    assert list(column) == values
    assert column == values
    assert column != [*values, "more"]
    assert [column[number] for number in range(len(column))] == values
    assert column[-1] == values[-1]
    assert list(column[1:3]) == values[1:3]
    assert list(column[::-2]) == values[::-2]
    rows = np.array([2, 0, 2])
    assert list(take(column, rows)) == list(take(values, rows)) == [values[row] for row in rows]
    assert list(take(column, np.arange(len(values)))) == values
    assert list(end_to_end([column, take(column, rows)])) == [*values, *(values[row] for row in rows)]


def test_values_are_looked_at_once_each() -> None:
    column = coded(TEXTS)
    seen = []
    assert list(column.map(lambda value: seen.append(value) or f"{value}!")) == [
        f"{value}!" for value in TEXTS
    ]
    assert seen == ["b", "a", None, "Ж", ""]
    assert column.each(lambda value: len(value or "xx"), int).tolist() == [
        len(value or "xx") for value in TEXTS
    ]
    assert column.equal("a").tolist() == [value == "a" for value in TEXTS]
    assert column.take(np.array([1, 4])).used == ["a", "Ж"]
    twice = Coded(np.array([0, 1, 2, 1]), ["a", "b", "a"])
    assert twice.distinct().values == ["a", "b"]
    assert list(twice.distinct()) == ["a", "b", "a", "b"]


def test_numbers_of_any_column() -> None:
    for column in (NUMBERS, Numbers(np.array([1.5, np.nan, 0.0, -3.0])), coded(NUMBERS)):
        np.testing.assert_array_equal(numbers(column), [1.5, np.nan, 0.0, -3.0])


def test_empty_columns() -> None:
    assert list(coded([])) == []
    assert coded([]).each(bool, bool).tolist() == []
    assert [len(part) for part in ranked(np.zeros(0, dtype=np.int64))] == [0, 0]
    assert [len(part) for part in ranked_together([np.zeros(0, dtype=np.int64)])] == [0, 0]


def naive(keys: list[Any]) -> tuple[list[int], list[int]]:
    known: dict[Any, int] = {}
    first = []
    codes = []
    for row, key in enumerate(keys):
        if key not in known:
            known[key] = len(known)
            first.append(row)
        codes.append(known[key])
    return codes, first


@given(st.lists(st.one_of(st.integers(0, 5), st.integers(-(2**62), 2**62)), min_size=1))
def test_keys_are_numbered_by_their_first_rows(keys: list[int]) -> None:
    codes, first = ranked(np.array(keys, dtype=np.int64))
    assert (codes.tolist(), first.tolist()) == naive(keys)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2**40), st.integers(0, 2**40)), min_size=1))
def test_rows_of_several_columns_are_numbered_together(rows: list[tuple[int, int, int]]) -> None:
    codes, first = ranked_together([np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)])
    assert (codes.tolist(), first.tolist()) == naive(rows)


def test_geometries_are_made_when_they_are_asked_for() -> None:
    area = shapely.box(0, 0, 1, 1)
    shapes = [shapely.Point(1, 2), None, area, shapely.LineString([(0, 0), (1, 1)]), area, shapely.Point()]
    column = Geometries.of(shapes)
    assert [
        one is None if shape is None else one.equals_exact(shape)
        for one, shape in zip(column, shapes, strict=True)
    ]
    assert column[2] is area
    assert column[4] is area
    assert len(column.shapes) == 3
    assert column.take(np.array([4, 0]))[1].equals(shapes[0])
    both = column.then(Geometries.of([shapely.box(5, 5, 6, 6), shapely.Point(9, 9)]))
    assert both[6].bounds == (5, 5, 6, 6)
    assert both[7].x == 9
    assert both[2] is area
