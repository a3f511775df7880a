"""A stock folium map of a scene, to go on with in a notebook.

It keeps folium's own links and tiles, so it needs a network, and it carries no content policy: only the
scene's own text is promised to be shown as text. What people put on it themselves, folium's popups and tooltips show as
HTML; that no template runs in it is what `guarded` sees to. `draw_page` makes the offline one.
"""

import hashlib

import folium

from geomap.render.elements import FinishedParts
from geomap.render.guarded import GuardedMap
from geomap.render.page import SHARED_SCRIPTS, enclose_scripts
from geomap.render.payload import scene_json
from geomap.render.read import read_static
from geomap.scene import Scene


def to_folium(scene: Scene) -> folium.Map:
    """Give the scene as a `folium.Map` that fits its bounds and carries its events and layers."""
    west, south, east, north = scene.bbox
    drawn = GuardedMap()
    drawn.fit_bounds([[south, west], [north, east]])
    island = scene_json(scene)
    island_id = f"geomap-data-{hashlib.sha256(island.encode()).hexdigest()[:12]}"
    # The script looks these two ids up; both are ours, letters and digits only.
    call = f'window.geomapNotebook({drawn.get_name()}, "{island_id}");\n'
    drawn.add_child(
        FinishedParts(
            header=f"<style>{read_static('card.css')}</style>",
            html=f'<script type="application/json" id="{island_id}">{island}</script>',
            script=enclose_scripts((*SHARED_SCRIPTS, "notebook.js")) + call,
        )
    )
    return drawn
