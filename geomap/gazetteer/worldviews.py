"""Worldviews: whose a region is, where that differs from the base tables."""

from collections.abc import Mapping
from dataclasses import dataclass

CUSTOM = "custom"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A worldview: `title` is what the legend prints, `owners` maps region ids to country codes.

    Only what differs from the base tables, which follow ISO 3166 and the United Nations, is listed.
    """

    id: str = CUSTOM
    title: str
    owners: Mapping[str, str]
    note: str = ""
    source: str = ""
    date: str = ""
