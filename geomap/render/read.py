"""The one place where this room touches the disk: its own template, scripts and styles."""

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any


@cache
def read_static(name: str) -> str:
    """Give one of the files that lie in `static/` or, for templates, beside this module."""
    folder = "" if name.endswith(".j2") else "static/"
    return (resources.files("geomap.render") / f"{folder}{name}").read_text(encoding="utf-8")


def read_asset(path: Path) -> bytes:
    """Give the bytes of a file of another package."""
    return path.read_bytes()


@cache
def read_messages() -> Mapping[str, Any]:
    """Give the page's words, by language: one file of `messages/` each; notes to translators stay in it."""
    folder = resources.files("geomap.render") / "messages"
    messages = {}
    for name in sorted(file.name for file in folder.iterdir() if file.name.endswith(".json")):
        words = json.loads((folder / name).read_text("utf-8"))
        words.pop("_note", None)
        messages[name.removesuffix(".json")] = words
    return messages
