"""From a table of events to everything that a page draws."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geomap.config import MapFile
from geomap.context import ContextFile
from geomap.model.columns import (
    Coded,
    Numbers,
    PlaceNames,
    Rows,
    coded,
    numbers,
    ranked,
    ranked_together,
    take,
)
from geomap.model.geometry import Bbox, to_geojson
from geomap.model.table import Details, EventTable, Geometries
from geomap.model.tiles import find_tiles
from geomap.model.vocabulary import PlaceRole, Precision
from geomap.scene.contexts import compose_contexts
from geomap.scene.folds import search_folds
from geomap.scene.ground import Ground, draw_ground, label_point
from geomap.scene.layers import map_layers, type_symbols
from geomap.scene.value import (
    FEATURE_COLUMNS,
    SHAPES,
    Columns,
    Movement,
    Scene,
    Shape,
)

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
_LINES: Final = ("LineString", "MultiLineString")
_AREA, _LINE, _BADGE = (SHAPES.index(own) for own in ("area", "line", "badge"))
_EVENT_COLUMNS: Final = (
    "title", "type", "subtype", "status", "modality", "workflow", "date_precision", "end_open", "summary",
    "actors", "claimants", "sources", "n_origins", "detail",
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
    bounds = _drawn_bounds(table)
    if bounds is None:
        return (-170.0, -60.0, 170.0, 75.0)
    west, south, east, north = bounds
    lon_margin = max((east - west) * _MARGIN, _LEAST_SPAN)
    lat_margin = max((north - south) * _MARGIN, _LEAST_SPAN)
    # A web map ends at 85 degrees; what lies beyond is met at its edge.
    low = min(max(south - lat_margin, -_LAST_LATITUDE), _LAST_LATITUDE - 2 * _LEAST_SPAN)
    high = max(min(north + lat_margin, _LAST_LATITUDE), low + 2 * _LEAST_SPAN)
    return (max(west - lon_margin, -180.0), low, min(east + lon_margin, 180.0), high)


def _drawn_bounds(table: EventTable) -> Bbox | None:
    """Round what is drawn, or what of it is known more closely than as airspace and regions.

    These may be as wide as Russia.
    """
    geometry = Geometries.of(table.geometry)
    wide = coded(table.columns["precision"]).each(
        lambda precision: precision in (Precision.WATERS, Precision.REGION), bool
    )
    drawn = (geometry.numbers >= 0) | ~np.isnan(geometry.lon)
    chosen = np.flatnonzero(drawn & ~wide)
    if not len(chosen):
        chosen = np.flatnonzero(drawn)
    if not len(chosen):
        return None
    found = geometry.take(chosen)
    shapes = [found.shapes[number] for number in np.unique(found.numbers[found.numbers >= 0]).tolist()]
    # Without a shape, or without a point, its bounds are NaN and count as none.
    bounds = np.array([
        shapely.total_bounds(shapes) if shapes else [np.nan] * 4,
        [np.nan] * 4
        if np.isnan(found.lon).all()
        else [np.nanmin(found.lon), np.nanmin(found.lat), np.nanmax(found.lon), np.nanmax(found.lat)],
    ])  # fmt: skip
    west, south = np.nanmin(bounds[:, :2], axis=0).tolist()
    east, north = np.nanmax(bounds[:, 2:], axis=0).tolist()
    return (west, south, east, north)


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
    focus = {code for codes in coded(table.columns["countries"]).used for code in codes} | set(
        config.countries
    )
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


def _events(table: EventTable, country_names: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    columns, first = table.columns, table.first_rows
    own: dict[str, Sequence[Any]] = {name: take(columns[name], first) for name in _EVENT_COLUMNS}
    events = {
        "id": _ids(columns["event_id"], first),
        "when": take(columns["when_label"], first),
        "t_start": coded(take(columns["t_start"], first)).map(_day),
        "t_end": coded(take(columns["t_end"], first)).map(_day),
        "edtf": coded(take(columns["when"], first)).map(lambda edtf: edtf or ""),
        "actor_ids": take(columns["actor_ids"], first),
        "place": _places(table, country_names),
        **own,
    }
    detail = own["detail"]
    if isinstance(detail, Details):
        events["detail"] = detail.map(lambda told: _with_place_names(told, country_names))
    else:
        events["detail"] = [_with_place_names(told, country_names) for told in detail]
    return events


def _ids(column: Sequence[str], rows: Rows) -> Sequence[str]:
    """The ids of events, once each."""
    ids = take(column, rows)
    # Of many events they are a column of their own.
    return take(ids.values, ids.codes) if isinstance(ids, Coded) else ids  # type: ignore[arg-type]


def _places(table: EventTable, country_names: Mapping[str, str]) -> Coded[str | None]:
    """Each event's places in words."""
    labels, roles = _labels(table, country_names), coded(table.columns["place_role"])
    first = table.first_rows
    # Nearly every event has one row, and is told by its role and label.
    number, told = ranked_together([labels.codes[first], roles.codes[first]])
    texts = [places_text([(roles[row], labels[row])]) or None for row in first[told].tolist()]
    codes = number.astype(np.int32)
    ends = np.append(first[1:], len(table))
    for event in np.flatnonzero(ends - first > 1).tolist():
        rows = range(first[event], ends[event])
        codes[event] = len(texts)
        texts.append(places_text((roles[row], labels[row]) for row in rows) or None)
    return Coded(codes, texts)


def _labels(table: EventTable, country_names: Mapping[str, str]) -> Coded[str | None]:
    """What the place of each row is called; a country also after the words of the source.

    None where a position is all that is known of it, of which the page makes the words.
    """
    column = table.columns["place_name"]
    names = (column.names if isinstance(column, PlaceNames) else coded(column)).distinct()
    rows = np.flatnonzero(coded(table.columns["precision"]).equal(Precision.COUNTRY))
    countries = coded(table.columns["countries"])
    number, first = ranked_together([names.codes[rows], countries.codes[rows]])
    known = {name: code for code, name in enumerate(names.values)}
    own = [_in_country(names[row] or "", countries[row], country_names) for row in rows[first].tolist()]
    numbers = np.array([known.setdefault(text, len(known)) for text in own] or [0])
    codes = names.codes.copy()
    codes[rows] = numbers[number]
    return Coded(codes, list(known))


def places_text(places: Iterable[tuple[str | None, str | None]]) -> str:
    """An event's places, each with its role and name, in the words and the order in which people tell them."""
    order = list(_ROLE_WORDS)
    told = sorted((place for place in places if place[1]), key=lambda place: order.index(place[0]))
    return "; ".join(dict.fromkeys(f"{_ROLE_WORDS[role]}{name}" for role, name in told))


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
    _by_object: dict[int, tuple[int, Any]] = field(default_factory=dict)
    """By `id`, with the object so that it lives: places share their shapes, and a long one is written out once."""
    _labels: dict[str, tuple[float, float] | None] = field(default_factory=dict)

    def number(self, geometry: Any) -> int:
        """The number of a shape, which is added if it is new."""
        if id(geometry) not in self._by_object:
            number = self._known.setdefault(shapely.to_wkb(geometry), len(self.geometries))
            if number == len(self.geometries):
                self.geometries.append(_drawn(geometry, self.bbox))
            self._by_object[id(geometry)] = (number, geometry)
        return self._by_object[id(geometry)][0]

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
) -> dict[str, Sequence[Any]]:
    columns = table.columns
    geometry = Geometries.of(table.geometry)
    shape = _shapes_of(coded(columns["precision"]), geometry)
    rows = np.flatnonzero(shape >= 0)
    drawn = {
        name: take(columns[name], rows)
        for name in ("precision", "place_role", "place_note", "relation", "method")
    }
    lon, lat = (numbers(columns[name])[rows] for name in ("lon", "lat"))
    shape = shape[rows]
    outlined = np.flatnonzero((shape == _AREA) | (shape == _LINE))
    lon[outlined] = lat[outlined] = np.nan
    _move_badges(lon, lat, np.flatnonzero(shape == _BADGE), take(columns["country"], rows), shapes)
    events = np.repeat(np.arange(len(table.first_rows)), np.diff(table.first_rows, append=len(table)))
    return {
        "id": take(columns["feature_id"], rows),
        "event": Coded(events[rows], range(len(table.first_rows))),
        "shape": Coded(shape, SHAPES),
        "precision": drawn["precision"],
        "role": drawn["place_role"],
        "label": _labels(table, country_names).take(rows),
        "note": drawn["place_note"],
        "lon": Numbers(lon),
        "lat": Numbers(lat),
        "radius_m": take(columns["radius_m"], rows),
        "geometry": _numbered(geometry, rows, outlined, shapes),
        "native": take(columns["place_name_native"], rows),
        "names": coded(columns["place_id"]).map(lambda own: tuple(place_names.get(own or "", ()))).take(rows),
        "relation": drawn["relation"],
        "method": drawn["method"],
    }


def _shapes_of(precision: Coded[str], geometry: Geometries) -> NDArray[np.int8]:
    """How each row is drawn, as a number of `SHAPES`; -1 where it is not."""
    shape = precision.each(lambda own: SHAPES.index(_shape(Precision(own), None) or "pin"), np.int8)
    shape[precision.equal(Precision.NONE)] = -1
    lines = np.array([own.geom_type in _LINES for own in geometry.shapes] or [False])
    shape[(shape == _AREA) & (geometry.numbers >= 0) & lines[geometry.numbers]] = _LINE
    return shape


def _move_badges(
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
    badges: Rows,
    country: Sequence[str | None],
    shapes: _Shapes,
) -> None:
    """Put the names of countries where a reader looks."""
    codes = coded(country).take(badges)
    for number in np.unique(codes.codes).tolist():
        if at := shapes.label_of(codes.values[number]):
            rows = badges[codes.codes == number]
            lon[rows], lat[rows] = at


def _numbered(geometry: Geometries, rows: Rows, outlined: Rows, shapes: _Shapes) -> Coded[int | None]:
    """The number of each outline among those of the scene, in the order in which they are first drawn."""
    own = geometry.numbers[rows[outlined]]
    # What is no outline after all stands for itself.
    kinds, first = ranked(np.where(own < 0, len(geometry.shapes) + outlined, own))
    numbers = [shapes.number(geometry[row]) for row in rows[outlined[first]].tolist()]
    codes = np.zeros(len(rows), dtype=np.int32)
    codes[outlined] = np.array(numbers or [0])[kinds] + 1
    return Coded(codes, [None, *range(len(shapes.geometries))])


def _asides(table: EventTable, shapes: _Shapes, country_names: Mapping[str, str]) -> dict[str, list[Any]]:
    """Places that do not locate their event, as they are drawn for who asks to see them."""
    columns = table.asides.columns
    told = set(columns["event_id"])
    numbers = (
        {
            event_id: number
            for number, event_id in enumerate(take(table.columns["event_id"], table.first_rows))
            if event_id in told
        }
        if told
        else {}
    )
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


def _movements(table: EventTable, country_names: Mapping[str, str]) -> tuple[Movement, ...]:
    """The ways between an event's origins and destinations, as far as their ends are known."""
    columns, first = table.columns, table.first_rows
    is_end = coded(columns["place_role"]).each(
        lambda role: role in (PlaceRole.ORIGIN, PlaceRole.DESTINATION), bool
    )
    movements = []
    for number in np.unique(np.searchsorted(first, np.flatnonzero(is_end), side="right") - 1).tolist():
        rows = range(first[number], first[number + 1] if number + 1 < len(first) else len(table))
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
    return "line" if geometry is not None and geometry.geom_type in _LINES else "area"


def _drawn(geometry: Any, bbox: Bbox) -> dict[str, Any]:
    """A shape as the page draws it, no finer than half a pixel when it fills the screen."""
    west, south, east, north = geometry.bounds
    span = max(east - west, north - south, 1e-6)
    return to_geojson(shapely.simplify(geometry, span / (2 * _SCREEN_PX)), decimals=_FINE_DECIMALS)
