"""No secret in an output: what the environment says is one is looked for in all that a map shows.

The page and several formats pack their texts, so looking through finished files is not enough: the texts that enter
are looked through before they are packed, and the files after.
"""

import html
import json
import mmap
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, quote_plus

import numpy as np

from geomap.errors import OutputError
from geomap.model.columns import Coded, Numbers, PlaceNames, Texts
from geomap.model.table import Details, EventTable

if TYPE_CHECKING:
    from geomap.pipeline import Project

ENVIRONMENT: Final = "GEOMAP_SECRETS"
"""Names other environment variables, parted by commas, whose values are secrets."""
LEAST: Final = 8
"""Shorter ones would be found in texts that have nothing to do with them."""

# Keys of online services are read from such variables.
_KEY: Final = re.compile(r"GEOMAP_[A-Z0-9_]+_KEY")
_STEP: Final = "nothing was written; take it out of the map's files"


@dataclass(frozen=True, slots=True)
class KnownSecret:
    """A secret by the environment variable that holds it; its value shows itself to nobody by accident.

    `forms` are the value as it is, and as it stands in JSON, in addresses and in HTML or XML.
    """

    name: str
    forms: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, name: str, value: str) -> "KnownSecret":
        """The secret of a value."""
        in_json = [json.dumps(value, ensure_ascii=own)[1:-1] for own in (True, False)]
        in_script = [re.sub("[<>&]", lambda match: f"\\u{ord(match.group()):04x}", text) for text in in_json]
        in_address = [quote(value), quote(value, safe=""), quote_plus(value)]
        in_markup = [html.escape(value, quote=False), html.escape(value)]
        return cls(name, tuple(dict.fromkeys([value, *in_json, *in_script, *in_address, *in_markup])))

    def is_in(self, text: str) -> bool:
        """Whether a text holds it."""
        return any(form in text for form in self.forms)


def known_secrets(environment: Mapping[str, str] | None = None) -> tuple[tuple[KnownSecret, ...], list[str]]:
    """The secrets that the environment tells of, and remarks on those that it should and does not.

    They are the values of the variables `GEOMAP_…_KEY`, and of those that `GEOMAP_SECRETS` names.

    Raises
    ------
    OutputError
        If one is too short to be looked for.
    """
    environment = os.environ if environment is None else environment
    named = [name.strip() for name in environment.get(ENVIRONMENT, "").split(",")]
    names = dict.fromkeys([*sorted(filter(_KEY.fullmatch, environment)), *filter(None, named)])
    secrets, remarks = [], []
    for name in names:
        value = environment.get(name, "").strip()
        if not value:
            remarks.append(f"{name} is not set, so no output was searched for it")
        elif len(value) < LEAST:
            raise OutputError(
                f"{name} has fewer than {LEAST} characters, too few to look for; it is no secret"
            )
        else:
            secrets.append(KnownSecret.of(name, value))
    return tuple(secrets), remarks


def check_texts(project: "Project", secrets: Sequence[KnownSecret]) -> None:
    """Look for secrets in the texts that a map shows, before any format packs them.

    Raises
    ------
    OutputError
        If one holds a secret.
    """
    for secret in secrets:
        if secret.is_in(project.config.map.model_dump_json()):
            raise OutputError(f"{project.config.path}: holds the value of {secret.name}; {_STEP}")
        for context in project.contexts:
            if any(secret.is_in(shape.label) for shape in context.shapes):
                raise OutputError(f"{context.path}: a label holds the value of {secret.name}; {_STEP}")
        _check_table(project.table, secret)


def _check_table(table: EventTable, secret: KnownSecret) -> None:
    for columns in (table.columns, table.asides.columns):
        for name, column in columns.items():
            if _holds(column, secret):
                # A value of a column may be that of no row.
                row = next((row for row, value in enumerate(column) if _holds(value, secret)), None)
                if row is None:
                    continue
                event = columns["event_id"][row]
                if secret.is_in(event):
                    event = "an event whose id it is in"
                raise OutputError(f"{name} of {event} holds the value of {secret.name}; {_STEP}")


def _holds(value: Any, secret: KnownSecret) -> bool:
    """Whether a secret stands anywhere in a value: a column, or plain values in each other."""
    if value is None or isinstance(value, int | float | Numbers):
        return False
    if isinstance(value, str):
        return secret.is_in(value)
    if isinstance(value, Texts):
        return _is_in_arrow(value.array, secret)
    if isinstance(value, Coded):
        return _holds(value.values, secret)
    if isinstance(value, PlaceNames):
        return _holds(value.names, secret)
    if isinstance(value, Details):
        plain = value.plain
        parts = (value.own, plain.reason, plain.sources, plain.actors)
        return any(_holds(part, secret) for part in parts)
    if isinstance(value, Mapping):
        return any(_holds(part, secret) for item in value.items() for part in item)
    if isinstance(value, Iterable) and not (isinstance(value, np.ndarray) and value.dtype.kind != "O"):
        return any(_holds(part, secret) for part in value)
    return False  # moments, numbers and the like


def _is_in_arrow(array: Any, secret: KnownSecret) -> bool:
    import pyarrow.compute as pc

    return any(pc.any(pc.match_substring(array, form)).as_py() for form in secret.forms)


def check_contents(contents: Mapping[str, bytes], secrets: Sequence[KnownSecret]) -> None:
    """Look for secrets in finished files in memory.

    Raises
    ------
    OutputError
        If one holds a secret as it is.
    """
    for name, content in contents.items():
        _check_bytes(name, content, secrets)


def check_files(folder: Path, secrets: Sequence[KnownSecret]) -> None:
    """Look for secrets in the finished files of a folder, however large.

    Raises
    ------
    OutputError
        If one holds a secret as it is.
    """
    for path in _filled(folder) if secrets else ():
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            _check_bytes(path.name, content, secrets)


def _filled(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.iterdir()) if path.stat().st_size)


def _check_bytes(name: str, content: "bytes | mmap.mmap", secrets: Sequence[KnownSecret]) -> None:
    for secret in secrets:
        for form in secret.forms:
            if content.find(form.encode("utf-8", "surrogatepass")) >= 0:
                raise OutputError(f"{name}: holds the value of {secret.name}; {_STEP}")
