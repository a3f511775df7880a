"""`geomap resolve`."""

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Final

import orjson
import typer

from geomap.cli.terminal import remark, visible
from geomap.errors import GeomapError
from geomap.gazetteer import Gazetteer, read_gazetteer
from geomap.model.lonlat import LonLat
from geomap.model.places import Candidate

# What Python makes of bytes in an argument that are not UTF-8.
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def resolve(
    text: Annotated[list[str] | None, typer.Argument(help="Places as written.", show_default=False)] = None,
    country: Annotated[str | None, typer.Option(help="ISO 3166 code; leave out what lies elsewhere.")] = None,
    near: Annotated[
        str | None, typer.Option(metavar="LON,LAT", help="Prefer what lies close to a position.")
    ] = None,
    worldview: Annotated[str, typer.Option(help="un, de_facto, ua, ru, or a YAML file of your own.")] = "un",
    limit: Annotated[int, typer.Option(min=1, help="At most so many candidates each.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print the candidates as JSON.")] = False,
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help="Read {id, text, country?} a line, write the best candidate a line."),
    ] = False,
) -> None:
    """Say where a place is: ranked candidates; exit 3 when one finds nothing."""
    if jsonl == bool(text):
        raise typer.BadParameter("give either places or --jsonl")
    if any(_SURROGATE.search(written) for written in text or []):
        raise typer.BadParameter("a place is not written in UTF-8")
    position, country = _read_position(near), country.upper() if country else None
    gazetteer = read_gazetteer(worldview=worldview)
    if jsonl:
        for line in _answer_lines(sys.stdin.buffer, gazetteer, country, position):
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        return
    answers = [
        (written, gazetteer.resolver.candidates(written, country=country, near=position))
        for written in text or []
    ]
    if as_json:
        print(
            orjson.dumps(
                [
                    {
                        "text": written,
                        "candidates": [_record(gazetteer, item, found) for item in found[:limit]],
                    }
                    for written, found in answers
                ]
            ).decode()
        )
    else:
        for written, found in answers:
            _print_answer(gazetteer, written, found, limit)
    if not all(found for _, found in answers):
        raise typer.Exit(3)


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


def _print_answer(gazetteer: Gazetteer, written: str, found: list[Candidate], limit: int) -> None:
    if not found:
        hints = gazetteer.resolver.suggestions(written)
        remark(f"{written}: nothing found" + (f"; did you mean {', '.join(hints)}?" if hints else ""))
        return
    if gazetteer.resolver.is_ambiguous(found):
        remark(f"{written}: ambiguous; name the country or the region as well")
    for candidate in found[:limit]:
        place = candidate.place
        radius_km = gazetteer.resolver.radius_m(place) / 1000
        print(
            visible(
                f"{place.position.lat:.4f}, {place.position.lon:.4f} ±{radius_km:.1f} km  "
                f"{gazetteer.resolver.describe(candidate)}  {candidate.score:.2f}"
            )
        )


def _record(gazetteer: Gazetteer, candidate: Candidate, found: list[Candidate]) -> dict[str, Any]:
    place = candidate.place
    return {
        "lon": round(place.position.lon, 6),
        "lat": round(place.position.lat, 6),
        "radius_m": gazetteer.resolver.radius_m(place),
        "precision": place.precision.value,
        "place_id": place.id,
        "geonameid": place.geonameid,
        "name": place.name,
        "kind": place.kind,
        "country": place.country,
        "score": round(candidate.score, 4),
        "ambiguous": gazetteer.resolver.is_ambiguous(found),
    }


_NOTHING = dict.fromkeys(
    ("lon", "lat", "radius_m", "precision", "place_id", "geonameid", "name", "kind", "country", "score")
) | {"ambiguous": False}


def _answer_lines(
    lines: Iterable[bytes], gazetteer: Gazetteer, country: str | None, near: LonLat | None
) -> Iterator[bytes]:
    """One answer a line, in order; a line that cannot be read is answered with its error."""
    for line in lines:
        if not line.strip():
            continue
        answer: dict[str, Any] = {"id": None}
        try:
            asked = orjson.loads(line)
            if not isinstance(asked, dict):
                raise ValueError("expected an object {id, text}")
            answer["id"] = asked.get("id")
            if not isinstance(asked.get("text"), str):
                raise ValueError("expected text, a string")
            if not isinstance(asked.get("country", ""), str | None):
                raise ValueError("expected country, an ISO 3166 code")
            code = asked.get("country")
            found = gazetteer.resolver.candidates(
                asked["text"], country=code.upper() if code else country, near=near
            )
            answer |= _record(gazetteer, found[0], found) if found else _NOTHING
        except (ValueError, GeomapError) as error:
            answer["error"] = str(error)
        yield orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE)
