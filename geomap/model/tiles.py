"""Online map tiles by name, as the package xyzservices lists them; only such as need no key."""

import re
from dataclasses import dataclass
from difflib import get_close_matches
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

_PLACEHOLDER: Final = re.compile(r"{(-?\w+)}")
_OF_THE_PAGE: Final = frozenset("xyz")
_WEB_MERCATOR: Final = frozenset({"EPSG3857", "EPSG:3857"})
_LAST_ZOOM: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class TileSource:
    """A tile server: `url` has only `{z}`, `{x}` and `{y}` left in it, `host` is its scheme and host name.

    `attribution` is plain text, as the provider asks for it.
    """

    name: str
    url: str
    attribution: str
    max_zoom: int
    host: str


def find_tiles(name: str) -> TileSource:
    """The tiles that xyzservices has under a name, such as `OpenStreetMap.Mapnik`.

    Raises
    ------
    ValueError
        If there are none of that name, or they need a key, another projection or an insecure connection.
    """
    # Half as slow to load as all else that a check needs, and few maps ask for it.
    from xyzservices import providers

    known: dict[str, Any] = providers.flatten()
    provider = known.get(name)
    if provider is None:
        close = get_close_matches(name, known, n=3, cutoff=0.5)
        hint = (
            f"; did you mean {', '.join(close)}?"
            if close
            else ", as https://xyzservices.readthedocs.io lists them"
        )
        raise ValueError(f"no tiles are called {name!r}{hint}")
    if provider.requires_token():
        raise ValueError(
            f"the tiles {name!r} need a key of yours, which a page would show to all; choose others"
        )
    if provider.get("status") == "broken":
        raise ValueError(f"the tiles {name!r} are marked as broken; choose others")
    values = dict(provider) | {"s": str(provider.get("subdomains", "abc"))[:1], "r": ""}
    url = _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), provider.url)
    parts = urlsplit(url)
    left = set(_PLACEHOLDER.findall(url))
    if left != _OF_THE_PAGE or provider.get("tms") or provider.get("crs", "EPSG3857") not in _WEB_MERCATOR:
        raise ValueError(f"the tiles {name!r} do not lie as this map does (Web Mercator); choose others")
    if parts.scheme != "https":
        raise ValueError(f"the tiles {name!r} come over an insecure connection; choose others")
    return TileSource(
        name=name,
        url=url,
        attribution=unescape(re.sub(r"<[^>]*>", "", provider.attribution)),
        max_zoom=min(int(provider.get("max_zoom", _LAST_ZOOM)), _LAST_ZOOM),
        host=f"https://{parts.netloc}",
    )
