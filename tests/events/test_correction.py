"""A diff in words: every kind has its own, and Markdown shows hostile texts as letters."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from geomap.events.changes import Change
from geomap.events.correction import change_words, escape_markdown, notice, text_lines
from geomap.events.diff import ChangedEvent, ChangedSource, Diff, ListedEvent, RenamedEvent
from geomap.events.published import PublishedClaim, PublishedEvent, PublishedPlace
from geomap.model.lonlat import LonLat
from geomap.model.vocabulary import Precision
from hostile_texts import HOSTILE


def place(name: str | None = "Minsk", precision: str = "place", **changes: Any) -> PublishedPlace:
    fields: dict[str, Any] = {
        "name": name, "role": "site", "precision": Precision(precision), "position": LonLat(lon=27.5, lat=53.9),
        "radius_m": 5000.0, "shape": None, "place_id": None, "countries": ("BY",), "method": None, "relation": None,
        "note": None,
    }  # fmt: skip
    return PublishedPlace(**(fields | changes))


def claim(**changes: Any) -> PublishedClaim:
    fields: dict[str, Any] = {
        "by": "The ministry", "stance": "asserts", "about": "event", "text": "it began", "quote": "", "value": None,
        "when": None, "place": "", "source": "wire", "via": "", "credibility": 6,
    }  # fmt: skip
    return PublishedClaim(**(fields | changes))


def event(title: str = "A drill", **changes: Any) -> PublishedEvent:
    fields: dict[str, Any] = {
        "id": "drill", "title": title, "summary": None, "type": "exercise", "modality": "occurred",
        "status": "reported", "status_set_by": "", "reliability": "F", "origins": 1, "when": "2021-11-12",
        "when_label": "12 November 2021", "when_precision": "day", "when_basis": "stated", "when_words": "",
        "places": (place(),), "where_unknown": False, "actors": (), "quantities": (), "equipment": (), "claims": (),
        "sources": ("wire",), "evidence": (), "media": (), "relations": (), "tags": (), "sensitivity": "none",
        "workflow": "reviewed",
    }  # fmt: skip
    return PublishedEvent(**(fields | changes))


def date(edtf: str | None, label: str, precision: str = "day") -> dict[str, str | None]:
    return {"edtf": edtf, "label": label, "precision": precision}


TWELFTH = date("2021-11-12", "12 November 2021")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Change(kind="moved", was=place(), now=place("Brest", "vicinity"), km=325.04),
         "place: moved 325.0 km, from Minsk (named place) to Brest (near a named place)"),
        (Change(kind="moved", was=place(), now=place("A region", "region"), km=0.51234),
         "place: moved from Minsk (named place) to A region (region); 0.512 km from middle to middle"),
        (Change(kind="moved", was=place(position=None), now=place()),
         "place: moved from Minsk (named place) to Minsk (named place)"),
        (Change(kind="moved", now=place("A region", "region"), is_withheld=True),
         "place: now A region (region); what was told before is not repeated"),
        (Change(kind="place_added", now=place(role="destination")), "place added: Minsk (named place, destination)"),
        (Change(kind="place_withdrawn", was=place(None)), "place withdrawn: a place without a name (named place)"),
        (Change(kind="place_withdrawn", is_withheld=True), "place withdrawn; what was told before is not repeated"),
        (Change(kind="redated", was=date("2021-11", "November 2021", "month"), now=TWELFTH),
         "date: was November 2021, is now 12 November 2021"),
        (Change(kind="redated", was=TWELFTH, now=TWELFTH | {"precision": "week"}),
         "date: was 12 November 2021, is now 12 November 2021, known to the week and not the day"),
        (Change(kind="redated", was=TWELFTH, now=TWELFTH | {"edtf": "2021-11-12?"}),
         "date: was 12 November 2021, is now 12 November 2021 (2021-11-12?, was 2021-11-12)"),
        (Change(kind="regraded", field="status", was="reported", now="confirmed"),
         "status: was reported, is now confirmed"),
        (Change(kind="regraded", field="status_set_by", was="", now="set by A. Editor: film"),
         "basis of the status: was none, is now set by A. Editor: film"),
        (Change(kind="regraded", field="precision", was=place(), now=place(precision="vicinity", radius_m=12_000.0)),
         "precision: was Minsk (named place), within 5,000 m, is now Minsk (near a named place), within 12,000 m"),
        (Change(kind="regraded", field="credibility", was=claim(), now=claim(credibility=2)),
         "credibility of The ministry asserts: it began: was 6, is now 2"),
        (Change(kind="retyped", was="exercise", now="exercise/airborne_drop"),
         "type: was exercise, is now exercise/airborne drop"),
        (Change(kind="retitled", was="A drill", now="A longer drill"),
         "title: was “A drill”, is now “A longer drill”"),
        (Change(kind="actor_added", now=("The army", "initiator")), "actor added: The army (initiator)"),
        (Change(kind="actor_withdrawn", was=("The army", "initiator")), "actor withdrawn: The army (initiator)"),
        (Change(kind="quantity_changed", was="dead: 3", now="dead: 5"), "quantity: was dead: 3, is now dead: 5"),
        (Change(kind="claim_added", now=claim(quote="It began.")), "claim added: The ministry asserts: “It began.”"),
        (Change(kind="claim_denied", now=claim(stance="denies", about="motive")),
         "denial: The ministry denies (motive): it began"),
        (Change(kind="claim_denied", was=claim(text=""), now=claim(stance="disputes", text="")),
         "denial: The ministry disputes; before: The ministry asserts"),
        (Change(kind="claim_reworded", was=claim(), now=claim(value=3, text="")),
         "claim: was The ministry asserts: it began, is now The ministry asserts: 3"),
        (Change(kind="source_added", now="wire"), "source added: wire"),
        (Change(kind="edited", field="summary"), "summary: changed"),
        (Change(kind="edited", field="tags", was=(), now=("a", "b")), "tags: was none, is now a, b"),
        (Change(kind="edited", field="where_unknown", was=False, now=True),
         "whether a place was sought: was no, is now yes"),
    ],
)  # fmt: skip
def test_a_change_in_words(change: Change, words: str) -> None:
    assert change_words(change) == words


def test_lines_of_text() -> None:
    found = Diff(
        added=(ListedEvent(event=event("New\nthing"), why="new"),),
        withdrawn=(
            ListedEvent(event=event(), why="retracted", changes=(Change(kind="source_added", now="post"),)),
        ),
        renamed=(RenamedEvent(was="old", event=event()),),
        changed=(ChangedEvent(event=event(), changes=(Change(kind="source_added", now="post"),)),),
        sources=(
            ChangedSource(id="wire", fields={"reliability": ("F", "B"), "url": ("", "https://example.org")}),
        ),
    )
    assert list(text_lines(found)) == [
        "added drill: “New thing”, 12 November 2021, Minsk: new",
        "withdrawn drill: “A drill”, 12 November 2021, Minsk: retracted",
        "  source added: post",
        "renamed old: drill now; “A drill”, 12 November 2021, Minsk",
        "changed drill: “A drill”, 12 November 2021, Minsk",
        "  source added: post",
        "source wire",
        "  reliability: was F, is now B",
        "  url: was none, is now https://example.org",
    ]


def hostile_diff(text: str) -> Diff:
    """A text in every field of a diff that people write."""
    own = event(text, when_label=text, places=(place(text),))
    turned = [
        Change(kind="moved", was=place(text), now=place(text), km=1.0),
        Change(kind="redated", was=date(text, text), now=date(text, f"{text}2")),
        Change(kind="retitled", was=text, now=text),
        Change(kind="actor_added", now=(text, "host")),
        Change(kind="quantity_added", now=text),
        Change(
            kind="claim_denied", was=claim(by=text, text=text), now=claim(by=text, quote=text, about=text)
        ),
        Change(kind="regraded", field="status_set_by", was=text, now=text),
        Change(kind="edited", field="tags", was=(text,), now=(text, text)),
    ]
    return Diff(
        added=(ListedEvent(event=own, why="new"),),
        withdrawn=(ListedEvent(event=own, why="removed"),),
        renamed=(RenamedEvent(was="old", event=own),),
        changed=(ChangedEvent(event=own, changes=tuple(turned)),),
        sources=(ChangedSource(id="wire", fields={"title": (text, text)}),),
    )


MARKDOWN = HOSTILE | {
    "link": "[click](https://evil.example/a) ![pixel](https://evil.example/p.png)",
    "reference": "[a]: https://evil.example\n\n[a]",
    "bare address": "https://evil.example/x www.evil.example evil.example a@evil.example mailto:a@evil.example",
    "angle address": "<https://evil.example>",
    "mention": "@somebody #12 ==x== $$x$$ ~~x~~ :smile: ^x^",
    "block": "x\n\n# Head\n\n- item\n\n```\ncode\n```\n\n> quote\n\n| a | b |\n|---|---|\n\n---",
    "backslash": "\\<b\\> \\\\[a](b)",
    "code": "`a` ``b`` <code>",
    "emphasis": "**a** __b__ *c* _d_ ***",
    "template": "{{ site.title }} {% include x %} {#a#}",
}
ALLOWED = {
    "heading_open", "heading_close", "inline", "paragraph_open", "paragraph_close", "bullet_list_open",
    "bullet_list_close", "list_item_open", "list_item_close", "text", "strong_open", "strong_close", "code_inline",
    "softbreak", "text_special",
}  # fmt: skip


@pytest.mark.parametrize("text", MARKDOWN.values(), ids=MARKDOWN)
def test_markdown_shows_hostile_texts_as_letters(text: str) -> None:
    written = notice(hostile_diff(text), title=text, old=text, new=text)
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(written)
    kinds = {token.type for token in tokens} | {
        child.type for token in tokens for child in token.children or ()
    }
    assert kinds <= ALLOWED
    heads = [token.tag for token in tokens if token.type == "heading_open"]
    assert heads == ["h1", "h2", "h2", "h2", "h2", "h2"]
    # Ids alone are code; every line is ours, begun by a mark of ours.
    assert {c.content for t in tokens for c in t.children or () if c.type == "code_inline"} == {
        "drill",
        "old",
        "wire",
    }
    for forbidden in ("://", "{{", "{%", "\u202e", "\u2066", "\x01"):
        assert forbidden not in written


@given(st.text(st.characters(codec="utf-8") | st.sampled_from("*_`[]()<>!#|~:@&\\\n{}%$^=-+.>")))
def test_no_text_becomes_markup(text: str) -> None:
    for written in (f"- **{escape_markdown(text)}**: x", f"  - title: “{escape_markdown(text)}”"):
        tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(f"- a\n{written}\n")
        kinds = {child.type for token in tokens for child in token.children or ()}
        assert kinds <= {"text", "strong_open", "strong_close", "text_special", "softbreak"}
        assert not {token.type for token in tokens} - ALLOWED


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("A drill, at 12:30 (Minsk).", "A drill, at 12\\:30 (Minsk)."),
        ("a  b\nc", "a b c"),
        ("*x* <b> [a](b)", "\\*x\\* \\<b\\> \\[a\\](b)"),
        ("https://a.example", "https:\u2060//a\u2060.example"),
        ("@desk", "@\u2060desk"),
        ("see #12", "see \\#\u206012"),
        ("a\u202eb\x01", "a\\\\u202eb\\\\u0001"),
    ],
)
def test_what_is_escaped_in_markdown(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped
