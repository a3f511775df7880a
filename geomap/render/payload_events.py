"""Events as columns of the data island: numbers, and texts in blocks that the page opens when they are needed."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from geomap.model.columns import Coded, Texts, coded, ranked_together, texts_of
from geomap.model.table import Details
from geomap.model.vocabulary import Stance, Status
from geomap.render.links import safe_url
from geomap.render.packing import pack_blocks, pack_column, pack_json, pack_text, to_json
from geomap.render.word_coding import pack_texts
from geomap.render.words import Lists, Words, pack_lists, spread_lists, tuples
from geomap.scene import Columns, Scene
from geomap.scene.compose import places_text

STATUSES: Final = tuple(Status)

# Events in one block of text: few enough to be opened at once for one of them.
_HEAD_ROWS: Final = 4096
_DETAIL_ROWS: Final = 512

# A published page quotes; the whole text stays with its source.
_LONGEST_QUOTE: Final = 300

_NO_DAY: Final = -(2**31)
_EPOCH: Final = date(1970, 1, 1)
_DRAFT, _ONE_OF, _END_OPEN, _UNKNOWN_PLACE = 1, 2, 4, 8
# How a claimant stands to the event itself.
_VOUCHES, _OPPOSES, _SAYS_OTHER = 1, 2, 3
_VOUCHING: Final = frozenset(stance.value for stance in Stance if stance.vouches)
_OPPOSING: Final = frozenset(stance.value for stance in Stance if stance.opposes)
# An event known by these happened on some day of it; a range is lasting unless it says otherwise.
_ONE_DAY_OF: Final = ("week", "month", "season", "year")
# Nobody asks how a date is known that is simply stated, or that there is not.
_PLAIN_BASES: Final = (("when_basis", "stated"), ("when_basis", "unknown"))
# Told by columns, or not shown at all.
_TOLD: Final = frozenset(
    {"sources", "status_basis", "status_reason", "where_unknown", "origins", "sensitivity"}
)


def event_parts(scene: Scene, words: Words) -> dict[str, Any]:
    """The events' columns and blocks of text."""
    table = scene.events
    count = len(table["id"])
    for name in ("actor", "claimant", "source", "actor_role", "reason"):
        words.table(name)
    types = {kind.id: number for number, kind in enumerate(scene.types)}
    told = _Told(scene, words)
    edtf, day = coded(table["edtf"]), coded(table["t_start"])
    heads = {
        "when": _without(coded(table["when"]), edtf.each(bool, bool)),
        "edtf": _without(edtf, _equal(edtf, day) | ~edtf.each(bool, bool)),
        "place": _places(scene),
    }
    return {
        "count": count,
        "type": pack_column(coded(table["type"]).each(lambda kind: types.get(kind, len(types)), "u2"), "u2"),
        "subtype": pack_column(words.column("subtype", table["subtype"]), "u2"),
        "status": pack_column(
            coded(table["status"]).each(lambda status: STATUSES.index(Status(status)), "u1"), "u1"
        ),
        "modality": pack_column(words.column("modality", table["modality"]), "u1"),
        "date_precision": pack_column(words.column("date_precision", table["date_precision"]), "u1"),
        "flags": pack_column(_flags(table) | told.is_unknown * _UNKNOWN_PLACE, "u1"),
        "first": pack_column(day.each(_day_number, "i4"), "i4"),
        "last": pack_column(coded(table["t_end"]).each(_day_number, "i4"), "i4"),
        "n_origins": pack_column(
            coded(table["n_origins"]).each(lambda number: min(number or 0, 65535), "u2"), "u2"
        ),
        "reason": pack_column(told.reason, "u4"),
        "actors": pack_lists(told.actors),
        "actor_roles": pack_column(told.roles, "u1"),
        "claimants": pack_lists(told.claimants),
        "stances": pack_column(told.stances, "u1"),
        "sources": pack_lists(words.lists("source", table["sources"])),
        "layers": pack_lists(_layers(scene, count)),
        "ids": pack_ids(table["id"]),
        "head_rows": _HEAD_ROWS,
        "heads": pack_blocks(heads, count, _HEAD_ROWS),
        "titles": _texts(table["title"]),
        "summaries": _texts(table["summary"]),
        "detail_rows": _DETAIL_ROWS,
        "details": pack_blocks({"detail": told.details}, count, _DETAIL_ROWS),
        "source_details": pack_json([told.sources.get(name, {"id": name}) for name in words.table("source")]),
    }


def _texts(texts: Sequence[str | None]) -> dict[str, Any]:
    """Texts in blocks: lists, or of many events words by their numbers in a vocabulary."""
    if len(texts) > _HEAD_ROWS:
        return pack_texts(texts_of(texts), _HEAD_ROWS)
    return {"vocabulary": None, "blocks": pack_blocks({"text": texts}, len(texts), _HEAD_ROWS)}


def pack_ids(ids: Sequence[str]) -> Any:
    """Ids as lines, or as numbers where they differ in a number alone."""
    if len(ids) > _HEAD_ROWS and (numbered := _numbered(texts_of(ids))):
        return numbered
    return pack_text(ids)


def _numbered(ids: Texts) -> dict[str, Any] | None:
    """The numbers that ids of one beginning end with, all with as many digits; None for other ids."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = re.fullmatch(r"(.*?)([0-9]{1,9})", ids[0] or "", re.DOTALL)
    if parts is None:
        return None
    prefix, digits = parts.groups()
    if not pc.all(
        pc.match_substring_regex(ids.array, f"^{re.escape(prefix)}[0-9]{{{len(digits)}}}$")
    ).as_py():
        return None
    numbers = pc.utf8_slice_codeunits(ids.array, start=len(prefix)).cast(pa.uint32())
    packed = pack_column(numbers.to_numpy(), "u4")
    return {"prefix": prefix, "digits": len(digits), "numbers": packed}


class _Told:
    """What details hold, as columns; of each detail only what no column says is left.

    Attributes
    ----------
    details
        What is left of each, None where that is nothing.
    reason
        Numbers of the reasons for each status.
    is_unknown
        Whether a place was sought and not found.
    actors, roles
        Numbers of each event's actors, and beside them of their roles.
    claimants, stances
        Numbers of each event's claimants, and beside them how they stand to it.
    sources
        What is known of each source, by id.
    """

    def __init__(self, scene: Scene, words: Words) -> None:
        table = scene.events
        detail = table["detail"]
        count = len(detail)
        self._table, self._features, self._words = table, scene.features, words
        self._starts = _feature_starts(scene)
        self.sources: dict[str, dict[str, Any]] = {}
        self.reason = np.zeros(count, dtype=np.int64)
        self.is_unknown = np.zeros(count, dtype=np.int64)
        self._reasons: dict[bytes, int] = {}
        words.number("actor_role", None)
        own: Sequence[int] = range(count)
        plain = None
        if isinstance(detail, Details):
            own = np.flatnonzero(detail.number >= 0).tolist()
            rows = np.flatnonzero(detail.number < 0)
            plain = detail.plain.take(-1 - detail.number[rows])
            self.is_unknown[rows] = plain.is_unknown
        self.actors, self.roles = self._actors(own, None if plain is None else (rows, plain.actors))
        self.details = self._own_details(own, count)
        if plain is not None:
            self.reason[rows] = plain.reason.each(lambda reason: self._reason(*reason), np.int64)
            for sources in plain.sources.used:
                self._learn(sources)
        self.reason = words.column("reason", Coded(self.reason, list(self._reasons)))
        self.claimants, self.stances = self._claimants(table["claimants"], detail)

    def _own_details(self, rows: Sequence[int], count: int) -> Sequence[Any]:
        details: dict[int, dict[str, Any]] = {}
        for row in rows:
            detail = self._table["detail"][row] or {}
            self.reason[row] = self._reason(detail.get("status_basis"), detail.get("status_reason"))
            self.is_unknown[row] = bool(detail.get("where_unknown"))
            self._learn(detail.get("sources") or ())
            if left := self._left(row, detail):
                details[row] = left
        return _Sparse(details, count)

    def _reason(self, basis: Any, reason: Any) -> int:
        told = reason or ({"basis": basis} if basis else None)
        return self._reasons.setdefault(to_json(told), len(self._reasons))

    def _learn(self, sources: Sequence[Mapping[str, Any]]) -> None:
        for source in sources:
            if source["id"] not in self.sources:
                # Its address may be a link only if it is safe as it stands.
                links = {
                    "href": safe_url(source.get("url")),
                    "archive_href": safe_url(source.get("archive_url")),
                }
                self.sources[source["id"]] = {**source, **links}

    def _left(self, row: int, detail: Mapping[str, Any]) -> dict[str, Any]:
        """A detail without what is empty or told by columns.

        Its places are those that are not drawn; the page knows the others by their features.
        """
        kept = {
            key: value
            for key, value in detail.items()
            if key not in _TOLD and value not in (None, "", [], False) and (key, value) not in _PLAIN_BASES
        }
        if (actors := detail.get("actors")) and self._has_roles(row, actors):
            del kept["actors"]
        if claims := detail.get("claims"):
            kept["claims"] = [
                {key: _short(value) if key == "quote" else value for key, value in claim.items() if value}
                for claim in claims
            ]
        if evidence := detail.get("evidence"):
            kept["evidence"] = [{**words, "quote": _short(words.get("quote") or "")} for words in evidence]
        if places := detail.get("places"):
            kept["places"] = self._undrawn(row, places)
        return {key: value for key, value in kept.items() if value != []}

    def _has_roles(self, row: int, actors: Sequence[Mapping[str, Any]]) -> bool:
        """Whether columns tell of an event's actors: they are those of its column."""
        return [actor["name"] for actor in actors] == list(self._table["actors"][row] or ())

    def _undrawn(self, row: int, places: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        features = range(self._starts[row], self._starts[row + 1])
        labels = [self._features["label"][number] for number in features]
        drawn = [place for place in places if place.get("drawn") and place.get("precision") != "none"]
        if [place["name"] for place in drawn] != labels:
            return list(places)
        return [place for place in places if place not in drawn]

    def _actors(
        self, own: Sequence[int], plain: tuple[NDArray[np.intp], Coded[Any]] | None
    ) -> tuple[Lists, NDArray[np.int64]]:
        """The actors of events with their roles, made once for each list of them."""
        names, ids = tuples(self._table["actors"]), tuples(self._table["actor_ids"])
        roles: dict[tuple[Any, ...], int] = {}
        codes = np.zeros(len(names), dtype=np.int64)
        for row in own:
            actors = (self._table["detail"][row] or {}).get("actors") or ()
            told = tuple(actor["role"] for actor in actors) if self._has_roles(row, actors) else ()
            codes[row] = roles.setdefault(told, len(roles))
        if plain is not None:
            rows, lists = plain
            codes[rows] = lists.each(
                lambda actors: roles.setdefault(tuple(actor["role"] for actor in actors), len(roles)),
                np.int64,
            )
        told_roles = list(roles) or [()]
        number, first = ranked_together([names.codes, ids.codes, codes])
        actor_lists, role_lists = [], []
        for row in first.tolist():
            actors = zip(names[row], ids[row], strict=True)
            numbers = [self._words.number("actor", actor) for actor in actors]
            own_roles = told_roles[codes[row]] or (None,) * len(numbers)
            actor_lists.append(numbers)
            role_lists.append([self._words.number("actor_role", role) for role in own_roles])
        spread = number.astype(np.int32)
        return spread_lists(actor_lists, spread), spread_lists(role_lists, spread)[1]

    def _claimants(self, names: Sequence[Any], detail: Sequence[Any]) -> tuple[Lists, NDArray[np.int64]]:
        lengths = tuples(names).each(len, np.int64)
        numbers: list[int] = []
        stances: list[int] = []
        for row in np.flatnonzero(lengths).tolist():
            standing = _stances(detail[row] or {}, names[row])
            lengths[row] = len(standing)
            numbers += [self._words.number("claimant", name) for name in standing]
            stances += standing.values()
        return (lengths, np.array(numbers, dtype=np.int64)), np.array(stances, dtype=np.int64)


class _Sparse(Sequence[Any]):
    """A column that is None but for some rows."""

    def __init__(self, values: Mapping[int, Any], count: int) -> None:
        self._values, self._count = values, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, row: Any) -> Any:
        if isinstance(row, slice):
            return [self._values.get(own) for own in range(*row.indices(self._count))]
        return self._values.get(row)


def _feature_starts(scene: Scene) -> NDArray[np.int64]:
    """Where the features of each event begin, and where the last ones end."""
    return np.searchsorted(np.asarray(_events_of(scene)), np.arange(len(scene.events["id"]) + 1))


def _events_of(scene: Scene) -> NDArray[np.int64]:
    return coded(scene.features["event"]).each(int, np.int64)


def _places(scene: Scene) -> Coded[str | None]:
    """The places of events in words; None where the page makes the same words of their features."""
    texts = coded(scene.events["place"])
    roles, labels = coded(scene.features["role"]), coded(scene.features["label"])
    starts = _feature_starts(scene)
    counts = np.diff(starts)
    same = np.zeros(len(texts), dtype=bool)
    single = np.flatnonzero(counts == 1)
    at = starts[single]
    number, first = ranked_together([texts.codes[single], roles.codes[at], labels.codes[at]])
    same[single] = np.array(
        [
            texts[event] == places_text([(roles[row], labels[row])])
            for event, row in zip(single[first].tolist(), at[first].tolist(), strict=True)
        ]
        or [False]
    )[number]
    for event in np.flatnonzero(counts > 1).tolist():
        rows = range(starts[event], starts[event + 1])
        same[event] = texts[event] == places_text((roles[row], labels[row]) for row in rows)
    return _without(texts, same)


def _without(column: Coded[Any], left_out: NDArray[np.bool_]) -> Coded[Any]:
    """A column with None in some rows."""
    return Coded(np.where(left_out, 0, column.codes + 1), [None, *column.values])


def _equal(one: Coded[Any], other: Coded[Any]) -> NDArray[np.bool_]:
    """Of each row whether two columns say the same."""
    known: dict[Any, int] = {}
    numbered: Callable[[Any], int] = lambda value: known.setdefault(value, len(known))  # noqa: E731
    return np.asarray(one.each(numbered, np.int64) == other.each(numbered, np.int64))


def _layers(scene: Scene, count: int) -> Lists:
    """The layers of each event."""
    events = np.concatenate(
        [np.zeros(0, np.int64), *(np.asarray(layer.events, np.int64) for layer in scene.layers)]
    )
    numbers = np.repeat(np.arange(len(scene.layers)), [len(layer.events) for layer in scene.layers])
    order = np.argsort(events, kind="stable")
    return np.bincount(events, minlength=count), numbers[order]


def _flags(table: Columns) -> NDArray[np.int64]:
    edtf, precision = coded(table["edtf"]), coded(table["date_precision"])
    one_of = edtf.each(lambda text: text.startswith("["), bool) | precision.each(
        _ONE_DAY_OF.__contains__, bool
    )
    is_draft, is_open = coded(table["workflow"]).equal("draft"), coded(table["end_open"]).each(bool, bool)
    flags: NDArray[np.int64] = is_draft * _DRAFT | one_of * _ONE_OF | is_open * _END_OPEN
    return flags


def _stances(detail: Mapping[str, Any], claimants: Sequence[str]) -> dict[str, int]:
    """How each claimant stands to the event; who opposes it once, opposes it."""
    standing = dict.fromkeys(claimants, _SAYS_OTHER)
    for claim in detail.get("claims") or ():
        name, stance = claim.get("by"), claim.get("stance")
        if name not in standing or claim.get("about", "event") != "event":
            continue
        if stance in _OPPOSING:
            standing[name] = _OPPOSES
        elif stance in _VOUCHING and standing[name] != _OPPOSES:
            standing[name] = _VOUCHES
    return standing


def _short(quote: str) -> str:
    """A quotation as long as quoting allows: what is longer is cut at a word, and the cut is shown."""
    if len(quote) <= _LONGEST_QUOTE:
        return quote
    head = quote[:_LONGEST_QUOTE]
    return f"{head.rsplit(None, 1)[0] if ' ' in head else head} …"


def _day_number(day: str | None) -> int:
    return _NO_DAY if day is None else (date.fromisoformat(day[:10]) - _EPOCH).days
