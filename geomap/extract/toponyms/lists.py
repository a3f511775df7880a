"""Names in a list before one kind word: the Sumy and Kharkiv regions are two regions, not two towns."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from geomap.gazetteer.kinds import PlaceClass
from geomap.gazetteer.linking import Option

if TYPE_CHECKING:
    from geomap.extract.toponyms.geoparser import Toponym

_KINDS: Final = {
    "region": PlaceClass.REGION, "oblast": PlaceClass.REGION, "province": PlaceClass.REGION,
    "governorate": PlaceClass.REGION, "voivodeship": PlaceClass.REGION, "prefecture": PlaceClass.REGION,
    "republic": PlaceClass.REGION, "state": PlaceClass.REGION, "krai": PlaceClass.REGION,
    "district": PlaceClass.DISTRICT, "raion": PlaceClass.DISTRICT, "rayon": PlaceClass.DISTRICT,
}  # fmt: skip
_KIND: Final = re.compile(rf"\s+({'|'.join(_KINDS)})s\b|\s+(counties|municipalities)\b")
_BETWEEN: Final = re.compile(
    r"\s*(?:,\s*)?(?:(?:and|or|&|as\s+well\s+as)\s+)?(?:(?:neighbou?ring|nearby|adjacent)\s+)?", re.IGNORECASE
)


def settle_lists(text: str, toponyms: Sequence["Toponym"]) -> list["Toponym"]:
    """The toponyms of a text, where those of a list that ends in a plural kind word mean places of that kind.

    A name of the list that no place of the kind bears is left as it is.
    """
    settled = list(toponyms)
    for last in range(len(settled) - 1, 0, -1):
        match = _KIND.match(text, settled[last].end)
        if match is None:
            continue
        kind = _KINDS.get(match[1], PlaceClass.DISTRICT)
        first = last
        while first and _is_listed(text[settled[first - 1].end : settled[first].start]):
            first -= 1
        if first == last:
            continue
        for number in range(first, last + 1):
            options = _of_kind(settled[number].options, kind)
            settled[number] = replace(settled[number], options=options)
    return settled


def _is_listed(between: str) -> bool:
    return bool(between.strip()) and _BETWEEN.fullmatch(between) is not None


def _of_kind(options: list[Option], kind: PlaceClass) -> list[Option]:
    meant = [option for option in options if option.place_class is kind]
    whole = sum(option.share for option in meant)
    return [replace(option, share=option.share / whole) for option in meant] if whole else options
