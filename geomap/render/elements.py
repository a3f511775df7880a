"""What we hand to branca: finished text, and ids that are the same in every build."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from branca.element import Element, Figure


class Verbatim(Element):  # type: ignore[misc, unused-ignore]
    """Finished text; branca would parse a plain `Element` as Jinja again."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **kwargs: object) -> str:
        """Give the text as it is."""
        return self._text


class FinishedParts(Element):  # type: ignore[misc, unused-ignore]
    """A child of a map that adds finished text to the figure's header, body and script.

    It adds when it is rendered, so its script comes after the one that makes the map; it adds under fixed
    names, so rendering twice gives the same page.
    """

    def __init__(self, *, header: str, html: str, script: str) -> None:
        super().__init__()
        self._name = "GeomapScene"
        self._parts = {"header": Verbatim(header), "html": Verbatim(html), "script": Verbatim(script)}

    def render(self, **kwargs: object) -> str:
        """Put the parts into the figure."""
        figure = self.get_root()
        if not isinstance(figure, Figure):
            raise TypeError("render this through its map: map.save(...) or map.get_root().render()")
        for name, part in self._parts.items():
            getattr(figure, name).add_child(part, name=self.get_name())
        return ""


_next_id: ContextVar[Iterator[int] | None] = ContextVar("geomap_next_element_id", default=None)
_HOOK = "_generate_id"
_patch_lock = threading.Lock()
_patch_depth = 0
_original: Any = None


@contextmanager
def stable_ids() -> Iterator[None]:
    """Number the elements made inside, in this thread or task, from 1; branca draws ids at random.

    Elements that other threads make meanwhile keep branca's own ids; the patch is gone once nobody needs it.
    """
    _install()
    token = _next_id.set(iter(range(1, 2**63)))
    try:
        yield
    finally:
        _next_id.reset(token)
        _remove()


def _generate_id(cls: type[Element]) -> str:
    counter = _next_id.get()
    if counter is None:
        drawn: str = _original.__func__(cls)
        return drawn
    return f"{next(counter):032x}"


def _install() -> None:
    global _patch_depth, _original
    with _patch_lock:
        if _patch_depth == 0:
            _original = Element.__dict__[_HOOK]
            setattr(Element, _HOOK, classmethod(_generate_id))
        _patch_depth += 1


def _remove() -> None:
    global _patch_depth
    with _patch_lock:
        _patch_depth -= 1
        if _patch_depth == 0:
            setattr(Element, _HOOK, _original)
