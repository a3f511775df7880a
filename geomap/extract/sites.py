"""Places of a sentence as an event may have them: towns, regions, stretches of border, airspace, unnamed ranges."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import combinations, pairwise
from typing import Any, Final

from geomap.extract.lexicon import Lexicon
from geomap.extract.nations import Nations
from geomap.extract.tokens import Words, word_set
from geomap.extract.toponyms import MentionKind, Toponym
from geomap.gazetteer.kinds import DIVISIONS, KIND_WORDS, PlaceClass, class_of
from geomap.gazetteer.rows import Row, place_id
from geomap.gazetteer.schema import DEGREE


class Grain(IntEnum):
    """How fine a place is, the finest first."""

    POINT = 0
    LINE = 1
    AREA = 2
    DISTRICT = 3
    REGION = 4
    AIRSPACE = 5
    UNNAMED = 6
    COUNTRY = 7


_GRAINS: Final = {
    PlaceClass.COUNTRY: Grain.COUNTRY,
    PlaceClass.REGION: Grain.REGION,
    PlaceClass.DISTRICT: Grain.DISTRICT,
    PlaceClass.WATERS: Grain.AREA,
    PlaceClass.TERRAIN: Grain.AREA,
}
_BORDERS: Final = frozenset({"border", "borders", "frontier", "frontiers", "borderline"})
_FENCES: Final = frozenset({"fence", "fences", "barrier", "wire"})
# After "border" these make another thing of it: border guards, border duty.
_BORDER_COMPOUNDS: Final = word_set(
    "guard guards guardsmen duty police patrol patrols service services troops forces agency control "
    "controls security officers incident incidents crisis situation stand-off standoff dispute committee "
    "protection regime units tensions clash clashes crossings provocations traffic closure violations "
    "violation force detachment zone policy management officials"
)
_NOT_PLACES: Final = frozenset({"eu", "un", "nato", "us-led", "west", "the west"})
_SITE_WORDS: Final = word_set(
    "air base airbase airfield airport training ground range camp port station plant nuclear power naval "
    "bridge dam refinery crossing checkpoint prison hospital depot barracks garrison railway military "
    "island"
)
_ROADS: Final = frozenset({"road", "highway", "motorway", "railway", "line", "route", "track", "stretch"})
_QUARTERS: Final = word_set("district neighbourhood neighborhood suburb quarter area borough")
_PLACED: Final = word_set("in at on near over to into from outside across around of inside off")
_DEFINITE_PLACES: Final = {
    "region": Grain.REGION, "province": Grain.REGION, "oblast": Grain.REGION, "governorate": Grain.REGION,
    "state": Grain.REGION, "city": Grain.POINT, "town": Grain.POINT, "village": Grain.POINT, "port": Grain.POINT,
    "country": Grain.COUNTRY, "base": Grain.POINT, "airport": Grain.POINT, "airfield": Grain.POINT,
    "settlement": Grain.POINT,
    "district": Grain.DISTRICT,
}  # fmt: skip
_SKIES: Final = frozenset({"airspace", "skies"})
_ARTICLES: Final = frozenset({"the", "a", "an", "its", "their", "his", "our", "of", "this", "that"})
_WINDS: Final = {
    "north": 0, "northeast": 45, "north-east": 45, "east": 90, "southeast": 135, "south-east": 135, "south": 180,
    "southwest": 225, "south-west": 225, "west": 270, "northwest": 315, "north-west": 315,
}  # fmt: skip
_SIDES: Final = word_set(
    "northern southern eastern western northeastern northwestern southeastern southwestern central "
    "north-eastern north-western south-eastern south-western"
)
_KM: Final = {"km": 1.0, "kms": 1.0, "kilometres": 1.0, "kilometers": 1.0, "kilometre": 1.0, "kilometer": 1.0,
              "miles": 1.609344, "mile": 1.609344}  # fmt: skip
_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
_KM_GLUED: Final = re.compile(r"(\d+(?:\.\d+)?)(?:km|kms|mi)", re.IGNORECASE)
_NOT_VERBS: Final = _SIDES | word_set(
    "the a an its their his our of nearby neighbouring neighboring occupied annexed capital regional border"
)
_PREPOSITIONS: Final = word_set(
    "in at on near to into from over above through across outside inside around along off within by "
    "throughout between under toward towards onto beside of for against leaving via with amid beyond"
)
_NEAR: Final = frozenset({"near", "outside", "around", "close", "beside", "off", "outskirts"})
_REACH: Final = 6
_CUE_STOPS: Final = word_set(
    "and or but said says as while when that because after before who which where than has have had is "
    "are was were will would since if whether it he she they"
)


@dataclass(slots=True)
class Site:
    """A place in a sentence. Token positions, `last` included.

    `spec` holds keys of `PlaceSpec` but the role; `key` is the same for the same place; `cue` is the preposition
    before it. `is_aside` says that it locates nothing: a distance from it, a clause about something else.
    """

    first: int
    last: int
    spec: dict[str, Any]
    grain: Grain
    key: str
    name: str
    cue: str = ""
    countries: tuple[str, ...] = ()
    region: str | None = None
    lonlat: tuple[float, float] | None = None
    is_aside: bool = False
    is_owner: bool = False
    is_metonym: bool = False
    is_route: bool = False
    row: Row | None = None
    spans: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class Setting:
    """What a document has said so far that its later words rest on: countries in order, the last border named."""

    countries: list[str] = field(default_factory=list)
    border: tuple[str, str] | None = None
    places: dict[Grain, Site] = field(default_factory=dict)
    """The last place of each grain in which something was told to be."""
    last: Site | None = None

    def mention(self, code: str) -> None:
        """Take note of a country that the text speaks of; the latest stands last."""
        if code in self.countries:
            self.countries.remove(code)
        self.countries.append(code)


class SiteReader:
    """Reads the places of sentences."""

    def __init__(self, lexicon: Lexicon, nations: Nations) -> None:
        self._lexicon, self._nations = lexicon, nations

    def read(self, words: Words, toponyms: Sequence[Toponym], setting: Setting) -> list[Site]:
        """The places of one sentence, in its order.

        Parameters
        ----------
        toponyms
            Those of the sentence.
        setting
            What the sentences before it have said; updated.
        """
        named = self._named(words, toponyms)
        codes = self._codes(words, named)
        for code in codes.values():
            if code:
                setting.mention(code)
        borders = self._borders(words, named, codes, setting)
        borders += [road for road in self._stretches(words, named) if not _among(road, borders)]
        skies = self._skies(words, named, codes, setting)
        unnamed = self._unnamed(words, named, codes, setting)
        taken = [(site.first, site.last) for site in (*borders, *skies, *unnamed)]
        sites = [
            site
            for site in named
            if not any(first <= site.first and site.last <= last for first, last in taken)
        ]
        sites = sorted([*sites, *borders, *skies, *unnamed], key=lambda site: site.first)
        sites = [self._near(site) for site in self._chained(words, sites)]
        if not any(site.cue in _PLACED for site in sites):
            sites += self._meant_before(words, setting)
        for site in sites:
            if site.cue in _PLACED and site.row is not None and not site.is_metonym:
                setting.places[site.grain] = setting.last = site
        for site in sites:
            site.is_aside = site.is_aside or self._is_aside(words, site)
        return sites

    @staticmethod
    def _meant_before(words: Words, setting: "Setting") -> list[Site]:
        """`over the region`, `in the city`: the place of that kind that was named last."""
        for at, low in enumerate(words.low):
            if at < 2 or words.low[at - 1] not in ("the", "that", "this"):
                continue
            if low == "area":
                known = setting.last
            elif (grain := _DEFINITE_PLACES.get(low)) is not None:
                known = setting.places.get(grain)
            else:
                continue
            cue = words.low[at - 2]
            if known is not None and cue in _PLACED and words.low[at + 1 : at + 2] != ["of"]:
                return [replace(known, first=at, last=at, cue=cue, is_owner=False)]
        return []

    # Names

    def _named(self, words: Words, toponyms: Sequence[Toponym]) -> list[Site]:
        found = []
        for toponym in toponyms:
            if toponym.mention is MentionKind.DEMONYM:
                continue
            if toponym.text.lower() in _NOT_PLACES:
                continue
            span = _tokens_of(words, toponym.start, toponym.end)
            if span is None:
                continue
            first, last = span
            if not toponym.options:
                if toponym.mention is MentionKind.LITERAL:
                    found.append(self._unknown(words, first, last, toponym.text))
                continue
            row = toponym.options[0].row
            row, name, last = self._of_kind(words, row, toponym.text, last)
            kind = class_of(row.feature)
            grain = _GRAINS.get(kind, Grain.POINT)
            # The word for what it is may stand outside the span: "Grodno" region.
            nxt = words.low[last + 1] if last + 1 < len(words) else ""
            is_division = KIND_WORDS.get(nxt) in DIVISIONS and grain is not Grain.COUNTRY
            if is_division and fold_last(name) != nxt:
                name = f"{name} {words.text[last + 1]}"
                last += 1
            elif self._is_meant_as_region(toponym, row):
                name = f"{name} {'State' if row.country == 'US' else 'Region'}"
            country = row.country or ""
            spec: dict[str, Any]
            if kind is PlaceClass.COUNTRY:
                spec, key = {"country": country}, country
            else:
                spec = {"place": name, **({"country": country} if country else {})}
                key = place_id(row)
            side = words.low[first - 1] if first else ""
            if side in _SIDES and grain in (Grain.COUNTRY, Grain.REGION):
                spec = {
                    "place": f"{words.low[first - 1]} {name}",
                    **({"country": country} if country else {}),
                }
                key, first, grain = f"{side} {key}", first - 1, Grain.AREA
            found.append(
                Site(
                    first=first,
                    last=last,
                    spec=spec,
                    grain=grain,
                    key=key,
                    name=name,
                    cue=self._cue(words, first),
                    countries=(country,) if country else (),
                    region=row.region,
                    lonlat=(row.lon / DEGREE, row.lat / DEGREE),
                    is_owner=words.is_owner[last],
                    is_metonym=toponym.mention is MentionKind.METONYMIC,
                    row=row,
                )
            )
        self._list_cues(words, found)
        for before, site in pairwise(found):
            if before.last == site.first and "-" in words.text[site.first]:
                before.is_route = site.is_route = True  # Istanbul-Minsk flights
        return [self._offset(words, site) for site in found]

    def _is_meant_as_region(self, toponym: Toponym, region: Row) -> bool:
        """Whether it can only be the region here, though its name alone is that of a town, too."""
        return all(option.place_class is PlaceClass.REGION for option in toponym.options) and any(
            row.country == region.country and class_of(row.feature) is PlaceClass.SETTLEMENT
            for row in self._nations.rows(toponym.text)
        )

    @staticmethod
    def _near(site: Site) -> Site:
        """`near Lida` is its surrounding and no pin on it."""
        is_plain = site.grain is Grain.POINT and "place" in site.spec and not site.key.startswith("?")
        if site.cue not in _NEAR or not is_plain:
            return site
        return replace(site, spec={"near": dict(site.spec)}, key=f"{site.key}~", name=f"near {site.name}")

    def _unknown(self, words: Words, first: int, last: int, name: str) -> Site:
        """A name that the gazetteer does not have: nowhere, unless the text says what holds it."""
        while last + 1 < len(words) and words.low[last + 1] in _SITE_WORDS:
            last += 1
            name = f"{name} {words.text[last]}"
        return Site(
            first=first,
            last=last,
            spec={"place": name},
            grain=Grain.POINT,
            key=f"?{name.lower()}",
            name=name,
            cue=self._cue(words, first),
            is_owner=words.is_owner[last],
        )

    def _of_kind(self, words: Words, row: Row, name: str, last: int) -> tuple[Row, str, int]:
        """`Machulishchy` before `air base` as the base, where the gazetteer has one of that name."""
        end = last
        while end + 1 < len(words) and end - last < 3 and words.low[end + 1] in _SITE_WORDS:
            end += 1
        while end > last:
            longer = " ".join([name, *words.text[last + 1 : end + 1]])
            near = [known for known in self._nations.rows(longer) if known.country == row.country]
            if near:
                return near[0], longer, end
            end -= 1
        return row, name, last

    @staticmethod
    def _list_cues(words: Words, found: list[Site]) -> None:
        """`in Poland, Lithuania and Latvia`: the preposition of a list is that of its first place."""
        start = 0
        while start < len(found):
            end = start
            joined = False
            while end + 1 < len(found):
                between = words.low[found[end].last + 1 : found[end + 1].first]
                if not between or not all(
                    word in (",", "and", "or", "as", "well", "the") for word in between
                ):
                    break
                joined = joined or "and" in between or "or" in between
                end += 1
            if joined:
                for site in found[start + 1 : end + 1]:
                    site.cue = site.cue or found[start].cue
            start = end + 1

    def _cue(self, words: Words, first: int) -> str:
        """The preposition that a place stands after, past articles, adjectives and words such as "the town of"."""
        for at in range(first - 1, max(-1, first - 1 - _REACH), -1):
            low = words.low[at]
            if (
                low == "of"
                and at
                and (
                    words.low[at - 1] in KIND_WORDS
                    or words.low[at - 1]
                    in (
                        "capital",
                        "part",
                        "city",
                        "outskirts",
                        "side",
                        "parts",
                        "areas",
                        "centre",
                        "center",
                        "region",
                        "north",
                        "south",
                        "east",
                        "west",
                    )
                )
            ):
                continue
            if low == "to" and any(
                words.text[i][:1].islower()
                and words.low[i] not in _NOT_VERBS
                and words.low[i] not in KIND_WORDS
                for i in range(at + 1, first)
            ):
                return ""  # to pressure Moscow
            if low in ("in", "at", "near", "outside") and at >= 3 and words.low[at - 1] in _SITE_WORDS:
                start = at - 1
                while start > 0 and words.low[start] in _SITE_WORDS | _ARTICLES:
                    start -= 1
                if words.low[start] in ("from", "to", "into"):
                    return words.low[start]  # from an airfield in Russia
            if low in _PREPOSITIONS:
                return low
            if low == "and" and at and words.low[at - 1] in _SIDES:
                continue  # in western and central Belarus
            if not low[:1].isalnum() or low in _CUE_STOPS:
                return ""
            if (
                words.text[at][:1].isupper()
                and not words.text[at].isupper()
                and not words.is_owner[at]
                and low not in KIND_WORDS
                and low not in _SIDES
                and not self._nations.country(low)
            ):
                return ""
        return ""

    def _offset(self, words: Words, site: Site) -> Site:
        """`30 km east of X` as a point off it; `30 km from X` is a distance and no place."""
        at = site.first - 1
        while at >= 0 and words.low[at] in ("the", "town", "city", "village", "of", "capital", "regional"):
            at -= 1
        wind = _WINDS.get(words.low[at].replace("-", "")) if at >= 0 else None
        if at >= 0 and wind is None and words.low[at] in _WINDS:
            wind = _WINDS[words.low[at]]
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
            cue=self._cue(words, start) or "in",
            name=f"{km:g} km of {site.name}",
        )

    def _codes(self, words: Words, named: Sequence[Site]) -> dict[int, str]:
        """The country that a token stands for, by position."""
        codes: dict[int, str] = {}
        for at, written in enumerate(words.text):
            if not written[:1].isupper():
                continue
            code = self._nations.stands_for(words.low[at])
            if not code and "-" in words.low[at]:
                continue
            if code:
                codes[at] = code
        for site in named:
            if len(site.countries) == 1:
                for at in range(site.first, site.last + 1):
                    codes[at] = site.countries[0]
        return codes

    # Borders

    def _borders(
        self, words: Words, named: Sequence[Site], codes: dict[int, str], setting: Setting
    ) -> list[Site]:
        found: list[Site] = []
        for at, low in enumerate(words.low):
            if low in _BORDERS:
                site = self._border(words, at, named, codes, setting)
                if words.low[at + 1 : at + 2] and words.low[at + 1] in _BORDER_COMPOUNDS:
                    continue
            elif low in _FENCES and not _BORDERS & words.positions.keys():
                site = self._fence(words, at, named, codes, setting)
            else:
                continue
            if site is not None and not any(other.last >= site.first for other in found):
                found.append(site)
        return found

    def _border(
        self, words: Words, at: int, named: Sequence[Site], codes: dict[int, str], setting: Setting
    ) -> Site | None:
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
            while own >= 0 and low[own] in (
                "barbed-wire",
                "barbed",
                "wire",
                "state",
                "shared",
                "common",
                "land",
                "eastern",
                "western",
                "northern",
                "southern",
                "external",
            ):
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
        both = self._completed(words, at, pair, codes, setting, side)
        if both is None:
            return None
        setting.border = both
        return self._stretch(words, first, last, both, side, named)

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

    def _completed(
        self, words: Words, at: int, pair: tuple[str, str], codes: dict[int, str], setting: Setting, side: str
    ) -> tuple[str, str] | None:
        """Both countries of a border of which the words name one or none."""
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
        is_theirs = at > 0 and words.low[at - 1] in ("their", "two", "common", "shared", "mutual")
        if setting.border and not is_theirs and (not here or set(here) & set(setting.border)):
            return setting.border
        for one, other in combinations(here, 2):
            if self._touch(one, other):
                return (one, other)
        return setting.border

    def _touch(self, one: str, other: str) -> bool:
        return self._nations.adjoin(one, other)

    def _fence(
        self, words: Words, at: int, named: Sequence[Site], codes: dict[int, str], setting: Setting
    ) -> Site | None:
        """A border fence without the word border, where the text has told which border it speaks of."""
        if setting.border is None or (words.low[at] == "wire" and words.low[at + 1 : at + 2] == ["fence"]):
            return None
        return self._stretch(words, at, at, setting.border, "", named)

    def _stretch(
        self, words: Words, first: int, last: int, pair: tuple[str, str], side: str, named: Sequence[Site]
    ) -> Site:
        spec: dict[str, Any] = {"border": sorted(pair)}
        key = "border:" + "-".join(sorted(pair))
        region, lonlat, end = None, None, last
        for site in named:
            if not last < site.first <= last + 6 or site.row is None:
                continue
            between = words.low[last + 1 : site.first]
            if any(not word[:1].isalpha() and word != "," for word in between):
                break
            if (
                site.grain is Grain.POINT
                and any(word in _NEAR for word in between)
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
            cue=self._cue(words, first) or "at",
            countries=tuple(sorted(pair)),
            region=region,
            lonlat=lonlat,
        )

    @staticmethod
    def _stretches(words: Words, named: Sequence[Site]) -> list[Site]:
        """`on the road from A to B`, `between A and B`: the stretch between two places."""
        found = []
        for one, other in pairwise(named):
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

    # Airspace, and what has no name

    def _skies(
        self, words: Words, named: Sequence[Site], codes: dict[int, str], setting: Setting
    ) -> list[Site]:
        found: list[Site] = []
        for at, low in enumerate(words.low):
            two = low == "air" and at + 1 < len(words) and words.low[at + 1] in ("space", "defence-space")
            if low not in _SKIES and not two:
                continue
            last = at + 1 if two else at
            site = next((s for s in named if s.last == at - 1), None)
            if site is None and words.low[last + 1 : last + 2] in (["of"], ["over"]):
                site = next((s for s in named if last + 1 < s.first <= last + 4), None)
                if site is not None:
                    found.append(self._over(words, at, site.last, site.countries, site))
                    continue
            code = codes.get(at - 1, "") if at else ""
            first = at - 1 if code else at
            if not code and words.low[at - 1 : at] == ["own"]:
                continue
            if not code:
                code = setting.countries[-1] if setting.countries else ""
                if words.is_owner[at - 1] if at else False:
                    code = self._country_meant(words, codes, setting, at)
            if site is not None or code:
                found.append(
                    self._over(words, min(first, site.first if site else first), last, (code,), site)
                )
        for site in named:
            if (
                site.cue in ("over", "above")
                and site.grain in (Grain.COUNTRY, Grain.REGION)
                and not any(f.first <= site.first <= f.last for f in found)
            ):
                found.append(self._over(words, site.first, site.last, site.countries, site))
        return found

    def _country_meant(self, words: Words, codes: dict[int, str], setting: Setting, at: int) -> str:
        """The country that "the country" means: the last one spoken of before it that does not act in the clause."""
        here = [code for i, code in sorted(codes.items()) if i < at]
        acting = codes.get(_clause_start(words, at), "")
        for code in (*reversed(here), *reversed(setting.countries)):
            if code != acting:
                return code
        return here[-1] if here else ""

    def _over(self, words: Words, first: int, last: int, codes: tuple[str, ...], site: Site | None) -> Site:
        over = site.name if site is not None and site.grain is Grain.REGION else codes[0]
        return Site(
            first=first,
            last=last,
            spec={"over": over},
            grain=Grain.AIRSPACE,
            key=f"over:{site.key if site is not None and site.grain is Grain.REGION else codes[0]}",
            name=f"over {over}",
            cue=self._cue(words, first) or "over",
            countries=codes,
            region=site.region if site is not None and site.grain is Grain.REGION else None,
        )

    def _unnamed(
        self, words: Words, named: Sequence[Site], codes: dict[int, str], setting: Setting
    ) -> list[Site]:
        """`an unspecified range in Russia`: words of the source in a country, never looked up."""
        found = []
        cues = self._lexicon.cues
        for at, low in enumerate(words.low):
            if low not in cues["unnamed"]:
                continue
            last = next(
                (
                    i
                    for i in range(min(at + 4, len(words) - 1), at, -1)
                    if words.low[i] in cues["sites_unnamed"]
                ),
                None,
            )
            if last is None:
                continue
            holder = next(
                (s for s in named if last < s.first <= last + 4 and s.grain >= Grain.DISTRICT), None
            )
            name = " ".join(words.text[at : last + 1])
            if holder is None or not holder.countries:
                continue
            if holder.grain is Grain.COUNTRY:
                spec = {"name": name, "country": holder.countries[0]}
            else:
                spec = {**holder.spec, "name": name}
            found.append(
                Site(
                    first=at,
                    last=holder.last,
                    spec=spec,
                    grain=Grain.UNNAMED,
                    key=holder.key,
                    name=name,
                    cue=self._cue(words, at) or "at",
                    countries=holder.countries,
                    region=holder.region,
                )
            )
        return found

    # One after another

    def _chained(self, words: Words, sites: list[Site]) -> list[Site]:
        """Each place without the wider ones that only say where it lies: `X in Y Region in southern Z`."""
        kept: list[Site] = []
        for site in sites:
            held = kept[-1] if kept else None
            gap = words.low[held.last + 1 : site.first] if held is not None else []
            while gap and gap[0] in _SITE_WORDS and "," in gap:
                gap = gap[1:]
            if (
                held is not None
                and held.grain is Grain.POINT
                and len(gap) <= 8
                and gap[:1] == [","]
                and (site.cue in _NEAR or any(word.replace("-", "") in _WINDS for word in gap))
                and "and" not in gap
                and (not held.countries or set(held.countries) & set(site.countries))
            ):
                held.last = max(held.last, site.last)  # at the base, near the capital
                if held.key.startswith("?") and site.region and not held.countries:
                    held.countries, held.region = site.countries, site.region
                    held.spec["country"] = site.countries[0]
                continue
            is_near = (
                held is not None
                and len(gap) <= 4
                and all(
                    word
                    in (
                        ",",
                        "in",
                        "of",
                        "the",
                        "(",
                        ")",
                        "province",
                        "region",
                        "district",
                        "'s",
                        "state",
                        "city",
                        "town",
                        "annexed",
                    )
                    or word in _SIDES
                    for word in gap
                )
            )
            if held is not None and is_near and _holds(site, held) and (gap or site.is_owner):
                held.last = max(held.last, site.last)
                if held.key.startswith("?"):
                    _know_by_holder(held, site)
                continue
            if (
                held is not None
                and held.grain is Grain.POINT
                and site.grain is Grain.POINT
                and (gap[:2] == ["district", "of"] or (gap == ["of"] and fold_last(held.name) in _QUARTERS))
            ):
                kept[-1] = replace(site, first=held.first, cue=held.cue)  # in the X district of Y
                continue
            if (
                held is not None
                and held.is_owner
                and site.first - held.last <= 3
                and (_holds(held, site) or (held.grain is Grain.COUNTRY and not site.countries))
            ):
                # Russia's Kursk Region
                kept[-1] = replace(site, first=held.first, cue=site.cue or held.cue)
                continue
            kept.append(site)
        return kept

    def _is_aside(self, words: Words, site: Site) -> bool:
        low = words.low
        before = low[max(0, site.first - 12) : site.first]
        for back, word in enumerate(reversed(before)):
            if word in (",", ";", "—", "–", "(") and back > 0:
                break
            if word in ("which", "who", "that"):
                nxt = before[len(before) - back : len(before) - back + 1]
                return nxt in (
                    ["borders"],
                    ["border"],
                    ["connects"],
                    ["links"],
                    ["lies"],
                    ["sits"],
                    ["is"],
                    ["has"],
                    ["separates"],
                    ["joins"],
                    ["hosts"],
                    ["houses"],
                    ["adjoins"],
                    ["abuts"],
                )
            if word in (
                "bordering",
                "connecting",
                "linking",
                "adjoining",
                "opposite",
                "neighbouring",
                "neighboring",
                "separating",
            ):
                return True
        if any(
            word
            in (
                "based",
                "headquartered",
                "born",
                "registered",
                "buried",
                "flagged",
                "home",
                "blame",
                "blamed",
                "blames",
            )
            for word in before[-4:]
        ):
            return True
        phrase = " ".join(before[-8:])
        if re.search(
            r"across the (?:river|border|strait|bay|water|lake|street)(?: \S+)* from(?: \S+){0,4}$", phrase
        ):
            return True
        if (
            site.cue == "from"
            and site.grain is Grain.LINE
            and before[-6:]
            and {"metres", "meters", "yards"} & set(before[-6:])
        ):
            site.cue = "at"  # some metres from the fence
            return False
        return site.cue == "from" and bool(
            re.search(
                r"(?:km|kms|kilomet\w+|miles?|metres|meters|\d+km)(?: away)? from(?: \S+){0,4}$", phrase
            )
        )


def _among(site: Site, others: Sequence[Site]) -> bool:
    return any(other.first <= site.last and site.first <= other.last for other in others)


def _know_by_holder(site: Site, holder: Site) -> None:
    """A name that is not known is in what the text says holds it, under its name there."""
    spec = dict(holder.spec)
    if "place" in spec or "country" in spec:
        site.spec = {**spec, "name": site.name}
        site.grain, site.countries, site.region, site.lonlat = (
            holder.grain,
            holder.countries,
            holder.region,
            holder.lonlat,
        )
        site.key = f"{site.key}@{holder.key}"


def fold_last(name: str) -> str:
    """The last word of a name in lower case."""
    return name.rpartition(" ")[2].lower()


def _tokens_of(words: Words, start: int, end: int) -> tuple[int, int] | None:
    """The first and last token of a span of the text."""
    first, last = bisect_right(words.end, start), bisect_left(words.start, end) - 1
    return (first, last) if first <= last else None


def _kilometres(words: Words, unit: int) -> tuple[float | None, int]:
    """The length that ends at a token, in kilometres, and where it starts."""
    low = words.low[unit]
    if low == "away" and unit:
        unit -= 1
        low = words.low[unit]
    if match := _KM_GLUED.fullmatch(low):
        return float(match[1]), unit
    if low in _KM and unit:
        if _NUMBER.fullmatch(words.low[unit - 1]):
            return float(words.low[unit - 1].replace(",", "")) * _KM[low], unit - 1
        return 1.0, unit - 1
    return None, unit


def _clause_start(words: Words, at: int) -> int:
    while at > 0 and words.low[at - 1] not in (
        ",",
        ";",
        ":",
        "that",
        "when",
        "as",
        "while",
        "which",
        "and",
        "“",
        '"',
    ):
        at -= 1
    return at


def _holds(wide: Site, fine: Site) -> bool:
    """Whether one place may be said of another to hold it."""
    if fine.key.startswith("?") and wide.grain >= Grain.AREA:
        return True
    if wide.grain <= fine.grain and not (wide.grain is Grain.AREA and fine.grain is not Grain.AREA):
        return False
    if wide.grain is Grain.REGION and wide.region and fine.region:
        return wide.region == fine.region
    return not fine.countries or bool(set(wide.countries) & set(fine.countries))
