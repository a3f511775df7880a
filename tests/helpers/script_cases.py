"""What the tests of the scripts compare with, as Python says it."""

import random
import unicodedata
from datetime import date, timedelta
from typing import Any

import pyproj

import sample
from geomap.gazetteer.fold import fold_name
from geomap.model.columns import texts_of
from geomap.render import payload_ground, safe_url
from geomap.render.packing import pack_column, pack_json
from geomap.render.payload import scene_json
from geomap.render.payload_events import pack_ids
from geomap.render.word_coding import pack_texts
from geomap.render.words import pack_lists, spread, tuples
from geomap.scene import SceneLayer
from link_cases import LINKS, NO_LINKS, bent_addresses

PARTS = 100_000

NAMES = (
    # Latin
    "Kuźnica Białostocka", "Łódź", "Çanakkale", "Straße", "İstanbul", "ıŞıK", "Ålesund", "Þórshöfn", "Đà Nẵng",
    "Hà Nội",
    "Iași", "Ţara Oaşului", "Ağdam", "Gəncə", "Saint-Étienne", "São Paulo", "Zürich", "Žilina", "Ǆurǆevac", "ﬁnland",
    "Ｆｕｌｌ　ｗｉｄｔｈ", "e\u0301cole", "N\u0303an\u0303du", "Ⅳ", "½", "№ 5", "ẞ", "Ĳmuiden", "Ŋ", "ſ", "Œuvre", "Æ",
    # Cyrillic
    "Гродзенская вобласць", "Мачулішчы", "Кам'янка-Дніпровська", "Кам’янка", "Камʼянка", "Ївано-Франківськ",
    "ёлка", "Подъезд",
    "и\u0306од", "Ґорґан", "Ќосово", "Љубљана", "Җ", "Ӏ", "Алматы Қала", "Ѳита", "Ѝ",
    # Greek
    "Αλεξανδρούπολη", "ΘΕΣΣΑΛΟΝΊΚΗ", "Ὀδυσσεύς", "ΣΊΣΥΦΟΣ", "ᾳ", "Ωμέγα",
    # Arabic, Hebrew, Caucasus
    "بغداد", "الفلوجة", "كَرْكُوك", "تهران", "٢٠٢٤", "ירושלים", "שָׁלוֹם", "თბილისი", "Երևան",
    # Punctuation
    "Rus'", "O’Neill", "“quoted”", "a—b", "a–b", "a‑b", "a/b_c", "a\u00a0b", "x\ty", "…", "«Север-2»", "100 %",
    "№", "a+b=c",
    "(2)", "[x]", "a|b", "a&b", "~", "", " ", "-", "'", "´`ʹʺʼʻ", "U+202E \u202e turned", "\u200bzero", "a\u00adb",
    "A.B.C.", "#1",
    "€ 5", "5 km²", "°C", "™",
)  # fmt: skip


def folds() -> list[tuple[str, str]]:
    """Names with their folds: the table, each letter of it alone, and mixtures of both."""
    letters = sorted({letter for name in NAMES for letter in (name, *name.upper(), *name.lower())})
    chance = random.Random(7)
    mixed = ["".join(chance.choices(letters, k=9)) for _ in range(500)]
    forms = [unicodedata.normalize(form, name) for name in NAMES for form in ("NFD", "NFKC")]
    every = dict.fromkeys((*NAMES, *letters, *mixed, *forms))
    return [(name, fold_name(name)) for name in every]


def found() -> list[tuple[str, list[str]]]:
    return [
        ("Gródno", ["drop"]),
        ("ГРОДНО", ["drop"]),
        ("jumped", ["drop"]),
        ("Siemianowka", ["camp"]),
        ("Kuznica", ["strip"]),
        ("ministry", ["drop"]),
        ("FOREIGN office", []),
        ("Belarus", ["patrol", "convoy", "force"]),
        ("Belarus force", ["force"]),
    ]


def circles() -> list[dict[str, float]]:
    """Circles on the ellipsoid, by their extent."""
    geod = pyproj.Geod(ellps="WGS84")
    made = []
    for lon, lat, radius in ((27.5, 53.9, 300), (0, 0, 50_000), (47.9, 46.6, 20_000), (24.9, 68.9, 120_000)):
        bearings = range(360)
        lons, lats, _ = geod.fwd([lon] * 360, [lat] * 360, list(bearings), [radius] * 360)
        made.append(
            {"lon": lon, "lat": lat, "radius": radius}
            | {"west": min(lons), "east": max(lons), "south": min(lats), "north": max(lats)}
        )
    return made


def stepped() -> list[dict[str, Any]]:
    """Shapes as GeoJSON and as the page gets them."""
    shapes = (sample.REGION, sample.COUNTRY, sample.BORDER, sample.STRIP, sample.STUB)
    return [{"geometry": shape, "stepped": payload_ground.stepped(shape, PARTS)} for shape in shapes]


def packed_columns() -> list[dict[str, Any]]:
    """Columns of each kind, short and long, with their ends."""
    ends = {"u1": (0, 255), "u2": (0, 65_535), "u4": (0, 2**32 - 1), "i4": (-(2**31), 2**31 - 1)}
    made = []
    for kind in ("u1", "u2", "u4", "i4", "f4", "f8"):
        for size in (0, 3, 20_000):
            values = list(ends.get(kind, (-1.5, 3.25e10))) * (size // 2)
            made.append({"kind": kind, "values": values, "part": pack_column(values, kind)})
    return made


def packed_texts() -> list[dict[str, Any]]:
    odd = ["</script>", "\u2028", "\ud83d", "😀", "", "\x00", "__proto__", "{{7*7}}"]
    values = ([], {}, odd, odd * 2000, {"a": [odd] * 2000, "__proto__": 1}, [None, True, 1.5, [odd]])
    return [{"value": value, "part": pack_json(value)} for value in values]


WORDY_ROWS = 100


def wordy_texts() -> list[dict[str, Any]]:
    """Columns of texts: of frequent words, of more than fit into two bytes, odd ones, and with rows without one."""
    odd = ["", " ", "a  b", " a", "b ", "\x00 nul", "Ж ж Ж", "\u2028 x", "</script> <b>", "😀 😀"]
    odd += ["\ufeffx y", "Mińsk-Grodno ab/cd"]
    several = [f"w{n % 37} w{n % 11} {'Ж' * (n % 5)}" for n in range(950)]
    many = [f"k{n % 17_000} k{n % 17_000} k{n} " for n in range(68_000)]
    columns: list[list[str | None]] = [
        [*several, *odd * 7],
        [text if n % 3 else None for n, text in enumerate([*odd, *several])],
        [None] * 250,
        [*many],
    ]
    return [{"texts": texts, "packed": pack_texts(texts_of(texts), WORDY_ROWS)} for texts in columns]


def id_columns() -> list[dict[str, Any]]:
    """Ids that differ in a number alone, and others."""
    columns = [
        [f"event-{(n * 7919) % 10_007:06}" for n in range(9_000)],
        [f"event-{n}" for n in range(9_000)],
        [f"e{n:03}x" for n in range(900)],
        [f"{n:09}" for n in range(5_000)],
    ]
    return [{"ids": ids, "packed": pack_ids(ids)} for ids in columns]


def packed_lists() -> dict[str, Any]:
    values = [[], [1], [2**32 - 1, 0], [], list(range(5))] * 900
    return {"values": values, "part": pack_lists(spread(tuples(values), list))}


def large_scene() -> dict[str, Any]:
    """More events than fit into one block of texts, so that their columns and texts are packed."""
    events = [
        sample.event(f"e{n}", f"Event {n} «Ж»", "strike", summary=f"Of {n}" if n % 3 else None)
        for n in range(5000)
    ]
    features = [
        sample.feature(
            f"e{n}#1", n, "pin", "place", f"P{n % 90}", lon=20 + n % 90 / 10, lat=53.0, radius_m=900.0
        )
        for n in range(5000)
    ]
    scene = sample.sample_scene(
        events=sample.columns(events), features=sample.columns(features), geometries=(), layers=()
    )
    names = {"ids": "id", "titles": "title", "summaries": "summary"}
    return {"island": scene_json(scene)} | {
        key: [event[name] for event in events] for key, name in names.items()
    }


ACTORS = (
    ("Ministry of Defence", "mod"),
    ("MINISTRY OF DEFENCE", None),
    ("Łódź Guard", "guard"),
    ("lodz guard", None),
    ("A firm", None),
)
STANDINGS = {
    "asserts": "vouches", "denies": "opposes", "disputes": "opposes", "declines_to_comment": "other",
}  # fmt: skip
# Wider than any limit.
NO_WIDTH = 1e12
WIDTHS = {
    "exact": 0.0, "place": 900.0, "vicinity": 12_000.0, "district": 30_000.0, "region": 90_000.0, "line": 45_000.0,
    "waters": 400_000.0,
}  # fmt: skip
SHAPE_OF = {"exact": "pin", "place": "pin", "vicinity": "ring", "line": "line"}


def drawn_scene(seed: int) -> dict[str, Any]:
    """A scene drawn by chance, with its events told plainly beside it."""
    chance = random.Random(seed)
    plain, events, features = [], [], []
    layer_ids = ["a", "b", "__proto__"]
    in_layers: dict[str, list[int]] = {layer: [] for layer in layer_ids}
    for row in range(40):
        own = draw_event(chance, row)
        for layer in chance.sample(layer_ids, chance.choice((0, 1, 1, 2))):
            in_layers[layer].append(row)
            own["layers"].append(layer)
        claims = own.pop("claims")
        plain.append(own)
        events.append(
            sample.event(
                own["id"],
                own["title"],
                own["type"],
                subtype=own["subtype"],
                status=own["status"],
                t_start=own["first"],
                t_end=own["last"],
                actors=[name for name, _ in own["actors"]],
                actor_ids=[actor_id for _, actor_id in own["actors"]],
                claimants=list(own["standing"]),
                sources=own["sources"],
                edtf=own.pop("edtf"),
                date_precision="unknown" if own["first"] is own["last"] is None else "day",
                detail=sample.detail(claims=claims),
            )
        )
        for number, place in enumerate(own["places"], start=1):
            precision, width = place["precision"], place["width"]
            shape = "badge" if precision == "country" else SHAPE_OF.get(precision, "area")
            drawn = (
                {"geometry": {"line": 2}.get(shape, 0)}
                if shape in ("area", "line")
                else {"lon": 25, "lat": 54}
            )
            radius = None if precision == "country" else width
            features.append(
                sample.feature(
                    f"{own['id']}#{number}", row, shape, precision, "Nowhere", radius_m=radius, **drawn
                )
            )
    layers = tuple(
        SceneLayer(id=layer, title=layer, group="", events=tuple(rows)) for layer, rows in in_layers.items()
    )
    scene = sample.sample_scene(
        layers=layers, events=sample.columns(events), features=sample.columns(features)
    )
    return {"island": scene_json(scene), "events": plain, "layers": layer_ids}


def draw_event(chance: random.Random, row: int) -> dict[str, Any]:
    kind = chance.choice(("exercise", "strike", "migration", "statement"))
    subtypes = {"exercise": "live_fire", "migration": "camp"}
    start = date(2020, 12, 1) + timedelta(days=chance.randrange(500))
    end = start + timedelta(days=chance.choice((0, 0, 3, 40, 300)))
    first, last = chance.choice(((start, end),) * 6 + ((start, None), (None, end), (None, None)))
    one_of = first is not None and last is not None and first != last and chance.random() < 0.5
    claimants = chance.sample(("Capital", "Ministry of Defence", "Łódź Guard"), chance.choice((0, 1, 2)))
    claims = [
        {"by": name, "stance": chance.choice(list(STANDINGS)), "about": chance.choice(("event", "motive"))}
        for name in claimants
        for _ in range(chance.choice((1, 2)))
    ]
    standing = {}
    for name in claimants:
        said = {
            STANDINGS[claim["stance"]] for claim in claims if (claim["by"], claim["about"]) == (name, "event")
        }
        standing[name] = next((word for word in ("opposes", "vouches") if word in said), "other")
    places = chance.choices((*WIDTHS, "country"), k=chance.choice((0, 1, 1, 1, 2, 3)))
    return {
        "id": f"e{row:02}",
        "title": chance.choice(("A drill", "Bridge near Łódź", "First convoy", "Ministry speaks")),
        "type": kind,
        "subtype": subtypes.get(kind) if chance.random() < 0.5 else None,
        "status": chance.choice(("reported", "corroborated", "confirmed", "disputed", "denied")),
        "actors": chance.choices(ACTORS, k=chance.choice((0, 1, 2, 3))),
        "sources": chance.sample(("s1", "s2", "s3"), chance.choice((1, 2))),
        "claims": claims,
        "standing": standing,
        "first": first and str(first),
        "last": last and str(last),
        "one_of": one_of,
        "edtf": f"[{first}..{last}]" if one_of else "",
        "layers": [],
        "places": [{"precision": name, "width": WIDTHS.get(name, NO_WIDTH)} for name in places],
    }


def crowded_scene(seed: int, *, apart: bool = False, single: bool = False) -> str:
    """Events in the order of their first day, most of them at a few places that they share.

    Parameters
    ----------
    apart
        No two share a place.
    single
        Each has one place, and no other kind of place than a point.
    """
    chance = random.Random(seed)
    drawn = sorted(
        (draw_event(chance, row) for row in range(600)),
        key=lambda own: (own["first"] is None, own["first"] or ""),
    )
    spots = [(22 + chance.random() * 12, 50 + chance.random() * 6) for _ in range(12)]
    events, features = [], []
    for row, own in enumerate(drawn):
        events.append(
            sample.event(
                own["id"],
                own["title"],
                own["type"],
                subtype=own["subtype"],
                status=own["status"],
                t_start=own["first"],
                t_end=own["last"],
                claimants=list(own["standing"]),
                sources=own["sources"],
                workflow=chance.choice(("reviewed", "draft")),
                edtf=own["edtf"],
                detail=sample.detail(claims=own["claims"]),
            )
        )
        places = own["places"]
        if single:
            places = [{"precision": "exact", "width": chance.choice((50, 20_000))}]
        for number, place in enumerate(places, start=1):
            precision = place["precision"]
            shape = "badge" if precision == "country" else SHAPE_OF.get(precision, "area")
            lon, lat = chance.choice(spots)
            if apart:
                lon, lat = 22 + chance.random() * 12, 50 + chance.random() * 6
            at = (
                {"geometry": chance.choice((0, 1))} if shape in ("area", "line") else {"lon": lon, "lat": lat}
            )
            features.append(
                sample.feature(
                    f"{own['id']}#{number}", row, shape, precision, "Nowhere", radius_m=place["width"], **at
                )
            )
    layers = (SceneLayer(id="a", title="a", group="", events=tuple(range(0, 600, 2))),)
    return scene_json(
        sample.sample_scene(layers=layers, events=sample.columns(events), features=sample.columns(features))
    )


ODD_IDS = ("__proto__", "constructor", "toString", "a,b", "a&b=c", "%41", "#", "é 😀", "hasOwnProperty")


def odd_scene() -> str:
    """Everything that has an id has one that breaks what is careless about ids."""
    events = [
        sample.event(odd, odd, "strike", actors=[odd], claimants=[odd], sources=[odd], actor_ids=[odd])
        for odd in ODD_IDS
    ]
    features = [
        sample.feature(f"{odd}#1", n, "pin", "place", odd, lon=25 + n, lat=53.0)
        for n, odd in enumerate(ODD_IDS)
    ]
    layers = tuple(
        SceneLayer(id=odd, title=odd, group=odd, events=(n,)) for n, odd in enumerate(("plain", *ODD_IDS[:8]))
    )
    return scene_json(
        sample.sample_scene(
            layers=layers,
            events=sample.columns(events),
            features=sample.columns(features),
            symbols="app6",
        )
    )


TEXTS = (
    "plain", "a,b", 'say "so"', "two\nlines", "two\r\nlines", "", " ", "'", "''", '"', "=1", "-", "</script>",
    "\u2028", "\u202e", "x" * 20_000, "😀", "a\tb", "'=1", ",", "\ufeff", "tab\t",
)  # fmt: skip


def hostile_scene() -> dict[str, Any]:
    """Texts that a table or a parser might trip over, as title and summary."""
    texts = [
        text for text in (*TEXTS, "=1+1", "@x", "+7", "\t=1", "＝1") if text and not text.startswith("'")
    ]
    events = [
        sample.event(f"e{n:02}", text, "strike", summary=text, sources=["s1"]) for n, text in enumerate(texts)
    ]
    scene = sample.sample_scene(
        title="=1,\n</script>", events=sample.columns(events), layers=(),
        features={name: [] for name in sample.columns(sample.FEATURES)},
    )  # fmt: skip
    rows = [
        {"title": event["title"], "summary": event["summary"], "feature_id": f"{event['id']}#1"}
        for event in events
    ]
    return {"island": scene_json(scene), "rows": rows}


def shapes_scene() -> tuple[str, list[str | None]]:
    """Shapes in every kind, wound either way, with holes, and with what is no shape at all."""
    square = [[20.0, 50.0], [22.0, 50.0], [22.0, 52.0], [20.0, 52.0], [20.0, 50.0]]
    hole = [[20.5, 50.5], [21.5, 50.5], [21.5, 51.5], [20.5, 51.5], [20.5, 50.5]]
    speck = [[24.0, 50.0], [24.0000001, 50.0], [24.0, 50.0000001], [24.0, 50.0]]
    line = [[20.0, 50.0], [21.123456789, 51.987654321]]
    far = [[175.0, 84.0], [180.0, 84.0], [180.0, 85.0], [175.0, 85.0], [175.0, 84.0]]
    shapes: list[tuple[dict[str, Any], str | None]] = [
        ({"type": "Polygon", "coordinates": [square]}, "Polygon"),
        ({"type": "Polygon", "coordinates": [square[::-1]]}, "Polygon"),
        ({"type": "Polygon", "coordinates": [square, hole]}, "Polygon"),
        ({"type": "Polygon", "coordinates": [square[::-1], hole[::-1]]}, "Polygon"),
        ({"type": "MultiPolygon", "coordinates": [[square], [far[::-1]]]}, "MultiPolygon"),
        ({"type": "MultiPolygon", "coordinates": [[square], [speck]]}, "Polygon"),
        ({"type": "Polygon", "coordinates": [speck]}, None),
        ({"type": "LineString", "coordinates": line}, "LineString"),
        ({"type": "MultiLineString", "coordinates": [line, line[::-1]]}, "MultiLineString"),
        (
            {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "coordinates": [square]},
                    {"type": "LineString", "coordinates": line},
                ],
            },
            "GeometryCollection",
        ),
        ({"type": "GeometryCollection", "geometries": []}, None),
    ]
    rows = [sample.event(f"e{n:02}", f"Shape {n}", "strike") for n in range(len(shapes))]
    features = [
        sample.feature(f"e{n:02}#1", n, "area", "region", "R", geometry=n) for n in range(len(shapes))
    ]
    points = ((12.3456789, 54.1), (-179.9999999, -89.99999999), (180.0, 90.0))
    for lon, lat in points:
        rows.append(sample.event(f"e{len(rows):02}", "A pin", "strike"))
        features.append(
            sample.feature(
                f"{rows[-1]['id']}#1", len(rows) - 1, "pin", "exact", "P", lon=lon, lat=lat, radius_m=3.0
            )
        )
    rows.append(sample.event(f"e{len(rows):02}", "A country", "strike"))
    features.append(
        sample.feature(f"{rows[-1]['id']}#1", len(rows) - 1, "badge", "country", "B", lon=28.0, lat=53.0)
    )
    rows.append(sample.event(f"e{len(rows):02}", "Nowhere", "strike"))
    scene = sample.sample_scene(
        events=sample.columns(rows), features=sample.columns(features), layers=(),
        geometries=tuple(shape for shape, _ in shapes),
    )  # fmt: skip
    return scene_json(scene), [*(kind for _, kind in shapes), *["Point"] * len(points), None, None]


def calendar_steps() -> list[tuple[str, str, int, str]]:
    """Starts of calendar steps by Python's calendar."""
    chance = random.Random(5)
    made = []
    days = [date.fromordinal(chance.randrange(400, 3_650_000)) for _ in range(300)]
    for day in [
        *days,
        date(33, 4, 3),
        date(99, 12, 31),
        date(100, 1, 1),
        date(2024, 2, 29),
        date(9998, 12, 31),
    ]:
        monday = day - timedelta(days=day.weekday())
        made += [
            (str(day), "day", 2, str(day + timedelta(days=2))),
            (str(day), "week", 0, str(monday)),
            (str(day), "week", 1, str(monday + timedelta(days=7))),
            (str(day), "month", 0, str(day.replace(day=1))),
            (str(day), "quarter", 0, str(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1))),
            (str(day), "year", 0, str(day.replace(month=1, day=1))),
            (str(day), "year", 1, str(date(day.year + 1, 1, 1))),
            (
                str(day),
                "month",
                1,
                str(date(day.year + (day.month == 12), day.month % 12 + 1, 1)),
            ),
        ]
    return made


def numbered_days() -> list[tuple[str, int]]:
    epoch = date(1970, 1, 1)
    days = (date(1, 1, 1), date(33, 4, 3), date(1969, 12, 31), epoch, date(2024, 2, 29), date(9999, 12, 31))
    return [(str(day), (day - epoch).days) for day in days]


def make_cases() -> dict[str, Any]:
    """All of it, by name."""
    shapes, shape_types = shapes_scene()
    return {
        "scene": scene_json(sample.sample_scene()),
        "folds": folds(),
        "found": found(),
        "circles": circles(),
        "stepped": stepped(),
        "parts": PARTS,
        "columns": packed_columns(),
        "parts_of_text": packed_texts(),
        "wordy": wordy_texts(),
        "wordy_rows": WORDY_ROWS,
        "id_columns": id_columns(),
        "lists": packed_lists(),
        "large": large_scene(),
        "drawn": [drawn_scene(seed) for seed in range(5)],
        "crowded": [crowded_scene(seed) for seed in range(3)],
        "apart": [crowded_scene(3, apart=True), crowded_scene(4, apart=True, single=True)],
        "odd_ids": odd_scene(),
        "hostile": hostile_scene(),
        "texts": TEXTS,
        "shapes": shapes,
        "shape_types": shape_types,
        "steps": calendar_steps(),
        "days": numbered_days(),
        "links": LINKS,
        "no_links": NO_LINKS,
        "bent_links": [(text, safe_url(text) is not None) for text in bent_addresses()],
    }
