"""The measures of the other tests here, against what their authors published."""

import pytest

import colour_measures as measures

# Sharma, Wu and Dalal (2005), doi:10.1002/col.20070, table 1: two positions in CIELAB and their difference.
PUBLISHED = """
50.0000 2.6772 -79.7751 50.0000 0.0000 -82.7485 2.0425
50.0000 3.1571 -77.2803 50.0000 0.0000 -82.7485 2.8615
50.0000 2.8361 -74.0200 50.0000 0.0000 -82.7485 3.4412
50.0000 -1.3802 -84.2814 50.0000 0.0000 -82.7485 1.0000
50.0000 -1.1848 -84.8006 50.0000 0.0000 -82.7485 1.0000
50.0000 -0.9009 -85.5211 50.0000 0.0000 -82.7485 1.0000
50.0000 0.0000 0.0000 50.0000 -1.0000 2.0000 2.3669
50.0000 -1.0000 2.0000 50.0000 0.0000 0.0000 2.3669
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0009 7.1792
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0010 7.1792
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0011 7.2195
50.0000 2.4900 -0.0010 50.0000 -2.4900 0.0012 7.2195
50.0000 -0.0010 2.4900 50.0000 0.0009 -2.4900 4.8045
50.0000 -0.0010 2.4900 50.0000 0.0010 -2.4900 4.8045
50.0000 -0.0010 2.4900 50.0000 0.0011 -2.4900 4.7461
50.0000 2.5000 0.0000 50.0000 0.0000 -2.5000 4.3065
50.0000 2.5000 0.0000 73.0000 25.0000 -18.0000 27.1492
50.0000 2.5000 0.0000 61.0000 -5.0000 29.0000 22.8977
50.0000 2.5000 0.0000 56.0000 -27.0000 -3.0000 31.9030
50.0000 2.5000 0.0000 58.0000 24.0000 15.0000 19.4535
50.0000 2.5000 0.0000 50.0000 3.1736 0.5854 1.0000
50.0000 2.5000 0.0000 50.0000 3.2972 0.0000 1.0000
50.0000 2.5000 0.0000 50.0000 1.8634 0.5757 1.0000
50.0000 2.5000 0.0000 50.0000 3.2592 0.3350 1.0000
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.2480 -4.9620 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.6940 23.0331 14.9730 -42.5619 2.0373
36.4612 47.8580 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.4410 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.1350 0.9033 -0.0636 -0.5514 0.9082
"""
PAIRS = [tuple(map(float, line.split())) for line in PUBLISHED.split("\n") if line]


def test_all_published_pairs_are_here() -> None:
    assert len(PAIRS) == 34


@pytest.mark.parametrize("pair", PAIRS)
def test_the_difference_is_the_published_one_either_way_round(pair: tuple[float, ...]) -> None:
    first, second, published = pair[:3], pair[3:6], pair[6]
    assert measures.ciede2000(first, second) == pytest.approx(published, abs=1e-4)
    assert measures.ciede2000(second, first) == pytest.approx(published, abs=1e-4)


def test_contrast_is_that_of_wcag() -> None:
    white, black, grey = map(measures.read_colour, ("#fff", "#000000", "#767676"))
    assert measures.contrast(black, white) == pytest.approx(21)
    assert measures.contrast(white, grey) == pytest.approx(4.54, abs=0.005)


def test_what_shines_through_is_mixed_as_browsers_mix_it() -> None:
    half = measures.read_colour("rgba(0, 0, 0, 0.5)", measures.read_colour("#ffffff"))
    assert half == pytest.approx(measures.read_colour("rgb(127.5, 127.5, 127.5)"))


@pytest.mark.parametrize("eyes", measures.EYES)
def test_to_no_eyes_does_a_grey_gain_a_colour(eyes: str) -> None:
    for written in ("#ffffff", "#808080", "#000000"):
        grey = measures.read_colour(written)
        assert measures.seen(grey, eyes) == pytest.approx(grey, abs=2e-6)


def test_who_lacks_a_cone_takes_some_colours_for_one() -> None:
    """A tomato and a leaf: far apart to most eyes, and nearly one to those that lack the middle cone."""
    tomato, leaf = map(measures.read_colour, ("#d62728", "#2ca02c"))

    def apart(eyes: str) -> float:
        return float(measures.difference(measures.seen(tomato, eyes), measures.seen(leaf, eyes)))

    assert apart("all colours") > 60
    assert apart("tritanopia") > 60
    assert apart("deuteranopia") < 6
    assert apart("grey") < 12
