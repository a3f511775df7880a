"""A page to a document: trafilatura tells which of its lines are the story, the source gives their words and places.

A. Barbaresi, "Trafilatura: A Web Scraping Library and Command-Line Tool for Text Discovery and Extraction" (ACL 2021).
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

import orjson

from geomap.errors import MissingExtraError
from geomap.extract.document import BlockKind, Document
from geomap.extract.furniture import is_byline
from geomap.extract.published import parse_day
from geomap.extract.segment import plain_document
from geomap.model.markup import Page, SeenLine, read_page

_START: Final = 16
"""Letters at the start of a paragraph by which it is found again."""
_LEAST_TO_JUMP: Final = 25
"""Letters from which a line is known for a paragraph of the story wherever it stands; shorter ones follow another."""
_SEPARATOR: Final = "\n\n"
_PUBLISHED_METAS: Final = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "publishdate",
    "publish_date", "publish-date", "pubdate", "pub_date", "parsely-pub-date", "sailthru.date", "publication_date",
    "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date", "dcterms.created", "article.published",
    "citation_publication_date", "cxenseparse:recs:publishtime", "date", "article:published", "date.issued",
)  # fmt: skip
_PUBLISHED_TIME: Final = re.compile(r"publi|posted|pubdate|entry-date|article|date")
_MOST_LINKED: Final = 10_000
_HEADLINE_TAGS: Final = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CELLS: Final = frozenset(["li", "td", "th", "dt", "dd"])
_TITLE_SIGN: Final = re.compile(r"\s+[|–—-]\s+")


@dataclass(frozen=True, slots=True)
class _Known:
    """What the head of a page says of its story."""

    title: str = ""
    publisher: str = ""
    author: str = ""
    published: date | None = None
    basis: str = ""


def html_document(
    source: str,
    *,
    id: str = "",  # noqa: A002
    published: date | None = None,
    published_basis: str = "",
    sha256: str = "",
) -> Document:
    """The story of an HTML source; its text is what is seen, with the place of each character in the source.

    Parameters
    ----------
    published
        Goes before what the page says of it: its `meta` elements, its linked data, its `time` elements, its lines.
    sha256
        Of the stored original; that of `source` in UTF-8 if empty.

    Raises
    ------
    MissingExtraError
        If trafilatura is not installed.
    """
    page = read_page(source)
    told = _told(page.lines, _main_text(source))
    known = _known(page, told)
    lines = _with_headline(page.lines, told, known.title)
    text, starts, ends, kinds = _joined(lines, known.title)
    if published is None:
        published, published_basis = known.published, known.basis
    document = plain_document(
        text,
        id=id,
        published=published,
        published_basis=published_basis,
        title=known.title,
        publisher=known.publisher,
        author=known.author,
        url=page.canonical or page.metas.get("og:url", ""),
        sha256=sha256 or hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest(),
        origins=starts,
        origin_ends=ends,
        kinds=kinds,
    )
    return document if document.language else replace(document, language=_language(page))


def _main_text(source: str) -> str:
    try:
        from trafilatura import extract
    except ImportError as cause:
        raise MissingExtraError("to read HTML, run pip install geomap[draft]") from cause
    # Lone surrogates cannot go through its parser; the text found is only compared, so a question mark does.
    clean = source.encode("utf-8", "replace").decode("utf-8")
    return extract(clean, include_comments=False, include_tables=True) or ""


# Which lines are the story


def _key(text: str) -> str:
    """The letters and digits of a text: all that two renderings of it must have in common."""
    return "".join(filter(str.isalnum, text.casefold()))


def _told(lines: Sequence[SeenLine], main_text: str) -> list[int]:
    """Numbers of the lines that the main text holds; without one, of all lines outside `nav` and the like.

    The main text is followed letter by letter: a line belongs to it if it goes on where the last one ended, or if it
    is long and begins one of its paragraphs.
    """
    paragraphs = [key for key in map(_key, main_text.splitlines()) if key]
    if not paragraphs:
        seen = [number for number, line in enumerate(lines) if not line.is_aside]
        return seen or list(range(len(lines)))
    whole = "".join(paragraphs)
    places: dict[str, list[int]] = {}
    at = 0
    for paragraph in paragraphs:
        places.setdefault(paragraph[:_START], []).append(at)
        at += len(paragraph)
    for found in places.values():
        found.reverse()
    told, at = [], 0
    for number, line in enumerate(lines):
        key = _key(line.text)
        if not key:
            continue
        if whole.startswith(key, at):
            told.append(number)
            at += len(key)
        elif len(key) >= _LEAST_TO_JUMP and (waiting := places.get(key[:_START])):
            place = waiting[-1]
            if _same_start(whole, place, key):
                waiting.pop()
                told.append(number)
                at = place + len(key)
    return told


def _same_start(whole: str, place: int, key: str) -> bool:
    """Whether a line begins like the text at a place, for most of the line: a page may have left a word out."""
    least = max(_LEAST_TO_JUMP, len(key) // 2)
    return whole.startswith(key[:least], place)


def _with_headline(lines: Sequence[SeenLine], told: Sequence[int], title: str) -> list[SeenLine]:
    """The told lines with the headline before them and the captions among them."""
    if not told:
        return []
    kept = set(told)
    first, last = told[0], told[-1]
    wanted = _key(title)
    headline = next(
        (
            n
            for n in range(first, -1, -1)
            if lines[n].tag == "h1" or (wanted and _key(lines[n].text) == wanted)
        ),
        None,
    )
    if headline is not None and _key(lines[headline].text) not in {_key(lines[n].text) for n in told[:3]}:
        kept.add(headline)
    begin = first if headline is None else headline
    kept |= {number for number in range(begin, last + 1) if lines[number].tag == "figcaption"}
    # Who wrote it and when stands beside the headline; the main text leaves it out.
    until = told[1] if len(told) > 1 else first
    kept |= {number for number in range(max(0, begin - 2), until) if is_byline(lines[number].text)}
    return [lines[number] for number in sorted(kept)]


def _joined(
    lines: Sequence[SeenLine], title: str
) -> tuple[str, tuple[int, ...], tuple[int, ...], dict[int, BlockKind]]:
    """One text of all lines, the places of its characters, and what the tags say of its lines."""
    texts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    kinds: dict[int, BlockKind] = {}
    wanted = _key(title)
    for line in lines:
        if texts:
            # What parts two lines stands in the source between them.
            starts += [ends[-1]] * len(_SEPARATOR)
            ends += [ends[-1]] * len(_SEPARATOR)
        if line.tag in _HEADLINE_TAGS or (wanted and _key(line.text) == wanted):
            kinds[len(starts)] = BlockKind.HEADLINE
        elif line.tag in _CELLS:
            kinds[len(starts)] = BlockKind.PARAGRAPH
        elif line.tag == "figcaption":
            kinds[len(starts)] = BlockKind.CAPTION
        texts.append(line.text)
        starts += line.starts
        ends += line.ends
    return _SEPARATOR.join(texts), tuple(starts), tuple(ends), kinds


# What a page says of itself


def _known(page: Page, told: Sequence[int]) -> _Known:
    metas = page.metas
    stories = [item for item in _linked(page.linked_data) if "datePublished" in item or "headline" in item]
    story: dict[str, Any] = stories[0] if stories else {}
    title = metas.get("og:title") or metas.get("twitter:title") or _text(story.get("headline")) or page.title
    publisher = metas.get("og:site_name") or _name(story.get("publisher"))
    author = metas.get("author") or _name(story.get("author")) or metas.get("article:author", "")
    if author.startswith(("http:", "https:")):
        author = ""
    published, basis = _published(page, stories, told)
    return _Known(_without_outlet(title, publisher, page.lines), publisher, author, published, basis)


def _without_outlet(title: str, publisher: str, lines: Sequence[SeenLine]) -> str:
    """A title without the name of the outlet behind it, if a heading of the page or the publisher's name shows it."""
    title = " ".join(title.split())
    headings = {_key(line.text) for line in lines if line.tag == "h1"}
    if _key(title) in headings:
        return title
    for sign in reversed(list(_TITLE_SIGN.finditer(title))):
        head, tail = title[: sign.start()], title[sign.end() :]
        if _key(head) in headings or (publisher and _key(tail) == _key(publisher)):
            return head
    return title


def _published(page: Page, stories: Sequence[dict[str, Any]], told: Sequence[int]) -> tuple[date | None, str]:
    for name in _PUBLISHED_METAS:
        if (day := parse_day(page.metas.get(name, ""))) is not None:
            return day, f"meta element {name}: {page.metas[name]!r}"
    for story in stories:
        written = _text(story.get("datePublished"))
        if (day := parse_day(written)) is not None:
            return day, f"datePublished in the page's linked data: {written!r}"
    before = page.lines[told[min(2, len(told) - 1)]].starts[0] if told else 0
    times = [(written, what) for at, written, what in page.times if at < before]
    for written, what in times:
        if (_PUBLISHED_TIME.search(what) or len(times) == 1) and (day := parse_day(written)) is not None:
            return day, f"time element before the story: {written!r}"
    return None, ""


def _linked(sources: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Every object of the linked data that is not inside another's property, but for lists and `@graph`."""
    waiting: list[Any] = []
    for source in sources:
        try:
            waiting.append(orjson.loads(source.encode("utf-8", "replace")))
        except orjson.JSONDecodeError:
            continue  # pages carry broken scripts; what they say is sought elsewhere
    waiting.reverse()
    for _ in range(_MOST_LINKED):
        if not waiting:
            return
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(reversed(item))
        elif isinstance(item, dict):
            yield item
            waiting.append(item.get("@graph"))


def _text(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


def _name(value: Any) -> str:
    """The name of a person or an organisation in linked data, or of several."""
    if isinstance(value, list):
        return ", ".join(name for name in map(_name, value[:20]) if name)
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _language(page: Page) -> str:
    """The language that a page states; its text goes before it, since templates are marked `en` the world over."""
    stated = re.match(r"[a-z]{2}(?![a-z])", page.language.strip().lower())
    return stated.group() if stated else ""
