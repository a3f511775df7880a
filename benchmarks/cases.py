"""What is asked in a run: names, descriptions, misspellings and points, drawn from the base tables by a fixed seed."""

import json
import math
import random
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from folding import fold_name

ROOT: Final = Path(__file__).resolve().parents[1]
BASE: Final = ROOT / "gazetteer" / "base.sqlite"
SEED: Final = 20_211_112

_DEGREE: Final = 100_000
_PER_COUNTRY: Final = 10
_TOGETHER: Final = 20_000  # of so many names asked, some are of every country
_DIRECTIONS: Final = (
    "north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest",
)  # fmt: skip
_SIDES: Final = ("northern", "eastern", "southern", "western")
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_SHORTEST_MISSPELT: Final = 6


class BasePlace(NamedTuple):
    """A place of the base tables; `lon` and `lat` in degrees."""

    key: int
    name: str
    feature: str
    country: str | None
    region: str | None
    district: int | None
    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many of each to draw; `relations` and `misspelt` of each kind.

    `warm` names are asked before the clock starts, and none of them after. `every` is 10 where each tenth place
    of the base tables is enough to draw from.
    """

    every: int
    warm: int
    names: int
    relations: int
    misspelt: int
    nothing: int
    points: int


def draw(folder: Path, sizes: Sizes) -> None:
    """Write the cases of a run to a folder, a file for each kind; the same tables give the same cases.

    Parameters
    ----------
    folder
        Gets `names.json`, `relations.json`, `misspelt.json`, `nothing.json` and `points.json`.
    sizes
        How many.
    """
    with closing(sqlite3.connect(f"{BASE.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        places = [
            BasePlace._make((*row[:6], row[6] / _DEGREE, row[7] / _DEGREE))
            for row in database.execute(
                "SELECT key, name, feature, country, region, district, lon, lat FROM place"
                " WHERE abs(key) % ? = 0 ORDER BY key",
                (sizes.every,),
            )
        ]
        countries = dict(database.execute("SELECT code, name FROM country ORDER BY code"))
        _write(folder / "names.json", _draw_names(places, sizes.names, sizes.warm))
        _write(folder / "relations.json", _draw_relations(places, countries, sizes.relations))
        _write(folder / "misspelt.json", _draw_misspelt(database, places, sizes.misspelt))
        _write(folder / "nothing.json", _draw_nothing(database, sizes.nothing))
        _write(folder / "points.json", _draw_points(places, sizes.points))


def read(folder: Path, kind: str) -> Any:
    """The cases of a kind, as they were written."""
    return json.loads((folder / f"{kind}.json").read_bytes())


def settlements(places: Sequence[BasePlace]) -> list[BasePlace]:
    """Cities, towns and villages, without quarters of them."""
    return [place for place in places if place.feature.startswith("PPL") and place.feature != "PPLX"]


def _write(path: Path, cases: Any) -> None:
    path.write_text(json.dumps(cases, ensure_ascii=False), encoding="utf-8")


def _draw_names(places: Sequence[BasePlace], count: int, warm_up: int) -> dict[str, list[str]]:
    """Main names as written, no two of one fold: some of every country first, then any."""
    chance = random.Random(SEED)
    order = chance.sample(places, len(places))
    by_country: dict[str | None, int] = defaultdict(int)
    first: list[str] = []
    rest: list[str] = []
    for place in order:
        by_country[place.country] += 1
        (first if by_country[place.country] <= _PER_COUNTRY else rest).append(place.name)
    folds: set[str] = set()
    names: list[str] = []
    for name in (*first, *rest):
        if (fold := fold_name(name)) and fold not in folds:
            folds.add(fold)
            names.append(name)
        if len(names) == count + warm_up:
            break
    asked, warm = names[:count], names[count:]
    together, more = asked[:_TOGETHER], asked[_TOGETHER:]
    chance.shuffle(together)
    return {"asked": [*together, *more], "warm": warm}


def _draw_relations(
    places: Sequence[BasePlace], countries: dict[str, str], count: int
) -> dict[str, dict[str, list[str]]]:
    chance = random.Random(SEED + 1)
    towns = settlements(places)
    by_region: dict[str, list[str]] = defaultdict(list)
    for town in towns:
        if town.region:
            by_region[town.region].append(town.name)
    regions = sorted(region for region, names in by_region.items() if len(names) >= 3)
    areas = [place.name for place in places if place.feature in ("ADM1", "ADM2")]
    districts = {p.key: p.name for p in places if p.feature == "ADM2" and len(p.name.split()) == 1}
    held = [town for town in towns if town.district in districts]

    def some(of: int) -> list[str]:
        return chance.sample(by_region[chance.choice(regions)], of)

    def offset() -> str:
        return f"{chance.randint(5, 60)} km {chance.choice(_DIRECTIONS)} of {chance.choice(towns).name}"

    def holder() -> str:
        town = chance.choice(held)
        return f"village of {town.name} in {districts[town.district or 0]} district"

    def country() -> str:
        town = chance.choice(towns)
        return f"{town.name}, {countries.get(town.country or '', town.country)}"

    makers: dict[str, Callable[[], str]] = {
        "near X": lambda: f"near {chance.choice(towns).name}",
        "30 km east of X": offset,
        "between X and Y": lambda: "between {} and {}".format(*some(2)),
        "northern X": lambda: f"{chance.choice(_SIDES)} {chance.choice(areas)}",
        "village of X in Y district": holder,
        "X, Country": country,
        "X, Y and Z": lambda: "{}, {} and {}".format(*some(3)),
    }
    warm_up = max(count // 10, 3)
    drawn = {}
    for kind, make in makers.items():
        texts = _distinct(make, count + warm_up)
        drawn[kind] = {"asked": texts[:count], "warm": texts[count:]}
    return drawn


def _draw_misspelt(
    database: sqlite3.Connection, places: Sequence[BasePlace], count: int
) -> dict[str, list[dict[str, Any]]]:
    """Folded names of settlements with one and with two edits that make no other name.

    `country` is that of the settlement drawn, `places` are the positions of all places of the name that was meant.
    """
    chance = random.Random(SEED + 2)
    towns = settlements(places)
    drawn: dict[str, list[dict[str, Any]]] = {}
    for edits, label in ((1, "one edit"), (2, "two edits")):
        cases: list[dict[str, Any]] = []
        seen: set[str] = set()
        while len(cases) < count:
            town = chance.choice(towns)
            meant = fold_name(town.name)
            if len(meant) < _SHORTEST_MISSPELT:
                continue
            text = meant
            for _ in range(edits):
                text = _edited(text, chance)
            if text in seen or fold_name(text) != text or _is_name(database, text):
                continue
            seen.add(text)
            places_of_it = _positions(database, meant)
            cases.append(
                {"text": text.title(), "country": town.country, "meant": meant, "places": places_of_it}
            )
        drawn[label] = cases
    return drawn


def _draw_nothing(database: sqlite3.Connection, count: int) -> list[str]:
    """Words of three or four syllables that no place is called."""
    chance = random.Random(SEED + 3)

    def word() -> str:
        syllables = chance.randint(3, 4)
        return "".join(
            chance.choice("bcdfghklmnprstvz")
            + chance.choice("aeiou")
            + chance.choice(["", "l", "n", "s", "x"])
            for _ in range(syllables)
        ).title()

    words = _distinct(word, 2 * count + 20)
    return [word for word in words if not _is_name(database, word.lower())][:count]


def _draw_points(places: Sequence[BasePlace], count: int) -> dict[str, list[tuple[float, float]]]:
    """Points as (latitude, longitude): about settlements, and anywhere on the globe, of which 7 in 10 are at sea."""
    chance = random.Random(SEED + 4)
    towns = settlements(places)

    def about() -> tuple[float, float]:
        town = chance.choice(towns)
        lat = min(max(town.lat + chance.gauss(0, 0.1), -90.0), 90.0)
        lon = min(max(town.lon + chance.gauss(0, 0.1), -180.0), 180.0)
        return round(lat, 5), round(lon, 5)

    def anywhere() -> tuple[float, float]:
        lat = math.degrees(math.asin(chance.uniform(-1, 1)))
        return round(lat, 5), round(chance.uniform(-180, 180), 5)

    return {
        "about settlements": [about() for _ in range(count)],
        "anywhere": [anywhere() for _ in range(max(count // 5, 10))],
    }


def dump_rows(count: int) -> Iterator[str]:
    """Rows of a table as GeoNames offers it, made up, about places of the base tables.

    Of the main names 3 in 10 are names of the base tables, the rest made of the halves of two, so that most names
    have one place and some have many. The shares of the features and of other names are about those of GeoNames.
    """
    chance = random.Random(SEED + 5)
    with closing(sqlite3.connect(f"{BASE.as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        known = database.execute(
            "SELECT name, country, lon, lat FROM place WHERE country IS NOT NULL AND key % 7 = 0 ORDER BY key"
        ).fetchall()
        codes: dict[str, list[str]] = defaultdict(list)
        for (code,) in database.execute("SELECT code FROM admin1 ORDER BY code"):
            country, _, division = code.partition(".")
            codes[country].append(division)
    features = ("P.PPL", "P.PPLL", "H.STM", "H.LK", "T.HLL", "T.MT", "S.SCH", "S.HTL", "L.LCTY", "A.ADM4")
    weights = (40, 3, 14, 3, 8, 6, 10, 6, 6, 4)
    kinds = chance.choices(features, weights, k=count)
    for number, kind in enumerate(kinds):
        name, country, lon, lat = chance.choice(known)
        if chance.random() > 0.3:
            name = _halves(name, chance.choice(known)[0])
        others = ",".join(
            _halves(name, chance.choice(known)[0]).replace(",", " ")
            for _ in range(chance.choice((0, 0, 1, 2, 4)))
        )
        feature_class, _, feature = kind.partition(".")
        division = chance.choice(codes[country]) if codes[country] else ""
        # Ids beyond those of GeoNames, so that no place of the base tables is meant.
        columns = (
            20_000_000 + number, name, fold_name(name), others,
            f"{lat / _DEGREE + chance.uniform(-0.2, 0.2) * (abs(lat) < 89 * _DEGREE):.5f}",
            f"{lon / _DEGREE + chance.uniform(-0.2, 0.2) * (abs(lon) < 179 * _DEGREE):.5f}",
            feature_class, feature, country, "", division, "", "", "",
            chance.choice((0, 0, 0, 120, 2_500)) if feature_class == "P" else 0,
            "", "", "", "2024-01-01",
        )  # fmt: skip
        yield "\t".join(map(str, columns)) + "\n"


def _distinct(make: Callable[[], str], count: int) -> list[str]:
    """So many distinct texts, in the order made."""
    made: dict[str, None] = {}
    while len(made) < count:
        made[make()] = None
    return list(made)


def _halves(one: str, other: str) -> str:
    return one[: (len(one) + 1) // 2] + other[len(other) // 2 :].lower()


def _edited(word: str, chance: random.Random) -> str:
    """A word with one letter left out, put in, changed, or swapped with the next."""
    at = chance.randrange(1, len(word) - 1)  # first letters are seldom wrong
    match chance.randrange(4):
        case 0:
            return word[:at] + word[at + 1 :]
        case 1:
            return word[:at] + chance.choice(_LETTERS) + word[at:]
        case 2:
            return word[:at] + chance.choice(_LETTERS) + word[at + 1 :]
        case _:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _is_name(database: sqlite3.Connection, fold: str) -> bool:
    return database.execute("SELECT 1 FROM name WHERE fold = ?", (fold,)).fetchone() is not None


def _positions(database: sqlite3.Connection, fold: str) -> list[tuple[float, float]]:
    rows = database.execute(
        "SELECT p.lon, p.lat FROM name n JOIN place p ON p.key = n.place WHERE n.fold = ? ORDER BY p.key",
        (fold,),
    )
    return [(lon / _DEGREE, lat / _DEGREE) for lon, lat in rows]
