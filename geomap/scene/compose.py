"""From a table of events to everything that a page draws."""

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import shapely

from geomap.config import OTHER_LAYERS, Layer, MapFile, Select
from geomap.context import ContextFile
from geomap.gazetteer.fold import fold_name
from geomap.model.event_types import EVENT_TYPES, EventType
from geomap.model.geometry import Bbox, to_geojson
from geomap.model.table import EventTable
from geomap.model.tiles import find_tiles
from geomap.model.vocabulary import PlaceRole, Precision
from geomap.scene.contexts import compose_contexts
from geomap.scene.ground import Ground, draw_ground, label_point
from geomap.scene.value import FEATURE_COLUMNS, Columns, Movement, Scene, SceneLayer, Shape, TypeSymbol

_OTHER: Final = "Other"
_FALLBACK: Final = EVENT_TYPES["other"]
_MARGIN: Final = 0.08
_LEAST_SPAN: Final = 0.5
_LAST_LATITUDE: Final = 85.0
# A border stretch of one county needs finer coordinates than a country, which nobody measures in metres.
_FINE_DECIMALS: Final = 5
_EARTH_DEGREES: Final = 360.0
_TILE_PX: Final = 256
_SCREEN_PX: Final = 1024

# In the order in which people tell them.
_ROLE_WORDS: Final = {
    "origin": "from ",
    "route": "by way of ",
    "destination": "to ",
    "overflown": "",
    "target": "against ",
    "site": "",
    None: "",
}
# What people type wherever they sit, whether or not the scene has it: ASCII, Latin with its letters for sounds and
# its apostrophes, Greek and Cyrillic, Armenian, Hebrew, Arabic, Georgian, punctuation, currencies, letterlike signs.
_FOLDED_SCRIPTS: Final = (
    (0x00, 0x80), (0xA0, 0x300), (0x370, 0x530), (0x530, 0x700), (0x10A0, 0x1100), (0x2000, 0x2070),
    (0x20A0, 0x20C1), (0x2100, 0x2150),
)  # fmt: skip
_EVENT_COLUMNS: Final = (
    "title", "type", "subtype", "status", "modality", "workflow", "date_precision", "end_open", "summary",
    "actors",     "claimants", "sources", "n_origins", "detail",
)  # fmt: skip


def scene_bbox(table: EventTable, config: MapFile) -> Bbox:
    """Where the map opens: the config's view, else round what is drawn, as (west, south, east, north)."""
    if config.view and config.view.bbox:
        west, south, east, north = config.view.bbox
        return (west, south, east, north)
    if config.view and config.view.center and config.view.zoom is not None:
        lon, lat = config.view.center
        half = _EARTH_DEGREES / 2**config.view.zoom * _SCREEN_PX / _TILE_PX / 2
        return (
            max(lon - half, -180),
            max(lat - half / 2, -_LAST_LATITUDE),
            min(lon + half, 180),
            min(lat + half / 2, _LAST_LATITUDE),
        )
    # Airspace and regions may be as wide as Russia; what is known more closely sets the view if there is any.
    close = [
        shape
        for shape, precision in zip(table.geometry, table.columns["precision"], strict=True)
        if shape is not None and precision not in (Precision.WATERS, Precision.REGION)
    ]
    drawn = close or [shape for shape in table.geometry if shape is not None]
    if not drawn:
        return (-170.0, -60.0, 170.0, 75.0)
    west, south, east, north = (float(value) for value in shapely.total_bounds(drawn))
    lon_margin = max((east - west) * _MARGIN, _LEAST_SPAN)
    lat_margin = max((north - south) * _MARGIN, _LEAST_SPAN)
    # A web map ends at 85 degrees; what lies beyond is met at its edge.
    low = min(max(south - lat_margin, -_LAST_LATITUDE), _LAST_LATITUDE - 2 * _LEAST_SPAN)
    high = max(min(north + lat_margin, _LAST_LATITUDE), low + 2 * _LEAST_SPAN)
    return (max(west - lon_margin, -180.0), low, min(east + lon_margin, 180.0), high)


def compose_scene(
    table: EventTable,
    config: MapFile,
    ground: Ground,
    *,
    bbox: Bbox,
    worldview: str,
    worldview_note: str = "",
    attribution: Sequence[str],
    place_names: Mapping[str, Sequence[str]] = MappingProxyType({}),
    contexts: Sequence[ContextFile] = (),
) -> Scene:
    """Settle symbols, layers, labels and basemap of one map.

    Parameters
    ----------
    table
        The events to draw.
    config
        Title, layers and view.
    ground
        Regions and towns in the window round `bbox`.
    bbox
        What the map shows when it opens.
    worldview
        The sentence that the legend prints about borders.
    worldview_note
        What else a reader must know of them.
    attribution
        The lines that the data's licences ask for.
    place_names
        By place id, the other names that a search for the place may use.
    contexts
        The files of the config's context layers, in their order.
    """
    focus = {code for codes in table.columns["countries"] for code in codes} | set(config.countries)
    drawn_ground = draw_ground(ground, bbox, focus)
    events = _events(table, ground.country_names)
    shapes = _Shapes(bbox=bbox, countries=drawn_ground.countries)
    features = _features(table, shapes, ground.country_names, place_names)
    asides = _asides(table, shapes, ground.country_names)
    return Scene(
        title=config.title,
        subtitle=config.subtitle,
        language=config.language,
        worldview=worldview,
        worldview_note=worldview_note,
        centre=_centre(config),
        attribution=tuple(attribution),
        bbox=bbox,
        types=type_symbols(table, config),
        layers=map_layers(table, config),
        events=events,
        features=features,
        asides=asides,
        contexts=compose_contexts(config.context, contexts),
        geometries=tuple(shapes.geometries),
        movements=_movements(table, ground.country_names),
        basemap=drawn_ground.basemap,
        folds=search_folds(events, features),
        tiles=_tiles(config),
        symbols=config.symbols,
    )


def _tiles(config: MapFile) -> dict[str, Any] | None:
    if config.tiles is None:
        return None
    tiles = find_tiles(config.tiles)
    return {
        "url": tiles.url,
        "attribution": tiles.attribution,
        "max_zoom": tiles.max_zoom,
        "host": tiles.host,
    }


def _centre(config: MapFile) -> tuple[float, float, float] | None:
    if config.view is None or config.view.center is None or config.view.zoom is None:
        return None
    return (config.view.center[0], config.view.center[1], config.view.zoom)


def type_symbols(table: EventTable, config: MapFile) -> tuple[TypeSymbol, ...]:
    """The symbols of the types that the events have, in the order of the vocabulary."""
    used = set(table.columns["type"])
    ids = [kind for kind in EVENT_TYPES if kind in used] + sorted(used - set(EVENT_TYPES))
    symbols = []
    for kind in ids:
        known: EventType = EVENT_TYPES.get(kind, _FALLBACK)
        symbols.append(
            TypeSymbol(id=kind, label=_type_label(kind, config), colour=known.colour, glyph=known.glyph)
        )
    return tuple(symbols)


def _type_label(kind: str, config: MapFile) -> str:
    if kind in config.types and config.types[kind].label:
        return config.types[kind].label
    return EVENT_TYPES[kind].label if kind in EVENT_TYPES else kind.replace("_", " ").capitalize()


def map_layers(table: EventTable, config: MapFile) -> tuple[SceneLayer, ...]:
    """The config's layers with their events; without any, one a type; what is in none goes to "Other"."""
    layers: Sequence[Layer] = config.layers
    if not layers:
        used = list(dict.fromkeys(table.columns["type"]))
        layers = [
            Layer(id=kind, title=_type_label(kind, config), select=Select(type=[kind]))
            for kind in sorted(used)
        ]
    rows = list(table.event_rows.values())
    index = SelectIndex(table.columns, rows)
    chosen = [
        SceneLayer(id=layer.id, title=layer.title, group=layer.group, events=index.events(layer.select))
        for layer in layers
    ]
    rest = set(range(len(rows))) - {number for layer in chosen for number in layer.events}
    if rest:
        taken = {layer.id for layer in layers}
        other_id = next(name for name in OTHER_LAYERS if name not in taken)
        chosen.append(SceneLayer(id=other_id, title=_OTHER, group="", events=tuple(sorted(rest))))
    return tuple(chosen)


class SelectIndex:
    """The numbers of the events that have a value under a key of `select`; each key is gone through once."""

    def __init__(self, columns: Columns, rows: Sequence[range]) -> None:
        self._columns, self._rows = columns, rows
        self._numbers: dict[str, dict[str, list[int]]] = {}

    def events(self, select: Select) -> tuple[int, ...]:
        """The events that a layer shows: any value of a key, and every key that is given."""
        wanted = {key: values for key in Select.model_fields if (values := getattr(select, key)) is not None}
        if not wanted:
            return tuple(range(len(self._rows)))
        shown = [
            {number for value in values for number in self._of_key(key).get(value, ())}
            for key, values in wanted.items()
        ]
        return tuple(sorted(set.intersection(*shown)))

    def _of_key(self, key: str) -> Mapping[str, list[int]]:
        if key not in self._numbers:
            numbers: dict[str, list[int]] = defaultdict(list)
            for number, rows in enumerate(self._rows):
                for value in dict.fromkeys(_selectable(key, self._columns, rows)):
                    numbers[value].append(number)
            self._numbers[key] = numbers
        return self._numbers[key]


def _selectable(key: str, columns: Columns, rows: range) -> Iterable[str]:
    """What an event has under a key of `select`."""
    first = rows.start
    if key == "type":
        kind, subtype = columns["type"][first], columns["subtype"][first]
        return (kind, f"{kind}/{subtype}") if subtype else (kind,)
    if key == "actor":
        return (*columns["actors"][first], *(actor for actor in columns["actor_ids"][first] if actor))
    if key == "country":
        return [code for row in rows for code in columns["countries"][row]]
    if key == "precision":
        return [columns["precision"][row] for row in rows]
    if key == "status":
        return (columns["status"][first],)
    values: Iterable[str] = columns[{"tag": "tags", "source": "sources"}[key]][first]
    return values


def _events(table: EventTable, country_names: Mapping[str, str]) -> dict[str, list[Any]]:
    columns = table.columns
    first_rows = [rows.start for rows in table.event_rows.values()]
    events: dict[str, list[Any]] = {
        "id": list(table.event_rows),
        "when": [columns["when_label"][row] for row in first_rows],
        "t_start": [_day(columns["t_start"][row]) for row in first_rows],
        "t_end": [_day(columns["t_end"][row]) for row in first_rows],
        "edtf": [columns["when"][row] or "" for row in first_rows],
        "actor_ids": [columns["actor_ids"][row] for row in first_rows],
        "place": [],
    }
    for name in _EVENT_COLUMNS:
        events[name] = [columns[name][row] for row in first_rows]
    for rows in table.event_rows.values():
        located = [row for row in rows if columns["place_name"][row]]
        roles = [columns["place_role"][row] for row in located]
        names = [_place_text(columns, row, country_names) for row in located]
        events["place"].append(places_text(zip(roles, names, strict=True)) or None)
    events["detail"] = [
        _with_place_names(columns["detail"][rows.start], country_names) for rows in table.event_rows.values()
    ]
    return events


def places_text(places: Iterable[tuple[str | None, str | None]]) -> str:
    """An event's places, each with its role and name, in the words and the order in which people tell them."""
    order = list(_ROLE_WORDS)
    told = sorted((place for place in places if place[1]), key=lambda place: order.index(place[0]))
    return "; ".join(dict.fromkeys(f"{_ROLE_WORDS[role]}{name}" for role, name in told))


def search_folds(events: Columns, features: Columns) -> dict[str, str]:
    """How the characters are folded that people may search with: scripts of the region, and the scene's own."""
    words: Iterable[str | None] = (
        *events["title"], *events["summary"], *features["label"], *features["native"],
        *(name for names in (*events["actors"], *events["claimants"], *features["names"]) for name in names),
    )  # fmt: skip
    own = {
        letter
        for text in dict.fromkeys(words)
        if text and not text.isascii()
        for letter in unicodedata.normalize("NFKC", text).lower()
    }
    letters = {chr(code) for first, last in _FOLDED_SCRIPTS for code in range(first, last)} | own
    folds = {letter: fold_name(f"x{letter}x")[1:-1] for letter in letters}
    return {letter: fold for letter, fold in folds.items() if letter != fold}


def _with_place_names(detail: Mapping[str, Any], country_names: Mapping[str, str]) -> dict[str, Any]:
    places = [
        place | {"name": _in_country(place["name"], place["countries"], country_names)}
        if place["precision"] == Precision.COUNTRY.value
        else place
        for place in detail["places"]
    ]
    return {**detail, "places": places}


def _day(moment: Any) -> str | None:
    return moment.date().isoformat() if moment else None


@dataclass(frozen=True, slots=True)
class _Shapes:
    """What places are drawn as, for a map that opens on a bbox; each shape stands once in `geometries`."""

    bbox: Bbox
    countries: Mapping[str, Any]
    geometries: list[dict[str, Any]] = field(default_factory=list)
    _known: dict[bytes, int] = field(default_factory=dict)
    _by_object: dict[int, int] = field(default_factory=dict)
    """By `id`: places share their shapes, which the table keeps alive, and a long one is not written out for each."""
    _labels: dict[str, tuple[float, float] | None] = field(default_factory=dict)

    def number(self, geometry: Any) -> int:
        """The number of a shape, which is added if it is new."""
        if id(geometry) not in self._by_object:
            number = self._known.setdefault(shapely.to_wkb(geometry), len(self.geometries))
            if number == len(self.geometries):
                self.geometries.append(_drawn(geometry, self.bbox))
            self._by_object[id(geometry)] = number
        return self._by_object[id(geometry)]

    def label_of(self, code: str | None) -> tuple[float, float] | None:
        """Where a country's label belongs: where the reader looks, in the part of it that the map shows."""
        if code is None or code not in self.countries:
            return None
        if code not in self._labels:
            self._labels[code] = label_point(self.countries[code], self.bbox)
        return self._labels[code]


def _features(
    table: EventTable,
    shapes: _Shapes,
    country_names: Mapping[str, str],
    place_names: Mapping[str, Sequence[str]],
) -> dict[str, list[Any]]:
    columns = table.columns
    numbers = {event_id: number for number, event_id in enumerate(table.event_rows)}
    features: dict[str, list[Any]] = {name: [] for name in FEATURE_COLUMNS}
    relations = _relations(table)
    for row, geometry in enumerate(table.geometry):
        place = _placed(columns, row, geometry, shapes, country_names)
        if place is None:
            continue
        values = place | {
            "id": columns["feature_id"][row],
            "event": numbers[columns["event_id"][row]],
            "relation": relations[row],
            "names": tuple(place_names.get(columns["place_id"][row] or "", ())),
        }
        for name in FEATURE_COLUMNS:
            features[name].append(values[name])
    return features


def _asides(table: EventTable, shapes: _Shapes, country_names: Mapping[str, str]) -> dict[str, list[Any]]:
    """Places that do not locate their event, as they are drawn for who asks to see them."""
    columns = table.asides.columns
    numbers = {event_id: number for number, event_id in enumerate(table.event_rows)}
    asides: dict[str, list[Any]] = {name: [] for name in FEATURE_COLUMNS}
    counted: Counter[str] = Counter()
    for row, geometry in enumerate(table.asides.geometry):
        place = _placed(columns, row, geometry, shapes, country_names)
        if place is None:
            continue
        event_id = columns["event_id"][row]
        counted[event_id] += 1
        values = place | {
            "id": f"{event_id}#aside-{counted[event_id]}",
            "event": numbers[event_id],
            "relation": columns["relation"][row],
            "names": (),
        }
        for name in FEATURE_COLUMNS:
            asides[name].append(values[name])
    return asides


def _placed(
    columns: Columns, row: int, geometry: Any, shapes: _Shapes, country_names: Mapping[str, str]
) -> dict[str, Any] | None:
    """How the place of one row is drawn; None where it is not."""
    precision = Precision(columns["precision"][row])
    shape = _shape(precision, geometry)
    if shape is None:
        return None
    lon, lat = columns["lon"][row], columns["lat"][row]
    number = None
    if shape in ("area", "line"):
        number = shapes.number(geometry)
        lon = lat = None
    elif shape == "badge":
        lon, lat = shapes.label_of(columns["country"][row]) or (lon, lat)
    name = columns["place_name"][row]
    return {
        "shape": shape,
        "precision": precision.value,
        "role": columns["place_role"][row],
        "label": _place_text(columns, row, country_names) if shape == "badge" else name,
        "note": columns["place_note"][row],
        "lon": lon,
        "lat": lat,
        "radius_m": columns["radius_m"][row],
        "geometry": number,
        "native": columns["place_name_native"][row],
        "method": columns["method"][row],
    }


def _relations(table: EventTable) -> list[str | None]:
    """How each row's event stands to its place: `in`, `near`, `over` …; details list drawn places in their order."""
    relations: list[str | None] = []
    for rows in table.event_rows.values():
        places = table.columns["detail"][rows.start]["places"]
        drawn = [
            place["relation"] for place in places if place["drawn"] and place["precision"] != Precision.NONE
        ]
        relations += drawn if len(drawn) == len(rows) else [None] * len(rows)
    return relations


def _movements(table: EventTable, country_names: Mapping[str, str]) -> tuple[Movement, ...]:
    """The ways between an event's origins and destinations, as far as their ends are known."""
    columns = table.columns
    if (
        PlaceRole.ORIGIN.value not in columns["place_role"]
        and PlaceRole.DESTINATION.value not in columns["place_role"]
    ):
        return ()
    movements = []
    for number, rows in enumerate(table.event_rows.values()):
        by_role = {
            role: [row for row in rows if columns["place_role"][row] == role]
            for role in (PlaceRole.ORIGIN.value, PlaceRole.DESTINATION.value)
        }
        for start in by_role[PlaceRole.ORIGIN.value]:
            for end in by_role[PlaceRole.DESTINATION.value]:
                known_start, known_end = (_known_position(columns, row) for row in (start, end))
                if known_start is None and known_end is None:
                    continue
                other = start if known_start is None else end
                movements.append(
                    Movement(
                        event=number,
                        start=known_start,
                        end=known_end,
                        label=_place_text(columns, other, country_names),
                        is_country=columns["precision"][other] == Precision.COUNTRY,
                    )
                )
    return tuple(movements)


def _known_position(columns: Columns, row: int) -> tuple[float, float] | None:
    """Longitude and latitude of a place that is known as a point."""
    if not Precision(columns["precision"][row]).is_point:
        return None
    return (columns["lon"][row], columns["lat"][row])


def _place_text(columns: Mapping[str, Sequence[Any]], row: int, country_names: Mapping[str, str]) -> str:
    name: str = columns["place_name"][row]
    if columns["precision"][row] != Precision.COUNTRY:
        return name
    return _in_country(name, columns["countries"][row], country_names)


def _in_country(name: str, countries: Sequence[str], country_names: Mapping[str, str]) -> str:
    """A country's name, after the words of the source where it names something unspecified in it."""
    country = country_names.get(countries[0], "") if len(countries) == 1 else ""
    return name if not country or country in name else f"{name}, {country}"


def _shape(precision: Precision, geometry: Any) -> Shape | None:
    """How a feature is drawn: only P1 to P3 may be point symbols."""
    if precision is Precision.NONE:
        return None
    if precision is Precision.COUNTRY:
        return "badge"
    if precision is Precision.VICINITY:
        return "ring"
    if precision.is_point:
        return "pin"
    return "line" if geometry.geom_type in ("LineString", "MultiLineString") else "area"


def _drawn(geometry: Any, bbox: Bbox) -> dict[str, Any]:
    """A shape as the page draws it, no finer than half a pixel when it fills the screen."""
    west, south, east, north = geometry.bounds
    span = max(east - west, north - south, 1e-6)
    return to_geojson(shapely.simplify(geometry, span / (2 * _SCREEN_PX)), decimals=_FINE_DECIMALS)
