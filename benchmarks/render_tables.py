"""The figures of `render.py` as Markdown."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tables import cell, describe_run, table_of

Figures = dict[str, Any]
Row = Sequence[str]

OURS: Final = "geomap"
MAKERS: Final = {
    OURS: "geomap",
    "folium_marker": "folium `Marker`",
    "folium_circle_marker": "folium `CircleMarker`",
    "folium_geojson": "folium `GeoJson`",
    "folium_fast_marker_cluster": "folium `FastMarkerCluster`",
    "folium_timestamped_geojson": "folium `TimestampedGeoJson`",
    "folium_timeline": "folium `Timeline`",
    "geopandas_explore": "geopandas `explore`",
    "pydeck": "pydeck",
    "plotly_scatter_map": "plotly `scatter_map`",
}

_COLUMNS: Final[Sequence[tuple[str, str, int]]] = (
    ("build, s", "build_s", 2),
    ("build, MiB at most", "build_peak_mib", 0),
    ("HTML, MiB", "html_mib", 2),
    ("requests", "requests", 0),
    ("interactive, s", "interactive_s", 2),
    ("longest task, ms", "longest_task_ms", 0),
    ("renderer, MiB", "renderer_mib", 0),
    ("heap, MiB", "heap_mib", 0),
    ("pan, worst frame, ms", "pan_ms", 0),
    ("zoom, worst frame, ms", "zoom_ms", 0),
    ("filter, ms", "filter_ms", 0),
)
_INTERACTIVE: Final = [name for _, name, _ in _COLUMNS].index("interactive_s")
_CUT: Final = {"interactive": "interactive_s", "pan": "pan_ms", "zoom": "zoom_ms", "filter": "filter_ms"}
GROWING: Final[Mapping[str, tuple[str, int]]] = {
    "build_s": ("build, s", 2),
    "build_peak_mib": ("build, MiB at most", 1),
    "html_mib": ("HTML, MiB", 1),
    "interactive_s": ("interactive, s", 2),
    "renderer_mib": ("renderer, MiB", 1),
    "scrub_ms": ("window, ms", 1),
    "filter_ms": ("filter, ms", 1),
}
"""What is told of how ours grows, with its heading and its digits."""
_RATIOS: Final = ("build_s", "build_peak_mib", "html_mib", "interactive_s", "renderer_mib", "heap_mib")


def show(record: Figures) -> str:
    """All tables of a run, each under its heading."""
    results = record["results"]
    times = record["plan"]["repeat"]
    parts = [f"{describe_run(record)}\nEach {times} times, in turns; medians."]
    for size, found in results["cells"].items():
        parts.append(f"### One page of {int(size):,} events\n\n{_measured(found)}")
        if scrubbed := _scrubbed(found):
            parts.append(f"Sixty windows of 30 days:\n\n{scrubbed}")
        if ratios := _ratios(found):
            parts.append(f"Ours by theirs; below 1 is better:\n\n{ratios}")
    parts.append(f"### Growth of `geomap build` and of its page\n\n{_growth(results)}")
    if results["starts"]:
        parts.append(f"### What of each build is the start of its process\n\n{_starts(results['starts'])}")
    if results["failed"]:
        parts.append("failed: " + "; ".join(results["failed"]))
    return "\n\n".join(parts) + "\n"


def _measured(found: Mapping[str, Figures]) -> str:
    rows = []
    for maker, figures in found.items():
        if reason := figures.get("not_measured"):
            rows.append((MAKERS[maker], reason, *[""] * (len(_COLUMNS) - 1)))
            continue
        cut = {_CUT[name]: reason for name, reason in figures["reasons"].items() if name in _CUT}
        shown = [cut.get(name, "") or _median(figures, name, digits) for _, name, digits in _COLUMNS]
        if mark := figures.get("mark_s"):
            shown[_INTERACTIVE] += f" (own mark {mark['median']:.2f})"
        if said := figures.get("said"):
            shown[0] = f"{shown[0]} {said}".strip()
        rows.append((MAKERS[maker], *shown))
    return table_of(("page", *(label for label, _, _ in _COLUMNS)), rows)


def _scrubbed(found: Mapping[str, Figures]) -> str:
    rows = []
    for maker, figures in found.items():
        if reason := figures.get("reasons", {}).get("scrub"):
            rows.append((MAKERS[maker], reason, "", "", ""))
        elif steps := figures.get("scrub_ms"):
            shown = (
                cell(steps["n"]),
                cell(steps["median"], 1),
                cell(steps["p95"], 1),
                cell(figures["fps"], 1),
            )
            rows.append((MAKERS[maker], *shown))
    return table_of(("page", "steps", "step, ms", "95 %, ms", "steps a second"), rows) if rows else ""


def _ratios(found: Mapping[str, Figures]) -> str:
    ours = found.get(OURS, {})
    rows = [
        (
            MAKERS[maker],
            *(
                f"{ours[name]['median'] / figures[name]['median']:.3g}"
                if name in ours and name in figures
                else ""
                for name in _RATIOS
            ),
        )
        for maker, figures in found.items()
        if maker != OURS and "build_s" in figures
    ]
    labels = {name: label for label, name, _ in _COLUMNS}
    head = ("page", *(labels[name] for name in _RATIOS))
    return table_of(head, rows) if rows and "build_s" in ours else ""


def _growth(results: Figures) -> str:
    rows: list[Row] = [
        (f"{int(size):,}", *(_median(found[OURS], name, digits) for name, (_, digits) in GROWING.items()))
        for size, found in results["cells"].items()
        if "build_s" in found.get(OURS, {})
    ]
    fits = [results["growth"].get(name) for name in GROWING]
    rows.append(
        (
            "grows with the power of",
            *(
                f"{fit['exponent']:.2f} over {', '.join(f'{size:,}' for size in fit['over'])}"
                if fit
                else "less than that of size: too flat to fit"
                for fit in fits
            ),
        )
    )
    return table_of(("events", *(label for label, _ in GROWING.values())), rows)


def _starts(starts: Mapping[str, Figures]) -> str:
    return table_of(
        ("page", "s"), [(MAKERS[maker], cell(taken["median"], 2)) for maker, taken in starts.items()]
    )


def _median(figures: Figures, name: str, digits: int) -> str:
    found = figures.get(name)
    return cell(found["median"], digits) if found else ""
