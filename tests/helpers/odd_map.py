"""A map of every kind of place, date and odd text, exported in every format."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from geomap import pipeline
from geomap.model.table import EventTable

ODD_TEXTS: Mapping[str, str] = {
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)> & &amp; ]]> </script>",
    "jinja": "{{ 7*7 }} {% raw %} ${7*7} #{7*7} [% 7*7 %]",
    "json": '{"__proto__": {"a": 1}}',
    "list": '["a"]',
    "formula": "=cmd|' /C calc'!A0",
    "minus": "-2+3",
    "blanks": "tab\there,\nline,\u00a0no-break,\u2028line separator,\u2029paragraph",
    "returns": "one\r\ntwo\rthree",
    "bidi": "\u202eright to left\u202c \u200fmark \u2066isolate\u2069",
    "scripts": "Гродна Kuźnica الحدود 国境 ชายแดน e\u0301 👩🏽‍🚀 🇧🇾",
    "number": "1e5",
    "nothing": "null",
    "yes": "true",
    "date": "2024-01-01",
    "long": "x" * 20_000,
}
PLACES: Mapping[str, Any] = {
    "pin": {"lon": 27.5667, "lat": 53.9, "precision": "exact", "method": "given"},
    "town": "Minsk",
    "near": {"near": "Minsk"},
    "region": "Grodno Region",
    "border": {"border": ["BY", "PL"]},
    "air": {"over": "Belarus"},
    "dateline": {
        "name": "strait",
        "geometry": {"type": "LineString", "coordinates": [[179, 65], [-179, 66]]},
        "precision": "line",
    },
    "country": {"country": "RU"},
    "none": "none",
    "two": [{"place": "Minsk", "role": "origin"}, {"place": "Brest", "country": "BY", "role": "destination"}],
}
DATES: Mapping[str, Any] = {
    "day": "2024-08-12",
    "days": "2024-08-12/2024-08-14",
    "month": "2024-08",
    "open": "2024-08-10/..",
    "by": "../2024-08-12",
    "about": "2024-08-12~",
    "early": "0987-06",
    "undated": None,
}


def events_of() -> list[dict[str, Any]]:
    """An event for each text, place and date."""
    base = {"type": "strike", "title": "T", "sources": ["s"], "when": "2024-08-12", "where": "Minsk"}
    texts = [
        {"id": f"text-{name}", "title": text, "summary": text, "tags": [text[:200], "b"]}
        for name, text in ODD_TEXTS.items()
    ]
    places = [{"id": f"at-{name}", "where": where} for name, where in PLACES.items()]
    dates = [{"id": f"on-{name}", "type": "exercise/naval", "when": when} for name, when in DATES.items()]
    lost = {"id": "nowhere-never", "type": "statement", "when": None, "where": "none"}
    whole = [base | own for own in (*texts, *places, *dates, lost)]
    return [{key: value for key, value in event.items() if value is not None} for event in whole]


@pytest.fixture(scope="session")
def odd_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project with all of it."""
    folder = tmp_path_factory.mktemp("odd-map")
    project = {
        "schema": 1,
        "title": "Odd & <b>map</b> {{ 7*7 }}",
        "events": ["events.jsonl"],
        "countries": ["BY"],
        "sources": {"s": {"published": "2024-08-15", "url": "https://example.org/?a=1&b=<2>"}},
    }
    (folder / "map.yaml").write_text(json.dumps(project), encoding="utf-8")
    lines = [json.dumps(event) for event in events_of()]
    (folder / "events.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def odd_table(odd_map: Path) -> EventTable:
    """The table that the exports are made of."""
    return pipeline.load(odd_map).table


@pytest.fixture(scope="session")
def exported(odd_map: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder with the files of a format; each format is exported once."""
    made: dict[str, Path] = {}

    def export(name: str) -> Path:
        if name not in made:
            folder = tmp_path_factory.mktemp(name)
            pipeline.export(odd_map, [name], folder=folder)
            made[name] = folder
        return made[name]

    return export
