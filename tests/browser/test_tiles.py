"""Online tiles, which a page asks for only where its map names them."""

from typing import Any

import pytest

from geomap import pipeline

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

MAP = "schema: 1\ntitle: A\nevents: [events.yaml]\ntiles: OpenStreetMap.Mapnik\n"
TILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="256" height="256"><rect width="256" height="256"/></svg>'
)


@pytest.fixture
def html(write_project: Any) -> str:
    contents = pipeline.build(write_project(MAP), formats=["html"]).contents
    return str(contents["index.html"].decode())


def test_the_policy_lets_images_of_that_host_in_and_nothing_else(html: str) -> None:
    assert "img-src data: https://tile.openstreetmap.org; base-uri &#39;none&#39;" in html


def test_tiles_lie_under_the_events_with_their_credit(open_page: Any, html: str) -> None:
    opened = open_page(html, answers={".png": ("image/svg+xml", TILE)})
    opened.wait_until("document.querySelectorAll('.leaflet-tile-loaded').length > 3")
    opened.wait_until("document.querySelector('.leaflet-geomap-names-pane').classList.contains('gm-hidden')")
    assert "OpenStreetMap" in opened.page.locator(".gm-attribution").inner_text()
    opened.page.get_by_role("tab", name="Legend").click()
    assert "draw borders and names of their own" in opened.page.locator("#geomap-side").inner_text()
    opened.assert_quiet()


def test_without_a_network_the_maps_own_ground_stays(open_page: Any, html: str) -> None:
    opened = open_page(html)
    opened.wait_until("geomap.counts().shown > 0")
    assert {request.split("/")[2] for request in opened.requests} == {"tile.openstreetmap.org"}
    hidden = "document.querySelector('.leaflet-geomap-names-pane').classList.contains('gm-hidden')"
    assert opened.page.evaluate(hidden) is False
