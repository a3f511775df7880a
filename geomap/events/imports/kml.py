"""KML as features: placemarks with their folder, words, time and own data. Nothing that it links to is opened."""

from collections.abc import Iterator
from html import unescape
from io import BytesIO
from typing import Final
from xml.etree.ElementTree import Element, ParseError

import shapely
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse
from shapely.geometry.base import BaseGeometry

from geomap.events.imports.addresses import addresses_in, is_web
from geomap.events.imports.value import Feature, FeatureFile, ImportFileError, RowError, columns_of
from geomap.model.markup import read_page

_LINKED: Final = frozenset({"NetworkLink", "GroundOverlay", "ScreenOverlay", "PhotoOverlay"})
_HOLDERS: Final = frozenset({"Folder", "Document", "kml"})
_DEEPEST: Final = 100


def read_kml(content: bytes, name: str) -> FeatureFile:
    """The placemarks of a KML text, of any version.

    Attributes are `name`, `description` without its markup, `folder`, `when`, `begin` and `end`, and whatever its
    extended data hold.

    Raises
    ------
    ImportFileError
        If it is no XML, declares entities, which can make a text grow without end, or nests deeper than 100.
    """
    features: list[Feature] = []
    stack: list[Element] = []
    names: list[str] = []
    title, linked = "", 0
    try:
        for event, element in iterparse(BytesIO(content), events=("start", "end"), forbid_dtd=True):
            tag = _tag(element)
            if event == "start":
                stack.append(element)
                names.append("")
                if len(stack) > _DEEPEST:
                    raise ImportFileError(f"{name}: nested deeper than {_DEEPEST} elements; flatten it")
                continue
            stack.pop()
            names.pop()
            parent = _tag(stack[-1]) if stack else ""
            if tag == "name" and parent in _HOLDERS:
                names[-1] = (element.text or "").strip()
                title = title or (names[-1] if parent == "Document" else "")
            linked += tag in _LINKED
            if tag == "Placemark":
                folders = [
                    own for own, holder in zip(names, stack, strict=True) if _tag(holder) == "Folder" and own
                ]
                features.append(_placemark(f"placemark {len(features) + 1}", element, folders))
            if parent in _HOLDERS:
                # What has been read need not be kept, and a file may be large: it is the last child.
                del stack[-1][-1]
    except DefusedXmlException as error:
        raise ImportFileError(
            f"{name}: it declares a document type or entities, which is not read"
        ) from error
    except ParseError as error:
        line, column = error.position
        said = str(error).partition(":")[0]
        raise ImportFileError(f"{name}:{line}:{column + 1}: no XML: {said}") from error
    except ImportFileError:
        raise
    except (LookupError, ValueError) as error:
        raise ImportFileError(f"{name}: its encoding is not known: {error}") from error
    remarks = (f"{linked:,} links to other files or pictures were not opened",) if linked else ()
    return FeatureFile(
        features, columns_of(features), about={"title": title} if title else {}, remarks=remarks
    )


def _tag(element: Element) -> str:
    """An element's name without its namespace: KML has had several."""
    return str(element.tag).rpartition("}")[2]


def _below(element: Element, name: str) -> Iterator[Element]:
    return (own for own in element if _tag(own) == name)


def _child(element: Element, name: str) -> str:
    return next(("".join(own.itertext()).strip() for own in _below(element, name)), "")


def _placemark(at: str, element: Element, folders: list[str]) -> Feature:
    words, links = _described(_child(element, "description"))
    own = {
        "name": _child(element, "name"),
        "description": words,
        "folder": " / ".join(folders),
        **_times(element),
    }
    data: dict[str, str] = {}
    for name, value in _own_data(element):
        data[name] = data.get(name) or value
    # Our own exports tell in their data what the element says less exactly.
    cells = (
        {**own, **data}
        if "event_id" in data
        else {**data, **{name: text for name, text in own.items() if text}}
    )
    found = dict.fromkeys([*links, *addresses_in(" ".join(cells.values()))])
    try:
        return Feature(at, cells, _shape(element), tuple(found))
    except (RowError, ValueError, shapely.errors.GEOSException) as error:
        return Feature(at, cells, links=tuple(found), fault=f"geometry: {error}")


def _described(description: str) -> tuple[str, list[str]]:
    """The words of a description, which may be HTML, line by line, and the addresses that it links to."""
    if "<" not in description:
        lines = (" ".join(line.split()) for line in unescape(description).split("\n"))
        return "\n".join(line for line in lines if line), []
    page = read_page(description)
    return "\n".join(line.text for line in page.lines), [link for link in page.links if is_web(link)]


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
    text = " ".join(_child(element, "coordinates").split())
    # Some writers put a blank before or behind the comma.
    pairs = [corner.split(",") for corner in text.replace(" ,", ",").replace(", ", ",").split()]
    if not pairs or any(len(pair) < 2 for pair in pairs):
        raise RowError(f"expected coordinates as lon,lat, found {text[:60]!r}")
    return [(float(pair[0]), float(pair[1])) for pair in pairs]
