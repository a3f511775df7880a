"""A diff in words: lines for a terminal, and a correction notice in Markdown, as a newsroom publishes it.

The words are neutral: they say what was shown and what is shown, and not why. Texts of events are told as they are;
who prints them makes them harmless, a terminal with escapes, Markdown here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from geomap.events.changes import Change
from geomap.events.diff import ChangedEvent, ChangedSource, Diff, ListedEvent
from geomap.events.published import PublishedClaim, PublishedEvent, PublishedPlace
from geomap.model.vocabulary import PRECISION_CODES

_NOT_REPEATED: Final = "what was told before is not repeated"
_WHY: Final[Mapping[str, str]] = {
    "new": "new",
    "from_draft": "was a draft",
    "reinstated": "was retracted, and is told again",
    "removed": "removed",
    "to_draft": "back among the drafts, to be checked",
    "retracted": "retracted",
}
_FIELDS: Final[Mapping[str, str]] = {
    "status_set_by": "basis of the status",
    "origins": "unrelated origins",
    "workflow": "editing",
    "summary": "summary",
    "modality": "stage",
    "when_basis": "basis of the date",
    "when_words": "the source's words for the date",
    "where_unknown": "whether a place was sought",
    "order": "order of what is listed",
}
_STANCES: Final[Mapping[str, str]] = {
    "declines_to_comment": "declines to comment",
    "does_not_claim": "does not claim",
}


def change_words(change: Change) -> str:
    """A change in words, one line."""
    text = " ".join(_words(change).split())
    return f"{text}; {_NOT_REPEATED}" if change.is_withheld else text


def _words(change: Change) -> str:
    was, now = change.was, change.now
    what = change.kind.removesuffix("_added").removesuffix("_withdrawn").removesuffix("_changed")
    match change.kind:
        case "moved":
            return _moved(change)
        case "place_added" | "place_withdrawn":
            return _added("place", was and place_words(was), now and place_words(now), change)
        case "redated":
            return f"date: {_turned(was and was['label'], _date_words(was, now))}"
        case "regraded" | "edited":
            return _field(change)
        case "retyped":
            return f"type: {_turned(was and _plain(was), _plain(now))}"
        case "retitled":
            return f"title: {_turned(was and _quoted(was), _quoted(now))}"
        case "actor_added" | "actor_withdrawn" | "source_added" | "source_withdrawn" | "quantity_added" | \
            "quantity_withdrawn":  # fmt: skip
            return _added(what, was and _item(was), now and _item(now), change)
        case "quantity_changed":
            return f"quantity: {_turned(was, now)}"
        case "claim_added" | "claim_withdrawn":
            return _added("claim", was and _claim(was), now and _claim(now), change)
        case "claim_denied":
            before = f"; before: {_claim(was)}" if was else ""
            return f"denial: {_claim(now)}{before}"
        case "claim_reworded":
            return f"claim: {_turned(was and _claim(was), _claim(now))}"


def place_words(place: PublishedPlace) -> str:
    """A place with how it is known, and what it is to its event."""
    known = [PRECISION_CODES[place.precision].label]
    if place.role != "site":
        known.append(_plain(place.role))
    return f"{place.name or 'a place without a name'} ({', '.join(known)})"


def why_words(listed: ListedEvent) -> str:
    """Why an event is there in one state only."""
    return _WHY[listed.why]


def _moved(change: Change) -> str:
    was, now = change.was, change.now
    if was is None:
        return f"place: now {place_words(now)}"
    turned = f"from {place_words(was)} to {place_words(now)}"
    if change.km is None:
        return f"place: moved {turned}"
    if was.precision.is_point and now.precision.is_point:
        return f"place: moved {_km(change.km)}, {turned}"
    return f"place: moved {turned}; {_km(change.km)} from middle to middle"


def _km(km: float) -> str:
    return f"{km:,.3f} km" if km < 1 else f"{km:,.1f} km"


def _date_words(was: Any, now: Any) -> str:
    """A new date; by EDTF or its precision as well, where the words are those of before."""
    if not was or was["label"] != now["label"]:
        return str(now["label"])
    if was["edtf"] != now["edtf"]:
        return f"{now['label']} ({now['edtf']}, was {was['edtf']})"
    return f"{now['label']}, known to the {now['precision']} and not the {was['precision']}"


def _field(change: Change) -> str:
    was, now, name = change.was, change.now, change.field or ""
    if name == "precision":
        before = was and f"{place_words(was)}{_radius(was)}"
        return f"precision: {_turned(before, f'{place_words(now)}{_radius(now)}')}"
    if name == "place":
        return f"place: told otherwise: {place_words(now)}"
    if name == "credibility":
        of = f"credibility of {_claim(now)}"
        return f"{of}: {_turned(was and str(was.credibility), str(now.credibility))}"
    words = _FIELDS.get(name, _plain(name))
    if was is None and now is None:
        return f"{words}: changed"
    return f"{words}: {_turned(None if was is None else _value(was), _value(now))}"


def _radius(place: PublishedPlace) -> str:
    return "" if place.radius_m is None else f", within {place.radius_m:,.0f} m"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(_value(item) for item in value) or "none"
    return _plain(str(value)) or "none"


def _item(value: Any) -> str:
    """An actor with its role, a source's id, or a quantity."""
    return f"{value[0]} ({_plain(value[1])})" if isinstance(value, tuple) else str(value)


def _claim(claim: PublishedClaim) -> str:
    about = "" if claim.about == "event" else f" ({_plain(claim.about)})"
    said = _quoted(claim.quote) if claim.quote else claim.text
    value = "" if claim.value is None or said else str(claim.value)
    stance = _STANCES.get(claim.stance, _plain(claim.stance))
    return f"{claim.by} {stance}{about}" + (f": {said or value}" if said or value else "")


def _added(what: str, was: str | None, now: str | None, change: Change) -> str:
    if change.kind.endswith("_added"):
        return f"{what} added: {now}"
    return f"{what} withdrawn" + (f": {was}" if was else "")


def _turned(was: str | None, now: str) -> str:
    return f"is now {now}" if was is None else f"was {was}, is now {now}"


def _quoted(text: str) -> str:
    return f"“{text}”"


def _plain(word: str) -> str:
    return word.replace("_", " ")


# Lines


def event_words(event: PublishedEvent) -> str:
    """An event in a few words: its title, its date, and where it is shown."""
    places = "; ".join(dict.fromkeys(place.name or "" for place in event.places if place.is_drawn))
    return " ".join(f"{_quoted(event.title)}, {event.when_label}{', ' + places if places else ''}".split())


def listed_words(listed: ListedEvent) -> str:
    """An event that is there in one state only, and why; of one that is withheld by now, only that."""
    if listed.is_withheld:
        return f"{why_words(listed)}; {_NOT_REPEATED}"
    return f"{event_words(listed.event)}: {why_words(listed)}"


def text_lines(diff: Diff) -> Iterator[str]:
    """A diff as lines of text, one event or change a line; they may hold control characters of the events' texts."""
    for head, listed in (("added", diff.added), ("withdrawn", diff.withdrawn)):
        for one in listed:
            yield f"{head} {one.event.id}: {listed_words(one)}"
            yield from (f"  {change_words(change)}" for change in one.changes)
    for renamed in diff.renamed:
        yield f"renamed {renamed.was}: {renamed.event.id} now; {event_words(renamed.event)}"
    for changed in diff.changed:
        yield f"changed {changed.event.id}: {event_words(changed.event)}"
        yield from (f"  {change_words(change)}" for change in changed.changes)
    for source in diff.sources:
        yield f"source {source.id}"
        yield from (f"  {words}" for words in source_words(source))


def source_words(source: ChangedSource) -> Iterator[str]:
    """What is said otherwise of a source, a field a line."""
    for name, (was, now) in source.fields.items():
        if source.is_withheld:
            yield f"{_plain(name)}: {_turned(None, now or 'none')}; {_NOT_REPEATED}"
        else:
            yield f"{_plain(name)}: {_turned(was or 'none', now or 'none')}"


def count_words(diff: Diff) -> str:
    """How many events changed in which way."""
    if not diff:
        return f"nothing changed, {diff.unchanged:,} unchanged"
    lists = ("added", "withdrawn", "renamed", "changed")
    counts = [f"{count:,} {name}" for name in lists if (count := len(getattr(diff, name)))]
    sources = [f"sources changed: {len(diff.sources):,}"] if diff.sources else []
    return ", ".join([*counts, f"{diff.unchanged:,} unchanged", *sources])


# Markdown

# Braces are markup to site generators, dollars and carets to mathematics.
_MARKUP: Final = re.compile(r"[\\`*_{}\[\]<>#|~&^$=]|:(?=\w)|(?<={)%|%(?=})")
# Renderers make links and mentions of bare addresses and names, too; a joiner that nobody sees keeps them text.
_AUTOLINK: Final = re.compile(
    r"(?<=:)(?=/)|(?<=mailto:)|(?<=xmpp:)|(?<=@)|(?<=#)(?=\w)|(?<=\w)(?=\.[^\W\d_]{2})"
)
_JOINER: Final = "\u2060"
# What breaks a line, moves the cursor or turns the direction of the text after it.
_CONTROL: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def escape_markdown(text: str) -> str:
    """A text that Markdown shows as it is: on one line, without markup, HTML, links or mentions.

    CommonMark 0.31, 2.4: a backslash before ASCII punctuation makes it a letter. Autolinks of GitHub's Markdown ask for
    more, see above; characters that hide or turn text are shown as escapes.
    """
    line = " ".join(text.split())
    line = _CONTROL.sub(lambda match: f"\\u{ord(match.group()):04x}", line)
    return _MARKUP.sub(r"\\\g<0>", _AUTOLINK.sub(_JOINER, line))


def notice(diff: Diff, *, title: str, old: str, new: str) -> str:
    """A correction notice in Markdown: what was added, withdrawn and changed, in neutral words."""
    lines = [f"# Corrections: {escape_markdown(title)}", ""]
    lines += [f"What changed from {escape_markdown(old)} to {escape_markdown(new)}: {count_words(diff)}.", ""]
    for head, listed in (("Added", diff.added), ("Withdrawn", diff.withdrawn)):
        lines += _section(head, [item for one in listed for item in _listed_items(one)])
    lines += _section("Corrected", [item for one in diff.changed for item in _changed_items(one)])
    renamed = [
        f"- {_head(one.event)}: its id is {_code(one.event.id)}, and was {_code(one.was)}"
        for one in diff.renamed
    ]
    lines += _section("Under another id", renamed)
    sources = [
        item
        for source in diff.sources
        for item in _items(f"- {_code(source.id)}", list(source_words(source)))
    ]
    lines += _section("Sources", sources)
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(head: str, items: Sequence[str]) -> list[str]:
    return [f"## {head}", "", *items, ""] if items else []


def _listed_items(listed: ListedEvent) -> list[str]:
    if listed.is_withheld:
        return [f"- {_code(listed.event.id)}: {escape_markdown(listed_words(listed))}"]
    head = f"- {_head(listed.event)}: {escape_markdown(why_words(listed))}"
    return _items(head, [change_words(change) for change in listed.changes])


def _changed_items(changed: ChangedEvent) -> list[str]:
    return _items(f"- {_head(changed.event)}", [change_words(change) for change in changed.changes])


def _items(head: str, lines: Sequence[str]) -> list[str]:
    return [head, *(f"  - {escape_markdown(line)}" for line in lines)]


def _head(event: PublishedEvent) -> str:
    places = "; ".join(dict.fromkeys(place.name or "" for place in event.places if place.is_drawn))
    about = escape_markdown(", ".join(filter(None, (event.when_label, places))))
    return f"**{escape_markdown(event.title) or 'untitled'}** ({about})"


def _code(event_id: str) -> str:
    """An id, which has no character that could end the code."""
    return f"`{event_id}`"
