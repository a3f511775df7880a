"""The map of a diff in a real browser: each way of changing a layer, and what changed said in the panel."""

from pathlib import Path
from typing import Any

import pytest

from geomap.pipeline.comparing import StateName, compare
from hostile_texts import assert_nothing_ran, texts

pytestmark = pytest.mark.enable_socket

HEAD = "schema: 1\nsources:\n  wire: {publisher: Wire, published: 2021-11-13}\nevents:\n"
HOSTILE = "</script><img src=x onerror=window.__hit=1> {{7*7}}"


def line(event_id: str, title: str, when: str, where: str) -> str:
    title = title.replace("'", "''")
    return f"  - {{id: {event_id}, type: exercise, title: '{title}', when: {when}, where: {where}, sources: [wire]}}\n"


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("states")
    same = line("same", "As it was", "2021-11-12", "Minsk")
    old = [
        line("camp", "A camp", "2021-11-10", "{place: Brest, country: BY}"),
        line("drill", "A drill", "2021-11-11", "Grodno Region"),
        line("rumour", HOSTILE, "2021-11-12", "{place: Lida, country: BY}"),
    ]
    new = [
        line("camp", "A camp", "2021-11-10", "{place: Baranovichi, country: BY}"),
        line("drill", HOSTILE, "2021-11-12", "Grodno Region"),
        line("convoy", "A convoy", "2021-11-13", "{place: Pinsk, country: BY}"),
    ]
    states = []
    for name, lines in (("old", old), ("new", new)):
        path = folder / f"{name}.yaml"
        path.write_text("".join([HEAD, same, *lines]), encoding="utf-8")
        states.append(StateName(path=Path(path)))
    return compare(*states, with_map=True).contents["index.html"].decode()


def test_each_way_of_changing_is_a_layer(open_page: Any, html: str) -> None:
    opened = open_page(html)
    page = opened.page
    counts = page.evaluate("geomap.counts()")
    assert counts["total"] == 4
    assert counts["layers"] == {"added": 1, "withdrawn": 1, "moved": 1, "redated": 1, "changed": 1}
    page.evaluate("geomap.set({layers: {withdrawn: false, redated: false, changed: false}})")
    assert page.evaluate("geomap.counts().shown") == 2
    assert_nothing_ran(opened)


def test_a_move_is_drawn_from_the_old_place_to_the_new_one(open_page: Any, html: str) -> None:
    opened = open_page(html)
    drawn = opened.page.evaluate("geomap.drawn('camp')")
    assert [one["shape"] for one in drawn] == ["pin", "pin", "line"]
    before, now, way = (one["bbox"] for one in drawn)
    # Brest lies at 23.7 east and 52.1 north, Baranovichi at 26.0 and 53.1.
    assert (before[0], before[1]) == pytest.approx((23.7, 52.1), abs=0.1)
    assert (now[0], now[1]) == pytest.approx((26.0, 53.1), abs=0.1)
    # A pin's box holds its radius.
    assert way == pytest.approx([before[0], before[1], now[0], now[1]], abs=0.1)
    assert [one["shape"] for one in opened.page.evaluate("geomap.drawn('convoy')")] == ["pin"]


def test_the_panel_says_what_changed(open_page: Any, html: str) -> None:
    opened = open_page(html, fragment="#e=camp")
    page = opened.page
    opened.wait_until("document.querySelector('.gm-summary')")
    (summary,) = texts(page, ".gm-proof .gm-summary")
    assert summary.startswith("What changed: place: moved ")
    assert "from Brest (named place) to Baranovichi (named place)" in summary
    assert "before: Brest" in page.locator(".gm-facts").inner_text()
    page.evaluate("geomap.set({event: 'rumour'})")
    opened.wait_until("document.querySelector('.gm-card-title').textContent.startsWith('Withdrawn')")
    assert texts(page, ".gm-card-title") == [f"Withdrawn: {HOSTILE}"]
    assert "Retracted" in page.locator(".gm-type-line").inner_text()
    assert "withdrawn, removed" in page.locator(".gm-facts").inner_text()
    assert_nothing_ran(opened)
