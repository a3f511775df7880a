"""What an export knows of its map beside the table."""

from dataclasses import dataclass

from geomap.model.geometry import Bbox
from geomap.scene import SceneLayer, TypeSymbol


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportInfo:
    """What travels in a format's metadata and style.

    `types` are those that the events have; `bbox` (west, south, east, north) is where the map opens; the `events` of
    `layers` are numbers of events in the order of the table; `countries` are the codes that decided between namesakes.
    """

    title: str
    worldview: str
    attribution: tuple[str, ...]
    types: tuple[TypeSymbol, ...] = ()
    layers: tuple[SceneLayer, ...] = ()
    countries: tuple[str, ...] = ()
    bbox: Bbox = (-180.0, -85.0, 180.0, 85.0)
