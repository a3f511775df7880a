"""Points off a place by distance and direction: `30 km east of X`."""

import re
from dataclasses import replace
from typing import Final

from geomap.extract.sites.cues import CueReader
from geomap.extract.sites.site import Grain, Site
from geomap.extract.tokens import Words, word_set

WINDS: Final = {
    "north": 0, "northeast": 45, "north-east": 45, "east": 90, "southeast": 135, "south-east": 135, "south": 180,
    "southwest": 225, "south-west": 225, "west": 270, "northwest": 315, "north-west": 315,
}  # fmt: skip
_TO_NAME: Final = word_set("the town city village of capital regional")
"""Words between a direction and the name: `north of the town of X`."""
_KM: Final = {"km": 1.0, "kms": 1.0, "kilometres": 1.0, "kilometers": 1.0, "kilometre": 1.0, "kilometer": 1.0,
              "miles": 1.609344, "mile": 1.609344, "mi": 1.609344}  # fmt: skip
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_KM_GLUED: Final = re.compile(r"(\d+(?:\.\d+)?)(kms?|mi)", re.IGNORECASE)


def offset(words: Words, site: Site, cues: CueReader) -> Site:
    """`30 km east of X` as a point off it; `30 km from X` is a distance and no place."""
    at = site.first - 1
    while at >= 0 and words.low[at] in _TO_NAME:
        at -= 1
    wind = WINDS.get(words.low[at].replace("-", "")) if at >= 0 else None
    if at >= 0 and wind is None and words.low[at] in WINDS:
        wind = WINDS[words.low[at]]
    unit = at - 1 if wind is not None else at - 1 if at >= 0 and words.low[at] in ("from", "away") else -1
    if unit < 0:
        return site
    km, start = _kilometres(words, unit)
    if km is None:
        return site
    if wind is None or site.grain is not Grain.POINT:
        return replace(site, is_aside=True)
    anchor = {key: site.spec[key] for key in ("place", "country") if key in site.spec}
    return replace(
        site,
        first=start,
        spec={"from": anchor, "bearing": wind, "distance_km": round(km, 1)},
        key=f"{site.key}+{wind}+{km:.0f}",
        cue=cues.before(words, start) or "in",
        name=f"{km:g} km of {site.name}",
    )


def _kilometres(words: Words, unit: int) -> tuple[float | None, int]:
    """The length that ends at a token, in kilometres, and where it starts."""
    low = words.low[unit]
    if low == "away" and unit:
        unit -= 1
        low = words.low[unit]
    if match := _KM_GLUED.fullmatch(low):
        return float(match[1]) * _KM[match[2]], unit
    if low in _KM and unit:
        if _NUMBER.fullmatch(words.low[unit - 1]):
            return float(words.low[unit - 1].replace(",", "")) * _KM[low], unit - 1
        return _KM[low], unit - 1
    return None, unit
