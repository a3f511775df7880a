"""Toponyms of one document to places, all together: each helps to tell what the others mean.

In the spirit of M. D. Lieberman and H. Samet, "Adaptive Context Features for Toponym Resolution in Streaming News"
(SIGIR 2012), in two passes: what the names mean by themselves gives the countries, regions and neighbourhoods that
the document is about, and these decide between namesakes. Names that are written alike mean one place in one
document.

The options of all names of a document lie in columns one after the other, and are weighed by arithmetic on these.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geomap.gazetteer.abbreviations import COUNTRY_ABBREVIATIONS, REGION_ABBREVIATIONS
from geomap.gazetteer.description import read_description
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import PlaceClass, class_of
from geomap.gazetteer.rows import Row
from geomap.gazetteer.schema import DEGREE, POSTAL, NameRank
from geomap.gazetteer.scoring import (
    CLEAR_LEAD,
    CONTEXT_FEATURES,
    cities_of_divisions,
    name_feature,
    people_feature,
    row_features,
    score,
)
from geomap.gazetteer.store import Store, Weights

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

_MOST_OPTIONS: Final = 40
_PASSES: Final = 2
_EPSILON: Final = 0.02
_CLOSE_KM: Final = 50.0
_MOST_POINTS: Final = 256
"""Places of a document that nearness is measured to, those of most weight; a bound for very long ones."""
_LEAST_SHARE: Final = 0.05
"""Of a place that nearness is measured to."""
_AT_ONCE: Final = 4096
_REMEMBERED: Final = 4096
"""Names whose options are kept; at most some 30 MB."""
_SPACE: Final = re.compile(r"[\s-]")
_QUALIFIER: Final = re.compile(r"\s*[,(]\s*(?:in )?((?:[^\W\d_][\w.'’-]*\s?){1,3})")


@dataclass(slots=True)
class Option:
    """One place that a toponym may mean."""

    row: Row
    place_class: PlaceClass
    features: dict[str, float]
    share: float = 0.0


@dataclass(slots=True)
class LinkedName:
    """A name in a document with its options, best first; those written alike share one."""

    text: str
    options: list[Option]
    count: int = 1


@dataclass(frozen=True, slots=True)
class _Options:
    """The options of a name as columns, by what they are worth alone; numbers stand for countries and regions."""

    rows: tuple[Row, ...]
    classes: tuple[PlaceClass, ...]
    features: tuple[dict[str, float], ...]
    prior: Floats
    joint: Floats
    country: Numbers
    region: Numbers
    district: Numbers
    has_district: NDArray[np.bool_]
    kind: Numbers
    is_named: NDArray[np.bool_]
    lonlat: Floats
    capped: tuple[tuple[int, int], ...]
    """A division, and the city that stands before it."""

    def __len__(self) -> int:
        return len(self.rows)


class _Weighed(NamedTuple):
    """A place that a name may mean, with what it is worth by itself."""

    row: Row
    features: dict[str, float]
    prior: float
    joint: float


@dataclass(slots=True)
class _Asked:
    """A name as it is asked for: its text and the wider place that stands after it."""

    text: str
    qualifier: str
    count: int = 0


_AREA, _LAND, _OTHER = 1, 2, 0
"""Kinds in the columns: a region, a country, any other place."""


class Linker:
    """Resolves the toponyms of documents."""

    def __init__(self, store: Store, weights: Weights | None = None) -> None:
        self._store, self._weights = store, weights or store.weights
        self._codes: dict[str, int] = {}
        self._kinds: dict[tuple[str, str, bool, str], tuple[dict[str, float], float, float]] = {}
        self._remembered = lru_cache(_REMEMBERED)(self._columns)
        self._qualifier = lru_cache(_REMEMBERED)(self._qualifier_of)

    def link(
        self, text: str, spans: Sequence[tuple[int, int]], names: Sequence[str] | None = None
    ) -> list[LinkedName]:
        """The toponym of each span, its options best first.

        Parameters
        ----------
        text
            The document.
        spans
            Start and end of each toponym, in code points, end exclusive.
        names
            By what name each is looked up, where that is not as it is written: in the nominative, or with a kind
            word that stands beside it.
        """
        links = self.gather(text, spans, names)
        self.weigh(links)
        return links.toponyms()

    def gather(
        self, text: str, spans: Sequence[tuple[int, int]], names: Sequence[str] | None = None
    ) -> "Links":
        """The distinct toponyms of a document with all their options, not weighed."""
        asked: dict[str, _Asked] = {}
        keys = []
        for number, (start, end) in enumerate(spans):
            written = names[number] if names is not None else text[start:end]
            qualifier = self._qualifier_after(text, end)
            fold = fold_name(written) + ("." if written.endswith(".") else "")
            if _is_two_capitals(written):
                fold += "^"
            key = f"{fold}|{qualifier}" if qualifier else fold
            if key not in asked:
                asked[key] = _Asked(written, qualifier)
            asked[key].count += 1
            keys.append(key)
        # A name that stands bare here and qualified there means the same.
        kin: dict[str, set[str]] = {}
        for key, name in asked.items():
            if name.qualifier:
                kin.setdefault(key.partition("|")[0], set()).add(name.qualifier)
        for key, qualifiers in kin.items():
            if key in asked and len(qualifiers) == 1:
                (asked[key].qualifier,) = qualifiers
        numbers = {key: number for number, key in enumerate(asked)}
        return Links(
            [name.text for name in asked.values()],
            [name.count for name in asked.values()],
            [self._remembered(name.text, name.qualifier) for name in asked.values()],
            [numbers[key] for key in keys],
        )

    def weigh(self, links: "Links") -> None:
        """Give every option its share, first alone, then in the light of all others."""
        links.share(links.prior)
        weights = np.array([self._weights.joint[name] for name in CONTEXT_FEATURES])
        for _ in range(_PASSES):
            links.add_context()
            links.share(links.joint + links.context @ weights)

    # Options

    def _columns(self, written: str, qualifier: str) -> _Options:
        found = self._named(written)
        if qualifier:
            # London, Ky., is in Kentucky, however small.
            found = [one for one in found if self._holds(qualifier, one)] or found
        found.sort(key=lambda one: (-one.prior, one.row.key))
        del found[_MOST_OPTIONS:]
        rows = tuple(one.row for one in found)
        classes = [class_of(row.feature) for row in rows]
        kinds = {PlaceClass.COUNTRY: _LAND, PlaceClass.REGION: _AREA}
        return _Options(
            rows=rows,
            classes=tuple(classes),
            features=tuple(one.features for one in found),
            prior=np.array([one.prior for one in found]),
            joint=np.array([one.joint for one in found]),
            country=self._numbers([row.country for row in rows]),
            region=self._numbers([row.region for row in rows]),
            district=np.array(
                [row.key if row.district is None else row.district for row in rows], dtype=np.int64
            ),
            has_district=np.array(
                [
                    row.district is not None or kind is PlaceClass.DISTRICT
                    for row, kind in zip(rows, classes, strict=True)
                ],
                dtype=np.bool_,
            ),
            kind=np.array([kinds.get(kind, _OTHER) for kind in classes], dtype=np.int64),
            is_named=np.array([bool(row.code) for row in rows], dtype=np.bool_),
            lonlat=np.array([(row.lon, row.lat) for row in rows], dtype=np.float64).reshape(-1, 2) / DEGREE,
            # "Kursk Region" is never the city.
            capped=tuple(
                (division, city)
                for division, city in cities_of_divisions(rows, self._store.is_curated)
                if "kind_said" not in found[division].features
            ),
        )

    def _numbers(self, codes: Sequence[str | None]) -> Numbers:
        """Codes as numbers from 1 up, 0 for none."""
        known = self._codes
        return np.array(
            [known.setdefault(code, len(known) + 1) if code is not None else 0 for code in codes],
            dtype=np.int64,
        )

    def _weighed(self, row: Row, fold: str, fits: str) -> _Weighed:
        """A place with what it is worth alone; most of that is the same for all of its kind."""
        key = (
            row.feature,
            name_feature(row, fold),
            row.code is not None and row.code.startswith(POSTAL),
            fits,
        )
        known = self._kinds.get(key)
        if known is None:
            features = row_features(row._replace(population=0), fold) | ({fits: 1.0} if fits else {})
            weights = self._weights
            known = self._kinds[key] = (
                features, score(features, weights.prior), score(features, weights.joint),
            )  # fmt: skip
        features, prior, joint = known
        if people := people_feature(row.population):
            prior += people * self._weights.prior["people"]
            joint += people * self._weights.joint["people"]
            features = features | {"people": people}
        return _Weighed(row, features, prior, joint)

    def _named(self, written: str) -> list[_Weighed]:
        options: dict[int, _Weighed] = {}

        def add(row: Row, fold: str, fits: str = "") -> None:
            if row.key not in options:
                options[row.key] = self._weighed(row, fold, fits)

        short = _abbreviation(written)
        if (region := REGION_ABBREVIATIONS.get(short)) is not None:
            add(self._store.region_row(region), "", "abbreviated")
        code = COUNTRY_ABBREVIATIONS.get(short.replace(".", ""))
        if code is not None:
            add(self._store.country_row(code), "", "abbreviated")
        if _is_two_capitals(written) and not options:
            return []  # the EU, not Eu in Normandy
        # A single word holds no description.
        parts = read_description(written) if _SPACE.search(written) else ()
        part = parts[0] if parts else None
        names = dict.fromkeys((written, *(part.names if part else ())))
        said = part.kinds if part else frozenset()
        for number, name in enumerate(names):
            fold = fold_name(name)
            for row in self._store.rows(fold):
                # `X County` has found the county; X alone is something else.
                kind = class_of(row.feature)
                fits = "kind_said" if kind in said else "kind_other" if said and number else ""
                add(row, fold, fits)
        if not options and written.endswith(("s", "'", "’")):
            fold = fold_name(re.sub(r"['’]?s?['’]?$", "", written))
            for row in self._store.rows(fold):
                add(row, fold)
        return list(options.values())

    # Qualifiers

    def _qualifier_after(self, text: str, end: int) -> str:
        """The wider place written after a name (`Paris, Texas`; `Erie, Pa.`), as `region:…` or `country:…`."""
        match = _QUALIFIER.match(text, end, end + 40)
        return self._qualifier(match[1]) if match is not None else ""

    def _qualifier_of(self, written: str) -> str:
        words = written.split()
        for count in range(len(words), 0, -1):
            name = " ".join(words[:count])
            region = REGION_ABBREVIATIONS.get(_abbreviation(name))
            if region is not None:
                return f"region:{region}"
            for row in self._store.rows(fold_name(name)):
                if row.rank <= NameRank.OTHER and row.code and row.code.startswith("ne:"):
                    is_country = class_of(row.feature) is PlaceClass.COUNTRY
                    return f"country:{row.country}" if is_country else f"region:{row.region}"
        return ""

    def _holds(self, qualifier: str, one: _Weighed) -> bool:
        kind, _, code = qualifier.partition(":")
        place_class = class_of(one.row.feature)
        if kind == "country":
            return code in self._store.countries_of(one.row) and place_class is not PlaceClass.COUNTRY
        return one.row.region == code and place_class is not PlaceClass.REGION


class Links:
    """The toponyms of a document and all their options, as columns that are weighed together.

    Attributes
    ----------
    texts, options, order
        The distinct names, what each may mean, and for each span the number of its name.
    weights
        How much each name counts: by default the root of how often it stands there.
    prior, joint
        Shape `(n,)`: for each option of each name what its own features are worth.
    context
        Shape `(n, 6)`: its features of context, in the order of `CONTEXT_FEATURES`.
    shares
        Shape `(n,)`; those of one name add up to 1.
    """

    def __init__(
        self, texts: list[str], counts: list[int], options: list[_Options], order: list[int]
    ) -> None:
        self.texts, self.counts, self.options, self.order = texts, counts, options, order
        self.weights = np.sqrt(np.array(counts, dtype=np.float64))
        sizes = np.array([len(one) for one in options], dtype=np.int64)
        self.starts = np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)
        self._filled = np.flatnonzero(sizes)
        self._sizes = sizes[self._filled]
        self._owner = np.repeat(np.arange(len(options)), sizes)
        self.prior = _joined([one.prior for one in options])
        self.joint = _joined([one.joint for one in options])
        capped = [
            (division + int(start), city + int(start))
            for one, start in zip(options, self.starts, strict=False)
            for division, city in one.capped
        ]
        self._divisions = np.array([division for division, _ in capped], dtype=np.int64)
        self._cities = np.array([city for _, city in capped], dtype=np.int64)
        self.shares = np.zeros(len(self._owner))
        self.context = np.zeros((len(self._owner), len(CONTEXT_FEATURES)))
        self._columns: _Columns | None = None

    def share(self, scores: Floats) -> None:
        """Make scores shares, after a city has been put before its own division."""
        if not len(scores):
            return
        capped = scores.copy()
        if len(self._divisions):
            np.minimum.at(capped, self._divisions, scores[self._cities] - math.log(CLEAR_LEAD))
        starts = self.starts[self._filled]
        raised = np.exp(capped - np.repeat(np.maximum.reduceat(capped, starts), self._sizes))
        self.shares = raised / np.repeat(np.add.reduceat(raised, starts), self._sizes)

    def add_context(self) -> None:
        """Put the features of context into `context`, from the shares as they stand."""
        if self._columns is None:
            self._columns = _Columns(self.options, self._owner)
        self.context = self._columns.describe(self.shares, self.weights)

    def best(self, number: int) -> int:
        """The column of the best option of a name; -1 where it has none."""
        start, end = self.starts[number], self.starts[number + 1]
        return int(start + np.argmax(self.shares[start:end])) if end > start else -1

    def toponyms(self) -> list[LinkedName]:
        """The toponym of each span."""
        made = {number: self.toponym(number) for number in dict.fromkeys(self.order)}
        return [made[number] for number in self.order]

    def toponym(self, number: int) -> LinkedName:
        """A name with its options, best first."""
        one, start = self.options[number], int(self.starts[number])
        found = [
            Option(row, kind, features | self._context_of(start + n), share)
            for n, (row, kind, features, share) in enumerate(
                zip(
                    one.rows,
                    one.classes,
                    one.features,
                    self.shares[start : start + len(one)].tolist(),
                    strict=True,
                )
            )
        ]
        found.sort(key=lambda option: (-option.share, option.row.key))
        return LinkedName(self.texts[number], found, self.counts[number])

    def _context_of(self, column: int) -> dict[str, float]:
        return {
            name: value
            for name, value in zip(CONTEXT_FEATURES, self.context[column].tolist(), strict=True)
            if value
        }


class _Columns:
    """What the names of a document lie in and near, by their shares."""

    def __init__(self, options: Sequence[_Options], owner: Numbers) -> None:
        self._owner = owner
        self._country = _Groups(_joined_numbers([one.country for one in options]), owner)
        self._region = _Groups(_joined_numbers([one.region for one in options]), owner)
        self._district = _Groups(_joined_numbers([one.district for one in options]), owner)
        self._has_district = _joined_numbers([one.has_district for one in options]).astype(np.bool_)
        kind = _joined_numbers([one.kind for one in options])
        is_named = _joined_numbers([one.is_named for one in options]).astype(np.bool_)
        self._is_land, self._is_area = kind == _LAND, kind != _OTHER
        self._named_land = self._is_land & is_named
        self._named_region = (kind == _AREA) & is_named
        self._lonlat = np.concatenate([one.lonlat for one in options]) if len(options) else np.zeros((0, 2))

    def describe(self, shares: Floats, weights: Floats) -> Floats:
        """The features of context of every option, shape `(n, 6)`."""
        found = np.zeros((len(shares), len(CONTEXT_FEATURES)))
        own_weight = weights[self._owner]
        others = np.maximum(weights.sum() - own_weight, 0.0)
        parts = own_weight * shares
        same_country = self._country.log_shares(parts, shares, own_weight, others)
        same_region = self._region.log_shares(parts, shares, own_weight, others)
        counted = np.where(self._has_district, parts, 0.0)
        same_district = self._district.log_shares(counted, shares, own_weight, others)
        floor = np.log(_EPSILON / (others + _EPSILON))
        named = (
            np.maximum(
                self._region.sums(np.where(self._named_region, parts, 0.0)) * (self._region.codes > 0),
                0.3 * self._country.sums(np.where(self._named_land, parts, 0.0)) * (self._country.codes > 0),
            )
            / np.maximum(others, 1.0)
        )  # fmt: skip
        place = ~self._is_area
        found[:, 0] = np.where(self._country.codes > 0, same_country, 0.0)
        found[:, 1] = np.where(place, np.where(self._region.codes > 0, same_region, floor), 0.0)
        found[:, 2] = np.where(place, same_district, 0.0)
        found[place, 3] = np.log(
            (self._closeness(place, parts, shares) + _EPSILON) / (others[place] + _EPSILON)
        )
        found[:, 4] = np.where(self._is_area, np.where(self._is_land, same_country, same_region), 0.0)
        found[:, 5] = np.where(place, np.log((named + _EPSILON) / (1 + _EPSILON)), 0.0)
        found[others <= 0] = 0.0
        return found

    def _closeness(self, place: NDArray[np.bool_], parts: Floats, shares: Floats) -> Floats:
        """How many other names, by their shares, mean a place close to each that is no area."""
        points = np.flatnonzero(place & (shares > _LEAST_SHARE))
        if len(points) > _MOST_POINTS:
            points = np.sort(points[np.argsort(-parts[points], kind="stable")[:_MOST_POINTS]])
        asked = np.flatnonzero(place)
        near = np.zeros(len(asked))
        for first in range(0, len(asked), _AT_ONCE):
            here = asked[first : first + _AT_ONCE]
            lonlat = self._lonlat[here]
            north = (self._lonlat[points, 1] - lonlat[:, 1:]) * 111.2
            east = (self._lonlat[points, 0] - lonlat[:, :1]) * (111.2 * np.cos(np.radians(lonlat[:, 1:])))
            close = np.exp(np.sqrt(north * north + east * east) * (-1 / _CLOSE_KM)) * parts[points]
            close[self._owner[here][:, None] == self._owner[points]] = 0.0
            near[first : first + _AT_ONCE] = close.sum(axis=1)
        return near


class _Groups:
    """The options of a document by what they lie in."""

    def __init__(self, codes: Numbers, owner: Numbers) -> None:
        self.codes = codes
        _, self._group = np.unique(codes, return_inverse=True)
        # Options of one name in one country.
        _, self._own = np.unique(
            self._group * (int(owner[-1]) + 1 if len(owner) else 1) + owner, return_inverse=True
        )

    def sums(self, values: Floats) -> Floats:
        """For each option the sum over all that lie in the same."""
        if not len(values):
            return values
        found: Floats = np.bincount(self._group, weights=values).astype(np.float64)[self._group]
        return found

    def log_shares(self, parts: Floats, shares: Floats, own_weight: Floats, others: Floats) -> Floats:
        """The logarithm of the share of the other names that lie in the same."""
        if not len(parts):
            return parts
        own = np.bincount(self._own, weights=shares)[self._own]
        total = np.maximum(self.sums(parts) - own_weight * own, 0.0)
        logarithms: Floats = np.log((total + _EPSILON) / (others + _EPSILON))
        return logarithms


def _joined(columns: Sequence[Floats]) -> Floats:
    return np.concatenate(columns) if columns else np.zeros(0)


def _joined_numbers(columns: Sequence[NDArray[np.int64] | NDArray[np.bool_]]) -> Numbers:
    return np.concatenate(columns).astype(np.int64) if columns else np.zeros(0, dtype=np.int64)


def _is_two_capitals(written: str) -> bool:
    return len(written) == 2 and written.isupper()


def _abbreviation(written: str) -> str:
    return written.strip().rstrip(",").upper()
