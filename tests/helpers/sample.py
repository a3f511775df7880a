"""A handmade scene with every way of drawing: a made-up coast with three countries, eleven events."""

from typing import Any

from geomap.scene import Basemap, Scene, SceneLayer, TypeSymbol
from geomap.scene.folds import search_folds


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    """Give a closed ring, counterclockwise."""
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def polygon(*ring: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(position) for position in (*ring, ring[0])]]}


REGION = polygon((23.4, 53.9), (23.5, 53.0), (24.6, 52.8), (25.9, 53.2), (26.2, 54.1), (25.0, 54.4))
COUNTRY = polygon(
    (23.5, 52.0), (23.4, 54.0), (25.6, 54.5), (26.8, 55.6), (29.5, 55.7), (31.4, 53.4), (30.6, 52.1)
)
BORDER = {
    "type": "LineString",
    "coordinates": [[23.52, 53.93], [23.6, 53.5], [23.9, 52.9], [23.4, 52.4], [23.6, 52.0]],
}
STRIP = polygon((23.55, 53.6), (23.65, 53.6), (23.78, 53.2), (23.9, 52.95), (23.8, 52.93), (23.68, 53.2))
STUB = {"type": "LineString", "coordinates": [[27.5, 53.9], [28.6, 53.1]]}

TYPES = (
    TypeSymbol(id="exercise", label="Exercise", colour="#009e73", glyph="triangle"),
    TypeSymbol(id="migration", label="Migration", colour="#cc79a7", glyph="circle"),
    TypeSymbol(id="strike", label="Strike or explosion", colour="#d55e00", glyph="star"),
    TypeSymbol(id="deployment", label="Deployment", colour="#0072b2", glyph="square"),
    TypeSymbol(id="air_activity", label="Air activity", colour="#56b4e9", glyph="chevron"),
    TypeSymbol(id="statement", label="Statement", colour="#555555", glyph="triangle_down"),
    TypeSymbol(id="diplomacy", label="Diplomacy", colour="#44aa99", glyph="ring"),
)

SOURCE = {
    "id": "s1",
    "publisher": "Morning Wire",
    "title": "Troops drill near the border",
    "url": "https://news.example.org/a?b=1",
    "published": "2021-11-12",
    "published_basis": "date line",
    "kind": "wire",
    "reliability": "B",
    "derived_from": None,
}
SECOND = {
    "id": "s2",
    "publisher": "Evening Post",
    "title": None,
    "url": "javascript:alert(1)",
    "published": "2021-11-13",
    "published_basis": "stated",
    "kind": "newspaper",
    "reliability": "F",
    "derived_from": "s1",
}


def detail(**parts: Any) -> dict[str, Any]:
    empty = {
        "when_words": None,
        "claims": [],
        "sources": [SOURCE],
        "actors": [],
        "quantities": [],
        "equipment": [],
        "relations": [],
        "places": [],
        "status_basis": None,
    }
    return empty | parts


def event(event_id: str, title: str, kind: str, **parts: Any) -> dict[str, Any]:
    row = {
        "id": event_id,
        "title": title,
        "type": kind,
        "subtype": None,
        "status": "reported",
        "modality": "occurred",
        "workflow": "reviewed",
        "when": "12 November 2021",
        "t_start": "2021-11-12",
        "t_end": "2021-11-12",
        "edtf": "2021-11-12",
        "date_precision": "day",
        "end_open": False,
        "place": None,
        "summary": None,
        "actors": [],
        "actor_ids": None,
        "claimants": [],
        "sources": ["s1"],
        "n_origins": 1,
        "detail": detail(),
    }
    row |= parts
    return row | {"actor_ids": row["actor_ids"] or [None] * len(row["actors"])}


def feature(
    feature_id: str, row: int, shape: str, precision: str, label: str, **parts: Any
) -> dict[str, Any]:
    empty = {"role": "site", "note": None, "lon": None, "lat": None, "radius_m": None, "geometry": None}
    empty |= {"native": None, "names": (), "relation": None, "method": None}
    return {
        "id": feature_id,
        "event": row,
        "shape": shape,
        "precision": precision,
        "label": label,
        **(empty | parts),
    }


def columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in rows[0]}


EVENTS = [
    event(
        "drop",
        "Paratroopers drop in the Grodno region",
        "exercise",
        subtype="airborne_drop",
        place="Grodno Region",
        summary="An airborne battalion jumped from transport aircraft and flew home the same day.",
        actors=["Ministry of Defence"],
        claimants=["Ministry of Defence"],
        sources=["s1", "s2"],
        n_origins=1,
        detail=detail(
            when_words="on Friday",
            sources=[SOURCE, SECOND],
            claims=[
                {
                    "by": "Ministry of Defence",
                    "stance": "justifies",
                    "about": "motive",
                    "source": "s1",
                    "text": "tests the readiness of rapid-response forces",
                    "when": "2021-11-12",
                },
                {
                    "by": "Neighbour's foreign office",
                    "stance": "denies",
                    "about": "event",
                    "source": "s2",
                    "quote": "There was no reason for it",
                    "via": "Morning Wire",
                },
                {"by": "Capital", "stance": "does_not_claim", "about": "event", "source": "s2"},
            ],
            actors=[{"name": "Ministry of Defence", "role": "initiator"}],
            quantities=["troops: 250 (low 200)"],
            equipment=["Il-76 × 2"],
            relations=[{"type": "response_to", "event": "bridge", "title": "Explosion damages a bridge"}],
            places=[{"name": "Grodno Region", "role": "site", "precision": "region", "note": None}],
            status_basis="one origin: the ministry",
        ),
    ),
    event(
        "bridge",
        "Explosion damages a bridge",
        "strike",
        status="disputed",
        place="Old Bridge",
        when="by 12 November 2021",
        t_start=None,
    ),
    event("camp", "Camp of soldiers near Siemianówka", "deployment", place="near Siemianówka"),
    event(
        "gathering",
        "Thousands gather along the border",
        "migration",
        status="denied",
        place="the border",
        t_start="2021-11-08",
        t_end="2021-11-14",
        when="week of 8 November 2021",
    ),
    event("strip", "Encampment by the fence", "migration", place="border near Kuźnica", workflow="draft"),
    event(
        "patrol",
        "Bombers patrol over the country",
        "air_activity",
        place="over Belarus",
        t_start="2021-11-10",
        t_end="2021-11-11",
        when="10–11 November 2021",
    ),
    event(
        "convoy",
        "First convoy arrives",
        "deployment",
        place="Belarus",
        t_start="2022-10-15",
        t_end="2022-10-15",
        when="15 October 2022",
    ),
    event("warning", "Minister warns of a harsh response", "statement", place=None),
    event(
        "undated",
        "Hospital hit, day not stated",
        "strike",
        place="Old Bridge",
        when=None,
        t_start=None,
        t_end=None,
        date_precision="unknown",
    ),
    event(
        "talks", "Envoys meet in the capital", "diplomacy", place="Minsk", status="corroborated", n_origins=2
    ),
    event(
        "force",
        "Joint force announced",
        "deployment",
        place="Belarus",
        modality="announced",
        t_start="2022-10-10",
        t_end="2022-10-14",
        when="10–14 October 2022",
    ),
    event("range", "Air defence flown to the range", "exercise", place="Osipovichi range", workflow="draft"),
    event("toward", "Column leaves the capital southward", "deployment", place="south of Minsk"),
]

FEATURES = [
    feature("drop#1", 0, "area", "region", "Grodno Region", geometry=0),
    feature("bridge#1", 1, "pin", "exact", "Old Bridge", lon=28.4, lat=54.6, radius_m=300),
    feature(
        "camp#1",
        2,
        "ring",
        "vicinity",
        "near Siemianówka",
        lon=23.0,
        lat=53.0,
        radius_m=12000,
        note="extent not mapped",
    ),
    feature("gathering#1", 3, "line", "line", "the border", geometry=2),
    feature("strip#1", 4, "line", "line", "border near Kuźnica", geometry=3),
    feature("patrol#1", 5, "area", "waters", "airspace of Belarus", geometry=1),
    feature("convoy#1", 6, "badge", "country", "Belarus", lon=28.0, lat=53.4),
    feature("undated#1", 8, "pin", "place", "Old Bridge", lon=28.4, lat=54.6, radius_m=300),
    feature("talks#1", 9, "pin", "place", "Minsk", lon=27.56, lat=53.9, radius_m=9000),
    feature("force#1", 10, "badge", "country", "Belarus", lon=28.0, lat=53.4),
    feature(
        "range#1",
        11,
        "pin",
        "place",
        "Osipovichi range",
        lon=28.65,
        lat=53.05,
        radius_m=15000,
        note="extent not mapped",
    ),
    feature("toward#1", 12, "stub", "line", "south of Minsk", geometry=4),
]

BASEMAP = Basemap(
    window=(20.0, 50.0, 34.0, 57.0),
    world={"type": "MultiPolygon", "coordinates": [[box(-10, 36, 60, 68)], [box(-120, 20, -70, 60)]]},
    land={
        "type": "MultiPolygon",
        "coordinates": [
            [
                [
                    [20, 50],
                    [34, 50],
                    [34, 57],
                    [24, 57],
                    [22.6, 56.2],
                    [21, 56],
                    [20.4, 54.8],
                    [20, 54.6],
                    [20, 50],
                ]
            ]
        ],
    },
    borders={
        "type": "MultiLineString",
        "coordinates": [
            [list(p) for p in COUNTRY["coordinates"][0]],
            [[20, 54.3], [22.8, 54.4], [23.5, 53.95]],
            [[24, 50], [23.6, 52]],
        ],
    },
    disputed={"type": "MultiLineString", "coordinates": [[[30.6, 52.1], [32, 51.2], [34, 51.5]]]},
    regions={
        "type": "MultiLineString",
        "coordinates": [[[26.2, 54.1], [26, 53.2], [24.6, 52.8], [23.5, 53]]],
    },
    towns=(
        (27.56, 53.9, "Minsk", 1),
        (21.01, 52.23, "Warszawa", 1),
        (23.83, 53.68, "Hrodna", 2),
        (23.16, 53.13, "Białystok", 2),
        (25.28, 54.69, "Vilnius", 1),
        (23.7, 52.1, "Brest", 2),
        (30.98, 52.43, "Homiel", 2),
        (30.34, 53.9, "Mahilioŭ", 3),
        (30.52, 50.45, "Kyiv", 1),
    ),
    countries=(
        (21.8, 51.9, "Poland"),
        (28.2, 53.2, "Belarus"),
        (24.2, 55.2, "Lithuania"),
        (28.5, 51.0, "Ukraine"),
    ),
)


def sample_scene(**changes: Any) -> Scene:
    """Give the scene; `changes` replaces fields of it."""
    fields: dict[str, Any] = {
        "title": "A border in November",
        "subtitle": "Movements, claims and denials, 2021–2022",
        "language": "en",
        "worldview": "Borders: as drawn by the United Nations; dashed where they are contested.",
        "attribution": ("Made with Natural Earth", "Places: GeoNames, CC BY 4.0"),
        "bbox": (22.2, 51.7, 31.6, 55.9),
        "types": TYPES,
        "layers": (
            SceneLayer(
                id="military", title="Military movements", group="Layers", events=(0, 2, 5, 6, 10, 11, 12)
            ),
            SceneLayer(id="people", title="People at the border", group="Layers", events=(3, 4)),
            SceneLayer(id="strikes", title="Strikes", group="Layers", events=(1, 8)),
            SceneLayer(id="talk", title="Words and talks", group="Layers", events=(7, 9)),
        ),
        "events": columns(EVENTS),
        "features": columns(FEATURES),
        "geometries": (REGION, COUNTRY, BORDER, STRIP, STUB),
        "basemap": BASEMAP,
    }
    fields |= changes
    return Scene(folds=search_folds(fields["events"], fields["features"]), **fields)
