"""Points off a place by distance and direction: `30 km east of X`."""

import re
from collections.abc import Mapping
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
_NAUTICAL_KM: Final = 1.852
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_KM_GLUED: Final = re.compile(r"(\d+(?:\.\d+)?)(kms?|mi)", re.IGNORECASE)


class OffsetReader:
    """Reads how far and in which direction a place is from a named one."""

    def __init__(self, cues: CueReader, numbers: Mapping[str, int]) -> None:
        self._cues, self._numbers = cues, numbers

    def read(self, words: Words, site: Site) -> Site:
        """`30 km east of X` as a point off it; `30 km from X` is a distance and no place."""
        at = site.first - 1
        while at >= 0 and words.low[at] in _TO_NAME:
            at -= 1
        low = words.low[at] if at >= 0 else ""
        wind = WINDS.get(low.replace("-", ""), WINDS.get(low))
        unit = at - 1 if wind is not None or low in ("from", "away") else -1
        if unit < 0 or (length := self._length(words, unit)) is None:
            return site
        km, start = length
        if wind is None or site.grain is not Grain.POINT:
            return replace(site, is_aside=True)
        if km is None:
            return replace(site, cue="near")
        anchor = {key: site.spec[key] for key in ("place", "country") if key in site.spec}
        return replace(
            site,
            first=start,
            spec={"from": anchor, "bearing": wind, "distance_km": round(km, 1)},
            key=f"{site.key}+{wind}+{km:.0f}",
            cue=self._cues.before(words, start) or "in",
            name=f"{km:g} km of {site.name}",
        )

    def _length(self, words: Words, unit: int) -> tuple[float | None, int] | None:
        """The length that ends at a token, in kilometres, and where it starts; None for `a few miles`."""
        low = words.low[unit]
        if low == "away" and unit:
            unit -= 1
            low = words.low[unit]
        if match := _KM_GLUED.fullmatch(low):
            return float(match[1]) * _KM[match[2]], unit
        if low not in _KM or not unit:
            return None
        km, at = _KM[low], unit - 1
        if words.low[at] == "nautical":
            km, at = _NAUTICAL_KM, at - 1
        written = words.low[at] if at >= 0 else ""
        if _NUMBER.fullmatch(written):
            return float(written.replace(",", "")) * km, at
        if written in ("a", "an"):
            return km, at
        if written in self._numbers:
            return self._numbers[written] * km, at
        return None, unit
