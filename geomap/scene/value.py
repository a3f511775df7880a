"""What one map says, as columns: no text is parsed and no place is looked up past this point."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

Shape = Literal["pin", "ring", "area", "line", "badge", "stub"]
"""How a feature is drawn; `pin`: exact or named place, `ring`: vicinity, `area`: polygon, `badge`: text."""

SHAPES: Final[tuple[Shape, ...]] = ("pin", "ring", "area", "line", "badge", "stub")

Columns = Mapping[str, Sequence[Any]]

FEATURE_COLUMNS: Final = (
    "id", "event", "shape", "precision", "role", "label", "note", "lon", "lat", "radius_m", "geometry", "native",
    "names", "relation", "method",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSymbol:
    """The symbol of one event type: `colour` as `#rrggbb`, `glyph` one of the names in the vocabulary."""

    id: str
    label: str
    colour: str
    glyph: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneLayer:
    """A layer of the map; `events` are row numbers into the events table. An event may stand in several."""

    id: str
    title: str
    group: str
    events: tuple[int, ...]


Names = Mapping[str, str]
"""Names by language, without those that are the main one."""
_NOTHING: Mapping[str, Any] = {"type": "GeometryCollection", "geometries": []}


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundLevel:
    """Land with its borders in a bbox (west, south, east, north), for the scales where it is as wide as a page."""

    window: tuple[float, float, float, float]
    land: Mapping[str, Any]
    borders: Mapping[str, Any]
    disputed: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterLabel:
    """What a river or lake is called: `rank` 0 is the greatest, `at` (lon, lat) is where a lake is named."""

    rank: int
    name: str = ""
    names: Names = field(default_factory=dict)
    at: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceLabel:
    """Other names of a town or country: `native` is what a town is called at home, None where that is not known."""

    names: Names
    native: str | None = None
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A way that an event took; `event` is a row number.

    `start` and `end` are (lon, lat) where that end is known as a point, else None. `label` names the end that
    is not; `is_country` says that no more is known of it than its country.
    """

    event: int
    start: tuple[float, float] | None
    end: tuple[float, float] | None
    label: str
    is_country: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneContext:
    """Areas and lines of somebody else's under the events: who made them, and of which day they are.

    `date` is in words, `edtf` as written; both are never empty, nor is `credit`. `colour` is `#rrggbb`. `shapes`
    are GeoJSON geometries, `labels` what is written on each, or empty. They are no events and count as none.
    """

    id: str
    title: str
    date: str
    edtf: str
    credit: str
    colour: str
    url: str = ""
    licence: str = ""
    shown: bool = True
    shapes: tuple[Mapping[str, Any], ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basemap:
    """Vector ground of the map, EPSG:4326, GeoJSON geometries with [lon, lat].

    `world` is coarse land with `far_borders` and `far_disputed`; `around`, where there is one, is finer and
    wider than the window; `window` is the bbox (west, south, east, north) that `land` (fine, clipped to it)
    covers. `borders` are international boundaries in it, `disputed` those on which the worldviews differ
    (drawn dashed), `regions` first-order boundaries. `towns` are rows (lon, lat, name, rank), capitals with
    rank 0, rank 1 shown next; `countries` are rows (lon, lat, name), the largest first; `seas` rows (lon, lat).
    `rivers` and `lakes` are collections, of the window and the greatest of the world, one geometry each. Every
    one of these has its label, in the same order, where there are labels.
    """

    window: tuple[float, float, float, float]
    world: Mapping[str, Any]
    land: Mapping[str, Any]
    borders: Mapping[str, Any]
    disputed: Mapping[str, Any]
    regions: Mapping[str, Any]
    towns: tuple[tuple[float, float, str, int], ...]
    countries: tuple[tuple[float, float, str], ...]
    town_labels: tuple[PlaceLabel, ...] = ()
    country_labels: tuple[PlaceLabel, ...] = ()
    far_borders: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    far_disputed: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    around: GroundLevel | None = None
    rivers: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    river_labels: tuple[WaterLabel, ...] = ()
    lakes: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    lake_labels: tuple[WaterLabel, ...] = ()
    seas: tuple[tuple[float, float], ...] = ()
    sea_labels: tuple[WaterLabel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Everything a page or a picture needs.

    `events` has one row an event, `features` one row an event at one drawn place, `geometries` each shape
    once. Positions are EPSG:4326 degrees, days ISO 8601.

    Columns of `events`: `id title type subtype status modality workflow when` (for people) `t_start t_end`
    (days or None) `edtf date_precision end_open place` (for people) `summary actors` (names) `actor_ids` (one
    for each, or None) `claimants` (names) `sources` (ids) `n_origins` `detail`. `detail` is a mapping:
    `when_words`, `claims [{by, stance, about, about_label, about_by, text, quote, when, source, via}]`,
    `sources [{id, publisher, title, url, published, published_basis, kind, reliability, derived_from}]`,
    `actors [{name, role}]`, `quantities [str]`, `equipment [str]`, `relations [{type, event, title}]`, `places
    [{name, role, precision, relation, method, note, lon, lat, radius_m, drawn}]`, `status_basis` (in English)
    and `status_reason {code, …}` (for other languages). Dates in it are EDTF. Absent values are None or empty,
    never a guess.

    Columns of `features`: `id` (`event_id#n`), `event` (row number), `shape`, `precision`, `role`, `label`
    (place for people), `native` (its name in its own language, or None), `names` (others to search by),
    `relation` and `method` (words of the vocabulary, or None), `note`, `lon lat` (pin, ring centre or badge;
    None for areas and lines), `radius_m`, `geometry` (row number or None).

    `asides` has the columns of `features`: places that do not locate their event, which a reader may ask to see.
    Nothing counts them. `contexts` are what lies under the events, in the order in which they are drawn.
    """

    title: str
    subtitle: str
    language: str
    worldview: str
    attribution: tuple[str, ...]
    bbox: tuple[float, float, float, float]
    types: tuple[TypeSymbol, ...]
    layers: tuple[SceneLayer, ...]
    events: Columns
    features: Columns
    geometries: tuple[Mapping[str, Any], ...]
    basemap: Basemap
    movements: tuple[Movement, ...] = ()
    folds: Mapping[str, str] = field(default_factory=dict)
    """What each character becomes in a folded text; those of other scripts and of the scene's own words."""
    tiles: Mapping[str, Any] | None = None
    """Online tiles for the page to lay over the basemap: `url`, `attribution`, `max_zoom` and `host`."""
    worldview_note: str = ""
    centre: tuple[float, float, float] | None = None
    """Longitude, latitude and zoom to open at, instead of showing `bbox`."""
    symbols: Literal["types", "app6"] = "types"
    """Whether the page may also draw military symbols, in place of the types' own icons."""
    asides: Columns = field(default_factory=lambda: dict.fromkeys(FEATURE_COLUMNS, ()))
    contexts: tuple[SceneContext, ...] = ()
