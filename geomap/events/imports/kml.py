"""KML as features: placemarks with their folder, words, time and own data. Nothing that it links to is opened."""

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from io import BytesIO
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from shapely.geometry.base import BaseGeometry

from geomap.events.imports.value import Feature, FeatureFile, ImportFileError, RowError

# Without the stop or comma behind it.
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'\]\)]*[^\s<>\"'\]\).,;:!?]")
_BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "table", "ul", "ol"})
_UNREAD: Final = frozenset({"script", "style"})
_LINKED: Final = frozenset({"NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay"})


def read_kml(content: bytes, name: str) -> FeatureFile:
    """The placemarks of a KML text, of any version.

    Attributes are `name`, `description` without its markup, `folder`, `when`, `begin` and `end`, and whatever its
    extended data hold.

    Raises
    ------
    ImportFileError
        If it is no XML, or declares entities, which can make a text grow without end.
    """
    features: list[Feature] = []
    folders: list[Element] = []
    title, linked = "", 0
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            tag = _tag(element)
            if event == "start":
                if tag in ("Folder", "Document"):
                    folders.append(element)
                continue
            if tag in _LINKED:
                linked += 1
            elif tag == "Placemark":
                path = [_child(folder, "name") for folder in folders if _tag(folder) == "Folder"]
                features.append(_placemark(f"placemark {len(features) + 1}", element, path))
                # What has been read need not be kept, and a file may be large.
                element.clear()
                if folders and element in folders[-1]:
                    folders[-1].remove(element)
            elif tag in ("Folder", "Document"):
                title = title or (_child(element, "name") if tag == "Document" else "")
                folders.pop()
    except DefusedXmlException as error:
        raise ImportFileError(
            f"{name}: it declares a document type or entities, which is not read"
        ) from error
    except ParseError as error:
        line, column = error.position
        said = str(error).partition(":")[0]
        raise ImportFileError(f"{name}:{line}:{column + 1}: no XML: {said}") from error
    except (LookupError, ValueError) as error:
        raise ImportFileError(f"{name}: its encoding is not known: {error}") from error
    remarks = (f"{linked:,} links to other files or pictures were not opened",) if linked else ()
    return FeatureFile(features, about={"title": title} if title else {}, remarks=remarks)


def _tag(element: Element) -> str:
    """An element's name without its namespace: KML has had several."""
    return str(element.tag).rpartition("}")[2]


def _below(element: Element, name: str) -> Iterator[Element]:
    return (own for own in element if _tag(own) == name)


def _child(element: Element, name: str) -> str:
    return next(("".join(own.itertext()).strip() for own in _below(element, name)), "")


def _placemark(at: str, element: Element, path: list[str]) -> Feature:
    words = _Words.of(_child(element, "description"))
    cells = {
        "name": _child(element, "name"),
        "description": words.text,
        "folder": " / ".join(part for part in path if part),
        **_times(element),
        **dict(_own_data(element)),
    }
    links = tuple(dict.fromkeys([*words.links, *_ADDRESS.findall(" ".join(cells.values()))]))
    try:
        return Feature(at, cells, _shape(element), links)
    except (RowError, ValueError, shapely.errors.GEOSException) as error:
        return Feature(at, cells, links=links, fault=f"geometry: {error}")


def _times(element: Element) -> dict[str, str]:
    for stamp in _below(element, "TimeStamp"):
        return {"when": _child(stamp, "when")}
    for span in _below(element, "TimeSpan"):
        return {"begin": _child(span, "begin"), "end": _child(span, "end")}
    return {}


def _own_data(element: Element) -> Iterator[tuple[str, str]]:
    for extended in _below(element, "ExtendedData"):
        for data in _below(extended, "Data"):
            yield data.get("name", ""), _child(data, "value")
        for schema in _below(extended, "SchemaData"):
            # Letter for letter, since our own exports come back this way.
            yield from ((data.get("name", ""), data.text or "") for data in _below(schema, "SimpleData"))


def _shape(element: Element) -> BaseGeometry | None:
    parts = list(_parts(element))
    if len(parts) < 2:
        return parts[0] if parts else None
    kinds = {part.geom_type for part in parts}
    if kinds == {"Polygon"}:
        return shapely.MultiPolygon(parts)
    if kinds == {"LineString"}:
        return shapely.MultiLineString(parts)
    return shapely.GeometryCollection(parts)


def _parts(element: Element) -> Iterator[BaseGeometry]:
    for own in element:
        match _tag(own):
            case "Point":
                yield shapely.Point(_corners(own)[0])
            case "LineString" | "LinearRing":
                yield shapely.LineString(_corners(own))
            case "Polygon":
                outer, inner = (
                    [_corners(ring) for side in _below(own, name) for ring in side]
                    for name in ("outerBoundaryIs", "innerBoundaryIs")
                )
                if len(outer) != 1:
                    raise RowError(f"a polygon has one outer boundary, not {len(outer)}")
                yield shapely.Polygon(outer[0], inner)
            case "MultiGeometry":
                yield from _parts(own)
            case "Track" | "MultiTrack" | "Model":
                raise RowError(f"a {_tag(own)} is not drawn; expected a point, line or polygon")


def _corners(element: Element) -> list[tuple[float, float]]:
    text = _child(element, "coordinates")
    # Some writers put a blank behind the comma.
    pairs = [corner.split(",") for corner in re.sub(r"\s*,\s*", ",", text).split()]
    if not pairs or any(len(pair) < 2 for pair in pairs):
        raise RowError(f"expected coordinates as lon,lat, found {text[:60]!r}")
    return [(float(pair[0]), float(pair[1])) for pair in pairs]


class _Words(HTMLParser):
    """The words of a description, which is HTML, and the addresses that it links to."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[str] = []
        self._unread = 0
        self.links: list[str] = []

    @classmethod
    def of(cls, description: str) -> "_Words":
        words = cls()
        words.feed(description)
        words.close()
        return words

    @property
    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: Iterable[tuple[str, Any]]) -> None:
        if tag in _BREAKS:
            self._parts.append("\n")
        self._unread += tag in _UNREAD
        address = dict(attrs).get("href") if tag == "a" else None
        if address and _ADDRESS.fullmatch(address):
            self.links.append(address)

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self._parts.append("\n")
        if tag in _UNREAD and self._unread:
            self._unread -= 1

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._parts.append(data)
