"""What is measured in a process of its own: python benchmarks/probes.py NAME FOLDER OPTIONS; the result as JSON."""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

import cases
from folding import fold_name

Points = list[tuple[float, float]]
Answer = TypeVar("Answer")


def draw(folder: Path, **sizes: int) -> dict[str, Any]:
    """Draw what is asked in a run."""
    cases.draw(folder, cases.Sizes(**sizes))
    return {}


def write_dump(folder: Path, *, rows: int) -> dict[str, Any]:
    """Write a made-up table of GeoNames."""
    path = folder / "dump.txt"
    with path.open("w", encoding="utf-8") as stream:
        stream.writelines(cases.dump_rows(rows))
    return {"bytes": path.stat().st_size}


def exact(folder: Path, *, count: int, limit: int | None = None) -> dict[str, Any]:
    """Names as written, each once, after others: warm, and nothing remembered of any of them."""
    from geomap.gazetteer import read_gazetteer

    names = cases.read(folder, "names")
    resolver = read_gazetteer().resolver
    return _rate(
        lambda name: resolver.candidates(name, limit=limit), names["warm"], names["asked"][:count]
    ) | {"memory_mib": _memory_mib()}


def through_geopy(folder: Path, *, count: int) -> dict[str, Any]:
    """The same names through geomap's face as a geocoder of geopy."""
    from geomap import Gazetteer

    names = cases.read(folder, "names")
    gazetteer = Gazetteer()
    rate = _rate(gazetteer.geocode, names["warm"], names["asked"][:count])
    return rate | {"memory_mib": _memory_mib()}


def relations(folder: Path) -> dict[str, Any]:
    """Descriptions of each kind."""
    from geomap.gazetteer import read_gazetteer

    resolver = read_gazetteer().resolver
    kinds = {
        kind: _rate(resolver.candidates, texts["warm"], texts["asked"])
        for kind, texts in cases.read(folder, "relations").items()
    }
    count, seconds = (sum(kind[key] for kind in kinds.values()) for key in ("n", "seconds"))
    answered = sum(kind["n"] * kind["answered_pct"] for kind in kinds.values()) / count
    return {
        "n": count,
        "per_s": count / seconds,
        "seconds": seconds,
        "answered_pct": answered,
        "kinds": kinds,
    }


def fuzzy(folder: Path) -> dict[str, Any]:
    """Misspelt names and words that are no names, and what is suggested for them."""
    from geomap.gazetteer import read_gazetteer

    resolver = read_gazetteer().resolver
    misspelt, nothing = cases.read(folder, "misspelt"), cases.read(folder, "nothing")
    warm = [name + "zq" for name in cases.read(folder, "names")["warm"][:10]]

    def ask(text: str, country: str | None = None) -> Points:
        found = resolver.candidates(text, country=country)
        return [(item.place.position.lon, item.place.position.lat) for item in found]

    for text in warm:
        resolver.candidates(text)
        resolver.suggestions(text)
    result = {}
    for label, items in misspelt.items():
        result[label] = _answers(lambda item: ask(item["text"]), items)
        result[f"{label}, country known"] = _answers(lambda item: ask(item["text"], item["country"]), items)
    result["no name"] = _slowness(resolver.candidates, nothing)
    asked = [item for items in misspelt.values() for item in items]
    given: list[list[str]] = []
    result["suggestions"] = _slowness(lambda item: _kept(given, resolver.suggestions(item["text"])), asked)
    right = sum(item["meant"] in map(fold_name, names) for item, names in zip(asked, given, strict=True))
    result["suggestions"]["any_pct"] = 100 * right / len(asked)
    return result


def reverse(folder: Path) -> dict[str, Any]:
    """Positions to the settlements nearest to them; the first call, which reads all settlements, apart."""
    from geomap import Gazetteer

    points = cases.read(folder, "points")
    began = time.perf_counter()
    gazetteer = Gazetteer()
    opened = time.perf_counter()
    gazetteer.reverse((53.9, 27.56))
    ready = time.perf_counter()
    rates = {kind: _rate(gazetteer.reverse, [], asked) for kind, asked in points.items()}
    return {
        "open_s": opened - began,
        "first_call_s": ready - opened,
        "kinds": rates,
        "memory_mib": _memory_mib(),
    }


def peer_table(folder: Path, *, every: int) -> dict[str, Any]:
    """Write the table that the peers look in."""
    import peers

    return {"names": peers.write_table(folder / "peers.sqlite", every)}


def peer_exact(folder: Path, *, peer: str, count: int, fuzzy: int = 0) -> dict[str, Any]:
    """The names that `exact` asks, asked of a peer; then so many of each that `fuzzy` asks."""
    import peers

    began = time.perf_counter()
    look_up = peers.PEERS[peer](folder / "peers.sqlite")
    opened = time.perf_counter()

    def ask(item: dict[str, Any]) -> Points:
        found = look_up(item["text"])
        return [found] if found else []

    names = cases.read(folder, "names")
    warm = names["warm"] if peer not in peers.SLOW else names["warm"][:1]
    result = _rate(look_up, warm, names["asked"][:count])
    result |= {"open_s": opened - began, "memory_mib": _memory_mib()}
    if fuzzy:
        misspelt = cases.read(folder, "misspelt")
        result["fuzzy"] = {label: _answers(ask, items[:fuzzy]) for label, items in misspelt.items()}
        result["fuzzy"]["no name"] = _slowness(look_up, cases.read(folder, "nothing")[:fuzzy])
    return result


def accuracy(folder: Path, *, task: str, **options: Any) -> dict[str, Any]:
    """A step of scoring against gold corpora, see `accuracy`."""
    import accuracy as scoring

    return scoring.TASKS[task](folder, **options)


def _rate(ask: Callable[[Any], Any], warm: Iterable[Any], asked: Sequence[Any]) -> dict[str, Any]:
    """Questions a second, by the clock and by the processor's time, and how many had an answer."""
    for question in warm:
        ask(question)
    answered, worst = 0, 0.0
    cpu, began = time.process_time(), time.perf_counter()
    last = began
    for question in asked:
        answered += bool(ask(question))
        now = time.perf_counter()
        if now - last > worst:
            worst = now - last
        last = now
    seconds, cpu_s = last - began, time.process_time() - cpu
    return {
        "n": len(asked),
        "seconds": seconds,
        "per_s": len(asked) / seconds,
        "per_cpu_s": len(asked) / max(cpu_s, 1e-9),
        "worst_ms": worst * 1000,
        "answered_pct": 100 * answered / len(asked),
    }


def _slowness(ask: Callable[[Any], Any], asked: Sequence[Any]) -> dict[str, Any]:
    """The milliseconds that questions take: mean, 95th percentile, worst."""
    taken, answered = [], 0
    for question in asked:
        began = time.perf_counter()
        answered += bool(ask(question))
        taken.append((time.perf_counter() - began) * 1000)
    taken.sort()
    return {
        "n": len(asked),
        "mean_ms": sum(taken) / len(taken),
        "p95_ms": taken[int(0.95 * (len(taken) - 1))],
        "worst_ms": taken[-1],
        "per_s": 1000 * len(taken) / sum(taken),
        "answered_pct": 100 * answered / len(asked),
    }


def _answers(ask: Callable[[dict[str, Any]], Points], items: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How slow the answers to misspelt names are, and how many are a place of the name that was meant.

    `best_pct`: the first answer lies within 25 km of one; `any_pct`: any of them does.
    """
    from accuracy import RIGHT_KM, great_circle_km

    given: list[Points] = []
    taken = _slowness(lambda item: _kept(given, ask(item)), items)

    def is_meant(answer: tuple[float, float], item: dict[str, Any]) -> bool:
        return any(great_circle_km(answer, tuple(place)) <= RIGHT_KM for place in item["places"])

    pairs = list(zip(given, items, strict=True))
    best = sum(bool(answers) and is_meant(answers[0], item) for answers, item in pairs)
    some = sum(any(is_meant(answer, item) for answer in answers) for answers, item in pairs)
    return taken | {"best_pct": 100 * best / len(items), "any_pct": 100 * some / len(items)}


def _kept(given: list[Answer], answer: Answer) -> Answer:
    given.append(answer)
    return answer


def _memory_mib() -> dict[str, float]:
    """What this process holds now, in MiB: all, and of it what is not a mapped file; empty where /proc is not."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return {}
    fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
    return {
        name: round(int(fields[field].split()[0]) / 1024, 1)
        for name, field in (("all", "VmRSS"), ("own", "RssAnon"))
        if field in fields
    }


PROBES: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    function.__name__: function
    for function in (
        draw, write_dump, exact, through_geopy, relations, fuzzy, reverse, peer_table, peer_exact, accuracy,
    )
}  # fmt: skip


def main() -> None:
    """Run one probe and print what it found."""
    name, folder, options = sys.argv[1:4]
    result = PROBES[name](Path(folder), **json.loads(options))
    sys.stdout.write(json.dumps(result) + os.linesep)


if __name__ == "__main__":
    main()
