"""A page of the web to a document whose original lies on the disk, as it was received."""

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path

from geomap.errors import ConfigError, FetchError, OutputError
from geomap.extract.document import Document
from geomap.extract.read import document_of
from geomap.fetch.addresses import read_address
from geomap.fetch.page import MEDIA_TYPES, fetch_page
from geomap.files import write_all

__all__ = ["fetch_document"]


def fetch_document(
    url: str, originals: Path, *, retrieved: date, published: date | None = None
) -> tuple[Document, Path]:
    """Fetch a page and keep it in a folder, named by its SHA-256.

    Parameters
    ----------
    retrieved
        Today, in UTC.
    published
        Goes before whatever the page says of it.

    Returns
    -------
    document, original
        The document and the file that it was read from.

    Raises
    ------
    FetchError
        If the page is not fetched, or cannot be read; it is not kept then.
    MissingExtraError
        If it is HTML and trafilatura is not installed.
    OutputError
        If it cannot be kept, or a file with its name holds something else.
    """
    page = fetch_page(url)
    sha256 = hashlib.sha256(page.content).hexdigest()
    original = originals / f"{sha256}{MEDIA_TYPES[page.media_type]}"
    try:
        document = document_of(page.content, original, published=published)
    except ConfigError as error:
        why = "; ".join(problem.message for problem in error.problems)
        raise FetchError(f"{url}: fetched, but cannot be read: {why}") from error
    _keep(original, page.content)
    at = read_address(page.url)
    # Where it was got is known; what the page says of its own address is not.
    return replace(document, id=_name(at.host, at.target), url=page.url, retrieved=retrieved), original


def _keep(original: Path, content: bytes) -> None:
    try:
        if original.exists():
            if original.read_bytes() != content:
                raise OutputError(f"{original}: holds something else than its name says; move it away")
            return
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{original}: cannot be read: {error.strerror or error}") from error
    write_all(original.parent, {original.name: content})


def _name(host: str, target: str) -> str:
    """What a page is called where it does not say who published it when: its address without the query."""
    return f"{host}{target.partition('?')[0]}".rstrip("/")
