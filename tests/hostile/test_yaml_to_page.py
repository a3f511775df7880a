"""Hostile text in every field that people write, from YAML through the whole build to a real browser."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from geomap import pipeline

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

HOSTILE = (
    "{{7*7}} {% raw %} {# x #} ${window.__hit=1} `+(window.__hit=1)+` </script><script>window.__hit=1</script>"
    " <img src=x onerror=window.__hit=1> <svg onload=window.__hit=1> <!--<script> \" ' \\ & &amp; \u202ecod.exe\u202c"
    " \u2028 {{ cycler.__init__.__globals__.os.system('true') }}"
)
LINK = "javascript:window.__hit=1"


def q(text: str) -> str:
    """A text as a YAML scalar; JSON strings are YAML."""
    return json.dumps(text)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    h = q(HOSTILE)
    (folder / "map.yaml").write_text(
        f"schema: 1\ntitle: {h}\nsubtitle: {h}\nevents: [events.yaml]\ngazetteer: [places.yaml]\n"
        f"layers:\n- {{id: a, title: {h}, group: {h}, select: {{type: strike}}}}\n"
        f"- {{id: b, title: {h}, group: {h}, select: {{tag: {h}}}}}\n",
        encoding="utf-8",
    )
    (folder / "places.yaml").write_text(
        "schema: 1\nplaces:\n"
        f"- {{id: nasty, kind: village, country: BY, names: {{en: [{q('Nasty place ' + HOSTILE)}, Nastyville],"
        f" be: [{h}]}}, lon: 27.5, lat: 53.9, radius_m: 900, extent: {h}, note: {h},"
        f" sources: [{{name: {h}, date: 2024-01-01, record: {h}}}]}}\n",
        encoding="utf-8",
    )
    (folder / "events.yaml").write_text(
        "schema: 1\n"
        f"sources: {{s: {{publisher: {h}, author: {h}, title: {h}, url: {q(LINK)}, archive_url: {q(LINK)},"
        f" published: 2024-08-13, published_basis: {h}, language: {h}, graded_by: {h}, reliability: B,"
        f" licence: {h}, derived_from: {h}, file: {h}}}}}\n"
        f"actors: {{a: {{name: {h}, side: {h}, unit: {h}}}}}\n"
        "events:\n"
        f"- {{id: pin, type: strike, title: {h}, summary: {h}, when: {{edtf: 2024-08-12, text: {h}}},"
        f" where: [{{place: Nastyville}}, {{place: Minsk, name: {h}, role: mentioned}}], tags: [{h}],"
        f" actors: [{{id: a, role: host}}, {{name: {h}, unit: {h}}}], sources: [s],"
        f" quantities: [{{measure: {h}, best: 3, unit: {h}, by: {h}}}],"
        f" equipment: [{{name: {h}, class: {h}, count: 2}}],"
        f" claims: [{{by: {h}, stance: asserts, text: {h}, quote: {h}, place: {h}, via: {h}, source: s}},"
        f" {{by: a, stance: denies, about: {h}, value: {h}, text: {h}}}],"
        f" evidence: [{{source: s, start: 0, end: 4, quote: {h}, field: {h}}}],"
        f" media: [{{url: {q(LINK)}, credit: {h}, licence: {h}}}],"
        f" status: {{value: confirmed, by: {h}, basis: {h}}},"
        f" relations: [{{type: related, event: badge}}], codes: {{acled: {h}}}}}\n"
        f"- {{id: badge, type: statement, title: {h}, when: 2024-08-12, where: {{name: {h}, country: BY}},"
        " sources: [s]}\n"
        f"- {{id: area, type: exercise, title: {h}, where: {{place: Grodno Region, name: {h}}}, tags: [{h}],"
        f" sources: [s]}}\n"
        f"- {{id: none, type: statement, title: {h}, when: {{text: {h}}}, sources: [s], workflow: draft}}\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def built(project: Path) -> pipeline.BuildResult:
    return pipeline.build(project, drafts=True)


@pytest.fixture
def opened(open_page: Any, built: pipeline.BuildResult) -> Iterator[Any]:
    opened = open_page(built.contents["index.html"].decode(), width=1300, height=900)
    yield opened
    opened.assert_quiet()
    assert opened.page.evaluate("window.__hit") is None


def test_the_page_shows_what_was_written_letter_for_letter(opened: Any) -> None:
    page = opened.page
    assert page.evaluate("document.querySelector('.gm-title').textContent") == HOSTILE
    assert page.title() == HOSTILE
    side = page.evaluate("document.body.textContent")
    assert side.count(HOSTILE) >= 8


@pytest.mark.parametrize("event_id", ["pin", "badge", "area", "none"])
def test_every_popup_shows_text_as_text(opened: Any, event_id: str) -> None:
    page = opened.page
    page.evaluate("id => geomap.set({event: id})", event_id)
    text = page.evaluate("document.querySelector('[role=dialog]').textContent")
    assert text.count(HOSTILE) >= (20 if event_id == "pin" else 3)
    assert "49" not in text
    links = page.evaluate("[...document.querySelectorAll('[role=dialog] a')].map(a => a.href)")
    assert not [link for link in links if link.startswith("javascript:")]


def test_the_export_carries_the_same_letters(built: pipeline.BuildResult) -> None:
    features = orjson.loads(built.contents["events.geojson"])["features"]
    first = next(f for f in features if f["properties"]["event_id"] == "pin")["properties"]
    assert first["title"] == first["summary"] == first["tags"][0] == first["claimants"][0] == HOSTILE
    assert first["place_name"] == "Nasty place " + HOSTILE


def test_a_notebook_map_carries_it_as_data_only(project: Path) -> None:
    page = pipeline.to_folium(project).get_root().render()
    [island] = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert orjson.loads(island)["title"] == HOSTILE
    assert orjson.loads(island)["events"]["titles"]["blocks"][0]["text"] == [HOSTILE] * 3
    # Outside the one island nothing of it stands, neither as written nor as a template would have left it.
    rest = page.replace(island, "")
    for piece in ("__hit", "cycler", "onerror=", "7*7", "{% raw", "cod.exe"):
        assert piece not in rest, piece
