"""The parts of a description put together: which one is meant, where the others say, and what relation to it."""

import math
from dataclasses import replace
from typing import Final

import shapely

from geomap.gazetteer import relations
from geomap.gazetteer.answers import MOST_OPTIONS, Answers, vicinity_of
from geomap.gazetteer.description import Link, Part
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import DIVISIONS, PlaceClass, class_of
from geomap.gazetteer.lookup import Lookup, Option
from geomap.gazetteer.rows import Row, away_m, radius_m
from geomap.gazetteer.schema import DEGREE
from geomap.model.geometry import distance_m, farthest_m, point_at
from geomap.model.lonlat import LonLat
from geomap.model.places import Candidate, Match, Place
from geomap.model.vocabulary import PlaceRelation, Precision

# What is added to a score, in natural logarithms of odds: a wider place beside the name holds it, or does not.
_HELD, _NOT_HELD = 2.0, -4.0
_FALLBACK_SETTLEMENT_M: Final = 25_000.0
_WIDE_LEAST_M: Final = 15_000.0
_FAR_M: Final = 150_000.0
_WORLDS_APART_M: Final = 1_000_000.0
_UNSAID_OFFSET_KM: Final = 8.0
_SETTLED: Final = frozenset({"city", "town", "village", "quarter"})
_NOT_SETTLED: Final = frozenset({PlaceClass.AIRFIELD, PlaceClass.SITE, PlaceClass.TERRAIN, PlaceClass.WATERS})
_WIDEST: Final = frozenset({PlaceClass.REGION, PlaceClass.COUNTRY})
_ANCHORED: Final = frozenset({Link.NEAR, Link.OFFSET, Link.BETWEEN})
_HOLDING: Final = frozenset({Link.IN, Link.ALSO, Link.ASIDE, Link.HEAD})
_WIDTH: Final = {
    PlaceClass.SITE: 0,
    PlaceClass.AIRFIELD: 0,
    PlaceClass.SETTLEMENT: 1,
    PlaceClass.WATERS: 2,
    PlaceClass.TERRAIN: 2,
    PlaceClass.DISTRICT: 3,
    PlaceClass.REGION: 4,
    PlaceClass.COUNTRY: 5,
}


class Composer:
    """Parts of one description, each with its options, put together to one answer."""

    def __init__(self, lookup: Lookup, answers: Answers, parts: list[Part]) -> None:
        self._lookup, self._answers, self._store = lookup, answers, lookup.store
        self._parts = parts
        self._options: list[list[Option]] = []
        for part in parts:
            self._options.append(self._look_up(part))

    def _look_up(self, part: Part) -> list[Option]:
        if part.link is not Link.HEAD and (code := self._lookup.country_of_code(part.names[0])):
            return [self._lookup.option(self._store.country_row(code), "")]
        options = self._lookup.named(part)
        if not part.kinds.isdisjoint(DIVISIONS):
            return options
        if part.link in _ANCHORED and all(option.kind in _WIDEST for option in options):
            # `к востоку от Минска`: an oblique case that only a region's name happens to meet
            options = [*options, *self._lookup.declined(part)]
        if part.link in _ANCHORED and any(option.kind not in _WIDEST for option in options):
            options = [option for option in options if option.kind not in _WIDEST]
        return options

    # The answer

    def candidates(self) -> list[Candidate]:
        """The best reading: the finest part that is found and lies where the wider ones say."""
        self._split_unknown()
        if self._is_unknown_head_of_unknown():
            return []
        order = self._order()
        for number in order:
            options = self._weighed(number)
            if options:
                return self._answer(number, options)
            is_known = any(option.match is Match.NAME for option in self._options[number])
            if is_known and self._lookup.country is None and self._parts[number].link is Link.HEAD:
                return []  # Kursk is not in Belgorod Region: one of the two is not what is meant
        return []

    def _split_unknown(self) -> None:
        """`Jalisco Guadalajara`: two names without a mark between them, where the whole is no name."""
        for number in range(len(self._parts) - 1, -1, -1):
            if self._options[number]:
                continue
            part = self._parts[number]
            words = part.names[-1].split()
            if not 2 <= len(words) <= 6:
                continue
            for cut in range(len(words) - 1, 0, -1):
                first = replace(part, names=(" ".join(words[:cut]),))
                second = replace(part, names=(" ".join(words[cut:]),), link=Link.ALSO)
                options = (
                    self._lookup.exact(fold_name(first.names[0])),
                    self._lookup.exact(fold_name(second.names[0])),
                )
                if all(options) and self._nest(*options):
                    self._parts[number : number + 1] = [first, second]
                    self._options[number : number + 1] = list(options)
                    break

    def _nest(self, first: list[Option], second: list[Option]) -> bool:
        return any(
            self._holds(wide.row, fine.row) and _WIDTH[wide.kind] > _WIDTH[fine.kind]
            for some, others in ((first, second), (second, first))
            for wide in some
            for fine in others
        )

    def _is_unknown_head_of_unknown(self) -> bool:
        """Whether evidence is thin: no country is given, and a part after a comma is unknown."""
        if self._lookup.country is not None:
            return False
        return any(
            not options and part.link in (Link.ALSO, Link.IN, Link.ASIDE)
            for part, options in zip(self._parts, self._options, strict=True)
        )

    def _order(self) -> list[int]:
        """Which part to answer with: heads before anchors before holders, finer ones before wider ones."""
        ranks = []
        head = next(
            (n for n, part in enumerate(self._parts) if part.link is Link.HEAD and self._options[n]), None
        )
        for number, part in enumerate(self._parts):
            width = self._width(number)
            is_wide = width >= _WIDTH[PlaceClass.DISTRICT]
            match part.link:
                case Link.HEAD:
                    turn = 0 if not is_wide else 2
                case Link.ALSO | Link.ASIDE if head is not None and self._wraps(number, head):
                    turn = 4
                case Link.ALSO | Link.ASIDE if head is not None and self._wraps(head, number):
                    turn = 1
                case Link.ALSO | Link.ASIDE:
                    turn = 1 if not is_wide else 4
                case Link.NEAR | Link.OFFSET | Link.BETWEEN:
                    turn = 1 if number == 0 else 3
                case _:
                    turn = 4
            ranks.append((turn, width if turn >= 2 else 0, number))
        return [number for _, _, number in sorted(ranks)]

    def _wraps(self, outer: int, inner: int) -> bool:
        """Whether a place of one part is a wider one that holds a likely place of another."""
        fine = sorted(self._options[inner], key=lambda option: -option.score)[:5]
        return any(
            _WIDTH[wide.kind] > _WIDTH[option.kind] and self._holds(wide.row, option.row)
            for wide in self._options[outer]
            for option in fine
        )

    def _width(self, number: int) -> int:
        """How wide the likeliest place of a part is."""
        options = self._options[number]
        if not options:
            return max(_WIDTH.values()) + 1
        return _WIDTH[self._likeliest(number).kind]

    def _weighed(self, number: int) -> list[Option]:
        """The options of a part in the light of the parts that hold it, best first; none that they rule out."""
        options = self._options[number]
        part = self._parts[number]
        holders = [
            other
            for other, wider in enumerate(self._parts)
            if other != number
            and self._options[other]
            and wider.link in _HOLDING
            and not self._is_list_mate(number, other)
        ]
        kept = []
        for option in options:
            points, is_out = 0.0, False
            for other in holders:
                held = [
                    wide
                    for wide in self._options[other]
                    if wide.row.key != option.row.key
                    and _WIDTH[wide.kind] >= _WIDTH[option.kind]
                    and self._holds(wide.row, option.row)
                ]
                wider_there = any(_WIDTH[wide.kind] > _WIDTH[option.kind] for wide in self._options[other])
                if held:
                    points += _HELD
                elif self._contradicts(number, option, other):
                    is_out = True
                elif wider_there:
                    nearest = min(
                        away_m(wide.row, option.row) - radius_m(wide.row) for wide in self._options[other]
                    )
                    is_out |= nearest > _FAR_M
                    best = self._likeliest(other)
                    is_out |= (
                        best.kind in (PlaceClass.REGION, PlaceClass.COUNTRY) and best.match is Match.NAME
                    )
                    points += _NOT_HELD
            for other, anchor in enumerate(self._parts):
                if other != number and anchor.link in (Link.NEAR, Link.OFFSET) and self._options[other]:
                    points += self._beside(option, self._options[other], anchor)
            if points < 0 and (option.match is not Match.NAME or part.is_quarter):
                is_out = True
            if part.is_quarter and option.row.feature != "PPLX" and points <= 0:
                is_out = True
            if not is_out:
                option.held = points
                kept.append(option)
        kept.sort(key=lambda option: (-(option.score + option.held), option.row.key))
        return kept[:MOST_OPTIONS]

    def _contradicts(self, number: int, option: Option, other: int) -> bool:
        """Whether a region cannot be meant since another one stands beside the bare name: Kursk, Belgorod Region."""
        best = self._likeliest(other)
        both = option.kind is PlaceClass.REGION and best.kind is PlaceClass.REGION
        is_bare = not self._parts[number].kinds and bool(self._parts[other].kinds)
        return both and is_bare and option.row.key != best.row.key

    def _is_list_mate(self, number: int, other: int) -> bool:
        """Whether two parts are members of one list rather than one inside the other."""
        is_in_list = self._parts[other].link in (Link.ALSO, Link.HEAD, Link.ASIDE)
        if not (is_in_list and self._options[number] and self._options[other]):
            return False
        mine, theirs = self._likeliest(number), self._likeliest(other)
        if self._holds(mine.row, theirs.row) or self._holds(theirs.row, mine.row):
            return False
        return mine.kind is theirs.kind

    def _likeliest(self, number: int) -> Option:
        return max(self._options[number], key=lambda option: (option.score, -option.row.key))

    def _beside(self, option: Option, anchors: list[Option], part: Part) -> float:
        best = min(away_m(option.row, anchor.row) - radius_m(anchor.row) for anchor in anchors[:10])
        limit = ((part.distance_km or 30.0) * 1.5 + 10) * 1000
        return _HELD if best <= limit else _NOT_HELD

    def _holds(self, wide: Row, fine: Row) -> bool:
        """Whether one place lies in another, by their records, else by distance."""
        kind = class_of(wide.feature)
        if kind is PlaceClass.COUNTRY:
            return not self._store.countries_of(fine).isdisjoint({str(wide.country)})
        if kind is PlaceClass.REGION and wide.region is not None and fine.region is not None:
            return wide.region == fine.region
        if wide.country and fine.country and wide.country != fine.country:
            return False
        if kind is PlaceClass.DISTRICT and wide.key == fine.district:
            return True
        slack = 1.0 if kind is not PlaceClass.SETTLEMENT else 1.5
        least = 12_000.0 if kind is PlaceClass.SETTLEMENT else 0.0
        return away_m(wide, fine) <= max(radius_m(wide) * slack, least)

    def _answer(self, number: int, options: list[Option]) -> list[Candidate]:
        part = self._parts[number]
        if part.is_side and options[0].name_number < part.stripped_from:
            part = replace(part, wind=None, is_side=False)  # South Sudan is no side of Sudan
        for option in options:
            option.score += option.held
        fold = fold_name(part.names[-1])
        found = self._answers.candidates(options, fold)
        mates = [
            other
            for other in range(len(self._parts))
            if other != number
            and self._options[other]
            and self._parts[other].link in (Link.ALSO, Link.HEAD)
            and self._is_list_mate(number, other)
        ]
        is_fallback = self._is_fallback(number)
        if part.link is Link.BETWEEN:
            if stretch := self._between(number, found):
                return stretch
            is_fallback = True  # its other end is not known
        if part.distance_km is not None and not found[0].place.precision.is_point:
            return []  # nothing is measured from an area
        if part.link is Link.NEAR and found[0].place.precision in (Precision.REGION, Precision.COUNTRY):
            return []  # they have no surroundings that a text could mean
        return (
            [
                replace(
                    candidate,
                    place=self._related(part, candidate.place, is_fallback=is_fallback),
                    match=Match.HOLDER if is_fallback else candidate.match,
                )
                for candidate in found
            ]
            if not mates or is_fallback
            else self._list(number, mates, found)
        )

    def _between(self, number: int, found: list[Candidate]) -> list[Candidate]:
        """The stretch from a part to the next one that is marked as its other end."""
        ends = [
            other
            for other, part in enumerate(self._parts)
            if other != number and part.link is Link.BETWEEN and self._options[other]
        ]
        first = found[0].place
        if not ends or not first.precision.is_point:
            return []
        options = [option for option in self._options[ends[0]] if option.kind is PlaceClass.SETTLEMENT]
        if not options:
            return []
        near = min(
            options,
            key=lambda option: (
                -option.score + self._away_m_place(first, option.row) / 50_000,
                option.row.key,
            ),
        )
        place = relations.between(first, self._store.place(near.row))
        return [replace(found[0], place=place, score=1.0)] if place else []

    def _is_fallback(self, number: int) -> bool:
        """Whether what is answered only holds or neighbours a head that was not found."""
        link = self._parts[number].link
        if link is Link.HEAD:
            return False
        before = [other for other in range(number) if not self._options[other]]
        if link in _ANCHORED:  # `Qwxz near Homs`, but not `near Homs`
            return any(self._parts[other].link is Link.HEAD for other in before)
        return link is Link.IN or any(self._parts[other].link is not Link.IN for other in before)

    def _related(self, part: Part, place: Place, *, is_fallback: bool) -> Place:
        """The place that a relation makes of a found one."""
        if is_fallback and part.link not in _ANCHORED and place.precision.is_point:
            radius = max(_FALLBACK_SETTLEMENT_M, 2 * (place.radius_m or 0))
            return replace(vicinity_of(place, radius / 1000), rule="holder")
        if part.link is Link.OFFSET or (part.link is Link.NEAR and part.distance_km):
            return self._offset(part, place)
        if part.link is Link.OVER and place.precision in (Precision.REGION, Precision.COUNTRY):
            return replace(
                place,
                name=f"over {place.name}",
                precision=Precision.WATERS,
                radius_m=self._answers.radius_m(place),
                geometry=self._answers.shape(place),
                relation=PlaceRelation.OVER,
                rule="over",
            )
        if part.link in (Link.NEAR, Link.TOWARD, Link.OVER) and place.precision.is_point:
            return vicinity_of(place)
        if part.is_side and part.wind is not None:
            return self._side(part.wind, place)
        if place.kind in _SETTLED and part.kinds and part.kinds <= DIVISIONS:
            return replace(
                vicinity_of(place, _FALLBACK_SETTLEMENT_M / 1000), rule="seat"
            )  # `Sudzha district`
        if place.kind in _SETTLED and part.kinds and part.kinds <= _NOT_SETTLED:
            return vicinity_of(
                place, max(_WIDE_LEAST_M, place.radius_m or 0) / 1000
            )  # `X airport`, `X desert`
        if (part.is_wide or part.is_quarter) and place.precision.is_point:
            return vicinity_of(place, max(_WIDE_LEAST_M, place.radius_m or 0) / 1000)
        return place

    def _offset(self, part: Part, place: Place) -> Place:
        if not place.precision.is_point:
            return place
        distance_km = part.distance_km or _UNSAID_OFFSET_KM
        if part.wind is None:
            return vicinity_of(place, distance_km + (place.radius_m or 0) / 1000)
        position, radius = relations.offset_point(
            place.position, bearing=part.wind, distance_km=distance_km, radius_m=place.radius_m or 0
        )
        if part.distance_km is None:
            radius = max(radius, _WIDE_LEAST_M)
        said = f"{part.distance_km:g} km " if part.distance_km else ""
        return replace(
            place,
            name=f"{said}{relations.wind_name(part.wind)} of {place.name}",
            precision=Precision.VICINITY,
            position=position,
            radius_m=round(radius),
            relation=PlaceRelation.NEAR,
            rule="offset",
        )

    def _side(self, wind: float, place: Place) -> Place:
        """`northern Hama`: of an area that half, of a town the surroundings on that side."""
        if place.precision.is_point:
            radius = max(_WIDE_LEAST_M, place.radius_m or 0)
            position = point_at(place.position, bearing=wind, distance_m=radius / 2)
            return replace(vicinity_of(place, radius / 1000), position=position, rule="side")
        half = relations.side_of(self._answers.shape(place), wind)
        position = relations.middle(half)
        return replace(
            place,
            name=f"{relations.wind_name(wind)} of {place.name}",
            precision=Precision.LINE if place.precision is Precision.COUNTRY else place.precision,
            geometry=half,
            position=position,
            radius_m=math.ceil(farthest_m(position, half)),
            relation=PlaceRelation.IN,
            rule="side",
        )

    def _list(self, number: int, mates: list[int], found: list[Candidate]) -> list[Candidate]:
        """Several places named together: all of them, at the first; none where they are worlds apart."""
        first = found[0].place
        others = []
        for mate in mates:
            kind = self._likeliest(number).kind
            options = sorted(
                (option for option in self._options[mate] if option.kind is kind),
                key=lambda option: (-(option.score + option.held), option.row.key),
            )
            near = min(
                options[:5],
                key=lambda option: -option.score + self._away_m_place(first, option.row) / 100_000,
            )
            others.append(self._store.place(near.row))
        reach = max(
            [self._answers.radius_m(first)]
            + [distance_m(first.position, other.position) + self._answers.radius_m(other) for other in others]
        )
        apart = max(distance_m(first.position, other.position) for other in others)
        if first.precision.is_point and apart > _WORLDS_APART_M:
            return []  # Minsk, Atlantis: the second was meant to say where, and does not
        names = ", ".join([first.name, *(other.name for other in others)])
        countries = {place.country for place in (first, *others) if place.country}
        shapes = [self._answers.shape(place) for place in (first, *others)]
        whole = shapely.union_all([shapely.make_valid(shape) for shape in shapes])
        return [
            replace(
                found[0],
                place=replace(
                    first,
                    id="",
                    geonameid=None,
                    country=first.country if len(countries) == 1 else None,
                    recorded_countries=tuple(sorted(countries)),
                    name=names,
                    precision=Precision.LINE,
                    geometry=whole,
                    radius_m=math.ceil(reach),
                    relation=PlaceRelation.IN,
                    rule="list",
                ),
            ),
            *found[1:],
        ]

    def _away_m_place(self, place: Place, row: Row) -> float:
        return distance_m(place.position, LonLat(lon=row.lon / DEGREE, lat=row.lat / DEGREE))
