"""What stands in a document, as plain values for machines: the toponyms, what they mean, and the dates."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from geomap.gazetteer import PlaceData
from geomap.gazetteer.linking import Option

if TYPE_CHECKING:
    from geomap.extract.document import Document
    from geomap.extract.toponyms import Geoparser

_UNKNOWN: Final = dict.fromkeys(("lon", "lat", "geonameid", "place_id", "kind", "score"))


def tell_document(data: PlaceData, geoparser: "Geoparser", document: "Document") -> dict[str, Any]:
    """The `toponyms` and `dates` of a document, each in the order of the text.

    Parameters
    ----------
    geoparser
        What finds the toponyms, over the same place data.
    """
    toponyms = [
        {
            "start": toponym.start,
            "end": toponym.end,
            "text": toponym.text,
            **tell_place(data, toponym.options),
            "mention": toponym.mention.value,
        }
        for toponym in geoparser.find(document)
    ]
    return {"toponyms": toponyms, "dates": tell_dates(document)}


def tell_dates(document: "Document") -> list[dict[str, Any]]:
    """The dates of all of a text, those in its furniture too."""
    from geomap.extract.dates import find_dates

    return [
        {
            "start": found.start,
            "end": found.end,
            "text": found.text,
            "first": found.when.first.isoformat() if found.when.first else None,
            "last": found.when.last.isoformat() if found.when.last else None,
            "precision": found.when.precision.value,
        }
        for found in find_dates(document.text, published=document.published, language=document.language)
    ]


def tell_place(data: PlaceData, options: Sequence[Option]) -> dict[str, Any]:
    """The first of what a toponym may mean; all None where it may mean nothing that is known."""
    if not options:
        return _UNKNOWN
    best = options[0]
    place = data.store.place(best.row)
    return {
        "lon": round(place.position.lon, 6),
        "lat": round(place.position.lat, 6),
        "geonameid": place.geonameid or (best.row.key if best.row.key > 0 else None),
        "place_id": place.id,
        "kind": place.kind,
        "score": round(best.share, 4),
    }
