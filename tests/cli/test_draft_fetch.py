"""`geomap draft URL --fetch`: from a page in the web to drafts, with the page kept as it was received."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from geomap.cli import fetching as cli_fetching
from geomap.fetch.page import fetch_page
from geomap.model.records import EventsFile
from geomap.pipeline import fetching
from geomap.yamlfile import read_yaml
from small_web import PUBLIC, Web, http, moved, small_web

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

Run = Callable[..., Any]

STORY = """\
<!doctype html>
<html lang="en"><head><title>Landing near Grodno</title>
<link rel="canonical" href="https://elsewhere.example/claimed">
<meta property="og:site_name" content="Example Wire">
<meta property="article:published_time" content="2021-11-13T10:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Landing near Grodno</h1>
<p>Russian paratroopers jumped from transport aircraft near Grodno in Belarus on Friday &amp; drilled there.</p>
<p>Poland's government accused Belarus on Saturday of preparing an attack along the border of both countries.</p>
</article></body></html>
"""
URL = "http://news.example/2021/landing?id=7"
SHA256 = hashlib.sha256(STORY.encode()).hexdigest()


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Web]:
    monkeypatch.chdir(tmp_path)
    with small_web() as web:
        web.answers["/2021/landing?id=7"] = http(STORY.encode())
        monkeypatch.setattr(fetching, "fetch_page", partial(fetch_page, resolve=web.resolve, dial=web.dial))
        monkeypatch.setattr(cli_fetching, "today", lambda: date(2024, 2, 29))
        yield web


def read(path: Path) -> EventsFile:
    return read_yaml(path).parse(EventsFile)


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# Nothing is fetched unless asked


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ([URL], "nothing was fetched: add --fetch"),
        ([URL, "-o", "events.yaml"], "nothing was fetched: add --fetch"),
        (["seed.md", URL, "-o", "events.yaml"], "nothing was fetched: add --fetch"),
        (["http://me:secret@news.example/"], "nothing was fetched: add --fetch"),
        ([URL, "--fetch"], "say where with --originals or --out"),
        ([URL, "--originals", "kept"], "nothing was fetched: add --fetch"),
        (["seed.md", "--originals", "kept"], "--originals goes with --fetch"),
        (["seed.md", "--fetch", "-o", "events.yaml"], "--fetch goes with addresses"),
        (["--jsonl", "--fetch"], "--fetch goes with addresses"),
        ([URL, "ftp://news.example/", "--fetch", "-o", "events.yaml"], "only http and https are fetched"),
        (["file:///etc/passwd", "--fetch", "-o", "events.yaml"], "only http and https are fetched"),
        (["http://me:secret@news.example/", "--fetch", "-o", "e.yaml"], "user name or a password"),
        ([URL, "--parts", "parts"], "nothing was fetched: add --fetch"),
        ([URL, "--parts", "parts", "--fetch", "--originals", "kept"], "--fetch does not go with --parts"),
        ([URL, "--jsonl", "--fetch", "--originals", "kept"], "give either files or --jsonl"),
    ],
)
def test_without_being_asked_to_nothing_is_fetched(
    geomap: Run, web: Web, tmp_path: Path, arguments: list[str], why: str
) -> None:
    ended = geomap("draft", *arguments)
    assert ended.code == 2
    assert why in " ".join(ended.err.replace("│", " ").split())
    assert "secret" not in ended.err
    assert (web.looked_up, everything(tmp_path)) == ([], [])


# What is kept


def test_a_page_is_kept_as_received_and_drafted(geomap: Run, web: Web, tmp_path: Path) -> None:
    out = tmp_path / "map" / "events.yaml"
    ended = geomap("draft", URL, "--fetch", "-o", out)
    assert (ended.code, ended.out) == (0, "")
    original = tmp_path / "map" / "originals" / f"{SHA256}.html"
    assert original.read_bytes() == STORY.encode()
    assert everything(tmp_path) == ["map/events.yaml", f"map/originals/{SHA256}.html"]
    written = read(out)
    ((source_id, source),) = written.sources.items()
    assert source_id == f"example-wire-20211113-{SHA256[:4]}"
    assert (source.url, source.sha256, source.file) == (URL, SHA256, f"originals/{SHA256}.html")
    assert source.retrieved is not None
    assert source.retrieved.edtf == "2024-02-29"
    assert source.published is not None
    assert source.published.edtf == "2021-11-13"
    assert {event.type for event in written.events} >= {"exercise/airborne_drop"}


def test_evidence_leads_to_the_words_of_the_original(geomap: Run, web: Web, tmp_path: Path) -> None:
    out = tmp_path / "events.yaml"
    geomap("draft", URL, "--fetch", "-o", out)
    text = (tmp_path / "originals" / f"{SHA256}.html").read_text(encoding="utf-8")
    evidence = [one for event in read(out).events for one in event.evidence]
    assert evidence
    for one in evidence:
        assert text[one.start : one.end].replace("&amp;", "&") == one.quote


def test_the_original_drafts_again_to_the_same_events(geomap: Run, web: Web, tmp_path: Path) -> None:
    geomap("draft", URL, "--fetch", "-o", tmp_path / "events.yaml")
    again = geomap("draft", tmp_path / "originals" / f"{SHA256}.html", "-o", tmp_path / "again.yaml")
    assert again.code == 0
    assert read(tmp_path / "again.yaml").events == read(tmp_path / "events.yaml").events


def test_what_is_kept_already_stays(geomap: Run, web: Web, tmp_path: Path) -> None:
    out, kept = tmp_path / "events.yaml", tmp_path / "kept"
    for _ in range(2):
        assert geomap("draft", URL, URL, "--fetch", "--originals", kept, "-o", out, "--force").code == 0
    inode = (kept / f"{SHA256}.html").stat().st_ino
    assert geomap("draft", URL, "--fetch", "--originals", kept).code == 0
    assert (kept / f"{SHA256}.html").stat().st_ino == inode
    assert {source.file for source in read(out).sources.values()} == {f"kept/{SHA256}.html"}


def test_what_was_changed_since_is_not_taken_for_the_original(geomap: Run, web: Web, tmp_path: Path) -> None:
    kept = tmp_path / f"{SHA256}.html"
    kept.write_text("changed")
    ended = geomap("draft", URL, "--fetch", "--originals", tmp_path)
    assert (ended.code, ended.out) == (1, "")
    assert "holds something else than its name says" in ended.err
    assert kept.read_text() == "changed"


def test_printed_drafts_name_the_original_from_here(geomap: Run, web: Web, tmp_path: Path) -> None:
    ended = geomap("draft", URL, "--fetch", "--originals", "kept")
    assert f"    file: kept/{SHA256}.html\n" in ended.out
    assert f"    url: {URL}\n" in ended.out or f"    url: '{URL}'\n" in ended.out
    assert "    retrieved: 2024-02-29\n" in ended.out


def test_after_a_redirect_the_last_address_is_the_sources(geomap: Run, web: Web, tmp_path: Path) -> None:
    web.answers["/short"] = moved("/2021/landing?id=7")
    ended = geomap("draft", "http://news.example/short", "--fetch", "-o", "events.yaml")
    assert f"http://news.example/short: redirected to {URL}" in ended.err
    assert [source.url for source in read(tmp_path / "events.yaml").sources.values()] == [URL]


def test_a_page_without_a_publisher_is_named_by_its_address(geomap: Run, web: Web, tmp_path: Path) -> None:
    text = b"Shells hit Kharkiv on Monday."
    web.answers["/notes/1.txt?key=k"] = http(text, "text/plain")
    out = tmp_path / "events.yaml"
    url = "http://news.example/notes/1.txt?key=k"
    ended = geomap("draft", url, "--fetch", "--published", "2024-05-15", "-o", out)
    assert ended.code == 0
    ((source_id, source),) = read(out).sources.items()
    sha256 = hashlib.sha256(text).hexdigest()
    assert source_id == f"news-example-notes-1-txt-{sha256[:4]}"
    assert (source.url, source.file) == (url, f"originals/{sha256}.txt")
    assert source.published is not None
    assert (source.published.edtf, source.published_basis) == ("2024-05-15", "given")


def test_a_page_in_an_old_encoding_is_read_as_it_says(geomap: Run, web: Web, tmp_path: Path) -> None:
    page = STORY.replace("<head>", '<head><meta charset="windows-1252">').replace("Grodno", "Gródno")
    web.answers["/old"] = http(page.encode("cp1252"))
    assert geomap("draft", "http://news.example/old", "--fetch", "-o", "events.yaml").code == 0
    (source,) = read(tmp_path / "events.yaml").sources.values()
    assert (tmp_path / source.file).read_bytes() == page.encode("cp1252")
    assert "Gródno" in source.title


# What fails


def test_one_that_fails_does_not_stop_the_others(geomap: Run, web: Web, tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("Shells hit Kharkiv on 15 May 2024.")
    web.answers |= {"/gone": http(b"", status="404 Not Found"), "/pdf": http(b"%PDF-1.7", "text/html")}
    web.hosts["inside.example"] = ["10.0.0.1"]
    bad = ("http://news.example/gone", "http://inside.example/", "http://news.example/pdf", "missing.txt")
    out = tmp_path / "events.yaml"
    ended = geomap("draft", *bad, URL, "note.md", "--fetch", "-o", out)
    assert ended.code == 1
    assert "http://news.example/gone: it answered with status 404" in ended.err
    assert "http://inside.example/: inside.example is at 10.0.0.1, which is no address" in ended.err
    assert "http://news.example/pdf: fetched, but cannot be read: this is a PDF" in ended.err
    assert "missing.txt" in ended.err
    assert len(read(out).sources) == 2
    assert everything(tmp_path) == ["events.yaml", "note.md", f"originals/{SHA256}.html"]
    assert {address for address, _ in web.connected} == {PUBLIC}


def test_where_nothing_could_be_fetched_nothing_is_written(geomap: Run, web: Web, tmp_path: Path) -> None:
    web.answers["/2021/landing?id=7"] = http(STORY.encode(), length=len(STORY.encode()) + 1)
    ended = geomap("draft", URL, "--fetch", "-o", "events.yaml")
    assert ended.code == 1
    assert "cut off" in ended.err
    assert everything(tmp_path) == []


def test_originals_that_cannot_be_written(geomap: Run, web: Web, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("a file")
    ended = geomap("draft", URL, "--fetch", "--originals", "kept", "-o", "events.yaml")
    assert ended.code == 1
    assert "kept" in ended.err
    assert everything(tmp_path) == ["kept"]


def test_a_web_page_forges_no_lines_on_the_terminal(geomap: Run, web: Web) -> None:
    web.answers["/2021/landing?id=7"] = http(b"", "text/\x1b[31mred")
    ended = geomap("draft", URL, "--fetch", "--originals", "kept")
    assert ended.code == 1
    assert "\x1b" not in ended.err
