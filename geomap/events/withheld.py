"""What is told in words of places that are coarsened: quotes are left out, the author's own words are found."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from geomap.events.texts import own_texts, place_texts, quoted_texts, source_texts
from geomap.gazetteer.fold import fold_name
from geomap.model.places import PlaceRef
from geomap.model.records import EventRecord, PlaceSpec, Source

_NUMBER: Final = re.compile(r"(?<![\d.])-?\d{1,3}\.\d{2,}")
_NEAR_DEGREES: Final = 0.02
_LEAST_STEM: Final = 5
_MOST_ENDING: Final = 3


def withhold_words(record: EventRecord, places: Sequence[PlaceRef]) -> EventRecord:
    """The record as it may be shown beside its places.

    Beside a coarsened place the words of others are left out: quotes of evidence and claims, and where a claim was
    uttered. They may name the place in a way that nobody can foresee, and no author can reword them. What the author
    says in words of their own stays; `telling_fields` looks through it.
    """
    if not any(place.is_coarsened for place in places):
        return record
    claims = tuple(claim.model_copy(update={"quote": "", "place": ""}) for claim in record.claims)
    return record.model_copy(update={"evidence": (), "claims": claims})


def count_left_out(record: EventRecord, shown: EventRecord) -> int:
    """How many texts `withhold_words` left out."""
    return len(_words_of_others(record)) - len(_words_of_others(shown))


def _words_of_others(record: EventRecord) -> list[str]:
    return [text for _, text in quoted_texts(record) if text]


def telling_fields(
    record: EventRecord, places: Sequence[PlaceRef], sources: Mapping[str, Source]
) -> list[str]:
    """The texts of the author that name a coarsened place or give its position: the keys in which they stand."""
    secrets = _Secrets(record, places)
    if not secrets:
        return []
    found = [name for name, text in _texts(record, sources) if secrets.are_in(text)]
    return list(dict.fromkeys(found))


def _texts(record: EventRecord, sources: Mapping[str, Source]) -> Iterator[tuple[str, str]]:
    """The texts of an event that readers see or can read in a file, each with its key."""
    yield from own_texts(record)
    for name in record.sources:
        source = sources[name]
        yield from (("sources", text) for text in (name, source.url, source.archive_url))
        yield from (("sources", text) for _, text in source_texts(source))


class _Secrets:
    """The names and positions that must not be read anywhere in an event."""

    def __init__(self, record: EventRecord, places: Sequence[PlaceRef]) -> None:
        self._names: set[tuple[str, ...]] = set()
        self._positions: list[tuple[float, float]] = []
        self._shown: list[tuple[str, ...]] = []
        if not any(place.is_coarsened for place in places):
            return
        shown = {tuple(fold_name(place.name).split()) for place in places} - {()}
        for spec, place in zip(record.published_places, places, strict=True):
            if place.is_coarsened:
                words = {tuple(fold_name(name).split()) for name in _names_of(spec)} - {()}
                self._names |= words - shown
                self._positions += _positions_of(spec)
        self._shown = sorted(shown)

    def __bool__(self) -> bool:
        return bool(self._names or self._positions)

    def are_in(self, text: str) -> bool:
        """Whether a text names one of the places, in any script or with another ending, or gives a position."""
        if not text:
            return False
        words = _without(fold_name(text).split(), self._shown)
        return any(_holds(words, name) for name in self._names) or self._has_position(text)

    def _has_position(self, text: str) -> bool:
        if not self._positions:
            return False
        numbers = [float(digits) for digits in _NUMBER.findall(text)]
        return any(
            any(abs(number - lon) <= _NEAR_DEGREES for number in numbers)
            and any(abs(number - lat) <= _NEAR_DEGREES for number in numbers)
            for lon, lat in self._positions
        )


def _names_of(spec: PlaceSpec) -> Iterator[str]:
    """The names in a written place; of a toponym with qualifiers the first part as well."""
    wider = {spec.within, spec.over} if spec.publish_precision == "region" else set()
    for _, name in place_texts(spec):
        if name not in wider:
            yield from (name, name.partition(",")[0])


def _positions_of(spec: PlaceSpec) -> list[tuple[float, float]]:
    if spec.lon is not None and spec.lat is not None:
        return [(spec.lon, spec.lat)]
    if spec.geometry is not None and spec.geometry.get("type") == "Point":
        lon, lat, *_ = spec.geometry["coordinates"]
        return [(lon, lat)]
    return []


def _without(words: list[str], names: Sequence[tuple[str, ...]]) -> list[str]:
    """Words without those names in it, which may be read: the region's own, of which the place may be a part."""
    for name in names:
        at = 0
        while at + len(name) <= len(words):
            if tuple(words[at : at + len(name)]) == name:
                words[at : at + len(name)] = [""]
            at += 1
    return words


def _holds(words: Sequence[str], name: tuple[str, ...]) -> bool:
    return any(
        all(_is_form_of(word, own) for word, own in zip(words[at:], name, strict=False))
        for at in range(len(words) - len(name) + 1)
    )


@lru_cache(maxsize=4096)
def _is_form_of(word: str, name: str) -> bool:
    """Whether a word is a name, or may be with another ending: Kuźnicy of Kuźnica."""
    if word == name:
        return True
    stem = name[:-1] if name[-1:] in "aeiouy" else name
    return len(stem) >= _LEAST_STEM and word.startswith(stem) and len(word) - len(stem) <= _MOST_ENDING
