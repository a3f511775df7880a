"""A made-up project of any size: python benchmarks/synthetic.py FOLDER [--events N] [--seed S].

Writes `map.yaml`, with sources and actors, and `events.jsonl`. The same number and seed give the same bytes, and the
first events of a larger project are those of a smaller one. Nothing in it is true but names and places.
"""

import argparse
import json
import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
BASE: Final = ROOT / "gazetteer" / "base.sqlite"
SEED: Final = 20_211_112
COUNTRIES: Final = ("BY", "EE", "LT", "PL", "RU", "UA")
FIRST_DAY: Final = date(2021, 1, 1)
DAYS: Final = 4 * 365 + 1
TYPES: Final = (
    "exercise/live_fire", "exercise/naval", "deployment/convoy", "deployment/rotation", "strike/explosion",
    "air_activity/patrol", "border_incident/detention", "migration/camp", "statement/warning",
)  # fmt: skip

_POINTS: Final = 5_000
_NAMED: Final = 300
_SOURCES: Final = 200
_ACTORS: Final = 40
_DEGREE: Final = 100_000
_KINDS: Final = ("wire", "newspaper", "broadcaster", "official", "ngo")
_OFFICES: Final = ("ministry", "border_guard", "state_forces", "agency", "company")
_REGION_KINDS: Final = ("Region", "Oblast", "Voivodeship", "County")

_QUALITIES: Final = (
    "armed", "allied", "annual", "brief", "burning", "combined", "damaged", "eastern", "empty", "foreign", "heavy",
    "large", "local", "mobile", "night", "planned", "regular", "second", "sudden", "western",
)  # fmt: skip
_WHO: Final = (
    "aircraft", "barges", "battalion", "brigade", "cadets", "convoy", "crews", "drones", "engineers", "gunners",
    "guards", "helicopters", "lorries", "officials", "paratroopers", "patrol", "pilots", "police", "sailors", "train",
)  # fmt: skip
_DOES: Final = (
    "arrive", "begin", "block", "build", "close", "cross", "defend", "destroy", "detain", "enter", "follow", "guard",
    "hold", "leave", "move", "open", "reach", "repair", "see", "strike",
)  # fmt: skip
_WHAT: Final = (
    "airfield", "barracks", "bridge", "checkpoint", "crossing", "depot", "exercise", "factory", "fence", "hangar",
    "harbour", "hospital", "junction", "pipeline", "port", "range", "refinery", "road", "station", "village",
)  # fmt: skip

Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What events are put on: settlements by position, cities and regions by name."""

    points: Sequence[Record]
    cities: Sequence[Record]
    regions: Sequence[Record]


def main() -> None:
    """Write a project and say where."""
    asked = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("--events", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=SEED)
    chosen = asked.parse_args()
    print(write_project(chosen.folder, chosen.events, seed=chosen.seed))


def write_project(folder: Path, events: int, *, seed: int = SEED) -> Path:
    """Write a project of so many events and give the path of its `map.yaml`.

    Of the events 70 % are points at some 5,000 places, one in seven of these by name and the rest by position, 15 %
    lie in regions, 10 % in countries and 5 % nowhere. Their dates span four years: of 100 some 84 are days, 6 months, 4
    intervals, 3 open, and 3 are not dated. 30 % rest on two sources and 10 % have claims.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ground = read_ground(seed)
    sources, actors = make_sources(), make_actors()
    head = {
        "schema": 1,
        "title": f"{events:,} made-up events",
        "events": ["events.jsonl"],
        "countries": list(COUNTRIES),
        "sources": sources,
        "actors": actors,
    }
    path = folder / "map.yaml"
    # JSON is YAML, one key a line.
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in head.items()]
    path.write_text("".join(lines), encoding="utf-8")
    chance = random.Random(seed)
    with (folder / "events.jsonl").open("w", encoding="utf-8") as stream:
        for number in range(events):
            event = make_event(number, chance, ground, list(actors))
            stream.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
    return path


def read_ground(seed: int) -> Ground:
    """Settlements, cities and regions of the countries, drawn from the base tables."""
    among = ",".join("?" * len(COUNTRIES))
    settled = f"feature LIKE 'PPL%' AND feature <> 'PPLX' AND country IN ({among})"
    with closing(sqlite3.connect(f"{BASE.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        points = [
            {
                "name": name,
                "country": country,
                "lon": lon / _DEGREE,
                "lat": lat / _DEGREE,
                "precision": "place",
                "method": "gazetteer",
            }
            for name, country, lon, lat in database.execute(
                f"SELECT name, country, lon, lat FROM place WHERE {settled} ORDER BY key", COUNTRIES
            )
        ]
        # Only names of one place in the world: a build takes no name that may be several.
        cities = [
            {"place": name, "country": country}
            for name, country in database.execute(
                "SELECT place.name, country FROM place JOIN name ON name.place = place.key AND name.rank = 0"
                f" WHERE {settled} AND (SELECT count(*) FROM name AS other WHERE other.fold = name.fold) = 1"
                " ORDER BY population DESC, key LIMIT ?",
                (*COUNTRIES, _NAMED),
            )
        ]
        regions = [
            {"place": name if name.endswith(kind) else f"{name} {kind}", "country": country}
            for name, kind, country in database.execute(
                f"SELECT name, type, country_un FROM region WHERE country_un IN ({among}) ORDER BY id",
                COUNTRIES,
            )
            if kind in _REGION_KINDS
        ]
    drawn = random.Random(seed + 1).sample(points, _POINTS)
    return Ground(points=drawn, cities=cities, regions=regions)


def make_sources() -> dict[str, Record]:
    """The sources by id, in the order in which they were published, one a week."""
    return {
        f"source-{number:03}": {
            "publisher": f"Wire {number % 25}",
            "title": f"Dispatch {number}",
            "url": f"https://example.org/dispatch/{number}",
            "published": str(_day_of_source(number)),
            "kind": _KINDS[number % len(_KINDS)],
            "language": "en",
        }
        for number in range(_SOURCES)
    }


def make_actors() -> dict[str, Record]:
    """The actors by id."""
    return {
        f"actor-{number:02}": {
            "name": f"Office {number} of {COUNTRIES[number % len(COUNTRIES)]}",
            "country": COUNTRIES[number % len(COUNTRIES)],
            "kind": _OFFICES[number % len(_OFFICES)],
        }
        for number in range(_ACTORS)
    }


def make_event(number: int, chance: random.Random, ground: Ground, actors: Sequence[str]) -> Record:
    """One event with the keys of an events file."""
    where, name = _where(chance, ground)
    day = chance.randrange(DAYS)
    sources = [f"source-{source_after(day) + step:03}" for step in range(1 + (chance.random() < 0.3))]
    parts = chance.sample(actors, chance.choice((1, 1, 1, 2)))
    event: Record = {
        "id": f"event-{number:07}",
        "type": chance.choice(TYPES),
        "title": make_title(chance, name),
        "sources": sources,
        "actors": [
            {"id": part, "role": role} for part, role in zip(parts, ("participant", "target"), strict=False)
        ],
    }
    if when := _when(chance, FIRST_DAY + timedelta(days=day)):
        event["when"] = when
    if where is not None:
        event["where"] = where
    if chance.random() < 0.1:
        event["claims"] = [
            {
                "by": parts[0],
                "stance": chance.choice(("asserts", "confirms", "denies", "disputes")),
                "text": f"says that {chance.choice(_WHO)} {chance.choice(_DOES)} the {chance.choice(_WHAT)}",
                "source": sources[0],
            }
        ]
    if chance.random() < 0.25:
        event["summary"] = f"{make_title(chance, name)}. {make_title(chance, name)}."
    return event


def _where(chance: random.Random, ground: Ground) -> tuple[Record | str | None, str]:
    """A place as written, and its name for the title."""
    drawn = chance.random()
    if drawn < 0.7:
        place = chance.choice(ground.cities if drawn < 0.1 else ground.points)
        return place, place.get("name") or place["place"]
    if drawn < 0.85:
        place = chance.choice(ground.regions)
        return place, place["place"]
    country = chance.choice(COUNTRIES)
    if drawn < 0.95:
        return {"country": country}, country
    return (None if drawn < 0.975 else "unknown"), country


def _when(chance: random.Random, day: date) -> str | None:
    drawn = chance.random()
    if drawn < 0.84:
        return str(day)
    if drawn < 0.90:
        return f"{day:%Y-%m}"
    if drawn < 0.94:
        return f"{day}/{day + timedelta(days=chance.randrange(1, 15))}"
    if drawn < 0.97:
        return chance.choice((f"{day}/..", f"../{day}"))
    return None


def make_title(chance: random.Random, place: str) -> str:
    """Five words to eight, and the place's."""
    words = [chance.choice(_QUALITIES).capitalize(), chance.choice(_WHO), chance.choice(_DOES)]
    if chance.random() < 0.5:
        words.append(chance.choice(_QUALITIES))
    words.append(chance.choice(_WHAT))
    if chance.random() < 0.3:
        words += ["and", chance.choice(_WHAT)]
    return " ".join([*words, "near", place])


def source_after(day: int) -> int:
    """The number of the first of two sources that were published after a day, counted from `FIRST_DAY`."""
    return min(day * _SOURCES // DAYS + 1, _SOURCES - 2)


def _day_of_source(number: int) -> date:
    return FIRST_DAY + timedelta(days=number * DAYS // _SOURCES)


if __name__ == "__main__":
    main()
