"""The one place where this room touches the disk: its own template, scripts and styles."""

from functools import cache
from importlib import resources
from pathlib import Path


@cache
def read_static(name: str) -> str:
    """Give one of the files that lie in `static/` or, for templates, beside this module."""
    folder = "" if name.endswith(".j2") else "static/"
    return (resources.files("geomap.render") / f"{folder}{name}").read_text(encoding="utf-8")


def read_asset(path: Path) -> bytes:
    """Give the bytes of a file of another package."""
    return path.read_bytes()
