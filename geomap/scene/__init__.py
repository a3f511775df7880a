"""What one map says, as a value: composed from a table of events and the ground under it."""

from geomap.scene.compose import compose_scene
from geomap.scene.ground import Ground, GroundRegion
from geomap.scene.value import (
    Basemap,
    Columns,
    Movement,
    Scene,
    SceneContext,
    SceneLayer,
    Shape,
    TypeSymbol,
)

__all__ = [
    "Basemap",
    "Columns",
    "Ground",
    "GroundRegion",
    "Movement",
    "Scene",
    "SceneContext",
    "SceneLayer",
    "Shape",
    "TypeSymbol",
    "compose_scene",
]
