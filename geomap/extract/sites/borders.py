"""Borders and their fences, and the stretch between two places: `the A-B border`, `A's side of the border with B`."""

import re
from itertools import combinations, pairwise
from typing import Any, Final

from geomap.extract.nations import Nations
from geomap.extract.sites.cues import NEAR, CueReader
from geomap.extract.sites.site import Grain, Reading, Site
from geomap.extract.tokens import word_set

_BORDERS: Final = frozenset({"border", "borders", "frontier", "frontiers", "borderline"})
_FENCES: Final = frozenset({"fence", "fences", "barrier", "wire"})
# After "border" these make another thing of it: border guards, border duty.
_BORDER_COMPOUNDS: Final = word_set(
    "guard guards guardsmen duty police patrol patrols service services troops forces agency control "
    "controls security officers incident incidents crisis situation stand-off standoff dispute committee "
    "protection regime units tensions clash clashes crossings provocations traffic closure violations "
    "violation force detachment zone policy management officials"
)
_BEFORE_BORDER: Final = word_set(
    "barbed-wire barbed wire state shared common land eastern western northern southern external"
)
_THEIR: Final = word_set("their two common shared mutual")
_ROADS: Final = frozenset({"road", "highway", "motorway", "railway", "line", "route", "track", "stretch"})


class BorderReader:
    """Reads which stretch of border a sentence speaks of."""

    def __init__(self, nations: Nations, cues: CueReader) -> None:
        self._nations, self._cues = nations, cues

    def read(self, reading: Reading) -> list[Site]:
        """The stretches of border that a sentence speaks of."""
        words = reading.words
        found: list[Site] = []
        for at, low in enumerate(words.low):
            if low in _BORDERS:
                site = self._border(reading, at)
                if words.low[at + 1 : at + 2] and words.low[at + 1] in _BORDER_COMPOUNDS:
                    continue
            elif low in _FENCES and not _BORDERS & words.positions.keys():
                site = self._fence(reading, at)
            else:
                continue
            if site is not None and not any(other.last >= site.first for other in found):
                found.append(site)
        return found

    def _border(self, reading: Reading, at: int) -> Site | None:
        words, codes, setting = reading.words, reading.codes, reading.setting
        low = words.low
        if (at and low[at - 1] in ("which", "that")) or (
            low[at] == "borders" and at + 1 < len(low) and words.text[at + 1][:1].isupper()
        ):
            return None  # a verb: "which borders Poland"
        first, last, pair = at, at, ("", "")
        side = ""
        # "A-B border", "A's border with B", "border between A and B", "the B border", "A side of the border".
        if at and "-" in low[at - 1] + "-" and (joined := self._pair_of(words.text[at - 1])):
            first, pair = at - 1, joined
        elif at >= 3 and low[at - 2] in ("-", "–", "—") and at - 3 in codes and at - 1 in codes:
            first, pair = at - 3, (codes[at - 3], codes[at - 1])
        else:
            own = at - 1
            while own >= 0 and low[own] in _BEFORE_BORDER:
                own -= 1
            if own in codes:
                pair, first = (codes[own], ""), own
        nxt = low[at + 1] if at + 1 < len(low) else ""
        if nxt == "between" or (nxt in ("of", "with") and not pair[1]):
            follow = [i for i in range(at + 2, min(at + 8, len(low))) if i in codes]
            others = list(dict.fromkeys(codes[i] for i in follow))
            if (
                nxt == "between"
                and any(word in low[at + 2 : at + 6] for word in ("two", "both"))
                and len(others) < 2
            ):
                recent = next(
                    (two for two in combinations(setting.countries[::-1][:5], 2) if self._touch(*two)), None
                )
                if recent is not None:
                    pair, last = recent, min(at + 4, len(low) - 1)
            elif nxt == "between" and len(others) >= 2:
                pair, last = (others[0], others[1]), max(i for i in follow if codes[i] in others[:2])
            elif nxt == "with" and others:
                pair, last = (pair[0], others[0]), follow[0]
                more = [i for i in follow if codes[i] != others[0]]
                if more and low[more[0] - 1] in (",", "and"):
                    last = follow[0]
        elif nxt in ('"', "”") and low[at + 2 : at + 3] == ["with"] and at + 3 in codes:
            pair, last = (pair[0], codes[at + 3]), at + 3  # the border” with B
        if (
            first >= 3
            and low[first - 1] in ("the", "a", "its", "their")
            and low[first - 2] == "of"
            and low[first - 3] == "side"
        ) and first - 4 in codes:
            side, first = codes[first - 4], first - 4
            if not pair[0] and not pair[1]:
                pair = (side, "")
            elif pair[0] == "" and pair[1]:
                pair = (side, pair[1])
        both = self._completed(reading, at, pair)
        if both is None:
            return None
        setting.border = both
        return self._stretch(reading, first, last, both, side)

    def _pair_of(self, token: str) -> tuple[str, str] | None:
        """The two countries of `Polish-Belarusian`; of three with a hyphen too (`Guinea-Bissau`) none."""
        parts = re.split("[-‑–]", token)
        if len(parts) != 2:
            return None
        codes = [
            self._nations.stands_for(part) or self._nations.stands_for(part.removesuffix("o") + "an")
            for part in parts
        ]
        return (codes[0], codes[1]) if all(codes) and codes[0] != codes[1] else None

    def _completed(self, reading: Reading, at: int, pair: tuple[str, str]) -> tuple[str, str] | None:
        """Both countries of a border of which the words name one or none."""
        codes, setting = reading.codes, reading.setting
        first, second = pair
        if first and second and first != second:
            return pair if self._touch(first, second) else None
        known = first or second
        if known:
            if setting.border and known in setting.border:
                return setting.border
            near = sorted((abs(i - at), code) for i, code in codes.items() if code != known)
            for _, code in near:
                if self._touch(known, code):
                    return (known, code)
            for code in reversed(setting.countries):
                if self._touch(known, code):
                    return (known, code)
            return None
        before = [code for i, code in sorted(codes.items(), reverse=True) if i < at]
        after = [code for i, code in sorted(codes.items()) if i > at]
        here = list(dict.fromkeys([*before, *after]))
        is_theirs = at > 0 and reading.words.low[at - 1] in _THEIR
        if setting.border and not is_theirs and (not here or set(here) & set(setting.border)):
            return setting.border
        for one, other in combinations(here, 2):
            if self._touch(one, other):
                return (one, other)
        return setting.border

    def _touch(self, one: str, other: str) -> bool:
        return self._nations.adjoin(one, other)

    def _fence(self, reading: Reading, at: int) -> Site | None:
        """A border fence without the word border, where the text has told which border it speaks of."""
        low, border = reading.words.low, reading.setting.border
        if border is None or (low[at] == "wire" and low[at + 1 : at + 2] == ["fence"]):
            return None
        return self._stretch(reading, at, at, border, "")

    def _stretch(self, reading: Reading, first: int, last: int, pair: tuple[str, str], side: str) -> Site:
        words = reading.words
        spec: dict[str, Any] = {"border": sorted(pair)}
        key = "border:" + "-".join(sorted(pair))
        region, lonlat, end = None, None, last
        for site in reading.named:
            if not last < site.first <= last + 6 or site.row is None:
                continue
            between = words.low[last + 1 : site.first]
            if any(not word[:1].isalpha() and word != "," for word in between):
                break
            if (
                site.grain is Grain.POINT
                and any(word in NEAR for word in between)
                and set(site.countries) & set(pair)
            ):
                spec["near"] = {key: site.spec[key] for key in ("place", "country") if key in site.spec}
                key, end, region, lonlat = f"{key}~{site.key}", site.last, site.region, site.lonlat
                break
            if site.grain is Grain.REGION and site.cue == "in" and set(site.countries) & set(pair):
                spec["within"] = site.name
                key, end, region = f"{key}@{site.key}", site.last, site.region
                break
        if side in pair:
            spec["side"] = side
        return Site(
            first=first,
            last=end,
            spec=spec,
            grain=Grain.LINE,
            key=key,
            name="border",
            cue=self._cues.before(words, first) or "at",
            countries=tuple(sorted(pair)),
            region=region,
            lonlat=lonlat,
        )


def read_stretches(reading: Reading) -> list[Site]:
    """`on the road from A to B`, `between A and B`: the stretch between two places."""
    words = reading.words
    found = []
    for one, other in pairwise(reading.named):
        gap = words.low[one.last + 1 : other.first]
        is_pair = gap in (["and"], ["to"]) and one.grain is other.grain is Grain.POINT
        if not is_pair or one.key.startswith("?") or other.key.startswith("?"):
            continue
        before = words.low[max(0, one.first - 4) : one.first]
        is_road = bool(_ROADS.intersection(before)) and ("from" in before or "between" in before)
        if (gap == ["and"] and one.cue == "between") or is_road:
            ends = [
                {key: site.spec[key] for key in ("place", "country") if key in site.spec}
                for site in (one, other)
            ]
            found.append(
                Site(
                    first=one.first,
                    last=other.last,
                    spec={"between": ends},
                    grain=Grain.LINE,
                    key=f"{one.key}..{other.key}",
                    name=f"between {one.name} and {other.name}",
                    cue="on",
                    countries=tuple(sorted({*one.countries, *other.countries})),
                    lonlat=one.lonlat,
                )
            )
    return found
