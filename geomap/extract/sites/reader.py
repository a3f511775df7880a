"""Places of a sentence as an event may have them: towns, regions, stretches of border, airspace, unnamed ranges."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Final

from geomap.extract.lexicon import Lexicon
from geomap.extract.nations import Nations
from geomap.extract.sites.borders import BorderReader, read_stretches
from geomap.extract.sites.cues import NEAR, SIDES, SITE_WORDS, CueReader
from geomap.extract.sites.nesting import fold_last, nest
from geomap.extract.sites.offsets import OffsetReader
from geomap.extract.sites.site import Grain, Reading, Setting, Site
from geomap.extract.tokens import Words, word_set
from geomap.extract.toponyms import MentionKind, Toponym
from geomap.gazetteer.kinds import DIVISIONS, KIND_WORDS, PlaceClass, class_of
from geomap.gazetteer.rows import Row, place_id
from geomap.gazetteer.schema import DEGREE

_GRAINS: Final = {
    PlaceClass.COUNTRY: Grain.COUNTRY,
    PlaceClass.REGION: Grain.REGION,
    PlaceClass.DISTRICT: Grain.DISTRICT,
    PlaceClass.WATERS: Grain.AREA,
    PlaceClass.TERRAIN: Grain.AREA,
}
_NOT_PLACES: Final = frozenset({"eu", "un", "nato", "us-led", "west", "the west"})
_PLACED: Final = word_set("in at on near over to into from outside across around of inside off")
_DEFINITE_PLACES: Final = {
    "region": Grain.REGION, "province": Grain.REGION, "oblast": Grain.REGION, "governorate": Grain.REGION,
    "state": Grain.REGION, "city": Grain.POINT, "town": Grain.POINT, "village": Grain.POINT, "port": Grain.POINT,
    "country": Grain.COUNTRY, "base": Grain.POINT, "airport": Grain.POINT, "airfield": Grain.POINT,
    "settlement": Grain.POINT,
    "district": Grain.DISTRICT,
}  # fmt: skip
_ASIDE_VERBS: Final = word_set(
    "borders border connects links lies sits is has separates joins hosts houses adjoins abuts"
)
"""After `which`: what is only said of a place."""
_BESIDE: Final = word_set(
    "bordering connecting linking adjoining opposite neighbouring neighboring separating"
)
_ELSEWHERE: Final = word_set("based headquartered born registered buried flagged home blame blamed blames")
_ACROSS: Final = re.compile(
    r"across the (?:river|border|strait|bay|water|lake|street)(?: \S+)* from(?: \S+){0,4}$"
)
_DISTANCE: Final = re.compile(
    r"(?:km|kms|kilomet\w+|miles?|metres|meters|\d+km)(?: away)? from(?: \S+){0,4}$"
)
_CLAUSE_BEGINS: Final = word_set(', ; : that when as while which and “ "')
_SKIES: Final = frozenset({"airspace", "skies"})


class SiteReader:
    """Reads the places of sentences."""

    def __init__(self, lexicon: Lexicon, nations: Nations) -> None:
        self._lexicon, self._nations = lexicon, nations
        self._cues = CueReader(nations)
        self._borders = BorderReader(nations, self._cues)
        self._offsets = OffsetReader(self._cues, lexicon.counts.words)

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
        reading = Reading(words, named, codes, setting)
        borders = self._borders.read(reading)
        borders += [road for road in read_stretches(reading) if not _among(road, borders)]
        skies = self._skies(reading)
        unnamed = self._unnamed(reading)
        taken = [(site.first, site.last) for site in (*borders, *skies, *unnamed)]
        sites = [
            site
            for site in named
            if not any(first <= site.first and site.last <= last for first, last in taken)
        ]
        sites = sorted([*sites, *borders, *skies, *unnamed], key=lambda site: site.first)
        sites = [self._near(site) for site in nest(words, sites)]
        if not any(site.cue in _PLACED for site in sites):
            sites += self._meant_before(words, setting)
        for site in sites:
            if site.cue in _PLACED and site.row is not None and not site.is_metonym:
                setting.places[site.grain] = setting.last = site
        for site in sites:
            site.is_aside = site.is_aside or self._is_aside(words, site)
        return sites

    @staticmethod
    def _meant_before(words: Words, setting: Setting) -> list[Site]:
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
            if side in SIDES and grain in (Grain.COUNTRY, Grain.REGION):
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
                    cue=self._cues.before(words, first),
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
        return [self._offsets.read(words, site) for site in found]

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
        if site.cue not in NEAR or not is_plain:
            return site
        return replace(site, spec={"near": dict(site.spec)}, key=f"{site.key}~", name=f"near {site.name}")

    def _unknown(self, words: Words, first: int, last: int, name: str) -> Site:
        """A name that the gazetteer does not have: nowhere, unless the text says what holds it."""
        while last + 1 < len(words) and words.low[last + 1] in SITE_WORDS:
            last += 1
            name = f"{name} {words.text[last]}"
        return Site(
            first=first,
            last=last,
            spec={"place": name},
            grain=Grain.POINT,
            key=f"?{name.lower()}",
            name=name,
            cue=self._cues.before(words, first),
            is_owner=words.is_owner[last],
        )

    def _of_kind(self, words: Words, row: Row, name: str, last: int) -> tuple[Row, str, int]:
        """`Machulishchy` before `air base` as the base, where the gazetteer has one of that name."""
        end = last
        while end + 1 < len(words) and end - last < 3 and words.low[end + 1] in SITE_WORDS:
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

    # Airspace, and what has no name

    def _skies(self, reading: Reading) -> list[Site]:
        words, named, codes, setting = reading.words, reading.named, reading.codes, reading.setting
        found: list[Site] = []
        for at, low in enumerate(words.low):
            two = low == "air" and at + 1 < len(words) and words.low[at + 1] in ("space", "defence-space")
            if low not in _SKIES and not two:
                continue
            last = at + 1 if two else at
            site = next((s for s in named if s.last == at - 1), None)
            if site is None and words.low[last + 1 : last + 2] in (["of"], ["over"]):
                site = next((s for s in named if last + 1 < s.first <= last + 4), None)
                if site is not None and site.countries:
                    found.append(self._over(words, at, site.last, site.countries, site))
                    continue
            if site is not None and not site.countries:
                continue  # over a sea, or a name that nobody knows: it stands for itself
            code = codes.get(at - 1, "") if at else ""
            first = at - 1 if code else at
            if not code and words.low[at - 1 : at] == ["own"]:
                continue
            if not code:
                code = setting.countries[-1] if setting.countries else ""
                if words.is_owner[at - 1] if at else False:
                    code = self._country_meant(reading, at)
            if code:
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

    @staticmethod
    def _country_meant(reading: Reading, at: int) -> str:
        """The country that "the country" means: the last one spoken of before it that does not act in the clause."""
        here = [code for i, code in sorted(reading.codes.items()) if i < at]
        acting = reading.codes.get(_clause_start(reading.words, at), "")
        for code in (*reversed(here), *reversed(reading.setting.countries)):
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
            cue=self._cues.before(words, first) or "over",
            countries=codes,
            region=site.region if site is not None and site.grain is Grain.REGION else None,
        )

    def _unnamed(self, reading: Reading) -> list[Site]:
        """`an unspecified range in Russia`: words of the source in a country, never looked up."""
        words, found = reading.words, []
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
                (s for s in reading.named if last < s.first <= last + 4 and s.grain >= Grain.DISTRICT), None
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
                    cue=self._cues.before(words, at) or "at",
                    countries=holder.countries,
                    region=holder.region,
                )
            )
        return found

    def _is_aside(self, words: Words, site: Site) -> bool:
        low = words.low
        before = low[max(0, site.first - 12) : site.first]
        for back, word in enumerate(reversed(before)):
            if word in (",", ";", "—", "–", "(") and back > 0:
                break
            if word in ("which", "who", "that"):
                nxt = before[len(before) - back : len(before) - back + 1]
                return not _ASIDE_VERBS.isdisjoint(nxt)
            if word in _BESIDE:
                return True
        if not _ELSEWHERE.isdisjoint(before[-4:]):
            return True
        phrase = " ".join(before[-8:])
        if _ACROSS.search(phrase):
            return True
        if (
            site.cue == "from"
            and site.grain is Grain.LINE
            and before[-6:]
            and {"metres", "meters", "yards"} & set(before[-6:])
        ):
            site.cue = "at"  # some metres from the fence
            return False
        return site.cue == "from" and _DISTANCE.search(phrase) is not None


def _among(site: Site, others: Sequence[Site]) -> bool:
    return any(other.first <= site.last and site.first <= other.last for other in others)


def _tokens_of(words: Words, start: int, end: int) -> tuple[int, int] | None:
    """The first and last token of a span of the text."""
    first, last = bisect_right(words.end, start), bisect_left(words.start, end) - 1
    return (first, last) if first <= last else None


def _clause_start(words: Words, at: int) -> int:
    while at > 0 and words.low[at - 1] not in _CLAUSE_BEGINS:
        at -= 1
    return at
