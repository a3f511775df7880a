"""Where things are on the map that a browser shows, and the colours that it is painted in."""

import math
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def map_box(page: Any) -> dict[str, float]:
    box: dict[str, float] = page.locator(".folium-map").bounding_box()
    return box


def on_screen(page: Any, px: list[float]) -> tuple[float, float]:
    """Where a pixel of the map is in the window."""
    box = map_box(page)
    return box["x"] + px[0], box["y"] + px[1]


def place_on_screen(page: Any, lon: float, lat: float) -> tuple[float, float]:
    """Where a position is in the window; the map is Web Mercator round the view's centre."""
    view = page.evaluate("geomap.state().view")
    box = map_box(page)
    scale: float = 256 * 2 ** view["zoom"]

    def north(lat: float) -> float:
        return math.asinh(math.tan(math.radians(lat))) / (2 * math.pi) * scale

    x = (lon - view["lon"]) / 360 * scale
    return on_screen(page, [box["width"] / 2 + x, box["height"] / 2 - north(lat) + north(view["lat"])])


def colours(picture: bytes) -> NDArray[np.uint8]:
    """The colours of a screenshot: shape (height, width, 3)."""
    return np.asarray(Image.open(BytesIO(picture)).convert("RGB"))


def count_colours(page: Any) -> int:
    """How many colours the map has on a picture of it, as the eye would see them."""
    picture = page.locator(".folium-map").screenshot()
    return len(np.unique(colours(picture).reshape(-1, 3), axis=0))
