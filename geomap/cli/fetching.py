"""The options by which `draft` fetches pages."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from geomap.cli.terminal import remark
from geomap.fetch.addresses import looks_like_address, masked, read_address

if TYPE_CHECKING:
    from geomap.extract.document import Document

DocumentsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILES",
        help="Texts, Markdown, HTML, or JSON Lines of documents, with --fetch addresses of pages;"
        " with --parts folders as well.",
        show_default=False,
    ),
]
FetchOption = Annotated[
    bool, typer.Option("--fetch", help="Fetch the pages whose addresses are given; else nothing is.")
]
OriginalsOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR", help="Where fetched pages are kept as received; default: originals/ beside --out."
    ),
]


def part_files(named: Sequence[str]) -> tuple[list[Path], list[str]]:
    """What is named as files, and what as addresses."""
    files = [Path(name) for name in named if not looks_like_address(name)]
    return files, [name for name in named if looks_like_address(name)]


def asked_originals(
    addresses: Sequence[str], *, is_asked: bool, originals: Path | None, out: Path | None
) -> Path | None:
    """The folder to keep fetched pages in; None where none are to be fetched.

    Raises
    ------
    BadParameter
        If there are addresses without `--fetch`, or the other way round; if one of them is none of a page; if it is
        not said where to keep the pages.
    """
    if not is_asked:
        if addresses:
            raise typer.BadParameter(
                f"{masked(addresses[0])} is an address; nothing was fetched: add --fetch, or save the page"
            )
        if originals is not None:
            raise typer.BadParameter("--originals goes with --fetch")
        return None
    if not addresses:
        raise typer.BadParameter("--fetch goes with addresses, such as https://example.org/article")
    for address in addresses:
        try:
            read_address(address)
        except ValueError as error:
            raise typer.BadParameter(f"{masked(address)}: {error}; nothing was fetched") from error
    if originals is None and out is None:
        raise typer.BadParameter("--fetch keeps what it fetched: say where with --originals or --out")
    return originals or (out.parent / "originals" if out else None)


def fetch_original(address: str, originals: Path, published: date | None) -> "tuple[Document, Path]":
    """The document at an address, and where its original is kept; says where it was found instead."""
    from geomap.pipeline.fetching import fetch_document

    document, original = fetch_document(address, originals, retrieved=today(), published=published)
    if document.url != str(read_address(address)):
        remark(f"{address}: redirected to {document.url}")
    return document, original


def today() -> date:
    """The day that it is in UTC."""
    return datetime.now(UTC).date()
