"""A secret that the environment tells of is in no output, however the output packs its texts."""

import base64
import json
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geomap import pipeline
from geomap.errors import OutputError
from geomap.pipeline.secrets import KnownSecret, check_contents, check_files, known_secrets

Run = Callable[..., Any]

KEY = 'canary-7f3a9c/+&<>"k'
MAP = "schema: 1\ntitle: A\nevents: [events.jsonl, sources.yaml]\noutputs: [html]\n"
SOURCES = "schema: 1\nsources: {wire: {publisher: Example Wire, published: 2021-11-13}}\n"
EVENTS = 8000  # more than 1 MiB, which are read into columns


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Some thousand events, so that their page is packed; one title holds the key."""
    folder = tmp_path_factory.mktemp("crowd")
    (folder / "map.yaml").write_text(MAP, encoding="utf-8")
    (folder / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    with (folder / "events.jsonl").open("w", encoding="utf-8") as stream:
        for number in range(EVENTS):
            event = {
                "id": f"e{number}",
                "type": "statement",
                "title": f"Talk {number}" + (f" by {KEY} again" if number == 3210 else ""),
                "when": "2021-11-12",
                "where": {"lon": 20 + number % 100 / 100, "lat": 50.5, "precision": "place", "country": "PL"},
                "sources": ["wire"],
            }
            stream.write(json.dumps(event) + "\n")
    return folder


def refusal(folder: Path, **options: Any) -> str:
    with pytest.raises(OutputError) as caught:
        pipeline.build(folder, **options)
    assert KEY not in str(caught.value)
    return str(caught.value)


def test_a_key_in_a_title_of_a_packed_page_is_found(crowd: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (page,) = pipeline.build(crowd).contents.values()
    # Looking through the page would not do.
    assert all(form.encode() not in page for form in KnownSecret.of("X", KEY).forms)
    monkeypatch.setenv("GEOMAP_OPENCAGE_KEY", KEY)
    assert refusal(crowd) == (
        "title of e3210 holds the value of GEOMAP_OPENCAGE_KEY; nothing was written; take it out of the map's files"
    )


@pytest.mark.parametrize("name", ["gpkg", "kml", "parquet"])
def test_an_export_of_it_writes_nothing(
    crowd: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("MY_TOKEN", KEY)
    monkeypatch.setenv("GEOMAP_SECRETS", "UNSET_ONE, MY_TOKEN,")
    with pytest.raises(OutputError, match="holds the value of MY_TOKEN"):
        pipeline.export(crowd, [name], folder=tmp_path / "out")
    assert not (tmp_path / "out").exists()


EVENT = "{id: drill, type: exercise, title: A drill, when: 2021-11-12, where: Minsk, sources: [wire]%s}"
PLACES = {
    "a summary": ("", f", summary: 'see {KEY}'", "summary of drill"),
    "a quote": ("", f", evidence: [{{source: wire, quote: '{KEY}', start: 0, end: 9, field: when}}]", "detail of"),
    "an address": ("", ", media: [{url: 'https://e.org/?key=canary-7f3a9c%2F%2B%26%3C%3E%22k'}]", "detail of"),
    "an actor": ("", f", actors: [{{name: '{KEY}', role: participant}}]", "actors of drill"),
    "a place": ("", f", where: {{lon: 27.5, lat: 53.9, precision: place, name: '{KEY}'}}", "place_name of drill"),
    "a subtitle": (f"subtitle: '{KEY}'\n", "", "map.yaml"),
    "a layer": (f"layers: [{{id: a, title: '{KEY}'}}]\n", "", "map.yaml"),
    "a tag": ("", f", tags: ['{KEY}']", "tags of drill"),
    "an aside": ("", f", where: [Minsk, {{name: '{KEY}', country: BY, role: mentioned}}]", "of drill"),
}  # fmt: skip


@pytest.mark.parametrize("name", PLACES)
def test_a_secret_is_found_wherever_it_stands(
    write_project: Run, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    of_map, of_event, where = PLACES[name]
    event = EVENT % of_event
    if of_event.startswith(", where"):
        event = event.replace("where: Minsk, ", "", 1)
    sources = "sources: {wire: {publisher: W, published: 2021-11-13}}"
    folder = write_project(
        "schema: 1\ntitle: A\nevents: [events.yaml]\n" + of_map,
        f"schema: 1\n{sources}\nevents:\n  - {event}\n",
    )
    monkeypatch.setenv("GEOMAP_OPENCAGE_KEY", KEY)
    assert where in refusal(folder, formats=["geojson"])


def test_a_build_without_the_secret_goes_on_and_says_what_is_not_set(
    write_project: Run, monkeypatch: pytest.MonkeyPatch, geomap: Run
) -> None:
    folder = write_project()
    monkeypatch.setenv("GEOMAP_OPENCAGE_KEY", KEY)
    monkeypatch.setenv("GEOMAP_SECRETS", "MY_TOKEN")
    ended = geomap("build", folder)
    assert ended.code == 0
    assert "MY_TOKEN is not set, so no output was searched for it\n" in ended.err
    assert KEY not in ended.err + ended.out


# What is looked for


def test_the_secrets_are_keys_and_what_is_named() -> None:
    environment = {
        "GEOMAP_OPENCAGE_KEY": " 12345678 ",
        "GEOMAP_CONTACT": "somebody@example.org",
        "GEOMAP_SECRETS": "B, A ,GEOMAP_OPENCAGE_KEY",
        "A": "abcdefgh",
    }
    secrets, remarks = known_secrets(environment)
    assert [(secret.name, secret.forms[0]) for secret in secrets] == [
        ("GEOMAP_OPENCAGE_KEY", "12345678"),
        ("A", "abcdefgh"),
    ]
    assert remarks == ["B is not set, so no output was searched for it"]
    assert known_secrets({}) == ((), [])


def test_a_secret_that_is_too_short_is_refused() -> None:
    with pytest.raises(OutputError, match="A has fewer than 8 characters, too few to look for"):
        known_secrets({"GEOMAP_SECRETS": "A", "A": "1234567"})


def test_a_secret_does_not_show_itself() -> None:
    secret = KnownSecret.of("A", KEY)
    assert repr(secret) == "KnownSecret(name='A')"
    assert KEY not in f"{secret} {secret!r} {[secret]}"


@pytest.mark.parametrize(
    "content",
    [
        KEY,
        json.dumps(KEY),
        json.dumps(KEY).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"),
        "canary-7f3a9c/%2B%26%3C%3E%22k",
        "canary-7f3a9c%2F%2B%26%3C%3E%22k",
        "canary-7f3a9c/+&amp;&lt;&gt;&quot;k",
        "canary-7f3a9c/+&amp;&lt;&gt;\"k",
    ],
)  # fmt: skip
def test_a_secret_is_found_in_finished_files_in_every_form(tmp_path: Path, content: str) -> None:
    secrets = [KnownSecret.of("A", KEY)]
    whole = b"\x00" * 5000 + content.encode() + b"\xff"
    with pytest.raises(OutputError, match=r"b\.bin: holds the value of A"):
        check_contents({"a.bin": b"", "b.bin": whole}, secrets)
    (tmp_path / "a.bin").touch()
    (tmp_path / "b.bin").write_bytes(whole)
    with pytest.raises(OutputError, match=r"b\.bin: holds the value of A"):
        check_files(tmp_path, secrets)
    (tmp_path / "b.bin").write_bytes(base64.b64encode(zlib.compress(whole)))
    check_files(tmp_path, secrets)
    check_files(tmp_path, [])
