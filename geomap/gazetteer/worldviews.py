"""Worldviews: whose a region is, where that differs from the base tables."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from geomap.yamlfile import read_yaml

CUSTOM = "custom"


class View(BaseModel):
    """A worldview: `title` is what the legend prints, `owners` maps region ids to country codes.

    Only what differs from the base tables, which follow ISO 3166 and the United Nations, is listed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, StringConstraints(min_length=1)]
    owners: dict[str, Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]]
    note: str = ""
    source: str = ""
    date: str = ""


class _ViewsFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: Annotated[Literal[1], Field(alias="schema")]
    default: str
    views: dict[str, View]


def read_views(folder: Path, custom: Path | None = None) -> dict[str, View]:
    """Read the worldviews that geomap carries and, under the id `custom`, a user's own table.

    Raises
    ------
    ConfigError
        If a table is not of the documented form.
    """
    views = dict(read_yaml(folder / "worldviews.yaml").parse(_ViewsFile).views)
    if custom is not None:
        views[CUSTOM] = read_yaml(custom).parse(View)
    return views
