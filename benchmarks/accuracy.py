"""Answers against gold corpora: how far off, how honest about it, and whether a score means what it says.

Distances are great-circle ones on a sphere of 6,371 km, as the literature measures them.
"""

import hashlib
import importlib
import json
import math
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import cases

BINS: Final = 10
RIGHT_KM: Final = 25.0
FAR_KM: Final = 161.0
"""100 miles, within which the literature takes a toponym for resolved."""

NEAR_KM: Final = 20.0
HELD_OUT: Final = 5
"""One document in five, by the SHA-256 of its id, at whose dates nobody looks one by one."""

_LOCATIONAL: Final = frozenset(
    {
        "literal", "literal_modifier", "mixed", "coercion", "embedded_literal",
        "metonymic", "non_literal_modifier", "embedded_non_lit",
    }
)  # fmt: skip
"""The kinds of marks of GeoWebNews (Gritta et al. 2020) that stand for a place."""
_NOWHERE_KM: Final = 20_037.0
"""Half the way round the globe: as far off as a place can be that is not given."""

_POINTS: Final = (1, 2)  # codes of UCDP for an exact place and for near one


class Said(NamedTuple):
    """The score of a best candidate, whether it is right, and whether it lies within 25 km."""

    score: float
    is_right: bool
    is_close: bool


def great_circle_km(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Kilometres between two positions, each (lon, lat) in degrees, EPSG:4326."""
    lon_1, lat_1, lon_2, lat_2 = map(math.radians, (*one, *other))
    chord = (
        math.sin((lat_2 - lat_1) / 2) ** 2
        + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    )
    return 12_742.0 * math.asin(min(1.0, math.sqrt(chord)))


def score_descriptions(
    gold: Sequence[Mapping[str, Any]], answers: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Score places answered to descriptions.

    Parameters
    ----------
    gold
        Records with `id`, `lon`, `lat`, `where_prec`.
    answers
        By id as text: `lon`, `lat` (None where nothing is answered), `radius_m`, `score`.

    Returns
    -------
    figures
        Percentages: `answered_pct`; of all `within_10_km_pct`, `…25…`, `…100…`; of those answered
        `answered_within_25_km_pct`, `…100…`, and `honest_pct`, the gold point lying inside the radius stated and
        1 km more. `median_km` of those answered; `radius_median_km`, `radius_p90_km` of the radii stated.
        `reliability` of the scores, of all and of `points` (gold that is a place or near one); of wider gold
        the answer is right where its radius reaches the gold point.
    """
    away: list[float] = []
    radii: list[float] = []
    honest = 0
    said: list[Said] = []
    said_of_points: list[Said] = []
    for record in gold:
        answer = answers.get(str(record["id"]), {})
        if answer.get("lon") is None:
            continue
        km = great_circle_km((record["lon"], record["lat"]), (answer["lon"], answer["lat"]))
        away.append(km)
        is_point, is_inside = record.get("where_prec") in _POINTS, False
        if answer.get("radius_m") is not None:
            radii.append(answer["radius_m"] / 1000)
            is_inside = km <= radii[-1] + 1
            honest += is_inside
        if answer.get("score") is not None:
            is_close = km <= RIGHT_KM
            said.append(Said(answer["score"], is_close or (is_inside and not is_point), is_close))
            if is_point:
                said_of_points.append(said[-1])
    figures: dict[str, Any] = {"n": len(gold), "answered_pct": _pct(len(away), len(gold))}
    for limit in (10, 25, 100):
        figures[f"within_{limit}_km_pct"] = _pct(sum(km <= limit for km in away), len(gold))
    for limit in (25, 100):
        figures[f"answered_within_{limit}_km_pct"] = _pct(sum(km <= limit for km in away), len(away))
    return figures | {
        "median_km": _median(away),
        "honest_pct": _pct(honest, len(away)),
        "radius_median_km": _median(radii),
        "radius_p90_km": round(sorted(radii)[int(0.9 * (len(radii) - 1))], 1) if radii else None,
        "reliability": reliability(said),
        "reliability_of_points": reliability(said_of_points),
    }


def score_toponyms(
    gold: Sequence[Mapping[str, Any]], answers: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Score the places given to spans that were handed over.

    Parameters
    ----------
    gold
        Documents with `id` and `toponyms`; of these, the ones with coordinates count.
    answers
        By id as text: `toponyms` with `start`, `end`, `lon`, `lat`, `geonameid`, `score`.

    Returns
    -------
    figures
        `e2e161_pct`: placed within 161 km, of all; `id_pct`: of those with a GeoNames id, given that id; a span
        without an answer is wrong in both. `answered_pct`, `median_km` of those answered; `reliability`, where the
        same id or a place within 25 km is right.
    """
    n = with_id = same_id = 0
    away: list[float] = []
    said: list[Said] = []
    for document in gold:
        found = {
            (answer["start"], answer["end"]): answer
            for answer in answers.get(str(document["id"]), {}).get("toponyms") or []
        }
        for mark in document["toponyms"]:
            if mark["lat"] is None:
                continue
            answer = found.get((mark["start"], mark["end"]), {})
            n += 1
            is_same = False
            if mark.get("geonameid"):
                with_id += 1
                is_same = str(answer.get("geonameid")) == str(mark["geonameid"])
                same_id += is_same
            if answer.get("lon") is None:
                continue
            away.append(great_circle_km((mark["lon"], mark["lat"]), (answer["lon"], answer["lat"])))
            if answer.get("score") is not None:
                is_close = away[-1] <= RIGHT_KM
                said.append(Said(answer["score"], is_close or is_same, is_close))
    return {
        "n": n,
        "answered_pct": _pct(len(away), n),
        "e2e161_pct": _pct(sum(km <= FAR_KM for km in away), n),
        "id_pct": _pct(same_id, with_id),
        "median_km": _median(away),
        "reliability": reliability(said),
    }


def score_recognition(
    gold: Sequence[Mapping[str, Any]], answers: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Score toponyms found in texts and the places given to them, together.

    Parameters
    ----------
    gold
        Documents with `id` and `toponyms`; the marks of a kind that stands for a place and that have coordinates
        are asked for. What is found on any other mark is neither right nor wrong.
    answers
        By id as text: `toponyms` with `start`, `end`, `lon`, `lat`, `geonameid`. Of those that overlap one
        another the first counts, of two that begin together the longer one.

    Returns
    -------
    figures
        `gold`, `found`: how many. `exact`, `overlap`: `p`, `r`, `f1` in percent, of equal and of overlapping spans,
        each span used once. `e2e161_pct`, `e2e20_pct`: of all asked for, found by overlap and placed within 161 km
        and 20 km. `id_pct`: of those with a GeoNames id, found by overlap and given that id. `median_km` of those
        found, a place that is not given as half the way round the globe.
    """
    asked = predicted = exact = with_id = same_id = 0
    away: list[float] = []
    for document in gold:
        marks = [mark for mark in document["toponyms"] if _is_asked(mark)]
        aside = [mark for mark in document["toponyms"] if not _is_asked(mark)]
        found = [
            answer
            for answer in without_overlaps(answers.get(str(document["id"]), {}).get("toponyms") or [])
            if _touches(answer, marks) or not _touches(answer, aside)
        ]
        asked += len(marks)
        predicted += len(found)
        spans = {(answer["start"], answer["end"]) for answer in found}
        exact += len(spans & {(mark["start"], mark["end"]) for mark in marks})
        with_id += sum(bool(mark.get("geonameid")) for mark in marks)
        for mark, answer in _matched(marks, found):
            is_same = str(answer.get("geonameid")) == str(mark["geonameid"])
            same_id += bool(mark.get("geonameid")) and is_same
            is_placed = answer.get("lon") is not None and answer.get("lat") is not None
            here = (mark["lon"], mark["lat"])
            away.append(great_circle_km(here, (answer["lon"], answer["lat"])) if is_placed else _NOWHERE_KM)
    return {
        "gold": asked,
        "found": predicted,
        "exact": _agreement(exact, predicted, asked),
        "overlap": _agreement(len(away), predicted, asked),
        "e2e161_pct": _pct(sum(km <= FAR_KM for km in away), asked),
        "e2e20_pct": _pct(sum(km <= NEAR_KM for km in away), asked),
        "id_pct": _pct(same_id, with_id),
        "median_km": _median(away),
    }


def score_dates(
    gold: Sequence[Mapping[str, Any]], answers: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Score dates found in texts.

    Parameters
    ----------
    gold
        Documents with `id` and `dates`; marks of type DATE that have a `first` day are asked for.
    answers
        By id as text: `dates` with `start`, `end`, `first`, `last`; those without any day say nothing.

    Returns
    -------
    figures
        `gold`: how many are asked for. `found_pct`: of these, those that an answer overlaps. `right_pct`: those of
        which such an answer has both days. `spurious`: answers with a first day that no mark of any type overlaps.
    """
    asked = found = right = spurious = 0
    for document in gold:
        told = without_overlaps(
            [
                answer
                for answer in answers.get(str(document["id"]), {}).get("dates") or []
                if answer.get("first") or answer.get("last")
            ]
        )
        for mark in document["dates"]:
            if mark["type"] != "DATE" or not mark["first"]:
                continue
            there = [answer for answer in told if _shared(mark, answer) > 0]
            days = (mark["first"], mark["last"])
            asked += 1
            found += bool(there)
            right += any((answer.get("first"), answer.get("last")) == days for answer in there)
        spurious += sum(bool(one.get("first")) and not _touches(one, document["dates"]) for one in told)
    return {
        "documents": len(gold),
        "gold": asked,
        "found_pct": _pct(found, asked),
        "right_pct": _pct(right, asked),
        "spurious": spurious,
    }


def without_overlaps(answers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Answers by `start`, without those that begin before the end of another one; longer ones first."""
    kept: list[Mapping[str, Any]] = []
    for answer in sorted(answers, key=lambda answer: (answer["start"], -answer["end"])):
        if not kept or answer["start"] >= kept[-1]["end"]:
            kept.append(answer)
    return kept


def is_held_out(name: str) -> bool:
    """Whether a document, by its id, belongs to the fifth that is only scored as a whole."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % HELD_OUT == 0


def _is_asked(mark: Mapping[str, Any]) -> bool:
    return mark["kind"] in _LOCATIONAL and mark["lat"] is not None


def _shared(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """How many code points two spans share; 0 or less where they do not overlap."""
    return int(min(one["end"], other["end"]) - max(one["start"], other["start"]))


def _touches(answer: Mapping[str, Any], marks: Sequence[Mapping[str, Any]]) -> bool:
    return any(_shared(answer, mark) > 0 for mark in marks)


def _matched(
    marks: Sequence[Mapping[str, Any]], answers: Sequence[Mapping[str, Any]]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Each mark in turn with the answer, not yet taken, that shares the most with it."""
    free, pairs = list(answers), []
    for mark in marks:
        best = max(free, key=lambda answer: _shared(mark, answer), default=None)
        if best is not None and _shared(mark, best) > 0:
            free.remove(best)
            pairs.append((mark, best))
    return pairs


def _agreement(hits: int, found: int, asked: int) -> dict[str, float]:
    """Precision, recall and their harmonic mean, in percent; 0 where nothing is found or asked for."""
    p, r = (hits / whole if whole else 0.0 for whole in (found, asked))
    shares = {"p": p, "r": r, "f1": 2 * p * r / (p + r) if p + r else 0.0}
    return {name: round(100 * share, 1) for name, share in shares.items()}


def reliability(said: Sequence[Said]) -> dict[str, Any]:
    """Whether a score of 0.7 is right in 7 of 10.

    Parameters
    ----------
    said
        The score of each best candidate, and what became of it.

    Returns
    -------
    table
        `bins`: ten of equal width, each with `from`, `to`, `n`, `mean_score`, `right_pct`, `close_pct`; empty ones
        have None. `ece`: the expected calibration error, the mean gap between score and share of right ones,
        weighed by n (Naeini et al. 2015); `ece_close` the same where close ones count. None where nothing is said.
    """
    bins: list[dict[str, Any]] = []
    gap = gap_close = 0.0
    for number in range(BINS):
        held = [one for one in said if min(int(one.score * BINS), BINS - 1) == number]
        bins.append({"from": number / BINS, "to": (number + 1) / BINS, "n": len(held)})
        if not held:
            bins[-1] |= dict.fromkeys(("mean_score", "right_pct", "close_pct"))
            continue
        mean = statistics.fmean(one.score for one in held)
        right = statistics.fmean(one.is_right for one in held)
        close = statistics.fmean(one.is_close for one in held)
        gap += len(held) * abs(mean - right)
        gap_close += len(held) * abs(mean - close)
        bins[-1] |= {
            "mean_score": round(mean, 3),
            "right_pct": round(100 * right, 1),
            "close_pct": round(100 * close, 1),
        }
    return {
        "n": len(said),
        "bins": bins,
        "ece": round(gap / len(said), 3) if said else None,
        "ece_close": round(gap_close / len(said), 3) if said else None,
    }


# Steps of a run; each is a process of its own, so that no corpus weighs on what is measured


def ask_descriptions(folder: Path, *, gold: str, most: int | None) -> dict[str, Any]:
    """Write the questions of a corpus of descriptions, without its answers."""
    records = _read(Path(gold))[:most]
    _write(
        folder / "asked.jsonl",
        [{key: record.get(key) for key in ("id", "text", "country")} for record in records],
    )
    return {"n": len(records)}


def ask_toponyms(folder: Path, *, gold: str, most: int | None) -> dict[str, Any]:
    """Write the documents of a corpus with its spans, without where they are."""
    documents = _read(Path(gold))[:most]
    asked = [
        {key: document.get(key) for key in ("id", "text", "published")}
        | {
            "toponyms": [
                {key: mark[key] for key in ("start", "end", "text")} for mark in document["toponyms"]
            ]
        }
        for document in documents
    ]
    _write(folder / "asked.jsonl", asked)
    return {"n": sum(len(document["toponyms"]) for document in asked)}


def score_answers(folder: Path, *, gold: str, most: int | None) -> dict[str, Any]:
    """Score what `answers.jsonl` says."""
    answers = {str(record["id"]): record for record in _read(folder / "answers.jsonl")}
    records = _read(Path(gold))[:most]
    score = score_toponyms if "toponyms" in records[0] else score_descriptions
    return score(records, answers)


def cross_validate(folder: Path, *, gold: Sequence[str], folds: int) -> dict[str, Any]:
    """Figures of toponyms each resolved by weights that were learned without its document.

    Also `learned_from`: the corpora that the weights carried by geomap were learned from.
    """
    del folder
    sys.path.insert(0, str(cases.ROOT / "gazetteer" / "build"))
    train_weights = importlib.import_module("train_weights")
    from geomap.gazetteer import read_gazetteer

    store = read_gazetteer().store
    corpora = {Path(path).stem: train_weights.read_documents(Path(path)) for path in gold}
    figures: dict[str, Any] = {}
    for name, documents in corpora.items():
        others = [document for other, known in corpora.items() if other != name for document in known]
        found = train_weights.cross_validate(store, documents, others, folds)
        figures[name] = {"n": found["n"], "e2e161_pct": found["within_161_km"], "id_pct": found["id"]}
    learned_from = json.loads(train_weights.WEIGHTS.read_bytes()).get("learned_from", [])
    return {"folds": folds, "corpora": figures, "learned_from": learned_from}


def ask_texts(folder: Path, *, gold: str, most: int | None) -> dict[str, Any]:
    """Write the documents of a corpus without any mark."""
    documents = _read(Path(gold))[:most]
    asked = [{key: document.get(key) for key in ("id", "text", "published")} for document in documents]
    _write(folder / "asked.jsonl", asked)
    return {"n": len(asked), "characters": sum(len(document["text"]) for document in documents)}


def score_tagged(folder: Path, *, gold: str, most: int | None) -> dict[str, Any]:
    """Score what `answers.jsonl` says: toponyms, or of a corpus of dates all of them and the fifth held out."""
    answers = {str(record["id"]): record for record in _read(folder / "answers.jsonl")}
    records = _read(Path(gold))[:most]
    if "toponyms" in records[0]:
        return score_recognition(records, answers)
    held_out = [record for record in records if is_held_out(str(record["id"]))]
    return {"all": score_dates(records, answers), "held_out": score_dates(held_out, answers)}


def validate_tagging(
    folder: Path, *, gold: Sequence[str], alone: Sequence[str], folds: int
) -> dict[str, Any]:
    """Figures of documents each read with weights, those of linking too, that were learned without it.

    Of a corpus named in `alone` no document is learned from; of the others, those of the other folds.
    """
    del folder
    sys.path.insert(0, str(cases.ROOT / "gazetteer" / "build"))
    train = importlib.import_module("train_toponyms")
    from geomap.gazetteer import read_gazetteer

    data = read_gazetteer()
    own = train.read_sentences(train.SENTENCES)
    corpora = {Path(path).stem: train.read_corpus(Path(path)) for path in gold}
    learner = train.Learner(data, [d for documents in corpora.values() for d in documents] + own)
    figures: dict[str, Any] = {}
    for name, documents in corpora.items():
        others = [d for other, known in corpora.items() if other != name for d in known] + own
        parts = 1 if name in alone else folds
        found = train.cross_validate(data, learner, documents, others, parts, ())
        figures[name] = {
            "folds": parts,
            "exact": dict(zip(("p", "r", "f1"), found["exact"], strict=True)),
            "overlap": dict(zip(("p", "r", "f1"), found["overlap"], strict=True)),
            "e2e161_pct": found["e2e161"],
            "e2e20_pct": found["e2e20"],
        }
    return figures


def score_dispatches(folder: Path) -> dict[str, Any]:
    """How the dispatches of the tests are drafted: those whose faults were looked at, and the others."""
    del folder
    sys.path.insert(0, str(cases.ROOT / "tests" / "accuracy"))
    dispatches = importlib.import_module("test_dispatches")
    figures: dict[str, Any] = {}
    for name, wanted in (("looked_at", (True,)), ("only_scored", (False,)), ("all", (True, False))):
        chosen = [one for one in dispatches.ENGLISH if dispatches.seen(one) in wanted]
        tally = dispatches.sum_up(dispatches.tally(one.id) for one in chosen)
        figures[name] = {"dispatches": len(chosen)} | tally.figures()
    return figures


TASKS: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    function.__name__: function
    for function in (
        ask_descriptions, ask_toponyms, score_answers, cross_validate,
        ask_texts, score_tagged, validate_tagging, score_dispatches,
    )
}  # fmt: skip


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines() if line.strip()]


def _write(path: Path, records: Sequence[Mapping[str, Any]]) -> None:
    lines = [json.dumps(record, ensure_ascii=False) + "\n" for record in records]
    path.write_text("".join(lines), encoding="utf-8")


def _pct(part: float, whole: float) -> float | None:
    return round(100 * part / whole, 1) if whole else None


def _median(values: Sequence[float]) -> float | None:
    return round(statistics.median(values), 1) if values else None
