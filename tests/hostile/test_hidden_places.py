"""A place that must not be shown leaves no trace, in any output, of any way to write it.

Twice the same map is made, with another secret place in the same region: where nothing of the secret gets out, every
byte is the same. And the name and figures of the secret are sought in all that was made, packed or not.
"""

import base64
import csv
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile, is_zipfile

import pyarrow as pa
import pytest
import shapely
from pyarrow import parquet

import export_readers
from geomap import pipeline
from geomap.errors import EmptyRelationError, PlaceNotFoundError
from geomap.events.bulk import formats
from geomap.export import EXPORTERS
from geomap.gazetteer import read_gazetteer
from geomap.model.records import PlaceSpec
from geomap.model.vocabulary import Sensitivity
from geomap.serve.drawing import draw


@dataclass(frozen=True)
class Secret:
    """A place that is in no gazetteer but the project's own."""

    name: str
    lon: float
    lat: float


FIRST = Secret("Zorblathamlet", 27.38327, 53.17764)
SECOND = Secret("Quuxbarrowby", 28.20917, 53.91482)
"""Both lie in Minsk Region, far from its border."""
SENSITIVE = ("personal", "source_at_risk", "live_position")
ALL_FORMATS = ("html", "png", "svg", *EXPORTERS)
SOME_FORMATS = ("html", "geojson", "parquet")
"""For the other ways in: what is written does not ask how the events came."""
SOURCES = {"wire": {"publisher": "Example Wire", "published": "2024-08-13", "url": "https://example.org/a"}}


def wheres(secret: Secret) -> dict[str, Any]:
    """Every way to write a place, each of which tells the secret one."""
    name, lon, lat = secret.name, secret.lon, secret.lat
    ring = [[lon, lat], [lon + 0.01, lat], [lon + 0.01, lat + 0.01], [lon, lat + 0.01], [lon, lat]]
    return {
        "toponym": name,
        "qualified": f"{name}, Belarus",
        "words": f"near {name}",
        "offset-words": f"3 km east of {name}",
        "named": {"place": "Minsk", "name": f"{name} yard"},
        "country": {"country": "BY", "name": f"{name} yard"},
        "position": {"lon": lon, "lat": lat, "name": name, "country": "BY", "precision": "exact"},
        "bare": {"lon": lon, "lat": lat},
        "point": {"geometry": {"type": "Point", "coordinates": [lon, lat]}, "country": "BY"},
        "outline": {"geometry": {"type": "Polygon", "coordinates": [ring]}, "country": "BY", "name": name},
        "line": {"geometry": {"type": "LineString", "coordinates": ring[:3]}, "country": "BY"},
        "near": {"near": {"place": name, "country": "BY"}, "within_km": 3},
        "from": {"from": name, "bearing": 90, "distance_km": 3},
        "between": {"between": [name, "Minsk"]},
        "border": {"border": ["BY", "PL"], "near": name, "within_km": 400},
        "list": [{"place": name, "role": "origin"}, {"place": name, "role": "mentioned"}],
    }


def events(secret: Secret, sensitivity: str, publish: str | None = None) -> list[dict[str, Any]]:
    """An event of each way to write a place, with the words of others that name it."""
    made = []
    for key, where in wheres(secret).items():
        if publish is not None:
            own = (
                [{"place": where} if isinstance(where, str) else where]
                if not isinstance(where, list)
                else where
            )
            where = [{**place, "publish_precision": publish} for place in own]
            where = where if len(where) > 1 else where[0]
        made.append(
            {
                "id": f"{sensitivity}-{key}",
                "type": "strike",
                "title": f"An event ({key})",
                "when": "2024-08-12",
                "where": where,
                "sources": ["wire"],
                "sensitivity": sensitivity,
                "claims": [
                    {"by": "A witness", "stance": "asserts", "place": secret.name, "quote": f"in {secret.name}"}
                ],
                "evidence": [
                    {"source": "wire", "start": 0, "end": 9, "quote": f"At {secret.name} it was", "field": "event"},
                    {"source": "wire", "start": 0, "end": 9, "quote": "by the old mill", "field": "where"},
                ],
            }
        )  # fmt: skip
    return made


def write_project(folder: Path, kind: str, written: list[dict[str, Any]], secret: Secret) -> Path:
    folder.mkdir(exist_ok=True)
    name = {"columns": "events.jsonl"}.get(kind, f"events.{kind}")
    head = {"schema": 1, "title": "A", "events": [name], "sources": SOURCES, "gazetteer": ["places.yaml"]}
    head |= {"countries": ["BY"], "outputs": list(ALL_FORMATS if kind == "yaml" else SOME_FORMATS)}
    (folder / "map.yaml").write_text(json.dumps(head), encoding="utf-8")
    place = {
        "id": "secret",
        "kind": "village",
        "country": "BY",
        "names": {"en": [secret.name]},
        "radius_m": 900,
    }
    place |= {"lon": secret.lon, "lat": secret.lat, "sources": [{"name": "Survey", "date": "2021-11-01"}]}
    (folder / "places.yaml").write_text(json.dumps({"schema": 1, "places": [place]}), encoding="utf-8")
    path = folder / name
    if kind == "yaml":
        path.write_text(json.dumps({"schema": 1, "events": written}), encoding="utf-8")
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(event) + "\n" for event in written), encoding="utf-8")
    else:
        rows = [row for event in written for row in rows_of(event)]
        if kind == "csv":
            with path.open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
        else:
            parquet.write_table(pa.Table.from_pylist(rows), path)
    return folder


def rows_of(event: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """An event as the rows of a table: a position or name in columns of its own where they can hold it."""
    places = event["where"] if isinstance(event["where"], list) else [event["where"]]
    for number, place in enumerate(places, start=1):
        row = {key: event[key] for key in ("id", "type", "title", "when", "sensitivity")}
        row |= {key: json.dumps(event[key]) for key in ("sources", "claims", "evidence")}
        row |= dict.fromkeys(("lon", "lat", "place_name", "country", "precision", "where"))
        row["feature_id"] = f"{event['id']}#{number}"
        if isinstance(place, str):
            row["place_name"] = place
        elif "lon" in place and "publish_precision" not in place:
            row |= {key: place.get(key) for key in ("lon", "lat", "country", "precision")}
            row["place_name"] = place.get("name")
        else:
            row["where"] = json.dumps(place)
        yield row


def make(folder: Path, geomap: Any) -> tuple[dict[str, bytes], str]:
    """Everything that the commands make of a project, and all that they say; twice, with the lock there."""
    said = ""
    for arguments in (["build"], ["build", "--json", "--check"], ["check", "--json"]):
        ended = geomap(arguments[0], folder, *arguments[1:])
        assert ended.code == 0, ended
        said += ended.out + ended.err
    ended = geomap("export", folder, "--format", "geojson,svg", "--out", folder / "exported")
    assert ended.code == 0, ended
    said += ended.out + ended.err
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for made in (folder / "out", folder / "exported")
        for path in sorted(made.rglob("*"))
        if path.is_file()
    }
    return files | {"geomap.lock": (folder / "geomap.lock").read_bytes()}, said


# What is sought


def packed_in(data: bytes) -> Iterator[bytes]:
    """What is packed in some bytes: deflated or gzipped base64 of a page."""
    for run in re.findall(rb"[A-Za-z0-9+/]{40,}={0,2}", data):
        try:
            raw = base64.b64decode(run, validate=True)
        except ValueError:
            continue
        yield raw
        for bits in (zlib.MAX_WBITS, zlib.MAX_WBITS | 16, -zlib.MAX_WBITS):
            try:
                yield zlib.decompress(raw, bits)
            except zlib.error:
                continue


def texts_of(files: Mapping[str, bytes], folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it is, what is packed in it, and what its own reader gives."""
    for name, data in files.items():
        yield name, data
        yield from ((f"packed in {name}", raw) for raw in packed_in(data))
        if is_zipfile(folder / name):
            with ZipFile(folder / name) as archive:
                yield from ((f"{member} in {name}", archive.read(member)) for member in archive.namelist())
    readers = export_readers.READERS
    for name, read in readers.items() if "out/events.gpkg" in files else [("geojson", readers["geojson"])]:
        for row, shape in read(folder / "out"):
            coordinates = shapely.get_coordinates(shape).tolist() if shape is not None else []
            yield f"a row of {name}", repr((dict(row), coordinates)).encode()


def signs_of(secret: Secret) -> Iterator[bytes]:
    """What would betray it, as patterns: its name, and its figures, rounded and cut.

    One number to three decimals alone is no sign: outlines of regions have thousands of them.
    """
    yield re.escape(secret.name).encode()
    yield re.escape(secret.name.lower()).encode()
    yield re.escape(secret.name.encode("utf-16-le"))
    short = []
    for value in (secret.lon, secret.lat):
        for decimals in (4, 5):
            yield from {
                re.escape(text).encode() for text in (f"{value:.{decimals}f}", str(value)[: 3 + decimals])
            }
        # As whole numbers of the page's steps.
        yield from (str(round(value * 10**digits)).encode() for digits in (5, 6, 7))
        short.append("|".join(re.escape(text) for text in {f"{value:.2f}", str(value)[:5]}))
    for one, other in (short, short[::-1]):
        yield rf"({one})\d*[^0-9.]{{1,12}}({other})".encode()


def drawn_positions(page: bytes) -> Iterator[tuple[float, float]]:
    """The positions in a page's island, out of their whole-number steps."""
    found = re.search(rb'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None
    spots = json.loads(found.group(1))["features"]["spots"]
    for lon, lat in zip(spots["lon"], spots["lat"], strict=True):
        yield tuple(
            (step + corner) / spots["parts"] for step, corner in zip((lon, lat), spots["corner"], strict=True)
        )  # type: ignore[misc]


def betrayals(secret: Secret, files: Mapping[str, bytes], said: str, folder: Path) -> set[tuple[str, bytes]]:
    # PNG holds no text, and deflated pixels may hold any three letters.
    texts = [(name, text) for name, text in texts_of(files, folder) if not name.endswith(".png")]
    texts.append(("what was said", said.replace(str(folder), "").encode()))
    found = {(name, sign) for name, text in texts for sign in signs_of(secret) if re.search(sign, text)}
    page = files["out/index.html"]
    near = [
        at
        for at in drawn_positions(page)
        if abs(at[0] - secret.lon) < 0.05 and abs(at[1] - secret.lat) < 0.05
    ]
    return found | {("drawn in the page", repr(at).encode()) for at in near}


# The tests


def without_fingerprint(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same without the digest of the place data, which is another one for another place."""
    lock = re.sub(rb'gazetteer: "sha256:[0-9a-f]+"', b"", files["geomap.lock"])
    return {**files, "geomap.lock": lock}


@pytest.mark.parametrize("kind", ["yaml", "jsonl", "columns", "csv", "parquet"])
def test_a_sensitive_place_leaves_no_trace(
    tmp_path: Path, geomap: Any, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kind == "columns":
        monkeypatch.setattr(formats, "MANY_BYTES", 0)
    made = []
    reasons = SENSITIVE if kind == "yaml" else SENSITIVE[:1]
    folder = tmp_path / "project"
    for secret in (FIRST, SECOND):
        written = [event for why in reasons for event in events(secret, why)]
        (folder / "geomap.lock").unlink(missing_ok=True)
        write_project(folder, kind, written, secret)
        files, said = make(folder, geomap)
        assert betrayals(secret, files, said, folder) == set()
        made.append((without_fingerprint(files), said))
    assert b"Minsk" in made[0][0]["out/events.geojson"]
    (one, said_one), (other, said_other) = made
    assert [name for name in one if one[name] != other[name]] == []
    # Another name may be longer, and what follows it in its line stands elsewhere.
    assert _without_columns(said_one) == _without_columns(said_other)


def _without_columns(said: str) -> str:
    return re.sub(r'(:\d+):\d+|"column":\d+', r"\1", said)


def test_the_same_place_is_found_where_it_may_be_shown(tmp_path: Path, geomap: Any) -> None:
    """The control: what looks for traces finds them, and every output tells one place from the other."""
    made = []
    for number, secret in enumerate((FIRST, SECOND)):
        folder = write_project(tmp_path / str(number), "yaml", events(secret, "personal", "as_known"), secret)
        files, said = make(folder, geomap)
        found = {name for name, _ in betrayals(secret, files, said, folder)}
        assert found >= {"out/index.html", "out/events.geojson", "geomap.lock", "drawn in the page"}
        assert found >= {f"a row of {name}" for name in export_readers.READERS}
        assert "doc.kml in out/events.kmz" in found or "out/events.kml" in found
        assert said.count("as_known says so") >= len(wheres(secret))
        made.append(files)
    styles = re.compile(r"\.(qml|qlr|cpg|prj|dbf|shx|json|html|txt)$")
    same = [name for name, content in made[0].items() if made[1][name] == content]
    assert [name for name in same if not styles.search(name)] == []


@pytest.mark.parametrize("sensitivity", SENSITIVE)
def test_the_live_preview_and_a_notebook_show_no_more(tmp_path: Path, sensitivity: str) -> None:
    folder = write_project(tmp_path / "project", "yaml", events(FIRST, sensitivity), FIRST)
    pages = {"preview": draw(folder / "map.yaml", drafts=True).page}
    pages["notebook"] = pipeline.to_folium(folder).get_root().render().encode()
    for name, page in pages.items():
        assert page is not None
        texts = [page, *packed_in(page)]
        assert [name for sign in signs_of(FIRST) for text in texts if re.search(sign, text)] == []


UNREADABLE: tuple[Any, ...] = (
    {"lon": 527.38327, "lat": 53.17764},
    {"lon": 27.38327, "lat": 253.17764},
    {"border": ["Zorblathamlet", "Zorblathamlet"]},
    {"border": ["BY", "PL"], "side": "Zorblathamlet"},
    {"place": "Zorblathamlet", "lon": 27.38327},
)
UNSETTLED: tuple[Any, ...] = (
    "Zorblathamletx",
    {"place": "Zorblathamlet", "country": "PL"},
    {"place": "Zorblathamlet", "precision": "region"},
    {"place": "Zorblathamlet", "relation": "over"},
    {"from": {"place": "Zorblathamletx"}, "bearing": 90, "distance_km": 3},
    {"lon": 53.17764, "lat": 27.38327, "country": "BY"},
    {"lon": 27.38327, "lat": 53.17764, "country": "PL"},
    {"geometry": {"type": "Point", "coordinates": [527.38327, 53.17764]}},
    {"geometry": {"type": "LineString", "coordinates": [[27.38327, 53.17764]]}},
    {"geometry": {"type": "Polygon", "coordinates": [
        [[27.38327, 53.17764], [27.4, 53.2], [27.4, 53.17764], [27.38327, 53.2], [27.38327, 53.17764]]]}},
)  # fmt: skip


@pytest.mark.parametrize("kind", ["yaml", "jsonl"])
@pytest.mark.parametrize("workflow", ["reviewed", "draft"])
@pytest.mark.parametrize("wrong", [UNREADABLE, UNSETTLED])
def test_what_is_wrong_with_a_place_is_told_without_naming_it(
    tmp_path: Path, geomap: Any, wrong: tuple[Any, ...], workflow: str, kind: str
) -> None:
    one = {"type": "strike", "title": "A", "when": "2024-08-12", "sources": ["wire"], "workflow": workflow}
    written = [
        one | {"id": f"e{number}", "where": where, "sensitivity": "source_at_risk"}
        for number, where in enumerate(wrong)
    ]
    folder = write_project(tmp_path / "project", kind, written, FIRST)
    build = geomap("build", folder, "--drafts")
    check = geomap("check", folder, "--json")
    code = "config" if wrong is UNREADABLE else "place" if workflow == "reviewed" else "unresolved-place"
    assert [found["code"] for found in json.loads(check.out)].count(code) == len(wrong)
    said = (build.out + build.err + check.out + check.err).replace(str(folder), "")
    for sign in ("zorb", "27.38", "53.17"):
        assert sign not in said.lower()
    made = [path.read_bytes() for path in (folder / "out").glob("*")]
    assert bool(made) == (wrong is UNSETTLED and workflow == "draft")
    assert b"Zorb" not in b"".join(made)


def test_a_lock_that_knew_the_place_does_not_tell_it_when_it_becomes_sensitive(
    tmp_path: Path, geomap: Any
) -> None:
    for where in ({"place": FIRST.name}, {"lon": FIRST.lon, "lat": FIRST.lat}):
        event = {"id": "a", "type": "strike", "title": "A", "sources": ["wire"], "where": where}
        folder = write_project(tmp_path / "project", "yaml", [event], FIRST)
        assert geomap("build", folder).code == 0
        assert "27.383270" in (folder / "geomap.lock").read_text(encoding="utf-8")
        write_project(folder, "yaml", [event | {"sensitivity": "live_position"}], FIRST)
        said = ""
        for option in ("--locked", "--check", "--json"):
            ended = geomap("build", folder, option)
            said += ended.out + ended.err
        assert "a place that is withheld now is written no more" in said
        assert "Zorb" not in said
        assert "27.38" not in said
        assert "27.38" not in (folder / "geomap.lock").read_text(encoding="utf-8")
        (folder / "geomap.lock").unlink()


def test_an_online_service_is_not_asked_for_a_place_that_must_not_be_shown() -> None:
    class Asked:
        def search(self, text: str, *, country: str | None) -> list[Any]:
            asked.append(text)
            return []

    asked: list[str] = []
    gazetteer = read_gazetteer()
    placer = gazetteer.placer((), Asked())  # type: ignore[arg-type]
    spec = PlaceSpec(place=FIRST.name)
    with pytest.raises(PlaceNotFoundError):
        placer.place(spec)
    assert asked == [FIRST.name]
    with pytest.raises(
        EmptyRelationError, match="the name is withheld, and asked of no online service"
    ) as caught:
        placer.place(spec.published(Sensitivity.PERSONAL))
    assert asked == [FIRST.name]
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("A drill in Zorblathamlet", True),
        ("Ein Angriff auf ZÓRBLATHAMLET", True),
        ("Дрон у Зорблатхамлетом", False),  # another romanisation; not every spelling is found
        ("Near Zorblathamlets mill", True),
        ("https://maps.example/@53.1776,27.3833,15z", True),
        ("A drill in Minsk Region, at 53.9, 27.56", False),
        ("A drill", False),
    ],
)
def test_words_of_the_author_that_name_the_place_are_found(tmp_path: Path, text: str, is_told: bool) -> None:
    where = {"lon": FIRST.lon, "lat": FIRST.lat, "name": FIRST.name, "country": "BY"}
    event = {"id": "a", "type": "strike", "title": "A", "when": "2024-08-12", "sources": ["wire"]}
    event |= {"where": where, "sensitivity": "personal", "title": text, "summary": text, "tags": [text]}
    found = pipeline.load(write_project(tmp_path / "project", "yaml", [event], FIRST)).findings
    told = [finding.message for finding in found if finding.code == "sensitive-text"]
    assert [text.partition(":")[0] for text in told] == (["title, summary, tags"] if is_told else [])
    assert not any("zorb" in text.lower() for text in told)


@pytest.mark.parametrize(
    ("keys", "codes"),
    [
        ("sensitivity: personal, where: Minsk", ["sensitive-place"]),
        ("sensitivity: graphic, where: Minsk", []),
        ("where: {place: Minsk, publish_precision: as_known}", []),
        ("where: {place: Minsk, publish_precision: country}", []),
        ("sensitivity: live_position, where: {place: Minsk, publish_precision: region}", []),
        ("sensitivity: live_position, where: {place: Minsk, publish_precision: as_known}", ["sensitive-place"]),
        ("sensitivity: source_at_risk, where: [Minsk, Grodno Region, {country: PL}]", ["sensitive-place"]),
        ("sensitivity: source_at_risk, where: none", []),
        ("sensitivity: personal, where: Minsk, claims: [{by: X, stance: asserts, quote: Here., place: Lida}]",
         ["sensitive-place", "sensitive-text"]),
    ],
)  # fmt: skip
def test_what_is_shown_of_a_sensitive_place_is_told(write_project: Any, keys: str, codes: list[str]) -> None:
    text = f"- {{id: a, type: strike, title: A, when: 2021-11-12, sources: [wire], {keys}}}\n"
    head = "schema: 1\nsources: {wire: {publisher: W, published: 2021-11-13}}\nevents:\n"
    found = [item.code for item in pipeline.load(write_project(events_yaml=head + text)).findings]
    assert [code for code in found if code.startswith("sensitive")] == codes
