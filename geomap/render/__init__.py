"""From a finished scene to a page: `draw_page` (one offline file) and `to_folium` (a map to go on with)."""

from geomap.render.links import safe_url
from geomap.render.notebook import to_folium
from geomap.render.page import draw_page

__all__ = ["draw_page", "safe_url", "to_folium"]
