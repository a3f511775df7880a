"""What people say of the columns of a foreign table: a mapping file."""

import re
import string
import warnings
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from geomap.model.records import Record, Source, Text


class MappedKey(StrEnum):
    """What a column can hold."""

    ID = "id"
    TITLE = "title"
    SUMMARY = "summary"
    TYPE = "type"
    MODALITY = "modality"
    WHEN = "when"
    START = "start"
    END = "end"
    PLACE = "place"
    COUNTRY = "country"
    LON = "lon"
    LAT = "lat"
    WKT = "wkt"
    PRECISION = "precision"
    RADIUS_M = "radius_m"
    METHOD = "method"
    ACTORS = "actors"
    CLAIMANTS = "claimants"
    URL = "url"
    PUBLISHER = "publisher"
    PUBLISHED = "published"
    TAGS = "tags"
    WORKFLOW = "workflow"


def _check_encoding(name: str) -> str:
    """An encoding whose letters of ASCII are those of ASCII: of the others a table cannot be parted into lines."""
    plain = string.printable
    try:
        is_known = not name or plain.encode().decode(name) == plain
    except (LookupError, ValueError, TypeError) as error:
        raise ValueError(f"no encoding of texts is called {name!r}; expected one such as cp1251") from error
    if not is_known:
        raise ValueError(f"{name!r} cannot be read line by line; save the file as UTF-8")
    return name


def _check_date_format(form: str) -> str:
    """A form that tells year, month and day apart: what it lacks would be made up."""
    for day in (date(1999, 2, 13), date(2013, 11, 24)):
        try:
            with warnings.catch_warnings():
                # Python 3.13 warns of forms without a year, which are refused here.
                warnings.simplefilter("ignore", DeprecationWarning)
                is_whole = not form or datetime.strptime(day.strftime(form), form).date() == day  # noqa: DTZ007
        except (ValueError, re.error) as error:
            raise ValueError(f"{form!r} is no form of days such as %d.%m.%Y") from error
        if not is_whole:
            raise ValueError(f"{form!r} does not tell year, month and day; expected one such as %d.%m.%Y")
    return form


class ImportMapping(Record):
    """What the columns of a foreign table hold."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    columns: dict[MappedKey, Text] = Field(default_factory=dict)
    """The column that holds each; what is not named here has no column."""
    values: dict[MappedKey, dict[str, str]] = Field(default_factory=dict)
    """What the words of a column mean, such as `type: {Shelling: strike/missile_artillery}`."""
    defaults: dict[MappedKey, str] = Field(default_factory=dict)
    """What an empty cell, or one without a column, means."""
    source: Source | None = None
    """Whom the data come from, and their licence."""
    id_prefix: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,60}$")] | None = None
    """What ids of events and sources begin with; the file's name else."""
    date_format: Annotated[str, AfterValidator(_check_date_format)] = ""
    """How days are written, as for `strptime`, such as `%d.%m.%Y`; EDTF and ISO 8601 else."""
    list_separator: Text = ";"
    """What parts several actors, claimants, tags or addresses in a cell."""
    layer: str = ""
    """The layer of a file that has several."""
    encoding: Annotated[str, AfterValidator(_check_encoding)] = ""
    decimal: Literal[".", ","] = "."
    """What parts the decimals of numbers in a table."""
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    crs: str = ""
    """The coordinate reference system of a file that does not say its own, such as `EPSG:3857`."""
