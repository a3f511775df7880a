"""The layers of a map and the symbols of its types: which events stand in each."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geomap.config import OTHER_LAYERS, Layer, MapFile, Select
from geomap.model.columns import coded
from geomap.model.event_types import EVENT_TYPES, EventType
from geomap.model.table import EventTable
from geomap.scene.value import SceneLayer, TypeSymbol

_OTHER: Final = "Other"
_FALLBACK: Final = EVENT_TYPES["other"]


def type_symbols(table: EventTable, config: MapFile) -> tuple[TypeSymbol, ...]:
    """The symbols of the types that the events have, in the order of the vocabulary."""
    used = set(coded(table.columns["type"]).used)
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
        layers = [
            Layer(id=kind, title=_type_label(kind, config), select=Select(type=[kind]))
            for kind in sorted(coded(table.columns["type"]).used)
        ]
    selection = _Selection(table)
    rest = np.ones(len(table.first_rows), dtype=bool)
    chosen = []
    for layer in layers:
        shown = selection.shown(layer.select)
        rest &= ~shown
        chosen.append(_scene_layer(layer.id, layer.title, layer.group, shown))
    if rest.any():
        taken = {layer.id for layer in layers}
        other_id = next(name for name in OTHER_LAYERS if name not in taken)
        chosen.append(_scene_layer(other_id, _OTHER, "", rest))
    return tuple(chosen)


def _scene_layer(layer_id: str, title: str, group: str, shown: NDArray[np.bool_]) -> SceneLayer:
    return SceneLayer(id=layer_id, title=title, group=group, events=tuple(np.flatnonzero(shown).tolist()))


class _Selection:
    """Which events of a table have what a layer selects."""

    def __init__(self, table: EventTable) -> None:
        self._columns, self._first = table.columns, table.first_rows

    def shown(self, select: Select) -> NDArray[np.bool_]:
        """Of each event whether a layer shows it: any value of a key, and every key that is given."""
        shown = np.ones(len(self._first), dtype=bool)
        for key in Select.model_fields:
            if (values := getattr(select, key)) is not None:
                shown &= self._with_any(key, frozenset(values))
        return shown

    def _with_any(self, key: str, wanted: frozenset[str]) -> NDArray[np.bool_]:
        columns, first = self._columns, self._first
        if key == "type":
            kind, subtype = coded(columns["type"]), coded(columns["subtype"])
            has = kind.each(lambda value: value in wanted, bool)
            for own in wanted:
                name, _, finer = own.partition("/")
                if finer:
                    has |= kind.equal(name) & subtype.equal(finer)
            return has[first]
        if key in ("country", "precision"):
            # Of any of an event's places.
            column = coded(columns[{"country": "countries", "precision": "precision"}[key]])
            has = column.each(lambda value: not wanted.isdisjoint(_as_list(value)), bool)
            return np.logical_or.reduceat(has, first) if len(first) else has
        names = {
            "actor": ("actors", "actor_ids"),
            "tag": ("tags",),
            "source": ("sources",),
            "status": ("status",),
        }
        found = [
            coded(columns[name]).each(lambda value: not wanted.isdisjoint(_as_list(value)), bool)[first]
            for name in names[key]
        ]
        return np.asarray(np.any(found, axis=0))


def _as_list(value: Any) -> Iterable[str]:
    return (value,) if isinstance(value, str) else value
