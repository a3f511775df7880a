"""A scene as the JSON text of the page's one data island."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np

from geomap.model.vocabulary import Precision, Stance, Status
from geomap.render.links import safe_url
from geomap.render.military import draw_symbols
from geomap.render.packing import pack_column, pack_json, to_json
from geomap.render.read import read_messages
from geomap.scene import Columns, Scene, SceneContext
from geomap.scene.compose import places_text
from geomap.scene.value import SHAPES, PlaceLabel, WaterLabel

STATUSES: Final = tuple(Status)
PRECISIONS: Final = tuple(Precision)

# Events in one block of text: few enough to be opened at once for one of them.
_HEAD_ROWS: Final = 4096
_DETAIL_ROWS: Final = 512

# A published page quotes; the whole text stays with its source.
_LONGEST_QUOTE: Final = 300

_NO_DAY: Final = -(2**31)
_NONE: Final = 2**32 - 1
_EPOCH: Final = date(1970, 1, 1)
_DRAFT, _ONE_OF, _END_OPEN = 1, 2, 4
# How a claimant stands to the event itself.
_VOUCHES, _OPPOSES, _SAYS_OTHER = 1, 2, 3

# 5 decimals are about 1 m: enough for a stretch of border; of what is a degree wide 10 m are enough.
_SHAPE_DECIMALS = 5
_FINE_PARTS, _WIDE_PARTS, _WIDE_DEGREES = 100_000, 10_000, 1.0
# A thousandth of a degree, at most 111 m, is under a pixel up to zoom 9, where the page says it has no more.
_BASEMAP_PARTS: Final = 1000
_GRIDS: Final = (20, 50, 100, 200, 500)
_FAR_PARTS: Final = 20
# How finely the scene simplifies what lies in a window, in steps across it.
_FINE_STEPS: Final = 6_000
_AROUND_STEPS: Final = 2_500

_ESCAPES: Final = {
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    ord("&"): "\\u0026",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def scene_json(scene: Scene) -> str:
    """Give the scene as JSON that cannot leave its `<script>` element: no `<`, `>`, `&`, U+2028, NaN.

    Small parts are plain JSON; large ones are packed, see `packing`. Events and features are columns of
    numbers; what they share (names, sources, places, positions) stands once in a table, and an event's own
    texts in blocks that the page opens when they are needed.
    """
    return to_json(_content(scene)).translate(_ESCAPES)


def _content(scene: Scene) -> dict[str, Any]:
    words = _Words()
    events = _events(scene, words)
    features = _features(scene, words)
    asides = _asides(scene, words)
    return {
        "title": scene.title,
        "subtitle": scene.subtitle,
        "language": scene.language,
        "worldview": scene.worldview,
        "attribution": list(scene.attribution),
        "bbox": list(scene.bbox),
        "centre": list(scene.centre) if scene.centre else None,
        "worldview_note": scene.worldview_note,
        "tiles": scene.tiles,
        "types": [
            {"id": kind.id, "label": kind.label, "colour": kind.colour, "glyph": kind.glyph}
            for kind in scene.types
        ],
        "statuses": [status.value for status in STATUSES],
        "precisions": [precision.value for precision in PRECISIONS],
        "shapes": list(SHAPES),
        "layers": [{"id": layer.id, "title": layer.title, "group": layer.group} for layer in scene.layers],
        "events": events,
        "features": features,
        "asides": asides,
        "contexts": pack_json([_context(context) for context in scene.contexts]),
        "words": {name: pack_json(list(table)) for name, table in words.tables.items()},
        "movements": [
            {
                "event": way.event,
                "from": way.start,
                "to": way.end,
                "label": way.label,
                "country": way.is_country,
            }
            for way in scene.movements
        ],
        "folds": _runs(scene.folds),
        "geometries": pack_json([_stepped(shape, _parts_for(shape)) for shape in scene.geometries]),
        "basemap": pack_json(_basemap(scene)),
        "messages": pack_json(read_messages()),
        "symbols": pack_json(draw_symbols(scene)) if scene.symbols == "app6" else None,
    }


class _Words:
    """Tables of what many events share; a value's number in its table stands for it."""

    def __init__(self) -> None:
        self.tables: dict[str, dict[Any, int]] = {}

    def number(self, table: str, value: Any) -> int:
        """The number of a value, which is added if it is new."""
        known = self.tables.setdefault(table, {})
        return known.setdefault(value, len(known))

    def column(self, table: str, values: Iterable[Any]) -> list[int]:
        """The numbers of some values; None has number 0."""
        self.number(table, None)
        return [self.number(table, value) for value in values]


def _events(scene: Scene, words: _Words) -> dict[str, Any]:
    table = scene.events
    count = len(table["id"])
    types = {kind.id: number for number, kind in enumerate(scene.types)}
    layers: list[list[int]] = [[] for _ in range(count)]
    for number, layer in enumerate(scene.layers):
        for row in layer.events:
            layers[row].append(number)
    for name in ("actor", "claimant", "source"):
        words.tables.setdefault(name, {})
    details = [detail or {} for detail in table["detail"]]
    stances = [_stances(detail, names) for detail, names in zip(details, table["claimants"], strict=True)]
    shared = _Shared(scene)
    actors = [
        [words.number("actor", actor) for actor in zip(names, ids, strict=True)]
        for names, ids in zip(table["actors"], table["actor_ids"], strict=True)
    ]
    heads = {
        "title": table["title"],
        "when": [None if edtf else when for when, edtf in zip(table["when"], table["edtf"], strict=True)],
        "edtf": [
            None if edtf == day else edtf or None
            for edtf, day in zip(table["edtf"], table["t_start"], strict=True)
        ],
        "place": shared.places(table["place"]),
    }
    return {
        "count": count,
        "type": pack_column([types.get(kind, len(types)) for kind in table["type"]], "u2"),
        "subtype": pack_column(words.column("subtype", table["subtype"]), "u2"),
        "status": pack_column([STATUSES.index(Status(status)) for status in table["status"]], "u1"),
        "modality": pack_column(words.column("modality", table["modality"]), "u1"),
        "date_precision": pack_column(words.column("date_precision", table["date_precision"]), "u1"),
        "flags": pack_column(_flags(table), "u1"),
        "first": pack_column([_day_number(day) for day in table["t_start"]], "i4"),
        "last": pack_column([_day_number(day) for day in table["t_end"]], "i4"),
        "n_origins": pack_column([min(number or 0, 65535) for number in table["n_origins"]], "u2"),
        "actors": _lists(actors),
        "claimants": _lists([[words.number("claimant", name) for name in standing] for standing in stances]),
        "stances": pack_column([stance for standing in stances for stance in standing.values()], "u1"),
        "sources": _lists([[words.number("source", key) for key in ids] for ids in table["sources"]]),
        "layers": _lists(layers),
        "ids": pack_json(list(table["id"])),
        "head_rows": _HEAD_ROWS,
        "heads": _blocks(heads, count, _HEAD_ROWS),
        "summaries": _blocks({"summary": table["summary"]}, count, _HEAD_ROWS),
        "detail_rows": _DETAIL_ROWS,
        "details": _blocks(
            {"detail": [shared.taken_out(row, detail) for row, detail in enumerate(details)]},
            count,
            _DETAIL_ROWS,
        ),
        "source_details": pack_json(shared.sources),
    }


def _flags(table: Columns) -> list[int]:
    return [
        (workflow == "draft") * _DRAFT
        | (edtf.startswith("[") or precision in _ONE_DAY_OF) * _ONE_OF
        | bool(end_open) * _END_OPEN
        for workflow, edtf, precision, end_open in zip(
            table["workflow"], table["edtf"], table["date_precision"], table["end_open"], strict=True
        )
    ]


# An event known by these happened on some day of it; a range is lasting unless it says otherwise.
_ONE_DAY_OF: Final = ("week", "month", "season", "year")


def _stances(detail: Mapping[str, Any], claimants: Sequence[str]) -> dict[str, int]:
    """How each claimant stands to the event; who opposes it once, opposes it."""
    standing = dict.fromkeys(claimants, _SAYS_OTHER)
    for claim in detail.get("claims") or ():
        name, stance = claim.get("by"), claim.get("stance")
        if name not in standing or claim.get("about", "event") != "event":
            continue
        if stance in _OPPOSING:
            standing[name] = _OPPOSES
        elif stance in _VOUCHING and standing[name] != _OPPOSES:
            standing[name] = _VOUCHES
    return standing


_VOUCHING: Final = frozenset(stance.value for stance in Stance if stance.vouches)
_OPPOSING: Final = frozenset(stance.value for stance in Stance if stance.opposes)


class _Shared:
    """What the details of events repeat: their sources, and what the columns of actors and features say already."""

    def __init__(self, scene: Scene) -> None:
        self.sources: list[dict[str, Any]] = []
        self._known: dict[str, int] = {}
        self._events = scene.events
        self._features = scene.features
        self._rows: list[list[int]] = [[] for _ in scene.events["id"]]
        for number, event in enumerate(scene.features["event"]):
            self._rows[event].append(number)

    def places(self, texts: Sequence[str | None]) -> list[str | None]:
        """The places of events in words; None where the page makes the same words of their features."""
        roles, labels = self._features["role"], self._features["label"]
        return [
            None if text == places_text((roles[row], labels[row]) for row in rows) else text
            for text, rows in zip(texts, self._rows, strict=True)
        ]

    def taken_out(self, row: int, detail: Mapping[str, Any]) -> dict[str, Any]:
        """A detail without what is empty, with numbers for its sources and roles for its actors.

        Its places are those that are not drawn; the page knows the others by their features.
        """
        kept = {
            key: value
            for key, value in detail.items()
            if key not in _UNREAD and value not in (None, "", [], False, "stated")
        }
        if kept.get("status_reason"):
            kept.pop("status_basis", None)
        kept["sources"] = [self._number(source) for source in detail.get("sources") or ()]
        if actors := detail.get("actors"):
            same = [actor["name"] for actor in actors] == list(self._events["actors"][row])
            kept["actors"] = [actor["role"] for actor in actors] if same else actors
        if claims := detail.get("claims"):
            kept["claims"] = [
                {key: _short(value) if key == "quote" else value for key, value in claim.items() if value}
                for claim in claims
            ]
        if evidence := detail.get("evidence"):
            kept["evidence"] = [{**words, "quote": _short(words.get("quote") or "")} for words in evidence]
        if places := detail.get("places"):
            kept["places"] = self._undrawn(row, places)
        return {key: value for key, value in kept.items() if value != []}

    def _undrawn(self, row: int, places: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        labels = [self._features["label"][number] for number in self._rows[row]]
        drawn = [place for place in places if place.get("drawn") and place.get("precision") != "none"]
        if [place["name"] for place in drawn] != labels:
            return list(places)
        return [place for place in places if place not in drawn]

    def _number(self, source: Mapping[str, Any]) -> int:
        key = repr(source)
        number = self._known.setdefault(key, len(self.sources))
        if number == len(self.sources):
            # Its address may be a link only if it is safe as it stands.
            links = {"href": safe_url(source.get("url")), "archive_href": safe_url(source.get("archive_url"))}
            self.sources.append({**source, **links})
        return number


# Known to the page otherwise, as a number, or not shown at all.
_UNREAD: Final = frozenset({"origins", "sensitivity"})


def _short(quote: str) -> str:
    """A quotation as long as quoting allows: what is longer is cut at a word, and the cut is shown."""
    if len(quote) <= _LONGEST_QUOTE:
        return quote
    head = quote[:_LONGEST_QUOTE]
    return f"{head.rsplit(None, 1)[0] if ' ' in head else head} …"


def _features(scene: Scene, words: _Words) -> dict[str, Any]:
    """The features as one column: the number of a site, which says all that features at one place share."""
    table = scene.features
    tables = _Words()
    sites = []
    for name, empty in (("role", None), ("relation", None), ("method", None), ("note", None)):
        words.number(name, empty)
    for name in ("place", "spot", "ring", "site"):
        (words if name == "place" else tables).tables.setdefault(name, {})
    names = ("lon", "lat", "shape", "radius_m", "geometry", "precision", "role", "relation", "method", "note")
    rows = zip(*(table[name] for name in (*names, "label", "native", "names")), strict=True)
    for lon, lat, shape, radius, geometry, precision, role, relation, method, note, *named in rows:
        spot = ring = _NONE
        if lon is not None and lat is not None and (geometry is None or shape in ("pin", "ring", "badge")):
            spot = tables.number("spot", (round(lon, 6), round(lat, 6), shape == "badge"))
            if shape != "badge" and radius and math.isfinite(radius):
                ring = tables.number("ring", (spot, radius, shape == "ring"))
        site = (
            SHAPES.index(shape),
            PRECISIONS.index(Precision(precision)),
            words.number("role", role),
            words.number("relation", relation),
            words.number("method", method),
            words.number("note", note),
            words.number("place", (*named[:2], " ".join(named[2]))),
            spot,
            ring,
            _NONE if geometry is None else geometry,
            -1.0 if radius is None or not math.isfinite(radius) else radius,
        )
        sites.append(tables.number("site", site))
    lengths = np.bincount(np.asarray(table["event"], dtype=np.int64), minlength=len(scene.events["id"]))
    columns: dict[str, list[Any]] = {name: [] for name, _ in _SITE_COLUMNS}
    for site in tables.tables["site"]:
        for (name, _), value in zip(_SITE_COLUMNS, site, strict=True):
            columns[name].append(value)
    positions, rings = list(tables.tables["spot"]), list(tables.tables["ring"])
    return {
        "count": len(sites),
        "lengths": pack_column(lengths, "u2"),
        "site": pack_column(sites, "u4"),
        "sites": {name: pack_column(columns[name], kind) for name, kind in _SITE_COLUMNS},
        "spots": {
            "lon": pack_column([lon for lon, _, _ in positions], "f8"),
            "lat": pack_column([lat for _, lat, _ in positions], "f8"),
            "badge": pack_column([badge for _, _, badge in positions], "u1"),
        },
        "rings": {
            "spot": pack_column([spot for spot, _, _ in rings], "u4"),
            "radius": pack_column([radius for _, radius, _ in rings], "f4"),
            "near": pack_column([near for _, _, near in rings], "u1"),
        },
    }


def _asides(scene: Scene, words: _Words) -> dict[str, Any]:
    """The places that do not locate their event: few, so that each row says all of its place."""
    table = scene.asides
    names = ("event", "shape", "role", "lon", "lat", "radius_m", "geometry", "label", "native", "names")
    rows = [
        row
        for row in zip(*(table[name] for name in names), strict=True)
        if row[6] is not None or (row[3] is not None and row[4] is not None)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)] or [[] for _ in names]
    event, shape, role, lon, lat, radius, geometry, *named = columns
    places = [(label, native, " ".join(others)) for label, native, others in zip(*named, strict=True)]
    return {
        "count": len(rows),
        "event": pack_column(event, "u4"),
        "shape": pack_column([SHAPES.index(name) for name in shape], "u1"),
        "role": pack_column(words.column("role", role), "u1"),
        "place": pack_column([words.number("place", place) for place in places], "u4"),
        # What has a geometry has no position; the page does not read one then.
        "lon": pack_column([round(degrees or 0.0, 6) for degrees in lon], "f8"),
        "lat": pack_column([round(degrees or 0.0, 6) for degrees in lat], "f8"),
        "radius": pack_column([metres or 0.0 for metres in radius], "f4"),
        "geometry": pack_column([_NONE if number is None else number for number in geometry], "u4"),
    }


def _context(context: SceneContext) -> dict[str, Any]:
    """A context layer with its shapes; its address may be a link only if it is safe as it stands."""
    return {
        "id": context.id,
        "title": context.title,
        "date": context.date,
        "edtf": context.edtf,
        "credit": context.credit,
        "url": context.url,
        "href": safe_url(context.url),
        "licence": context.licence,
        "colour": context.colour if _COLOUR.fullmatch(context.colour) else _NO_COLOUR,
        "shown": context.shown,
        "labels": list(context.labels),
        "shapes": [_stepped(shape, _WIDE_PARTS) for shape in context.shapes],
    }


_COLOUR: Final = re.compile("#[0-9a-fA-F]{6}")
_NO_COLOUR: Final = "#6b7680"

_SITE_COLUMNS: Final = (
    ("shape", "u1"), ("precision", "u1"), ("role", "u1"), ("relation", "u1"), ("method", "u1"), ("note", "u4"),
    ("place", "u4"), ("spot", "u4"), ("ring", "u4"), ("geometry", "u4"), ("radius", "f4"),
)  # fmt: skip


def _lists(lists: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Lists of numbers, end to end, with the length of each."""
    return {
        "lengths": pack_column([len(numbers) for numbers in lists], "u2"),
        "values": pack_column([number for numbers in lists for number in numbers], "u4"),
    }


def _blocks(columns: Columns, count: int, rows: int) -> list[Any]:
    return [
        pack_json({name: list(values[start : start + rows]) for name, values in columns.items()})
        for start in range(0, count, rows)
    ]


def _day_number(day: str | None) -> int:
    return _NO_DAY if day is None else (date.fromisoformat(day[:10]) - _EPOCH).days


def _runs(folds: Mapping[str, str]) -> list[list[Any]]:
    """Folds of characters as runs of neighbours: `[first code point, "fold|fold|…"]`."""
    runs: list[list[Any]] = []
    last = -2
    for code, fold in sorted((ord(letter), fold) for letter, fold in folds.items()):
        if code == last + 1:
            runs[-1][1] += f"|{fold}"
        else:
            runs.append([code, fold])
        last = code
    return runs


def _basemap(scene: Scene) -> dict[str, Any]:
    """The ground as columns: shapes as whole-number steps, names by language beside the main one."""
    basemap = scene.basemap
    fine = _grid_for(basemap.window, _FINE_STEPS)
    around = basemap.around
    parts = _grid_for(around.window, _AROUND_STEPS) if around else 0
    return {
        "window": list(basemap.window),
        **{
            name: _stepped(getattr(basemap, name), fine)
            for name in ("land", "borders", "disputed", "regions")
        },
        **{
            name: _stepped(getattr(basemap, name), _FAR_PARTS)
            for name in ("world", "far_borders", "far_disputed")
        },
        "around": around
        and {
            "window": list(around.window),
            **{name: _stepped(getattr(around, name), parts) for name in ("land", "borders", "disputed")},
        },
        "rivers": _waters(basemap.rivers, basemap.river_labels, fine),
        "lakes": _waters(basemap.lakes, basemap.lake_labels, fine)
        | {"at": [_position(label.at) for label in basemap.lake_labels]},
        "seas": {
            "at": [_position(sea) for sea in basemap.seas],
            "rank": [label.rank for label in basemap.sea_labels],
            **_name_columns([(label.name, label.names) for label in basemap.sea_labels]),
        },
        "towns": {
            "at": [_position(town[:2]) for town in basemap.towns],
            "rank": [town[3] for town in basemap.towns],
            "native": [
                _native(town[2], label) for town, label in _labelled(basemap.towns, basemap.town_labels)
            ],
            **_name_columns(
                [(town[2], label.names) for town, label in _labelled(basemap.towns, basemap.town_labels)]
            ),
        },
        "countries": {
            "at": [_position(country[:2]) for country in basemap.countries],
            "code": [label.code for _, label in _labelled(basemap.countries, basemap.country_labels)],
            **_name_columns(
                [(row[2], label.names) for row, label in _labelled(basemap.countries, basemap.country_labels)]
            ),
        },
    }


def _labelled(rows: Sequence[Any], labels: Sequence[PlaceLabel]) -> Iterable[tuple[Any, PlaceLabel]]:
    return zip(rows, labels or [PlaceLabel(names={})] * len(rows), strict=True)


def _grid_for(window: Sequence[float], steps: int) -> int:
    """How many parts of a degree the shapes of a window need: the coarsest grid that is finer than they are."""
    tolerance = (window[2] - window[0]) / steps
    return next((parts for parts in _GRIDS if parts * tolerance >= 3), _BASEMAP_PARTS)


def _waters(shapes: Mapping[str, Any], labels: Sequence[WaterLabel], parts: int) -> dict[str, Any]:
    return {
        "parts": parts,
        "rank": [label.rank for label in labels],
        "shape": [_steps(_members(shape), parts) for shape in shapes.get("geometries", ())],
        **_name_columns([(label.name, label.names) for label in labels]),
    }


def _members(shape: Mapping[str, Any]) -> Sequence[Any]:
    """The lines of a river or polygons of a lake, of one as of many."""
    coordinates: Sequence[Any] = shape["coordinates"]
    return coordinates if shape["type"].startswith("Multi") else [coordinates]


def _name_columns(named: Sequence[tuple[str, Mapping[str, str]]]) -> dict[str, Any]:
    """The main names, and for each language those that differ from them: empty where they do not."""
    languages = sorted({language for _, names in named for language in names})
    return {
        "name": [name for name, _ in named],
        "names": {language: [names.get(language, "") for _, names in named] for language in languages},
    }


def _native(name: str, label: PlaceLabel) -> Any:
    """The native name: empty where it is the main one, in a list the language that it is in, null where unknown."""
    if label.native == name:
        return ""
    return next(([language] for language, text in label.names.items() if text == label.native), label.native)


def _position(at: Sequence[float] | None) -> list[float] | None:
    return [round(float(degrees), 3) for degrees in at] if at else None


def _rounded(shape: Any, decimals: int) -> Any:
    """Round the positions of a GeoJSON object and drop what the page does not read."""
    if shape.get("type") == "Feature":
        return _rounded(shape["geometry"], decimals)
    for members in ("geometries", "features"):
        if members in shape:
            kept = [_rounded(member, decimals) for member in shape[members]]
            return {"type": "GeometryCollection", "geometries": kept}
    if "coordinates" not in shape:
        return {"type": "GeometryCollection", "geometries": []}
    return {"type": shape["type"], "coordinates": _rounded_positions(shape["coordinates"], decimals)}


def _parts_for(shape: Mapping[str, Any]) -> int:
    """Into how many parts a degree is parted for a shape."""
    lons = [position[0] for position in _positions(shape.get("coordinates") or ())]
    return _WIDE_PARTS if lons and max(lons) - min(lons) > _WIDE_DEGREES else _FINE_PARTS


def _positions(value: Any) -> Iterable[Sequence[float]]:
    if value and isinstance(value[0], (int, float)):
        yield value
        return
    for part in value:
        yield from _positions(part)


def _stepped(shape: Any, parts: int) -> Any:
    """Write lines and rings as whole-number steps, a third of the size of GeoJSON's positions."""
    plain = _rounded(shape, _SHAPE_DECIMALS)
    if plain["type"] == "GeometryCollection":
        return {**plain, "geometries": [_stepped(member, parts) for member in plain["geometries"]]}
    if plain["type"] in ("Point", "MultiPoint"):
        return {"type": "GeometryCollection", "geometries": []}
    return {"type": plain["type"], "parts": parts, "coordinates": _steps(plain["coordinates"], parts)}


def _steps(value: Any, parts: int) -> list[Any]:
    if not value or not isinstance(value[0][0], (int, float)):
        return [_steps(part, parts) for part in value]
    steps: list[int] = []
    last = (0, 0)
    for lon, lat in value:
        here = (round(lon * parts), round(lat * parts))
        if here != last or not steps:
            steps += (here[0] - last[0], here[1] - last[1])
        last = here
    return steps


def _rounded_positions(value: Any, decimals: int) -> Any:
    if isinstance(value, (int, float)):
        return round(value, decimals)
    if len(value) and isinstance(value[0], (int, float)):
        return [round(float(number), decimals) for number in value[:2]]
    return [_rounded_positions(part, decimals) for part in value]
