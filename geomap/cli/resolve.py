"""`geomap resolve`."""

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import orjson
import typer

from geomap.cli.lines import write_lines
from geomap.cli.terminal import remark, visible
from geomap.gazetteer import PlaceData, read_gazetteer
from geomap.model.lonlat import LonLat
from geomap.model.places import Candidate, Match

if TYPE_CHECKING:
    from geomap.gazetteer.online import OnlineAnswer

# What Python makes of bytes in an argument that are not UTF-8.
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_MATCHES: Final = {
    Match.VARIANT: "another spelling",
    Match.MISSPELT: "a slip of the pen?",
    Match.HOLDER: "not found itself; lies in or near",
}

Remarks = list[tuple[str, str]]
Search = Callable[[str, str | None], tuple[list[Candidate], Remarks]]


def resolve(
    text: Annotated[list[str] | None, typer.Argument(help="Places as written.", show_default=False)] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166 code; leave out what lies elsewhere.")] = None,
    near: Annotated[
        str | None, typer.Option(metavar="LON,LAT", help="Prefer what lies close to a position.")
    ] = None,
    worldview: Annotated[str, typer.Option(help="un, de_facto, ua, ru, or a YAML file of your own.")] = "un",
    limit: Annotated[int, typer.Option(min=1, help="At most so many candidates each.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the candidates as JSON.")] = False,
    geometry: Annotated[
        bool, typer.Option("--geometry", help="With --json: the area or line of each candidate as GeoJSON.")
    ] = False,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help="Read {id, text, country?} a line, write the best candidate a line."),
    ] = False,
    online: Annotated[
        str | None,
        typer.Option(
            metavar="PROVIDER",
            help="Ask nominatim or opencage for what is not found here; sends the text over the network.",
        ),
    ] = None,
    contact: Annotated[
        str | None,
        typer.Option(
            envvar="GEOMAP_CONTACT",
            help="An e-mail address or page of yours, which a provider asks for.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Say where a place is: ranked candidates; exit 3 when one finds nothing."""
    if jsonl == bool(text):
        raise typer.BadParameter("give either places or --jsonl")
    if geometry and not as_json:
        raise typer.BadParameter("--geometry goes with --json")
    if any(_SURROGATE.search(written) for written in text or []):
        raise typer.BadParameter("a place is not written in UTF-8")
    position, country = _read_position(near), country.upper() if country else None
    data = read_gazetteer(worldview=worldview)
    search = _searcher(data, position, online, contact)
    if jsonl:
        write_lines(_answers(data, search, country))
        return
    answers = [(written, *search(written, country)) for written in text or []]
    if as_json:
        print(
            orjson.dumps(
                [
                    {
                        "text": written,
                        "worldview": worldview,
                        "remarks": [{"code": code, "text": said} for code, said in remarks],
                        "candidates": [
                            _record(data, item, found, geometry=geometry) for item in found[:limit]
                        ],
                    }
                    for written, found, remarks in answers
                ]
            ).decode()
        )
    else:
        for written, found, remarks in answers:
            _print_answer(data, written, found, remarks, limit)
    if not all(found for _, found, _ in answers):
        raise typer.Exit(3)


def _searcher(data: PlaceData, near: LonLat | None, online: str | None, contact: str | None) -> Search:
    def search(text: str, country: str | None) -> tuple[list[Candidate], Remarks]:
        found = data.resolver.candidates(text, country=country, near=near)
        return found, data.resolver.remarks(text)

    if online is None:
        return search
    from geomap.gazetteer.online import OnlineGeocoder

    geocoder = OnlineGeocoder(online, contact=contact, countries_at=data.store.countries_near)

    def search_online(text: str, country: str | None) -> tuple[list[Candidate], Remarks]:
        found, remarks = search(text, country)
        if found and found[0].match is not Match.HOLDER:
            return found, remarks
        answers: Sequence[OnlineAnswer] = geocoder.search(text, country=country)
        if not answers:
            return found, remarks
        credit = ("online", f"{answers[0].attribution}; asked {answers[0].asked_at:%Y-%m-%d}")
        return [answer.candidate for answer in answers], [*remarks, *answers[0].remarks, credit]

    return search_online


def _read_position(near: str | None) -> LonLat | None:
    if near is None:
        return None
    try:
        lon, lat = (float(part) for part in near.split(","))
        return LonLat(lon=lon, lat=lat)
    except ValueError as error:
        raise typer.BadParameter(
            f"--near {near!r}: expected LON,LAT in degrees, such as 23.8,53.7"
        ) from error


def _print_answer(
    data: PlaceData, written: str, found: list[Candidate], remarks: Remarks, limit: int
) -> None:
    for _, said in remarks:
        remark(f"{written}: {said}")
    if not found:
        hints = data.resolver.suggestions(written)
        remark(f"{written}: nothing found" + (f"; did you mean {', '.join(hints)}?" if hints else ""))
        return
    if data.resolver.is_ambiguous(found):
        remark(f"{written}: ambiguous; name the country or the region as well")
    for candidate in found[:limit]:
        place = candidate.place
        radius_km = data.resolver.radius_m(place) / 1000
        how = _MATCHES.get(candidate.match)
        print(
            visible(
                f"{place.position.lat:.4f}, {place.position.lon:.4f} ±{radius_km:.1f} km  "
                f"{data.resolver.describe(candidate)}  {candidate.score:.2f}" + (f"  [{how}]" if how else "")
            )
        )


def _record(
    data: PlaceData, candidate: Candidate, found: list[Candidate], *, geometry: bool = False
) -> dict[str, Any]:
    place = candidate.place
    record: dict[str, Any] = {
        "lon": round(place.position.lon, 6),
        "lat": round(place.position.lat, 6),
        "radius_m": data.resolver.radius_m(place),
        "precision": place.precision.value,
        "place_id": place.id or None,
        "geonameid": place.geonameid,
        "name": place.name,
        "kind": place.kind,
        "country": place.country,
        "score": round(candidate.score, 4),
        "ambiguous": data.resolver.is_ambiguous(found),
        "match": candidate.match.value,
        "rule": place.rule or candidate.match.value,
    }
    if geometry:
        from geomap.model.geometry import to_geojson

        has_shape = place.geometry is not None or not place.precision.is_point
        record["geometry"] = to_geojson(data.resolver.shape(place)) if has_shape else None
    return record


_NOTHING = dict.fromkeys(
    ("lon", "lat", "radius_m", "precision", "place_id", "geonameid", "name", "kind", "country", "score")
) | {"ambiguous": False, "match": None, "rule": None}


def _answers(
    data: PlaceData, search: Search, country: str | None
) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """What answers one line of `--jsonl`: the best candidate, its radius wide enough for its rivals."""
    worldview = data.store.view.id

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        text, code = asked.get("text"), asked.get("country")
        if not isinstance(text, str):
            raise ValueError("expected text, a string")
        if not isinstance(code, str | None):
            raise ValueError("expected country, an ISO 3166 code")
        found, _ = search(text, code.upper() if code else country)
        if not found:
            return _NOTHING | {"worldview": worldview}
        radius = data.resolver.answer_radius_m(found)
        return _record(data, found[0], found) | {"radius_m": radius, "worldview": worldview}

    return answer
