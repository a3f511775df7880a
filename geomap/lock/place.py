"""An entry of the lock: what was written, and where it was found."""

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self

import numpy as np
import shapely
from pydantic import Field, StringConstraints, model_validator
from shapely.geometry.base import BaseGeometry

from geomap.model.lonlat import LonLat
from geomap.model.places import PlaceRef
from geomap.model.records import CountryCode, Number, PlaceSpec, Record, Slug, Text, Whole
from geomap.model.vocabulary import PlaceRole, Precision

# 1e-5 degrees is 1.1 m, about what counts as another place, and the grid of the gazetteer's own shapes.
_SHAPE_DECIMALS: Final = 5
# What YAML refuses or reads as a line break, and what turns the direction of a text on the screen.
_HIDDEN: Final = re.compile("[\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]")
# Keys that say what a place is to its event, or what it is called, and not where it is.
_LABELS: Final = {"role": PlaceRole.SITE, "name": None, "method": None}


class LockedPlace(Record):
    """A written place and where it was found; `lon` and `lat` are WGS 84 degrees with six decimals.

    It is known by `written`, which is what decides where it is. A place that is coarsened is known by
    `event` and its number in `where` instead, since what was written is finer than may be shown.
    """

    written: str | dict[str, Any] | None = None
    event: Slug | None = None
    where: Annotated[Whole, Field(ge=1)] | None = None
    place_id: Text | None = None
    name: Text | None = None
    countries: tuple[CountryCode, ...] = ()
    precision: Precision
    lon: Annotated[Number, Field(ge=-180, le=180)] | None = None
    lat: Annotated[Number, Field(ge=-90, le=90)] | None = None
    radius_m: Annotated[Number, Field(ge=0)] | None = None
    geometry: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")] | None = None

    @model_validator(mode="after")
    def _is_known_by_one_thing(self) -> Self:
        if (self.event is None) != (self.where is None):
            raise ValueError("event and where go together")
        if (self.written is None) == (self.event is None):
            raise ValueError("an entry has either written, or event and where")
        if (self.lon is None) != (self.lat is None):
            raise ValueError("lon and lat go together")
        return self

    @cached_property
    def key(self) -> str:
        """What tells this place from every other one of the lock."""
        return place_key(self.written, self.event, self.where)

    @property
    def label(self) -> str:
        """What was written, for people."""
        return repr(_words(self.written)) if self.event is None else f"place {self.where} of {self.event}"

    @property
    def order(self) -> tuple[str, str]:
        """Where it stands in the lock: by what was written, in the order of code points."""
        return (_words(self.written) if self.event is None else self.event, self.key)

    @property
    def position(self) -> LonLat | None:
        """Where its pin or label goes."""
        return None if self.lon is None or self.lat is None else LonLat(lon=self.lon, lat=self.lat)

    def __str__(self) -> str:
        facts = [self.place_id, str(self.precision)]
        facts.append("no position" if self.lon is None else f"lon {self.lon:.6f}, lat {self.lat:.6f}")
        facts.append(None if self.radius_m is None else f"radius {self.radius_m:,.0f} m")
        return f"{self.name or 'a place'} ({'; '.join(filter(None, facts))})"


class Lock(Record):
    """A lock file: what its places were resolved with, and each of them."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    geomap: Text
    gazetteer: Text
    """The fingerprint of all place data, the project's own files included."""
    worldview: Text
    countries: tuple[CountryCode, ...] = ()
    places: tuple[LockedPlace, ...] = ()


def without_labels(spec: PlaceSpec) -> PlaceSpec:
    """A written place without what only names it: two that differ in that are one place."""
    given = spec.lon is not None or spec.geometry is not None
    labels = _LABELS if spec.is_coarsened else {**_LABELS, "publish_precision": None}
    return spec.model_copy(update={**labels, "place": None} if given else labels)


def written_form(spec: PlaceSpec) -> str | dict[str, Any]:
    """What decides where a place is, in the one form of several that people may write."""
    keys = without_labels(spec).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if spec.geometry is not None:
        keys["geometry"] = f"{spec.geometry.get('type')} {_digest(to_json(plain(spec.geometry)).encode())}"
    form = plain(keys)
    return form if isinstance(form, str) else dict(form)


def key_of(spec: PlaceSpec, event: str, where: int) -> str:
    """The key under which a lock holds a written place; `where` is its number in the event, from 1."""
    return place_key(None, event, where) if spec.is_coarsened else place_key(written_form(spec))


def fine_key_of(spec: PlaceSpec) -> str:
    """The key that a coarsened place would have, were it shown as it is known."""
    return place_key(written_form(spec.model_copy(update={"publish_precision": None})))


def place_key(
    written: str | Mapping[str, Any] | None, event: str | None = None, where: int | None = None
) -> str:
    """The key of what was written, or of a place of an event where that must not be shown."""
    return to_json(plain(written) if event is None else [event, where])


def lock_place(spec: PlaceSpec, ref: PlaceRef, event: str, where: int) -> LockedPlace:
    """The entry of a place; `ref` is what `without_labels(spec)` resolves to."""
    secret = spec.is_coarsened
    given = spec.lon is not None or spec.geometry is not None
    position = ref.position
    return LockedPlace(
        written=None if secret else written_form(spec),
        event=event if secret else None,
        where=where if secret else None,
        place_id=ref.place_id,
        # A place given by its position has no name but its label, unless it is shown as a wider one.
        name=ref.name if secret or not given else None,
        countries=ref.countries,
        precision=ref.precision,
        # Adding zero makes -0.0 zero.
        lon=None if position is None else round(position.lon, 6) + 0.0,
        lat=None if position is None else round(position.lat, 6) + 0.0,
        radius_m=None if ref.radius_m is None else round(ref.radius_m, 1),
        geometry=None if ref.geometry is None else shape_digest(ref.geometry),
    )


def shape_digest(geometry: BaseGeometry) -> str:
    """16 hex digits of the SHA-256 of a geometry (EPSG:4326), to about a metre and in canonical order."""
    rounded = shapely.transform(geometry, lambda points: np.round(points, _SHAPE_DECIMALS) + 0.0)
    return _digest(shapely.to_wkb(shapely.normalize(rounded), byte_order=1, output_dimension=2))


def to_json(value: Any) -> str:
    """A value as JSON on one line, which YAML reads as the same value."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return _HIDDEN.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def plain(value: Any) -> Any:
    """A value with 5 for 5.0, and a place's name alone for a mapping that says no more."""
    if isinstance(value, Mapping):
        return (
            value["place"] if value.keys() == {"place"} else {key: plain(each) for key, each in value.items()}
        )
    if isinstance(value, list | tuple):
        return [plain(each) for each in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _words(value: Any) -> str:
    """What was written, as a person would say it."""
    if isinstance(value, Mapping):
        parts = [_words(each) if key == "place" else f"{key} {_inner(each)}" for key, each in value.items()]
        return ", ".join(parts)
    return str(value)


def _inner(value: Any) -> str:
    if isinstance(value, list):
        return " and ".join(_inner(each) for each in value)
    return f"({_words(value)})" if isinstance(value, Mapping) else _words(value)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
