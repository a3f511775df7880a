"""What else makes one HTML file of an event table, each written as plainly as its documentation does it.

    python render_peers.py versions
    python render_peers.py imports PEER
    python render_peers.py build PEER TABLE.parquet PAGE.html

It runs in an environment of its own, see `render_fetch`, and needs nothing of geomap. All show the same: a mark at
each position, coloured by its category, with title, day, category and link in a popup; no tiles.
"""

import importlib
import importlib.metadata
import json
import sys
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any, Final

CENTER: Final = (53.5, 30.0)
ZOOM: Final = 5
WINDOW_DAYS: Final = 30
COLOURS: Final = {"exercise/live_fire": "#1b6ca8", "strike/explosion": "#c0392b", "migration/camp": "#2e8b57"}
RADIUS_PX: Final = 3

_CLUSTERED: Final = """function (row) {
  const marker = L.circleMarker(new L.LatLng(row[0], row[1]), { radius: RADIUS, color: row[4] });
  marker.bindPopup(() => {
    const popup = document.createElement("div");
    popup.innerText = [row[2], row[3], row[5], row[6]].join("\\n");
    return popup;
  });
  return marker;
}"""
_DRAWN: Final = """function (feature, latlng) {
  return L.circleMarker(latlng, { radius: RADIUS, color: feature.properties.colour })
    .bindPopup(feature.properties.popup);
}"""

Frame = Any
"""A pandas.DataFrame with the columns of `render_input`."""


def main() -> None:
    """Do one of the three things above."""
    task, *arguments = sys.argv[1:]
    if task == "versions":
        print(json.dumps({name: importlib.metadata.version(name) for name in ("folium", "branca", *_NAMED)}))
    elif task == "imports":
        for module in IMPORTS[arguments[0]]:
            importlib.import_module(module)
    else:
        peer, table, page = arguments
        import pandas as pd

        PEERS[peer](pd.read_parquet(table), Path(page))


# folium


def marker(frame: Frame, page: Path) -> None:
    """A marker a row."""
    import folium

    drawn = _map()
    for lon, lat, text in zip(frame["lon"], frame["lat"], _popups(frame), strict=True):
        folium.Marker((lat, lon), popup=text).add_to(drawn)
    drawn.save(page)


def circle_marker(frame: Frame, page: Path) -> None:
    """A circle a row, on a canvas."""
    import folium

    drawn = _map()
    columns = (frame["lon"], frame["lat"], frame["category"].map(COLOURS), _popups(frame))
    for lon, lat, colour, text in zip(*columns, strict=True):
        folium.CircleMarker((lat, lon), radius=RADIUS_PX, color=colour, popup=text).add_to(drawn)
    drawn.save(page)


def geojson(frame: Frame, page: Path) -> None:
    """All rows as one layer with a popup."""
    import folium

    drawn = _map()
    fields = ["title", "day", "category", "url"]
    folium.GeoJson(
        _collection(frame, {key: frame[key].astype(str) for key in fields}),
        marker=folium.CircleMarker(radius=RADIUS_PX),
        style_function=lambda feature: {"color": COLOURS[feature["properties"]["category"]]},
        popup=folium.GeoJsonPopup(fields=fields),
    ).add_to(drawn)
    drawn.save(page)


def fast_marker_cluster(frame: Frame, page: Path) -> None:
    """All rows in clusters that the page makes."""
    from folium.plugins import FastMarkerCluster

    drawn = _map()
    rows = zip(
        frame["lat"],
        frame["lon"],
        frame["title"],
        frame["day"].astype(str),
        frame["category"].map(COLOURS),
        frame["category"],
        frame["url"],
        strict=True,
    )
    data = [list(row) for row in rows]
    FastMarkerCluster(data, callback=_CLUSTERED.replace("RADIUS", str(RADIUS_PX))).add_to(drawn)
    drawn.save(page)


def timestamped(frame: Frame, page: Path) -> None:
    """All rows with their days, each shown for 30 days."""
    from folium.plugins import TimestampedGeoJson

    drawn = _map()
    columns = {
        "times": [[day] for day in frame["day"].astype(str)],
        "popup": _popups(frame),
        "icon": ["circle"] * len(frame),
        "iconstyle": [{"radius": RADIUS_PX, "color": colour} for colour in frame["category"].map(COLOURS)],
    }
    TimestampedGeoJson(
        _collection(frame, columns),
        period="P1D",
        duration=f"P{WINDOW_DAYS}D",
        auto_play=False,
        add_last_point=False,
    ).add_to(drawn)
    drawn.save(page)


def timeline(frame: Frame, page: Path) -> None:
    """All rows with the 30 days in which each is shown, and a slider."""
    import pandas as pd
    from folium.plugins import Timeline, TimelineSlider
    from folium.utilities import JsCode

    drawn = _map()
    days = pd.to_datetime(frame["day"])
    columns = {
        "start": _milliseconds(days),
        "end": _milliseconds(days + pd.Timedelta(days=WINDOW_DAYS)),
        "popup": _popups(frame),
        "colour": frame["category"].map(COLOURS),
    }
    shown = Timeline(
        _collection(frame, columns), point_to_layer=JsCode(_DRAWN.replace("RADIUS", str(RADIUS_PX)))
    ).add_to(drawn)
    TimelineSlider(auto_play=False, show_ticks=False).add_timelines(shown).add_to(drawn)
    drawn.save(page)


# Others


def explore(frame: Frame, page: Path) -> None:
    """`GeoDataFrame.explore`."""
    import geopandas

    points = geopandas.points_from_xy(frame["lon"], frame["lat"])
    columns = frame[["title", "category", "url"]].assign(day=frame["day"].astype(str))
    located = geopandas.GeoDataFrame(columns, geometry=points, crs="EPSG:4326")
    located.explore(
        column="category",
        cmap=[COLOURS[category] for category in sorted(COLOURS)],
        tiles=None,
        tooltip="title",
        popup=True,
        location=CENTER,
        zoom_start=ZOOM,
        marker_kwds={"radius": RADIUS_PX},
    ).save(page)


def pydeck(frame: Frame, page: Path) -> None:
    """A layer of deck.gl, its scripts inside the page."""
    import pydeck as pdk

    columns = frame[["lon", "lat", "title", "category", "url"]].assign(
        day=frame["day"].astype(str),
        colour=[[int(COLOURS[name][at : at + 2], 16) for at in (1, 3, 5)] for name in frame["category"]],
    )
    layer = pdk.Layer(
        "ScatterplotLayer",
        columns,
        get_position=["lon", "lat"],
        get_fill_color="colour",
        get_radius=1,
        radius_min_pixels=RADIUS_PX,
        radius_max_pixels=RADIUS_PX,
        pickable=True,
    )
    # deck.gl counts zooms for tiles of 512 pixels, Leaflet for those of 256.
    view = pdk.ViewState(latitude=CENTER[0], longitude=CENTER[1], zoom=ZOOM - 1)
    text = {"html": "<b>{title}</b><br>{day}<br>{category}<br>{url}"}
    deck = pdk.Deck([layer], initial_view_state=view, map_provider=None, map_style=None, tooltip=text)
    deck.to_html(str(page), offline=True, open_browser=False, notebook_display=False)


def plotly(frame: Frame, page: Path) -> None:
    """A trace a category on a map of MapLibre, its scripts inside the page."""
    import plotly.express as px

    figure = px.scatter_map(
        frame.assign(day=frame["day"].astype(str)),
        lat="lat",
        lon="lon",
        color="category",
        color_discrete_map=COLOURS,
        hover_name="title",
        hover_data=["day", "url"],
        center={"lat": CENTER[0], "lon": CENTER[1]},
        zoom=ZOOM - 1,
        map_style="white-bg",
    )
    figure.update_traces(marker_size=2 * RADIUS_PX)
    figure.update_layout(margin={"l": 0, "r": 0, "t": 0, "b": 0})
    figure.write_html(page, include_plotlyjs=True)


# What they share


def _map() -> Any:
    import folium

    # Clusters ask a map without tiles how far it goes in.
    return folium.Map(location=CENTER, zoom_start=ZOOM, tiles=None, prefer_canvas=True, maxZoom=18)


def _popups(frame: Frame) -> list[str]:
    columns = (frame["title"], frame["day"].astype(str), frame["category"], frame["url"])
    return [
        f'{escape(title)}<br>{day}<br>{category}<br><a href="{escape(url)}">{escape(url)}</a>'
        for title, day, category, url in zip(*columns, strict=True)
    ]


def _milliseconds(days: Any) -> list[int]:
    return [int(value) for value in days.astype("datetime64[ms]").astype("int64")]


def _collection(frame: Frame, columns: dict[str, Any]) -> dict[str, Any]:
    """The rows as GeoJSON, with these columns as their properties."""
    properties = (dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True))
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": own,
            }
            for lon, lat, own in zip(frame["lon"], frame["lat"], properties, strict=True)
        ],
    }


PEERS: Final[dict[str, Callable[[Frame, Path], None]]] = {
    "folium_marker": marker,
    "folium_circle_marker": circle_marker,
    "folium_geojson": geojson,
    "folium_fast_marker_cluster": fast_marker_cluster,
    "folium_timestamped_geojson": timestamped,
    "folium_timeline": timeline,
    "geopandas_explore": explore,
    "pydeck": pydeck,
    "plotly_scatter_map": plotly,
}
_NAMED: Final = ("geopandas", "pydeck", "plotly", "pandas", "pyarrow")
_TABLE: Final = ("pandas", "pyarrow.parquet")
_FOLIUM: Final = (*_TABLE, "folium", "folium.plugins")
IMPORTS: Final = {
    **{name: _FOLIUM for name in PEERS if name.startswith("folium_")},
    "geopandas_explore": (*_FOLIUM, "geopandas", "mapclassify", "matplotlib.pyplot"),
    "pydeck": (*_TABLE, "pydeck"),
    "plotly_scatter_map": (*_TABLE, "plotly.express"),
}
"""What each loads, to tell how much of its time that takes."""

if __name__ == "__main__":
    main()
