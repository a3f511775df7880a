"""Context layers as they are drawn: what the map's config says of them, and the shapes of their files."""

from collections.abc import Sequence
from typing import Final

from geomap.config import ContextLayer
from geomap.context import ContextFile
from geomap.model.geometry import to_geojson
from geomap.scene.value import SceneContext

_DECIMALS: Final = 4  # 11 m: finer than such lines are known
# Muted, so that none is taken for the colour of a type of events.
_COLOURS: Final = ("#8a4b52", "#4f5d8a", "#5f7049", "#80648a", "#8a6a3f", "#4a7480")


def compose_contexts(
    layers: Sequence[ContextLayer], files: Sequence[ContextFile]
) -> tuple[SceneContext, ...]:
    """Put each layer together with its file; one that names no colour takes the next of a muted series."""
    return tuple(
        SceneContext(
            id=layer.id,
            title=layer.title,
            date=layer.date.label,
            edtf=layer.date.edtf,
            credit=layer.credit,
            colour=layer.colour or _COLOURS[number % len(_COLOURS)],
            url=layer.url,
            licence=layer.licence,
            shown=layer.shown,
            shapes=tuple(to_geojson(shape.geometry, decimals=_DECIMALS) for shape in file.shapes),
            labels=tuple(shape.label for shape in file.shapes),
        )
        for number, (layer, file) in enumerate(zip(layers, files, strict=True))
    )
