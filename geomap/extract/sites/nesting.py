"""Places one after another, of which the wider only say where the finer lie: `X in Y Region in southern Z`."""

from dataclasses import replace
from typing import Final

from geomap.extract.sites.cues import NEAR, SIDES, SITE_WORDS
from geomap.extract.sites.offsets import WINDS
from geomap.extract.sites.site import Grain, Site
from geomap.extract.tokens import Words, word_set

_NESTING: Final = word_set(", in of the ( ) province region district 's state city town annexed")
"""Words between a place and the wider one that it lies in."""
_QUARTERS: Final = word_set("district neighbourhood neighborhood suburb quarter area borough")


def nest(words: Words, sites: list[Site]) -> list[Site]:
    """Each place without the wider ones that only say where it lies: `X in Y Region in southern Z`."""
    kept: list[Site] = []
    for site in sites:
        held = kept[-1] if kept else None
        gap = words.low[held.last + 1 : site.first] if held is not None else []
        while gap and gap[0] in SITE_WORDS and "," in gap:
            gap = gap[1:]
        if (
            held is not None
            and held.grain is Grain.POINT
            and len(gap) <= 8
            and gap[:1] == [","]
            and (site.cue in NEAR or any(word.replace("-", "") in WINDS for word in gap))
            and "and" not in gap
            and (not held.countries or set(held.countries) & set(site.countries))
        ):
            held.last = max(held.last, site.last)  # at the base, near the capital
            if held.key.startswith("?") and site.region and not held.countries:
                held.countries, held.region = site.countries, site.region
                held.spec["country"] = site.countries[0]
            continue
        is_near = len(gap) <= 4 and all(word in _NESTING or word in SIDES for word in gap)
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


def _holds(wide: Site, fine: Site) -> bool:
    """Whether one place may be said of another to hold it."""
    if fine.key.startswith("?") and wide.grain >= Grain.AREA:
        return True
    if wide.grain <= fine.grain and not (wide.grain is Grain.AREA and fine.grain is not Grain.AREA):
        return False
    if wide.grain is Grain.REGION and wide.region and fine.region:
        return wide.region == fine.region
    return not fine.countries or bool(set(wide.countries) & set(fine.countries))
