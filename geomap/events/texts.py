"""The texts of an event, each with the key it stands under: what checks of all texts walk over."""

from collections.abc import Iterator

from geomap.model.records import Actor, ActorPart, EventRecord, PlaceSpec, Source


def own_texts(record: EventRecord) -> Iterator[tuple[str, str]]:
    """What the author of an event says in words of their own, and readers see; without its places."""
    yield "id", record.id
    yield "title", record.title
    yield "summary", record.summary
    if record.when is not None:
        yield "when", record.when.words
    yield from (("tags", tag) for tag in record.tags)
    yield from part_texts(record.actors)
    for claim in record.claims:
        yield from (("claims", text) for text in (claim.by, claim.via, claim.text))
        if isinstance(claim.value, str):
            yield "claims", claim.value
    for quantity in record.quantities:
        yield from (("quantities", text) for text in (quantity.measure, quantity.unit, quantity.by))
    yield from (("equipment", item.name) for item in record.equipment)
    for media in record.media:
        yield from (("media", text) for text in (media.url, media.archive_url, media.credit))


def quoted_texts(record: EventRecord) -> Iterator[tuple[str, str]]:
    """The words of others: quotes of evidence and claims, and where a claim was uttered."""
    yield from (("evidence", item.quote) for item in record.evidence)
    for claim in record.claims:
        yield from (("claims", text) for text in (claim.quote, claim.place))


def part_texts(parts: tuple[ActorPart, ...]) -> Iterator[tuple[str, str]]:
    """The texts of an event's actors."""
    for part in parts:
        yield from (("actors", text) for text in (part.name, part.unit, part.side))


def place_texts(spec: PlaceSpec) -> Iterator[tuple[str, str]]:
    """The names in a written place."""
    anchors = [spec.near, spec.from_, *(spec.between or ())]
    names = [spec.place, spec.name, spec.within, spec.over, *(anchor.place for anchor in anchors if anchor)]
    yield from (("where", name) for name in names if name)


def source_texts(source: Source) -> Iterator[tuple[str, str]]:
    """The texts of a source but its addresses."""
    for key in ("publisher", "author", "title", "licence", "published_basis", "derived_from"):
        yield key, getattr(source, key)


def actor_texts(actor: Actor) -> Iterator[tuple[str, str]]:
    """The texts of a declared actor."""
    yield from (("name", actor.name), ("side", actor.side), ("unit", actor.unit))
