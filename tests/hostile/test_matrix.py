"""Every text field that people write, in every output, for every hostile string: nothing runs, nothing changes.

One project has an event for each string of `hostile_matrix.STRINGS`, each of its fields another string, and is built
through the real pipeline. Each output of it is then read back, and compared letter by letter.

What is not the same letters, and why:

- KML, QGIS's styles and the texts of an SVG are XML, which has no form for C0 controls but tab and line ends, and none
  for U+FFFE and U+FFFF: U+FFFD stands for each (`xml_text`).
- GeoPackage and FlatGeobuf are written by GDAL, which ends a text at a NUL: U+FFFD stands for it, and a remark says so.
- A shapefile's table has 254 bytes a cell, no NUL and no blanks at the ends (`is_held`); a remark says how many cells.
- A CSV cell that a spreadsheet would run has an apostrophe before it, which the reader here takes off again.
- A field of one line, such as the tab's title and the search box, has no line ends; of a title, a parser of HTML makes
  one kind of line end out of three.
- A picture, a tip on the map and the terminal show hidden and control characters as boxes or escapes.
"""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import jinja2
import pytest
from defusedxml import ElementTree

import hostile_matrix as matrix
from export_readers import READERS, is_held, plain
from geomap import pipeline
from geomap.cli.terminal import visible
from geomap.events.write import NotedEvent, events_yaml
from geomap.export.fields import FIELDS as EXPORTED
from geomap.export.fields import FieldType
from geomap.export.xml import xml_text
from geomap.model.records import EventRecord, Source
from geomap.render.leaflet_assets import read_leaflet
from geomap.render.links import safe_url
from geomap.render.picture_text import visible_text
from geomap.serve.drawing import draw
from geomap.serve.preview import Preview
from geomap.yamlfile import parse_yaml
from hostile_matrix import PAYLOADS, STRINGS, text_of

# Playwright talks to the browser that it started over local sockets; the page itself is offline.
pytestmark = pytest.mark.enable_socket

NUMBERS = range(len(STRINGS))
FORMATS = ("html", "geojson", "gpkg", "fgb", "parquet", "kml", "csv", "lpf", "shp", "svg")
# What a script of a payload would leave behind: ours set a mark, those of others call `alert`, which is a dialog.
RAN = "[typeof window.__hit, typeof ({}).polluted]"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return matrix.write_project(tmp_path_factory.mktemp("matrix"))


@pytest.fixture(scope="module")
def built(project: Path) -> pipeline.BuildResult:
    return pipeline.build(project, formats=FORMATS)


@pytest.fixture(scope="module")
def exported(built: pipeline.BuildResult, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    for name, content in built.contents.items():
        (folder / name).write_bytes(content)
    return folder


# The strings, and what sees them


def test_each_string_stands_in_each_field_once() -> None:
    assert len(matrix.NAUGHTY) > 480
    assert len(PAYLOADS) > 120
    for field in matrix.FIELDS:
        assert sorted(text_of(field, number) for number in NUMBERS) == sorted(STRINGS)
    starts = [text_of(field, 0) for field in matrix.FIELDS]
    assert len(set(starts)) == len(starts)


UNSAFE: Mapping[str, tuple[str, Callable[[Any], bool]]] = {
    "a script": (
        "<img src='data:,' onerror='window.__hit=1'>",
        lambda opened: opened.page.evaluate(RAN)[0] == "number",
    ),
    "a dialog": ("<img src='data:,' onerror='alert(1)'>", lambda opened: "dialog: 1" in opened.errors),
    "a request": (
        "<img src='http://h.example/a.png'>",
        lambda opened: opened.requests == ["http://h.example/a.png"],
    ),
    "a changed prototype": (
        "<img src='data:,' onerror='({}).__proto__.polluted = 1'>",
        lambda opened: opened.page.evaluate(RAN)[1] == "number",
    ),
}


@pytest.mark.parametrize("what", UNSAFE)
def test_a_page_that_is_not_safe_is_found_out(open_page: Any, what: str) -> None:
    text, is_seen = UNSAFE[what]
    island = json.dumps(text).replace("<", "\\u003c")
    page = f"<!doctype html><p id=p></p><script>window.geomap = {{}}; p.innerHTML = {island};</script>"
    opened = open_page(page)
    opened.page.wait_for_timeout(300)
    assert is_seen(opened)


def test_a_template_that_reads_them_is_found_out() -> None:
    read = [jinja2.Template(text).render() for text in (matrix.SUM, "{{ 71993 * 9973 }}")]
    assert read == [matrix.PRODUCT] * 2


# The page


def panel_of(number: int) -> list[str]:
    """What the panel of an event shows of outside texts, in its order; our own words stand between them."""

    def h(field: str) -> str:
        return text_of(field, number)

    def claim(verb: str, *about: str) -> list[str]:
        quote = [h("claim quote")] if verb == "says" else []
        via = [f"(via {h('claim via')})"] if verb == "says" else []
        return [h("claimant"), verb, *about, h("claim"), *quote, *via]

    related = (number + 1) % len(STRINGS)
    return [
        matrix.type_label(number),
        "Confirmed",
        h("title"),
        "12 August 2024",
        f"“{h('when')}”",
        h("place"),
        "(named place, position given)",
        f"{h('place')}, Belarus",
        "(country, purpose, not drawn)",
        f"set by {h('confirmed by')}: {h('basis')}",
        h("summary"),
        *claim("says"),
        *claim("denies", h("denied part")),
        f"{h('measure')}: 3 {h('unit')} (according to {h('counted by')})",
        f"{h('actor')} (initiator)",
        f"2 × {h('equipment')}",
        f"“{h('evidence')}”",
        f"{h('media address')}, {h('credit')}",
        h("publisher"),
        h("author"),
        h("source title"),
        "13 August 2024",
        f"({h('published basis')})",
        f"other · reliability B, graded by {h('grader')} · derived from {h('origin')}",
        address_of(h("address")),
        address_of(h("archive address")),
        "related to",
        text_of("title", related),
        "12 August 2024",
        text_of("place", related),
    ]


def address_of(text: str) -> str:
    """What is shown of an address: of a link its host, of any other text its letters."""
    href = safe_url(text)
    return urlsplit(href).hostname or "" if href else text


def in_html(text: str) -> str:
    """A text as a parser of HTML has it: one kind of line end, and no NUL."""
    return re.sub("\r\n?", "\n", text).replace("\0", "\ufffd")


PANELS = """async ([first, last]) => {
    const told = [];
    for (let number = first; number < last; number += 1) {
        await geomap.set({event: `e${number}`});
        const dialog = document.querySelector("[role=dialog]");
        told.push([
            [...dialog.querySelectorAll("bdi")].map((node) => node.textContent),
            [...dialog.querySelectorAll("a")].map((link) => link.href),
            dialog.querySelectorAll("script, img, iframe, object, embed, form, base, link, meta, style").length,
        ]);
    }
    return told;
}"""
LIST = """async (rows) => {
    const grid = document.querySelector(".gm-results");
    const told = {};
    for (let top = 0; top < rows * 74; top += 500) {
        grid.scrollTop = top;
        await new Promise((resolve) => setTimeout(resolve, 40));
        for (const row of grid.querySelectorAll("[role=row]")) {
            const words = (name) => row.querySelector(`.gm-row-${name} bdi`)?.textContent;
            if (words("title") !== undefined) told[row.dataset.place] = [words("title"), words("place")];
        }
    }
    return told;
}"""


@pytest.fixture
def opened(open_page: Any, built: pipeline.BuildResult) -> Iterator[Any]:
    opened = open_page(built.contents["index.html"].decode(), width=1300, height=900)
    yield opened
    assert opened.page.evaluate(RAN) == ["undefined", "undefined"]
    opened.assert_quiet()


ELEMENTS = "script, img, iframe, object, embed, form, base, link, meta, style"


def words_of(page: Any, selector: str) -> list[str]:
    found: list[str] = page.eval_on_selector_all(selector, "nodes => nodes.map(node => node.textContent)")
    return found


def strings_of(field: str) -> Counter[str]:
    return Counter(text_of(field, number) for number in NUMBERS)


def test_every_panel_shows_the_letters(opened: Any) -> None:
    page = opened.page
    # A small map with nothing on it is soon drawn behind a panel.
    page.set_viewport_size({"width": 480, "height": 320})
    page.evaluate("geomap.set({time: ['2001-01-01', '2001-01-02']})")
    told = page.evaluate(PANELS, [0, len(STRINGS)])
    wrong = [
        (number, found, wanted)
        for number, (texts, _, _) in enumerate(told)
        for found, wanted in zip(texts, panel_of(number), strict=True)
        if found != wanted
    ]
    assert wrong == []
    assert sum(elements for _, _, elements in told) == 0
    # Those naughty strings that are whole addresses become links, and nothing else.
    links = [link for _, hrefs, _ in told for link in hrefs]
    assert all(re.match("https?://", link) for link in links), links


def test_the_head_the_layers_the_legend_and_the_list_show_the_letters(opened: Any) -> None:
    page = opened.page
    assert words_of(page, ".gm-title bdi") == [matrix.TITLE]
    assert words_of(page, ".gm-subtitle bdi") == [matrix.SUBTITLE]
    assert page.evaluate("document.querySelector('title').textContent") == in_html(matrix.TITLE)

    layers = Counter(words_of(page, ".gm-layers .gm-layer-title bdi"))
    contexts = Counter(matrix.context_words(number) for number in range(matrix.CONTEXTS))
    assert strings_of("layer") <= layers
    assert contexts <= Counter(words_of(page, ".gm-layer-box bdi"))
    groups = {text_of("group", number) for number in range(60)}
    assert groups <= set(words_of(page, ".gm-layers legend bdi"))

    rows = page.evaluate(LIST, len(STRINGS))
    shown = Counter((title, place) for title, place in rows.values())
    assert shown == Counter((text_of("title", number), text_of("place", number)) for number in NUMBERS)

    page.evaluate("geomap.set({tab: 'legend'})")
    types = Counter(words_of(page, ".gm-legend-types bdi"))
    assert types == Counter(["Strike or explosion", *PAYLOADS])
    told = "\0".join(words_of(page, ".gm-legend-box bdi"))
    for words in contexts:
        assert words in told


def test_what_is_typed_into_the_search_is_only_searched(opened: Any) -> None:
    page = opened.page
    box = page.locator("#geomap-search")
    typed = [text for texts in matrix.OWN.values() for text in texts[:2]]
    for text in typed:
        box.fill("")
        box.click()
        page.keyboard.insert_text(text)
    # The last one is searched for, too.
    opened.wait_until(f"geomap.state().filters.text === {json.dumps(typed[-1])}")
    found = page.evaluate(
        """async (texts) => {
            const counts = [];
            for (const text of texts) {
                await geomap.set({filters: {text}});
                counts.push(geomap.state().filters.text === text ? geomap.counts().shown : -1);
            }
            return counts;
        }""",
        [text for text in PAYLOADS if re.search("[A-Za-z]{4}", text)],
    )
    # Each stands in many events, and is found there.
    assert min(found) >= 1


def test_the_filters_and_the_printed_sheet_show_the_letters(opened: Any) -> None:
    page = opened.page
    page.evaluate("geomap.set({tab: 'filters'})")
    for button in page.locator(".gm-filter-group > button:visible").all():
        button.click()
    shown = set(words_of(page, ".gm-filter-group .gm-choices bdi"))
    known = {*STRINGS, *PAYLOADS}
    assert len(shown & known) >= 300
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    printed = set(words_of(page, ".gm-print bdi"))
    assert set(PAYLOADS) <= printed
    assert (
        page.locator(".gm-print :is(script, img, iframe, object, embed, form, base, link, style)").count()
        == 0
    )
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")


def test_the_files_that_readers_take_along_hold_the_letters(opened: Any, tmp_path: Path) -> None:
    page = opened.page
    taken = {}
    for words, suffix in (("CSV", "csv"), ("GeoJSON", "geojson")):
        if not page.locator(".gm-menu").evaluate("menu => menu.open"):
            page.locator(".gm-menu > summary").click()
        with page.expect_download() as waiting:
            page.locator(".gm-menu-action", has_text=words).click()
        waiting.value.save_as(tmp_path / suffix)
        taken[suffix] = (tmp_path / suffix).read_bytes().decode("utf-8-sig")
    # By title and summary: neither stands beside the same one twice.
    wanted = {(text_of("title", number), text_of("summary", number)) for number in NUMBERS}
    features = json.loads(taken["geojson"])["features"]
    assert {(own["properties"]["title"], own["properties"]["summary"]) for own in features} == wanted
    rows = list(csv.DictReader(io.StringIO(taken["csv"], newline=""), strict=True))
    assert {(unquoted(row["title"]), unquoted(row["summary"])) for row in rows} == wanted
    for row in rows:
        for cell in row.values():
            assert not re.match(r"[\s\u200b\ufeff]*[=+@\uff1d]|[\t\r\n]", cell), cell


def unquoted(cell: str) -> str:
    """A cell without the apostrophe that keeps it from being a formula."""
    return cell[1:] if re.match("''*([\t\r\n]|[\\s\u200b\ufeff]*[=+\\-@＝＋－＠])", cell) else cell


def test_a_notebook_map_shows_the_letters(open_page: Any, project: Path) -> None:
    page_text = pipeline.to_folium(project).get_root().render()
    assert matrix.PRODUCT not in page_text
    leaflet = read_leaflet()
    opened = open_page(
        page_text,
        ready=f"document.querySelectorAll('.leaflet-control-layers-overlays label').length >= {len(STRINGS)}",
        answers={
            "leaflet.js": ("text/javascript", leaflet.script),
            "leaflet.css": ("text/css", leaflet.style),
            ".js": ("text/javascript", ""),
            ".css": ("text/css", ""),
        },
    )
    page = opened.page
    assert not [url for url in opened.requests if "h.example" in url]
    shown = Counter(words_of(page, ".leaflet-control-layers-overlays bdi"))
    # Leaflet's control takes markup, which has no NUL.
    assert Counter(text.replace("\0", "\ufffd") for text in strings_of("layer")) <= shown
    assert page.evaluate(RAN) == ["undefined", "undefined"]
    assert [error for error in opened.errors if "Failed to load resource" not in error] == []


# The exports and the pictures

TEXT_COLUMNS = {
    name: field.type for name, field in EXPORTED.items() if field.type in (FieldType.TEXT, FieldType.TEXTS)
}
WRITTEN_COLUMNS = {"title": "title", "summary": "summary", "place_name": "place"}


def test_the_table_of_the_exports_has_what_was_written(built: pipeline.BuildResult) -> None:
    columns = built.project.table.columns
    numbers = [int(event.removeprefix("e")) for event in columns["event_id"]]
    assert sorted(numbers) == list(NUMBERS)
    for column, field in WRITTEN_COLUMNS.items():
        assert list(columns[column]) == [text_of(field, number) for number in numbers]
    for column, field in (("tags", "tag"), ("actors", "actor"), ("claimants", "claimant")):
        assert [values[0] for values in columns[column]] == [text_of(field, number) for number in numbers]


@pytest.mark.parametrize("name", READERS)
def test_an_export_holds_the_letters(name: str, built: pipeline.BuildResult, exported: Path) -> None:
    columns = built.project.table.columns
    wanted = {feature: row for row, feature in enumerate(columns["feature_id"])}
    seen = 0
    for row, _ in READERS[name](exported):
        number = wanted[row["feature_id"]]
        seen += 1
        for column, kind in TEXT_COLUMNS.items():
            given = columns[column][number]
            if name == "csv" and isinstance(given, str) and given.startswith("'"):
                continue  # the reader cannot tell its own apostrophe from that of the csv
            assert is_held(name, plain(row[column], kind), given), (column, given)
    assert seen == len(STRINGS)


def xml_documents(contents: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    for name, content in contents.items():
        if name.endswith((".qgz", ".kmz")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                for inner in archive.namelist():
                    if not inner.endswith(".png"):
                        yield f"{name}/{inner}", archive.read(inner)
        elif name in ("events.qml", "geomap.qlr", "events.kml", "map.svg"):
            yield name, content


def test_styles_and_projects_are_sound_xml_that_holds_the_letters(built: pipeline.BuildResult) -> None:
    names = set()
    labels = {xml_text(text) for text in PAYLOADS}
    for name, content in xml_documents(built.contents):
        names.add(name)
        # Refuses entities, and document types but the one that QGIS begins its own files with, which it never fetches.
        root = ElementTree.fromstring(content, forbid_dtd=not name.endswith((".qml", ".qlr", ".qgs")))
        assert content.count(b"<!DOCTYPE") <= content.startswith(b"<!DOCTYPE qgis")
        texts = {value for node in root.iter() for value in (node.text, *node.attrib.values()) if value}
        if name.endswith((".qml", ".qlr", ".qgs")):
            assert labels <= texts, name
        if name.endswith((".qgs", "doc.kml", "events.kml")):
            assert xml_text(matrix.TITLE) in texts, name
    assert {"events.qml", "geomap.qgz/geomap.qgs", "geomap.qlr", "events.kmz/doc.kml", "map.svg"} <= names


def test_a_picture_is_only_a_picture(open_page: Any, built: pipeline.BuildResult) -> None:
    root = ElementTree.fromstring(built.contents["map.svg"], forbid_dtd=True)
    tags = {node.tag.rpartition("}")[2] for node in root.iter()}
    assert not tags & {"script", "foreignObject", "a", "image", "iframe", "animate", "set", "style"} - {
        "style",
        "image",
    }
    for node in root.iter():
        for name, value in node.attrib.items():
            assert not name.lower().startswith("on"), name
            if name.endswith("href"):
                assert value.startswith("#"), value
    title = next(node.text for node in root.iter() if node.tag.endswith("}title"))
    assert title == visible_text(matrix.TITLE, 300)
    opened = open_page(
        f"<!doctype html><meta charset=utf-8>{built.contents['map.svg'].decode()}",
        ready="document.readyState === 'complete'",
    )
    assert opened.page.evaluate(RAN) == ["undefined", "undefined"]
    opened.assert_quiet()


def test_nothing_was_evaluated_anywhere(built: pipeline.BuildResult) -> None:
    for name, content in built.contents.items():
        assert matrix.PRODUCT.encode() not in content, name
    for name, content in xml_documents(built.contents):
        assert matrix.PRODUCT.encode() not in content, name


# YAML, findings, the terminal


def test_yaml_that_we_write_reads_back_letter_for_letter() -> None:
    records = [EventRecord.model_validate(matrix.event(number)) for number in NUMBERS]
    sources = {f"s{number}": Source.model_validate(matrix.source(number)) for number in NUMBERS}
    remarks = STRINGS[:40]
    noted = [
        NotedEvent(record=record, above=remarks if not number else ())
        for number, record in enumerate(records)
    ]
    text = events_yaml(noted, sources=sources)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    read = parse_yaml(text, Path("events.yaml")).data
    assert [EventRecord.model_validate(event) for event in read["events"]] == records
    assert {key: Source.model_validate(value) for key, value in read["sources"].items()} == sources


CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def test_the_terminal_shows_findings_in_one_line_each_without_control(geomap: Any, project: Path) -> None:
    ended = geomap("check", project)
    lines = (ended.out + ended.err).rstrip("\n").split("\n")
    assert not CONTROL.search(ended.out + ended.err)
    folder = visible(str(project))
    assert len(lines) > 20
    for line in lines:
        # A text with a line end in it begins no line of its own.
        assert line.startswith((folder, "and ")) or " more " in line or "events" in line, line
    assert matrix.PRODUCT not in ended.out + ended.err


def test_findings_for_machines_hold_the_letters(geomap: Any, project: Path) -> None:
    ended = geomap("check", "--json", project)
    said = json.loads(ended.out)
    assert not CONTROL.search(ended.out)
    told = "\0".join(str(value) for finding in said for value in finding.values())
    parts = [text_of("denied part", number) for number in NUMBERS]
    assert sum(repr(text) in told or text in told for text in parts) >= 500


@pytest.mark.parametrize("kind", matrix.OWN)
def test_an_error_of_a_hostile_value_is_one_line(geomap: Any, write_project: Any, kind: str) -> None:
    for text in matrix.OWN[kind]:
        record = matrix.event(0) | {"type": text, "id": text, "where": [{"place": text, "country": text}]}
        written = {"schema": 1, "sources": {"s0": {}}, "events": [record], text: 1}
        folder = write_project(events_yaml=matrix.yaml_text(written))
        ended = geomap("build", folder)
        assert ended.code == 1
        assert not CONTROL.search(ended.err)
        for line in ended.err.splitlines():
            assert line.startswith(f"{folder}/events.yaml:"), line


@pytest.mark.parametrize("kind", matrix.OWN)
def test_what_the_preview_sends_of_an_error_is_ascii_that_reads_back(write_project: Any, kind: str) -> None:
    for text in matrix.OWN[kind]:
        folder = write_project(events_yaml=matrix.yaml_text({"schema": 1, text: 1}))
        preview = Preview()
        preview.show(draw(folder / "map.yaml", drafts=False))
        sent = preview.now.as_json()
        assert sent.isascii()
        assert not CONTROL.search(sent)
        [problem] = json.loads(sent)["problems"]
        assert repr(text) in problem["message"]


# A text as long as YAML may be


def test_a_text_of_a_million_letters_goes_through(open_page: Any, write_project: Any) -> None:
    unit = "<img src=x onerror=window.__hit=1>{{71993*9973}} "
    long = (unit * (1 + (1 << 20) // len(unit)))[: (1 << 20) - 1] + "."
    assert len(long) == 1 << 20
    record = {
        "id": "long", "type": "strike", "title": long, "summary": long, "when": "2024-08-12",
        "where": {"lon": 27.5, "lat": 53.9, "name": long}, "tags": [long], "actors": [{"name": long}], "sources": ["s"],
    }  # fmt: skip
    written = {"schema": 1, "sources": {"s": {"publisher": long}}, "events": [record]}
    folder = write_project(
        map_yaml=matrix.yaml_text({"schema": 1, "title": "T", "events": ["events.yaml"]}),
        events_yaml=matrix.yaml_text(written),
    )
    built = pipeline.build(folder, formats=["html", "geojson", "csv", "kml", "png"])
    [feature] = json.loads(built.contents["events.geojson"])["features"]
    own = feature["properties"]
    assert own["title"] == own["summary"] == own["tags"][0] == own["actors"][0] == long
    opened = open_page(built.contents["index.html"].decode())
    page = opened.page
    page.evaluate("geomap.set({event: 'long'})")
    equal = page.evaluate(
        "text => [...document.querySelectorAll('[role=dialog] bdi')].filter(node => node.textContent === text).length",
        long,
    )
    assert equal >= 4
    assert page.evaluate(RAN) == ["undefined", "undefined"]
    opened.assert_quiet()
