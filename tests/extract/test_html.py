"""A page's story, with every character's place in the source, whatever the source is like."""

import sys
import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.errors import MissingExtraError
from geomap.extract.document import BlockKind, Document
from geomap.extract.html import html_document
from geomap.model.markup import read_page

PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>Convoy reaches Brest | Example News</title>
<meta property="article:published_time" content="2023-04-05T10:00:00+03:00">
<meta property="og:site_name" content="Example News"><meta name="author" content="Jane Roe">
<link rel="canonical" href="https://example.org/convoy">
<script>var story = "<p>Not in Kursk.</p>";</script><style>p > b { color: red }</style></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li></ul></nav>
<!-- <p>Not in Sumy either.</p> -->
<article><h1>Convoy reaches Brest</h1>
<p>A convoy of forty trucks reached Brest on Tuesday, the Ministry of Defence said &amp; added that the drill at
&laquo;Obuz&raquo; would last a week and take in some four&nbsp;hundred soldiers.</p>
<figure><img src="a.jpg" alt="Trucks"><figcaption>Trucks wait near Brest. <span>Jane Roe/AP</span></figcaption></figure>
<p>Officials in <b>Grod</b>no said that the trucks would go on to Lida &#8212; a town in the west &mdash; within days,
and that nobody was hurt in an accident on the way to it.</p>
<h2>What next</h2>
<p>Nobody knows where the trucks will go after that, a spokesman for the border guards told reporters on Wednesday.</p>
</article><footer><p>Copyright 2023 Example News. All rights reserved.</p></footer></body></html>
"""


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def source_of(document: Document, source: str, words: str) -> str:
    start = document.text.index(words)
    begin, end = document.original_span(start, start + len(words))
    return source[begin:end]


def test_the_story_of_a_page() -> None:
    document = html_document(PAGE, id="a")
    assert [kind for kind, _ in blocks(document)] == [
        "headline", "paragraph", "caption", "credit", "paragraph", "headline", "paragraph",
    ]  # fmt: skip
    assert blocks(document)[0] == ("headline", "Convoy reaches Brest")
    assert blocks(document)[2:4] == [("caption", "Trucks wait near Brest."), ("credit", "Jane Roe/AP")]
    assert "Kursk" not in document.text
    assert "Sumy" not in document.text
    assert (document.id, document.title, document.author) == ("a", "Convoy reaches Brest", "Jane Roe")
    assert (document.publisher, document.url) == ("Example News", "https://example.org/convoy")
    assert document.language == "en"
    assert document.published == date(2023, 4, 5)
    assert "article:published_time" in document.published_basis


def test_every_character_has_its_place_in_the_source() -> None:
    document = html_document(PAGE)
    assert source_of(document, PAGE, "Brest on Tuesday") == "Brest on Tuesday"
    assert source_of(document, PAGE, "said & added") == "said &amp; added"
    assert source_of(document, PAGE, "said &") == "said &amp;"
    assert source_of(document, PAGE, "«Obuz»") == "&laquo;Obuz&raquo;"
    assert source_of(document, PAGE, "Grodno") == "Grod</b>no"
    assert source_of(document, PAGE, "Lida — a") == "Lida &#8212; a"
    assert source_of(document, PAGE, "four hundred") == "four&nbsp;hundred"
    assert source_of(document, PAGE, "drill at «") == "drill at\n&laquo;"
    assert document.origins is not None
    assert document.origin_ends is not None
    assert len(document.origins) == len(document.origin_ends) == len(document.text)
    assert list(document.origins) == sorted(document.origins)


def test_a_given_day_goes_before_the_page() -> None:
    document = html_document(PAGE, published=date(2023, 4, 6), published_basis="given")
    assert (document.published, document.published_basis) == (date(2023, 4, 6), "given")


LONG = "The column of forty trucks reached the river on Tuesday and stayed there, a spokesman for the brigade said."


@pytest.mark.parametrize(
    ("head", "body", "day", "basis"),
    [
        ('<meta itemprop="datePublished" content="2021-11-12">', "", date(2021, 11, 12), "datepublished"),
        ('<meta name="DC.date.issued" content="2021-11-12">', "", date(2021, 11, 12), "dc.date.issued"),
        (
            '<script type="application/ld+json">{"@graph": [{"@type": "WebPage"}, {"@type": "NewsArticle",'
            ' "headline": "H", "datePublished": "2021-11-12T10:00:00Z"}]}</script>',
            "",
            date(2021, 11, 12),
            "linked data",
        ),
        (
            "",
            '<time datetime="2021-11-12T10:00Z" class="published">Friday</time>',
            date(2021, 11, 12),
            "time element",
        ),
        ("", "", None, ""),
        ('<script type="application/ld+json">{"datePublished": </script>', "", None, ""),
        ('<meta name="date" content="yesterday">', "", None, ""),
    ],
)
def test_where_a_page_tells_its_day(head: str, body: str, day: date | None, basis: str) -> None:
    story = f"<h1>T</h1>{body}<p>{LONG}</p><p>{LONG} Then it left.</p><time datetime='2020-01-01'>old</time>"
    document = html_document(
        f"<html><head><title>T</title>{head}</head><body><article>{story}</article></body></html>"
    )
    assert document.published == day
    assert basis in document.published_basis


def test_a_page_in_russian() -> None:
    text = "Колонна из сорока грузовиков прибыла во вторник к реке и осталась там, сообщил представитель бригады."
    document = html_document(
        f'<html lang="en"><body><article><h1>Колонна у реки</h1><p>{text}</p><p>{text} Всё.</p>'
    )
    assert document.language == "ru"
    assert ("paragraph", text) in blocks(document)


def test_a_page_without_a_story_gives_what_is_seen_of_it() -> None:
    document = html_document("<nav>Home</nav><p>Trucks reached Brest.</p>")
    assert "Trucks reached Brest." in document.text


def test_html_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(MissingExtraError, match=r"pip install geomap\[draft\]"):
        html_document(PAGE)


# The walker


def lines(source: str) -> list[str]:
    return [line.text for line in read_page(source).lines]


@pytest.mark.parametrize(
    ("source", "seen"),
    [
        ("<p>a<p>b", ["a", "b"]),
        ("a<br>b<br/>c", ["a", "b", "c"]),
        ("a <b>b</b>c", ["a bc"]),
        ("  a \n\t b  ", ["a b"]),
        ("1 < 2 &lt; 3 & 4 &unknown; 5", ["1 < 2 < 3 & 4 &unknown; 5"]),
        ("&#75;&#x79;iv &notit; &AMP", ["Kyiv ¬it; &"]),
        ("<p title='a > b'>c", ["c"]),
        ("<p title=\"a'b\" x=y'z>c", ["c"]),
        ("a<!-- b -->c<!-->d<!-- e", ["acd"]),
        ("<script>a</script>b<SCRIPT>c</ScRiPt >d<script>e", ["bd"]),
        ("<title>a</title><textarea>b</textarea>c", ["c"]),
        ("<template><p>a</p></template>b<svg><text>c</text></svg>d", ["b", "d"]),
        ("<select><option>a</select>b", ["b"]),
        ("<![CDATA[a]]>b<?php c ?>d", ["bd"]),
        ("</>a</ b>c", ["ac"]),
        ("a<", ["a<"]),
        ("a<p", ["a"]),
        ("a<p b='c", ["a"]),
        ("<ul><li>a<li>b</ul><table><tr><td>c<td>d</table>", ["a", "b", "c", "d"]),
    ],
)
def test_what_is_seen_of_a_source(source: str, seen: list[str]) -> None:
    assert lines(source) == seen


def test_a_heading_left_open_ends_at_the_next_paragraph() -> None:
    page = read_page("<h1>a<p>b<figure><figcaption>c</figure>d")
    assert [(line.text, line.tag) for line in page.lines] == [
        ("a", "h1"),
        ("b", ""),
        ("c", "figcaption"),
        ("d", ""),
    ]


PIECES = st.sampled_from(
    [
        "<p>", "</p>", "<b>", "<br>", "<!--", "-->", "<script>", "</script>", "&amp;", "&#1234;", "&", "<", ">", '"',
        "'", "=", "<a href='x'>", "<h1>", "</h1>", "<svg>", "</svg>", "Troops reached Brest. ", "\ud800", "\x00",
    ]
)  # fmt: skip
SOURCES = st.lists(st.one_of(st.text(max_size=6), PIECES)).map("".join)


@given(SOURCES)
def test_places_are_in_order_and_hold_their_letters(source: str) -> None:
    last = 0
    for line in read_page(source).lines:
        assert len(line.text) == len(line.starts) == len(line.ends)
        assert line.text == " ".join(line.text.split(" "))
        for letter, start, end in zip(line.text, line.starts, line.ends, strict=True):
            assert start < end <= len(source)
            assert last <= start
            assert source[start] == letter or letter == " " or source[start] == "&"
            last = start


@settings(max_examples=50)
@given(SOURCES)
def test_any_source_ends_in_a_document(source: str) -> None:
    document = html_document(source)
    for block in document.blocks:
        start, end = document.original_span(block.start, block.end)
        assert 0 <= start < end <= len(source)


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000 + "Troops reached Brest." + "</div>" * 100_000,
        "<p>" + "<b>" * 100_000 + "Troops",
        "<!--" * 250_000,
        "<a " * 300_000,
        "<p a=\"' b='\" " * 80_000,
        "<" * 1_000_000,
        "&" * 1_000_000,
        "&#" + "9" * 1_000_000,
        "<script>" * 120_000,
        "<p " + "a " * 500_000 + ">",
        '<script type="application/ld+json">' + "[" * 100_000 + "</script>",
        '<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>' + "&b;" * 100_000,
        "<p>" + "Troops reached Brest on Monday, he said. " * 25_000,
    ],
    ids=lambda source: repr(source[:16]),
)
def test_hostile_sources_end_in_seconds(source: str) -> None:
    started = time.process_time()
    document = html_document(source)
    assert time.process_time() - started < 20  # measured: at most 2 s
    assert all(BlockKind(block.kind) for block in document.blocks)
