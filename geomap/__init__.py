"""geomap: event maps as code.

`build` makes a project's outputs, `load` reads its events as a table, `to_folium` puts events on a
`folium.Map` to go on with; `Gazetteer` is a geocoder of geopy over geomap's own places. Everything
heavy is imported when it is first used.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geomap.gazetteer.geocoder import Gazetteer
    from geomap.pipeline import BuildResult, Project, build, load, to_folium

__version__ = "0.1.0"
__all__ = ["BuildResult", "Gazetteer", "Project", "__version__", "build", "load", "to_folium"]


def __getattr__(name: str) -> Any:
    if name == "Gazetteer":
        from geomap.gazetteer import geocoder

        return geocoder.Gazetteer
    if name in __all__:
        from geomap import pipeline

        return getattr(pipeline, name)
    raise AttributeError(f"module 'geomap' has no attribute {name!r}")
