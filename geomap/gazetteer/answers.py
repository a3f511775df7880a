"""Weighed places as candidates: shares, shapes, radii, and whether one is clearly meant."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from geomap.gazetteer import relations
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import PlaceClass
from geomap.gazetteer.lookup import Option
from geomap.gazetteer.schema import NameRank
from geomap.gazetteer.scoring import CLEAR_LEAD, is_spelling, shares
from geomap.gazetteer.store import Store
from geomap.model.geometry import circle, distance_m, farthest_m
from geomap.model.places import Candidate, Place
from geomap.model.vocabulary import PlaceRelation, Precision

# Two records of one settlement may lie this far apart; they are no reason to call it ambiguous.
_SAME_PLACE_M: Final = 5_000.0
_SURE: Final = 0.9
MOST_OPTIONS: Final = 60


class Answers:
    """Makes candidates of options, and tells of them what needs the store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def candidates(self, options: Sequence[Option], fold: str) -> list[Candidate]:
        """The options as candidates, best first; shares add up to 1. `fold` is the name that found them."""
        weighed = sorted(options, key=lambda option: (-option.score, option.row.key))[:MOST_OPTIONS]
        ranked = zip(weighed, shares([option.score for option in weighed]), strict=True)
        return [
            Candidate(
                place=self.store.place(option.row),
                score=part,
                match=option.match,
                by_nickname=self._is_nickname(fold, option),
            )
            for option, part in ranked
        ]

    def is_ambiguous(self, candidates: Sequence[Candidate]) -> bool:
        """Whether no rule chooses the first candidate.

        A city stands before its own region of the same name, and another record of the same settlement is
        no rival; else the first must be twice as probable as the next.
        """
        first = candidates[0]
        return any(
            rival.score * CLEAR_LEAD > first.score and not self._same(first.place, rival.place)
            for rival in candidates[1:]
        )

    def radius_m(self, place: Place) -> float:
        """The radius of a place; for regions and countries the distance to their farthest point."""
        if place.radius_m is not None:
            return place.radius_m
        return math.ceil(farthest_m(place.position, self.shape(place)))

    def answer_radius_m(self, candidates: Sequence[Candidate]) -> float:
        """The circle round the first candidate that holds what is meant with about 90 %.

        It reaches the candidates that make up 90 % of the shares, nearest first, each with its own radius.
        """
        first = candidates[0].place
        away = sorted(
            (distance_m(first.position, rival.place.position) if number else 0.0, number)
            for number, rival in enumerate(candidates[:20])
        )
        total, radius = 0.0, self.radius_m(first)
        for metres, number in away:
            if total >= _SURE:
                break
            total += candidates[number].score
            radius = max(radius, metres + (0.0 if number == 0 else self.radius_m(candidates[number].place)))
        return float(math.ceil(radius))

    def shape(self, place: Place) -> BaseGeometry:
        """The polygon or line of an area, EPSG:4326; of a point place the circle that holds it.

        Raises
        ------
        KeyError
            If there is no such place.
        """
        if place.geometry is not None:
            return place.geometry
        scheme, _, code = place.id.partition(":")
        if place.precision is Precision.COUNTRY:
            return self.store.country_shape(code)
        if scheme == "ne" and place.precision is Precision.REGION:
            return self.store.region_shape(code)
        shape = self.store.shape_of(place.key)
        if shape is not None:
            return shape
        return circle(place.position, place.radius_m or 0)

    def _is_nickname(self, fold: str, option: Option) -> bool:
        """Whether a settlement is found by a name that is not a spelling of its first one."""
        row = option.row
        if row.rank == NameRank.MAIN or row.code is not None or option.kind is not PlaceClass.SETTLEMENT:
            return False
        return not is_spelling(fold, fold_name(row.name))

    def _same(self, first: Place, rival: Place) -> bool:
        if first.precision.is_point and rival.precision in (Precision.REGION, Precision.DISTRICT):
            return bool(self.shape(rival).intersects(shapely.Point(*first.position.geojson)))
        if first.precision.is_point and rival.precision.is_point:
            return distance_m(first.position, rival.position) <= max(_SAME_PLACE_M, first.radius_m or 0)
        return False


def vicinity_of(place: Place, within_km: float | None = None) -> Place:
    """The surrounding of a point place: as wide as is said, else 10 km or the place's radius if wider."""
    radius = within_km * 1000 if within_km else max(relations.DEFAULT_NEAR_KM * 1000, place.radius_m or 0)
    return replace(
        place,
        precision=Precision.VICINITY,
        name=f"near {place.name}",
        radius_m=radius,
        relation=PlaceRelation.NEAR,
        rule="near",
    )
