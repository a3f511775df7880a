"""Toponyms of one document to places, all together: each helps to tell what the others mean.

In the spirit of M. D. Lieberman and H. Samet, "Adaptive Context Features for Toponym Resolution in Streaming News"
(SIGIR 2012), in two passes: what the names mean by themselves gives the countries, regions and neighbourhoods that
the document is about, and these decide between namesakes. Names that are written alike mean one place in one
document.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from geomap.gazetteer.abbreviations import COUNTRY_ABBREVIATIONS, REGION_ABBREVIATIONS
from geomap.gazetteer.description import read_description
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import PlaceClass, class_of
from geomap.gazetteer.rows import Row
from geomap.gazetteer.schema import DEGREE, NameRank
from geomap.gazetteer.scoring import CONTEXT_FEATURES, cities_first, row_features, score, shares
from geomap.gazetteer.store import Store, Weights

_MOST_OPTIONS: Final = 40
_PASSES: Final = 2
_EPSILON: Final = 0.02
_CLOSE_KM: Final = 50.0
_QUALIFIER: Final = re.compile(r"\s*[,(]\s*(?:in )?((?:[^\W\d_][\w.'’-]*\s?){1,3})")


@dataclass(slots=True)
class Option:
    """One place that a toponym may mean."""

    row: Row
    place_class: PlaceClass
    features: dict[str, float]
    share: float = 0.0


@dataclass(slots=True)
class Toponym:
    """A name in a document with its options; those written alike share one."""

    text: str
    options: list[Option]
    count: int = 1


@dataclass(slots=True)
class _Asked:
    """A name as it is asked for: its text and what stands after it."""

    text: str
    qualifiers: set[str] = field(default_factory=set)
    count: int = 0


class Linker:
    """Resolves the toponyms of documents."""

    def __init__(self, store: Store, weights: Weights | None = None) -> None:
        self._store, self._weights = store, weights or store.weights

    def link(self, text: str, spans: Sequence[tuple[int, int]]) -> list[Toponym]:
        """The toponym of each span, its options best first.

        Parameters
        ----------
        text
            The document.
        spans
            Start and end of each toponym, in code points, end exclusive.
        """
        toponyms, order = self.gather(text, spans)
        self.weigh(toponyms)
        return [toponyms[key] for key in order]

    def gather(self, text: str, spans: Sequence[tuple[int, int]]) -> tuple[dict[str, Toponym], list[str]]:
        """The distinct toponyms of a document with all their options, not weighed; and the key of each span."""
        asked: dict[str, _Asked] = {}
        order = []
        for start, end in spans:
            written = text[start:end]
            qualifier = self._qualifier_after(text, end)
            fold = fold_name(written) + ("." if written.endswith(".") else "")
            key = f"{fold}|{qualifier}" if qualifier else fold
            if key not in asked:
                asked[key] = _Asked(text=written)
            asked[key].count += 1
            if qualifier:
                asked[key].qualifiers.add(qualifier)
            order.append(key)
        # A name that stands bare here and qualified there means the same.
        for key, name in asked.items():
            if "|" not in key:
                kin = {q for other, a in asked.items() if other.startswith(f"{key}|") for q in a.qualifiers}
                if len(kin) == 1:
                    name.qualifiers |= kin
        toponyms = {
            key: Toponym(text=name.text, options=self._options(name), count=name.count)
            for key, name in asked.items()
        }
        return toponyms, order

    def weigh(self, toponyms: dict[str, Toponym]) -> None:
        """Give every option its share, first alone, then in the light of all others."""
        for toponym in toponyms.values():
            self.share(toponym, self._weights.prior)
        for _ in range(_PASSES):
            self.add_context(toponyms)
            for toponym in toponyms.values():
                self.share(toponym, self._weights.joint)

    def share(self, toponym: Toponym, weights: Mapping[str, float]) -> None:
        """Shares of the options by some weights, the best first."""
        scores = [score(option.features, weights) for option in toponym.options]
        capped = cities_first([option.row for option in toponym.options], scores, self._store.is_curated)
        for option, part in zip(toponym.options, shares(capped), strict=True):
            option.share = part
        toponym.options.sort(key=lambda option: (-option.share, option.row.key))

    def add_context(self, toponyms: dict[str, Toponym]) -> None:
        """Put the features of context into every option, from the shares as they stand."""
        _Context(list(toponyms.values())).describe()

    # Options

    def _options(self, asked: _Asked) -> list[Option]:
        found = self._named(asked.text)
        if asked.qualifiers:
            # London, Ky., is in Kentucky, however small.
            held = [option for option in found if any(self._holds(q, option) for q in asked.qualifiers)]
            found = held or found
        for option in found:
            option.share = score(option.features, self._weights.prior)
        found.sort(key=lambda option: (-option.share, option.row.key))
        return found[:_MOST_OPTIONS]

    def _named(self, written: str) -> list[Option]:
        options: dict[int, Option] = {}

        def add(row: Row, fold: str, **features: float) -> None:
            if row.key not in options:
                found = row_features(row, fold) | features
                options[row.key] = Option(row, class_of(row.feature), found)

        if (region := REGION_ABBREVIATIONS.get(_abbreviation(written))) is not None:
            add(self._store.region_row(region), "", abbreviated=1.0)
        code = COUNTRY_ABBREVIATIONS.get(_abbreviation(written).replace(".", ""))
        if code is not None:
            add(self._store.country_row(code), "", abbreviated=1.0)
        parts = read_description(written)
        part = parts[0] if parts else None
        names = dict.fromkeys((written, *(part.names if part else ())))
        said = part.kinds if part else frozenset()
        for number, name in enumerate(names):
            fold = fold_name(name)
            for row in self._store.rows(fold):
                # `X County` has found the county; X alone is something else.
                kind = class_of(row.feature)
                fits = {"kind_said": 1.0} if kind in said else {"kind_other": 1.0} if said and number else {}
                add(row, fold, **fits)
        if not options and written.endswith(("s", "'", "’")):
            fold = fold_name(re.sub(r"['’]?s?['’]?$", "", written))
            for row in self._store.rows(fold):
                add(row, fold)
        return list(options.values())

    # Qualifiers

    def _qualifier_after(self, text: str, end: int) -> str:
        """The wider place written after a name (`Paris, Texas`; `Erie, Pa.`), as `region:…` or `country:…`."""
        match = _QUALIFIER.match(text, end, end + 40)
        if match is None:
            return ""
        words = match[1].split()
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

    def _holds(self, qualifier: str, option: Option) -> bool:
        kind, _, code = qualifier.partition(":")
        if kind == "country":
            return (
                code in self._store.countries_of(option.row) and option.place_class is not PlaceClass.COUNTRY
            )
        return option.row.region == code and option.place_class is not PlaceClass.REGION


class _Context:
    """What the names of a document lie in and near, by their shares."""

    def __init__(self, toponyms: list[Toponym]) -> None:
        self._toponyms = toponyms
        self._countries: dict[str, float] = {}
        self._regions: dict[str, float] = {}
        self._districts: dict[int, float] = {}
        self._named: dict[str, float] = {}
        self._points: list[tuple[float, float, float, Toponym]] = []
        self._weight = 0.0
        for toponym in toponyms:
            weight = math.sqrt(toponym.count)
            self._weight += weight
            for option in toponym.options[:8]:
                self._count(option, weight * option.share)
                if option.place_class not in (PlaceClass.COUNTRY, PlaceClass.REGION) and option.share > 0.05:
                    lon, lat = option.row.lon / DEGREE, option.row.lat / DEGREE
                    self._points.append((lon, lat, weight * option.share, toponym))

    def _count(self, option: Option, part: float) -> None:
        row = option.row
        for table, key in ((self._countries, row.country), (self._regions, row.region)):
            if key is not None:
                table[key] = table.get(key, 0.0) + part
        if row.district is not None or option.place_class is PlaceClass.DISTRICT:
            district = row.district if row.district is not None else row.key
            self._districts[district] = self._districts.get(district, 0.0) + part
        if option.place_class in (PlaceClass.COUNTRY, PlaceClass.REGION) and row.code:
            self._named[row.code] = self._named.get(row.code, 0.0) + part

    def describe(self) -> None:
        """Put the features of context into every option of every toponym."""
        described = [
            (option, self._features(toponym, option))
            for toponym in self._toponyms
            for option in toponym.options
        ]
        for option, features in described:
            for name in CONTEXT_FEATURES:
                option.features.pop(name, None)
            option.features |= features

    def _features(self, toponym: Toponym, option: Option) -> dict[str, float]:
        row, own_weight = option.row, math.sqrt(toponym.count)
        others = max(self._weight - own_weight, 0.0)
        if others == 0:
            return {}

        def log_share(total: float, own: float) -> float:
            return math.log((max(total - own_weight * own, 0.0) + _EPSILON) / (others + _EPSILON))

        def own(attribute: str) -> float:
            value = getattr(row, attribute)
            return sum(o.share for o in toponym.options[:8] if getattr(o.row, attribute) == value)

        found = {}
        if row.country is not None:
            found["same_country"] = log_share(self._countries.get(row.country, 0.0), own("country"))
        floor = math.log(_EPSILON / (others + _EPSILON))
        is_area = option.place_class in (PlaceClass.COUNTRY, PlaceClass.REGION)
        if is_area:
            inside = self._countries if option.place_class is PlaceClass.COUNTRY else self._regions
            key = row.country if option.place_class is PlaceClass.COUNTRY else row.region
            attribute = "country" if option.place_class is PlaceClass.COUNTRY else "region"
            found["is_holder"] = log_share(inside.get(key or "", 0.0), own(attribute))
            return found
        found["same_region"] = (
            log_share(self._regions.get(row.region, 0.0), own("region")) if row.region else floor
        )
        district = row.district if row.district is not None else row.key
        held = sum(
            o.share
            for o in toponym.options[:8]
            if (o.row.district if o.row.district is not None else o.row.key) == district
        )
        found["same_district"] = log_share(self._districts.get(district, 0.0), held)
        found["close"] = math.log((self._closeness(toponym, row) + _EPSILON) / (others + _EPSILON))
        named = max(
            self._named.get(f"ne:{row.region}", 0.0) / max(others, 1.0),
            0.3 * self._named.get(f"ne:{row.country}", 0.0) / max(others, 1.0),
        )
        found["holder_named"] = math.log((named + _EPSILON) / (1 + _EPSILON))
        return found

    def _closeness(self, toponym: Toponym, row: Row) -> float:
        lon, lat = row.lon / DEGREE, row.lat / DEGREE
        squeeze = math.cos(math.radians(lat))
        total = 0.0
        for other_lon, other_lat, weight, owner in self._points:
            if owner is toponym:
                continue
            north = (other_lat - lat) * 111.2
            if abs(north) > 400:
                continue
            east = (other_lon - lon) * 111.2 * squeeze
            total += weight * math.exp(-math.hypot(north, east) / _CLOSE_KM)
        return total


def _abbreviation(written: str) -> str:
    return written.strip().rstrip(",").upper()
