"""GeoJSON and Linked Places as features; neither reaches GDAL, whose drivers are chosen by a file's content."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from geomap.events.imports.shapes import crs_shapes, read_shape
from geomap.events.imports.value import Feature, FeatureFile, ImportFileError, RowError, cell_text, columns_of

# Of what a collection says of itself, under the names that are in use: ours, STAC's, Linked Places'.
_ABOUT: Final = {
    "title": "title", "name": "title", "attribution": "publisher", "publisher": "publisher",
    "citation": "publisher", "license": "licence", "licence": "licence",
}  # fmt: skip
_CRS84: Final = ("CRS84", "EPSG::4326", "EPSG:4326")


def read_geojson(content: bytes, name: str) -> FeatureFile:
    """The features of a GeoJSON text, RFC 7946, or the older form with a `crs`.

    Raises
    ------
    ImportFileError
        If it is no GeoJSON; `name` is what messages call the file.
    """
    collection = _collection(content, name)
    features = [
        _feature(f"feature {number}", value) for number, value in enumerate(collection["features"], start=1)
    ]
    crs = _crs(collection)
    if crs:
        features = crs_shapes(features, crs, name)
    return FeatureFile(features, columns_of(features), about=_about(collection))


def read_linked_places(content: bytes, name: str) -> FeatureFile:
    """The places of a Linked Places text: the words, the time and the country of each as attributes.

    Raises
    ------
    ImportFileError
        If it is no GeoJSON.
    """
    collection = _collection(content, name)
    features = [
        _place(f"feature {number}", value) for number, value in enumerate(collection["features"], start=1)
    ]
    return FeatureFile(features, columns_of(features), about=_about(collection))


def _collection(content: bytes, name: str) -> dict[str, Any]:
    try:
        value = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise ImportFileError(f"{name}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = {"type": "FeatureCollection", "features": [value]}
    if not isinstance(value, dict) or not isinstance(value.get("features"), list):
        raise ImportFileError(f"{name}: no GeoJSON with features; expected a FeatureCollection")
    return value


def _about(collection: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for member, key in _ABOUT.items():
        text = "; ".join(_texts(collection.get(member)))
        if text:
            found.setdefault(key, text)
    return found


def _crs(collection: Mapping[str, Any]) -> str:
    """The `crs` of the form before RFC 7946, where it is another than longitude and latitude."""
    crs = collection.get("crs")
    named = crs.get("properties") if isinstance(crs, Mapping) else None
    name = named.get("name") if isinstance(named, Mapping) else None
    if isinstance(named, Mapping) and isinstance(named.get("code"), int | str):
        name = f"EPSG:{named['code']}"
    return name if isinstance(name, str) and not name.endswith(_CRS84) else ""


def _feature(at: str, value: Any) -> Feature:
    if not isinstance(value, Mapping):
        return Feature(at, {}, fault="expected a feature, an object of JSON")
    properties = value.get("properties")
    cells: dict[str, str] = {}
    try:
        for key, own in properties.items() if isinstance(properties, Mapping) else ():
            cells[str(key)] = cell_text(own)
        if "id" in value:
            cells.setdefault("id", cell_text(value["id"]))
    except RowError as error:
        return Feature(at, cells, fault=str(error))
    return _shaped(at, cells, value)


def _shaped(at: str, cells: dict[str, str], value: Mapping[str, Any]) -> Feature:
    try:
        return Feature(at, cells, read_shape(value.get("geometry")))
    except RowError as error:
        return Feature(at, cells, fault=str(error))


def _place(at: str, value: Any) -> Feature:
    if not isinstance(value, Mapping):
        return Feature(at, {}, fault="expected a feature, an object of JSON")
    properties = value.get("properties")
    if not isinstance(properties, Mapping):
        return Feature(at, {}, fault="no properties; expected a title at least")
    title = cell_text(properties.get("title"))
    codes = properties.get("ccodes")
    cells = {
        "id": cell_text(value.get("@id")),
        "title": title,
        "place": title,
        "country": cell_text(codes[0]) if isinstance(codes, list) and len(codes) == 1 else "",
        "summary": " ".join(_members(value.get("descriptions"), "value")),
        "tags": "; ".join(_members(value.get("types"), "label")),
    }
    try:
        return _shaped(at, cells | _times(value.get("when")), value)
    except RowError as error:
        return Feature(at, cells, fault=str(error))


def _times(when: Any) -> dict[str, str]:
    """From the first to the last moment of all time spans of a place."""
    spans = when.get("timespans") if isinstance(when, Mapping) else None
    if not isinstance(spans, list) or not all(isinstance(span, Mapping) for span in spans):
        return {}
    starts = list(_moments(spans, "start", ("in", "earliest", "latest")))
    ends = list(_moments(spans, "end", ("in", "latest", "earliest")))
    if not ends and len(starts) == 1:
        # No end is no open one: what is said is when it began to be true.
        return {"start": starts[0]}
    return {"start": min(starts, default=""), "end": max(ends, default="")}


def _moments(spans: list[Mapping[str, Any]], side: str, keys: tuple[str, str, str]) -> Iterator[str]:
    for span in spans:
        own = span.get(side)
        if own is None:
            continue
        found = [cell_text(own[key]) for key in keys if key in own] if isinstance(own, Mapping) else []
        if not found or found[0].startswith("-"):
            raise RowError(f"when: {side} {cell_text(own)[:40]!r}: expected a date since the year 1")
        yield found[0]


def _members(values: Any, key: str) -> Iterator[str]:
    for value in values if isinstance(values, list) else ():
        if isinstance(value, Mapping) and value.get(key):
            yield cell_text(value[key])


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str) and text]
