"""Every number that the page shows equals one counted in Python from the table of events."""

import importlib.util
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from geomap import pipeline
from geomap.gazetteer import fold
from geomap.pipeline import BuildResult

pytestmark = pytest.mark.enable_socket  # Playwright talks to its browser through a local socket

fold_name = cache(fold.fold_name)
ROOT = Path(__file__).parents[2]
PRECISIONS = ("exact", "place", "vicinity", "district", "region", "line", "country", "waters", "none")
LAYERS = """\
layers:
- {id: drills, title: Drills, select: {type: exercise}}
- {id: naval, title: At sea, select: {type: exercise/naval}}
- {id: poland, title: Poland, select: {country: PL}}
- {id: loud, title: Loud, select: {type: [strike, statement]}}
"""
EXTRA = (
    {"type": "strike/explosion", "title": "Two claims on one blast", "when": "[2022-03-01..2022-03-20]",
     "where": [{"country": "BY"}, {"name": "A", "lon": 27.512, "lat": 53.912, "precision": "place",
                                  "method": "gazetteer"}],
     "actors": [{"id": "actor-03"}, {"name": "OFFICE 3 OF PL"}, {"name": "A Łódź firm", "role": "host"}],
     "claims": [{"by": "actor-04", "stance": "denies", "text": "denies it", "source": "source-100"},
                {"by": "A Łódź firm", "stance": "asserts", "text": "did it", "source": "source-100"}],
     "sources": ["source-100"]},
    {"type": "exercise/naval", "title": "A long exercise", "when": "2022-06-01/..",
     "where": [{"name": "X", "lon": 20.51, "lat": 54.71, "precision": "vicinity", "radius_m": 30000,
                "method": "gazetteer", "role": "origin"},
               {"name": "Y", "lon": 21.11, "lat": 55.71, "precision": "place", "radius_m": 2000,
                "method": "gazetteer", "role": "destination"}],
     "actors": [{"id": "actor-03", "role": "initiator"}, {"id": "actor-03", "role": "host"}],
     "claims": [{"by": "actor-03", "stance": "confirms", "about": "motive", "text": "a drill", "source": "source-101"},
                {"by": "actor-04", "stance": "disputes", "text": "no drill", "source": "source-101"}],
     "sources": ["source-101", "source-102"]},
    {"type": "statement/warning", "title": "A warning on no day", "where": "none",
     "actors": [{"name": "a lodz FIRM"}], "sources": ["source-101"]},
    {"type": "statement", "title": "Said by then", "when": "../2022-07-01", "where": "unknown",
     "status": {"value": "confirmed", "by": "the editors", "basis": "seen"},
     "claims": [{"by": "actor-04", "stance": "declines_to_comment", "source": "source-101"}],
     "sources": ["source-101"]},
    {"type": "migration", "title": "Ongoing by then", "when": "../2022-07-01", "modality": "ongoing",
     "where": {"country": "PL"}, "status": "denied", "sources": ["source-103"]},
)  # fmt: skip


def load(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True, kw_only=True)
class Told:
    """One event, plainly."""

    id: str
    type: str
    subtype: str | None
    status: str
    actors: Sequence[tuple[str, str | None]]
    sources: Sequence[str]
    places: Sequence[tuple[str, float]]
    """The precision of each drawn place, and its radius in km."""
    first: str | None
    last: str | None
    vouching: frozenset[str]
    """Who tells of it in any way."""
    denying: frozenset[str]
    texts: str
    layers: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is chosen: every part left out lets all pass."""

    type: Sequence[str] | None = None
    actor: Sequence[str] | None = None
    status: Sequence[str] | None = None
    precision: Sequence[str] | None = None
    source: Sequence[str] | None = None
    text: str | None = None
    max_km: float | None = None
    time: tuple[str | None, str | None] | None = None
    off: Sequence[str] = ()
    lens: str | None = None

    def change(self) -> dict[str, Any]:
        """The same for `geomap.set`."""
        keys = ("type", "actor", "status", "precision", "source", "text", "max_km")
        filters = {key: getattr(self, key) for key in keys if getattr(self, key) is not None}
        return {
            "filters": {key: list(value) if isinstance(value, tuple) else value for key, value in filters.items()},
            "time": list(self.time) if self.time else None,
            "layers": dict.fromkeys(self.off, False),
            "lens": self.lens,
        }  # fmt: skip


def passes(event: Told, asked: Asked) -> bool:
    status = status_told(event, asked.lens)
    if status is None or (asked.status and status not in asked.status):
        return False
    if asked.type and not {event.type, f"{event.type}/{event.subtype}"} & set(asked.type):
        return False
    if asked.actor and not any(is_actor(own, wanted) for own in event.actors for wanted in asked.actor):
        return False
    if asked.source and not set(event.sources) & set(asked.source):
        return False
    if asked.text is not None and not all(word in event.texts for word in fold_name(asked.text).split()):
        return False
    if not drawn_places(event, asked) and (
        event.places or (asked.precision and "none" not in asked.precision)
    ):
        return False
    if asked.time and not overlaps(event, *asked.time):
        return False
    return not event.layers or not event.layers <= set(asked.off)


def status_told(event: Told, lens: str | None) -> str | None:
    if lens is None:
        return event.status
    if lens == "confirmed":
        return event.status if event.status == "confirmed" else None
    name = lens.removeprefix("by:")
    if name not in event.vouching:
        return None
    return "denied" if name in event.denying else event.status


def is_actor(actor: tuple[str, str | None], wanted: str) -> bool:
    return wanted == actor[1] or fold_name(wanted) == fold_name(actor[0])


def drawn_places(event: Told, asked: Asked) -> list[str]:
    return [
        precision
        for precision, km in event.places
        if (not asked.precision or precision in asked.precision) and (asked.max_km is None or km <= asked.max_km)
    ]  # fmt: skip


def overlaps(event: Told, first: str | None, last: str | None) -> bool:
    if event.first is None or event.last is None:
        return False
    return (last is None or event.first <= last) and (first is None or event.last >= first)


def tell(built: BuildResult, layers: Mapping[str, Callable[[int], bool]], rest: str | None) -> list[Told]:
    """The events of a project, read off its table."""
    columns = built.project.table.columns
    events = []
    for event_id, rows in built.project.table.event_rows.items():
        first = rows.start
        claims = columns["detail"][first]["claims"]
        opposing = {
            claim["by"]
            for claim in claims
            if claim["stance"] in ("denies", "disputes") and (claim["about"] or "event") == "event"
        }
        day = {key: columns[key][first] and str(columns[key][first].date()) for key in ("t_start", "t_end")}
        names = [*columns["actors"][first], *columns["claimants"][first]]
        places = [columns[key][row] for row in rows for key in ("place_name", "place_name_native")]
        texts = [columns["title"][first], columns["summary"][first], *places, *names]
        own = {layer for layer, holds in layers.items() if any(holds(row) for row in rows)}
        events.append(
            Told(
                id=event_id,
                type=columns["type"][first],
                subtype=columns["subtype"][first],
                status=columns["status"][first],
                actors=list(zip(columns["actors"][first], columns["actor_ids"][first], strict=True)),
                sources=columns["sources"][first],
                places=[
                    (columns["precision"][row], radius_km(columns, row))
                    for row in rows
                    if columns["precision"][row] != "none"
                ],
                first=day["t_start"],
                last=day["t_end"],
                vouching=frozenset(columns["claimants"][first]),
                denying=frozenset(opposing),
                texts=" | ".join(fold_name(text) for text in texts if text),
                layers=frozenset(own or ({rest} if rest else set())),
            )
        )
    return events


def radius_km(columns: Mapping[str, Sequence[Any]], row: int) -> float:
    radius = columns["radius_m"][row]
    if radius is not None:
        return float(radius) / 1000
    return float("inf") if columns["precision"][row] == "country" else 0.0


@dataclass(frozen=True)
class Case:
    """A built project with its events told plainly."""

    html: str
    events: list[Told]
    layers: list[str]


@pytest.fixture(scope="module")
def union_state() -> Case:
    built = pipeline.build(ROOT / "maps" / "union-state", formats=["html"])
    columns = built.project.table.columns
    types = {
        "deployments": {"deployment"}, "exercises": {"exercise"}, "air": {"air_activity"},
        "strikes": {"strike", "ground_combat", "violence_civilians"},
        "border": {"border_incident", "migration", "infrastructure"},
        "statements": {"statement", "diplomacy", "sanctions", "aid", "legal"},
    }  # fmt: skip
    layers = {
        layer: (lambda row, own=own: columns["type"][row] in own)  # type: ignore[misc]
        for layer, own in types.items()
    }
    return Case(built.contents["index.html"].decode(), tell(built, layers, None), list(types))


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Case:
    folder = tmp_path_factory.mktemp("made-up")
    path = load("synthetic", ROOT / "benchmarks" / "synthetic.py").write_project(folder, 350)
    path.write_text(path.read_text(encoding="utf-8") + LAYERS, encoding="utf-8")
    with (folder / "events.jsonl").open("a", encoding="utf-8") as lines:
        lines.writelines(
            json.dumps({"id": f"extra-{n}-{again}", **event}) + "\n"
            for n, event in enumerate(EXTRA)
            for again in range(3)
        )
    built = pipeline.build(path, formats=["html"])
    columns = built.project.table.columns
    layers: dict[str, Callable[[int], bool]] = {
        "drills": lambda row: columns["type"][row] == "exercise",
        "naval": lambda row: columns["subtype"][row] == "naval",
        "poland": lambda row: "PL" in columns["countries"][row],
        "loud": lambda row: columns["type"][row] in ("strike", "statement"),
    }
    return Case(built.contents["index.html"].decode(), tell(built, layers, "other"), [*layers, "other"])


MADE_UP = (
    Asked(),
    Asked(type=("exercise",)),
    Asked(type=("exercise/naval", "strike")),
    Asked(type=("exercise", "exercise/naval"), off=("naval",)),
    Asked(actor=("actor-03",)),
    Asked(actor=("office 3 of pl",)),
    Asked(actor=("A LODZ FIRM", "actor-07")),
    Asked(status=("denied", "disputed")),
    Asked(status=("corroborated",), type=("deployment", "statement")),
    Asked(precision=("none",)),
    Asked(precision=("place", "vicinity"), off=("poland", "drills")),
    Asked(precision=("country", "region"), max_km=100),
    Asked(max_km=5),
    Asked(max_km=0, precision=("place", "none")),
    Asked(source=("source-100", "source-101")),
    Asked(source=("source-102",), actor=("actor-03",)),
    Asked(text="brigade"),
    Asked(text="LODZ firm"),
    Asked(text="Łódź BLAST"),
    Asked(text="nothing such"),
    Asked(time=("2022-01-01", "2022-03-31")),
    Asked(time=(None, "2021-06-30")),
    Asked(time=("2024-06-01", None), type=("strike", "migration")),
    Asked(time=("2022-03-10", "2022-03-10")),
    Asked(time=(None, None)),
    Asked(off=("drills", "naval", "poland", "loud", "other")),
    Asked(off=("other",), time=("2022-02-01", None)),
    Asked(lens="confirmed"),
    Asked(lens="by:Office 4 of RU"),
    Asked(lens="by:Office 4 of RU", status=("denied",)),
    Asked(lens="by:A Łódź firm", time=("2022-01-01", None)),
    Asked(status=("denied",), precision=("place",), max_km=40, time=("2021-01-01", "2024-12-31")),
    Asked(type=("strike",), actor=("actor-03",), status=("disputed", "denied", "reported"), source=("source-100",),
          text="blast", time=("2022-03-05", "2022-03-06"), off=("poland",)),
)  # fmt: skip
UNION_STATE = (
    Asked(),
    Asked(type=("statement", "strike")),
    Asked(type=("exercise/airborne_drop",)),
    Asked(actor=("RUSSIA",)),
    Asked(actor=("russia-mod", "belarus-mod")),
    Asked(status=("disputed",)),
    Asked(status=("reported", "denied"), off=("statements",)),
    Asked(precision=("none",)),
    Asked(precision=("country", "none")),
    Asked(precision=("place",), max_km=10),
    Asked(max_km=25),
    Asked(source=("press-20211112",)),
    Asked(text="Tu-160"),
    Asked(text="belarusian troops"),
    Asked(time=("2021-11-01", "2021-11-30")),
    Asked(time=(None, "2021-11-11")),
    Asked(time=("2022-10-01", None), off=("border", "air")),
    Asked(time=("2024-08-06", "2024-08-06")),
    Asked(off=("deployments", "exercises", "strikes")),
    Asked(lens="confirmed"),
    Asked(lens="by:Ukraine"),
    Asked(lens="by:Russia", type=("strike", "statement")),
    Asked(type=("statement",), status=("reported",), time=("2022-10-01", "2022-10-31")),
)  # fmt: skip


@pytest.mark.parametrize("name", ["union_state", "made_up"])
def test_all_numbers_agree(open_page: Any, request: pytest.FixtureRequest, name: str) -> None:
    case: Case = request.getfixturevalue(name)
    opened = open_page(case.html)
    page = opened.page
    combinations = UNION_STATE if name == "union_state" else MADE_UP
    assert len(combinations) > 20
    some = 0
    for asked in combinations:
        page.evaluate("geomap.set({filters: null, time: null, layers: null, lens: null, tab: 'filters'})")
        page.evaluate("change => geomap.set(change)", asked.change())
        shown = [event for event in case.events if passes(event, asked)]
        some += bool(0 < len(shown) < len(case.events))
        check_totals(page, case, asked, shown)
        check_choices(page, case, asked)
        listed = page.evaluate(
            """async () => {
                await geomap.set({tab: 'events'});
                const grid = document.querySelector('[role=grid]');
                return [grid.getAttribute('aria-rowcount'), [...document.querySelectorAll('.gm-list-tools option')]
                    .map((option) => option.textContent)];
            }"""
        )
        assert int(listed[0]) == len(shown), asked
        assert f"Without a place ({sum(not drawn_places(event, asked) for event in shown)})" in listed[
            1
        ] or any(event.places and not drawn_places(event, asked) for event in shown), asked
    assert some > 15
    opened.assert_quiet()


def check_totals(page: Any, case: Case, asked: Asked, shown: Sequence[Told]) -> None:
    """The door, the line over the list, and the number beside each layer."""
    without_layers = [event for event in case.events if passes(event, replace(asked, off=()))]
    layers = {layer: sum(layer in event.layers for event in without_layers) for layer in case.layers}
    anytime = [event for event in case.events if passes(event, replace(asked, time=None))]
    undated = sum(event.first is None for event in anytime)
    unlocated = sum(not drawn_places(event, asked) for event in shown)
    assert page.evaluate("geomap.counts()") == {
        "total": len(case.events),
        "shown": len(shown),
        "unlocated": unlocated,
        "undated": undated,
        "layers": layers,
    }, asked
    places = sum(len(drawn_places(event, asked)) for event in shown)
    line = [int(number) for number in re.findall(r"\d+", page.locator(".gm-totals").inner_text())]
    events = [len(shown)] if len(shown) == len(case.events) else [len(shown), len(case.events)]
    assert line == [*events, places, unlocated, *([undated] if undated else [])], asked
    beside = page.locator(".gm-layers .gm-count").all_inner_texts()
    assert [int(number) for number in beside] == list(layers.values()), asked


def check_choices(page: Any, case: Case, asked: Asked) -> None:
    """The number beside each choice: what it alone of its kind would show, all other kinds as they are."""
    words = json.loads((ROOT / "geomap" / "render" / "messages" / "en.json").read_text(encoding="utf-8"))
    groups = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('.gm-filter-group')].map((group) => {
            const more = group.querySelector('.gm-choices + button');
            if (more && !more.hidden && more.textContent.startsWith('Show all')) more.click();
            const rows = [...group.querySelectorAll('.gm-choices label')];
            return [group.querySelector('legend').textContent, rows.map((row) =>
                [row.querySelector('.gm-layer-title').textContent, row.querySelector('.gm-count').textContent])];
        }))"""
    )

    def count(**change: Any) -> int:
        return sum(passes(event, replace(asked, **change)) for event in case.events)

    def shown(title: str) -> dict[str, int]:
        return {label: int(number) for label, number in groups[words[title]]}

    actors = {fold_name(name): name for event in reversed(case.events) for name, _ in reversed(event.actors)}
    who = shown("filter.actor")
    assert {fold_name(label): number for label, number in who.items()} == {
        folded: count(actor=(name,)) for folded, name in actors.items()
    }, asked
    assert len(who) == len(actors), asked
    statuses = {event.status for event in case.events} | {"denied"}
    for status, number in ((status, count(status=(status,))) for status in statuses):
        assert shown("filter.status").get(words[f"status.{status}"], 0) == number, (status, asked)
    for precision in PRECISIONS:
        label = words[f"precision.{precision}"]
        assert shown("filter.precision").get(label, 0) == count(precision=(precision,)), (precision, asked)
    sources = {key for event in case.events for key in event.sources}
    beside = shown("filter.source")
    for key in sources:
        [number] = [number for label, number in beside.items() if label.endswith(f"[{key}]") or label == key]
        assert number == count(source=(key,)), (key, asked)
    types = {event.type for event in case.events}
    beside = shown("filter.type")
    for kind in types:
        assert beside[words[f"type.{kind}"]] == count(type=(kind,)), (kind, asked)
    options = page.locator("#geomap-lens option").all_inner_texts()
    told = {
        option.rsplit(" (", 1)[0]: int(option.rsplit(" (", 1)[1][:-1]) for option in options if "(" in option
    }
    claimants = {name for event in case.events for name in event.vouching}
    assert told == {
        "Confirmed only": count(lens="confirmed"),
        **{f"As told by {name}": count(lens=f"by:{name}") for name in claimants},
    }, asked
