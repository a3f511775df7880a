"""A phrase that tells of a border, with its names looked up, as a place."""

from dataclasses import replace
from typing import Final

import shapely

from geomap.errors import EmptyRelationError
from geomap.gazetteer.answers import Answers
from geomap.gazetteer.border_phrases import BorderPhrase
from geomap.gazetteer.borders import Border, border_place, outer_border
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.inflections import nominatives
from geomap.gazetteer.kinds import PlaceClass, class_of
from geomap.gazetteer.lookup import Lookup
from geomap.gazetteer.schema import NameRank
from geomap.model.places import Place

_NEAR_A_BORDER_KM: Final = (10.0, 30.0, 60.0)


class BorderReader:
    """A phrase that tells of a border, with its names looked up."""

    def __init__(self, lookup: Lookup, answers: Answers) -> None:
        self._lookup, self._answers, self._store = lookup, answers, lookup.store

    def place(self, phrase: BorderPhrase) -> Place | None:
        """The border; None where a name in it is not known.

        Raises
        ------
        EmptyRelationError
            If there is no such border, or none where it is sought.
        """
        names = [name for name in phrase.sides if name]
        sides = [self._area(name) for name in names]
        near = self._point(phrase.near) if phrase.near else None
        within = self._area(phrase.within) if phrase.within else None
        if len(sides) == 1 and sides[0] is None and near is None:  # `Kuźnica border`
            sides, near = [], self._point(names[0])
        if any(side is None for side in sides) or (phrase.near and near is None):
            return None
        known = [side for side in sides if side is not None]
        if (phrase.within and within is None) or len(known) + (near is not None) + (within is not None) == 0:
            return None
        if len(known) < 2:
            known = self._with_neighbour(known, near, within)
        if len(known) < 2:
            if len(known) == 1 and near is None and within is None:
                return outer_border(known[0], self._neighbours(known[0]), self._answers.shape, phrase.rule)
            return None
        border = Border(
            sides=(known[0], known[1]),
            near=near,
            within_km=phrase.near_km,
            within=within,
            side=phrase.side,
            depth_km=phrase.depth_km,
            rule=phrase.rule,
        )
        # "near" without a figure: Sudzha is 9 km from the border that people write it is near to, others are 40 km.
        for within_km in (phrase.near_km,) if phrase.near_km or near is None else _NEAR_A_BORDER_KM:
            try:
                return border_place(replace(border, within_km=within_km), self._answers.shape)
            except EmptyRelationError:
                if within_km in (phrase.near_km, _NEAR_A_BORDER_KM[-1]):
                    raise
        return None

    def _area(self, name: str) -> Place | None:
        if len(name) == 2 and name.isupper() and name in self._store.country_codes():
            return self._store.place(self._store.country_row(name))
        fold = fold_name(name)
        rows = [
            row
            for row in self._store.rows(fold)
            if class_of(row.feature) in (PlaceClass.COUNTRY, PlaceClass.REGION) and row.code is not None
        ]
        options = [
            option
            for option in self._lookup.exact(fold)
            if option.kind in (PlaceClass.COUNTRY, PlaceClass.REGION)
        ]
        if options:
            return self._store.place(max(options, key=lambda option: (option.score, -option.row.key)).row)
        demonyms = [row for row in rows if row.rank == NameRank.DEMONYM]
        return self._store.place(demonyms[0]) if len(demonyms) == 1 else None

    def _point(self, name: str) -> Place | None:
        for written in (name, *nominatives(name)):
            found = self._answers.candidates(self._lookup.exact(fold_name(written)), fold_name(written))
            points = [item for item in found if item.place.precision.is_point]
            if points and not self._answers.is_ambiguous(points):
                return points[0].place
        return None

    def _with_neighbour(self, known: list[Place], near: Place | None, within: Place | None) -> list[Place]:
        """The sides of a border of which at most one is told: the nearest to a place, or the only one there is."""
        where = near or within
        if where is None or where.country is None:
            return known
        first = known[0] if known else self._store.place(self._store.country_row(where.country))
        others = [other for other in self._neighbours(first) if other.id != first.id]
        if not others:
            return known
        here = self._answers.shape(where) if near is None else shapely.Point(*where.position.geojson)
        away = {other.id: self._answers.shape(other).distance(here) for other in others}
        return [first, min(others, key=lambda other: (away[other.id], other.id))]

    def _neighbours(self, area: Place) -> list[Place]:
        west, south, east, north = self._answers.shape(area).bounds
        owners = {owner for _, owner, _ in self._store.owners((west, south, east, north))}
        return [self._store.place(self._store.country_row(code)) for code in sorted(owners - {area.country})]
