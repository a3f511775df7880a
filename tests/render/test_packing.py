"""Parts of the data island say what they were given, or refuse it."""

import numpy as np
import pytest

from geomap.render.packing import pack_column


@pytest.mark.parametrize(
    ("kind", "number"), [("u1", 256), ("u1", -1), ("u2", 65_536), ("u4", 2**32), ("i4", 2**31)]
)
def test_a_number_that_does_not_fit_is_no_other_number(kind: str, number: int) -> None:
    for values in ([0, number], np.array([0, number], dtype=np.int64)):
        with pytest.raises(OverflowError):
            pack_column(values, kind)


@pytest.mark.parametrize("kind", ["u1", "u2", "u4", "i4"])
def test_what_fits_stays(kind: str) -> None:
    ends = np.iinfo(np.dtype(kind))
    assert pack_column(np.array([ends.min, ends.max], dtype=np.int64), kind) == [ends.min, ends.max]
    assert pack_column([], kind) == []
    assert pack_column(np.array([True, False]), "u1") == [1, 0]
