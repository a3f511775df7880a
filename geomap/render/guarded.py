"""A folium map on which texts are letters to branca, also those that people put on it with folium's own layers.

branca renders each part of a map, then hands what came out to `Element(text)`, which reads it as a Jinja template
again: braces in a popup would be run, or stop the map. Here a text given to `Element` while such a map renders is
finished text, and so is one that was given to an `Element` before it was put on the map. Templates that folium and
branca define on their classes, and macros that people write for their own elements, work as ever.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from html import escape
from typing import Any, Final

import folium
from branca.element import Div, Element, Figure

from geomap.render.elements import Verbatim

_PARTS: Final = ("header", "html", "script")
# The one template that branca itself passes as a text.
_KNOWN: Final = frozenset({Div().html._template_str})

_is_guarded: ContextVar[bool] = ContextVar("geomap_texts_are_letters", default=False)
_patch_lock = threading.Lock()
_patch_depth = 0
_original: dict[str, Any] = {}


class GuardedMap(folium.Map):  # type: ignore[misc, unused-ignore]
    """A `folium.Map` whose texts are letters to branca; it takes what `folium.Map` takes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        GuardedFigure().add_child(self)

    def render(self, **kwargs: Any) -> None:  # type: ignore[override, unused-ignore]
        """Render the map into its figure, which may be one of branca's own."""
        with _texts_are_letters():
            super().render(**kwargs)  # type: ignore[no-untyped-call, unused-ignore]


class _GuardedPart(Element):  # type: ignore[misc, unused-ignore]
    """The header, body or script of a figure, which people also render by itself."""

    def render(self, **kwargs: Any) -> str:
        with _texts_are_letters():
            return str(super().render(**kwargs))


class GuardedFigure(Figure):  # type: ignore[misc, unused-ignore]
    """The frame of a guarded map: `save`, a notebook and `get_root().render()` all come through here.

    What a rendering adds is taken away before the next one, so that the same map gives the same page again.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._drawn: list[tuple[Element, str, Element]] = []
        for name in _PARTS:
            part = _GuardedPart()
            part._parent = self
            part._children = getattr(self, name)._children
            setattr(self, name, part)

    def render(self, **kwargs: Any) -> str:
        """Render the page; what was put on the map is letters to branca."""
        for parent, name, child in self._drawn:
            if parent._children.get(name) is child:
                del parent._children[name]
        given = [(parent, set(parent._children)) for parent in self._parents()]
        title = self.title
        # branca puts the title into the head as it is.
        self.title = escape(title) if isinstance(title, str) else title
        try:
            with _texts_are_letters():
                return str(super().render(**kwargs))
        finally:
            self.title = title
            self._drawn = [
                (parent, name, child)
                for parent, own in given
                for name, child in parent._children.items()
                if name not in own
            ]

    def _parents(self) -> list[Element]:
        """The figure and all that is put on it, at any depth."""
        found: list[Element] = [self, *(getattr(self, name) for name in _PARTS)]
        for parent in found:  # which grows meanwhile
            found += parent._children.values()
        return found


@contextmanager
def _texts_are_letters() -> Iterator[None]:
    """Let `Element(text)` be finished text inside, in this thread or task.

    Elsewhere branca stays as it is meanwhile; the patch is gone once nobody needs it.
    """
    _install()
    token = _is_guarded.set(True)
    try:
        yield
    finally:
        _is_guarded.reset(token)
        _remove()


def _init(self: Element, template: str | None = None, template_name: str | None = None) -> None:
    if template is not None and _is_letters(self, template):
        _original["__init__"](self)
        # With the class goes the template, which would be read again when the map is unpickled.
        self.__class__ = Verbatim
        self._text = _as_jinja_ends(template)  # type: ignore[attr-defined, unused-ignore]
    else:
        _original["__init__"](self, template, template_name)


def _render(self: Element, **kwargs: Any) -> str:
    if _is_letters(self, self._template_str):
        return _as_jinja_ends(str(self._template_str))
    return str(_original["render"](self, **kwargs))


def _as_jinja_ends(text: str) -> str:
    # Of a template Jinja leaves out the last line end; so the page is the one that folium makes, byte by byte.
    return text.removesuffix("\n")


def _is_letters(element: Element, template: str | None) -> bool:
    """Whether an element's template is a text: classes of their own hold templates that somebody wrote as such."""
    return _is_guarded.get() and type(element) is Element and template is not None and template not in _KNOWN


_GUARDS: Final[dict[str, Any]] = {"__init__": _init, "render": _render}


def _install() -> None:
    global _patch_depth
    with _patch_lock:
        if _patch_depth == 0:
            for name, guard in _GUARDS.items():
                _original[name] = vars(Element)[name]
                setattr(Element, name, guard)
        _patch_depth += 1


def _remove() -> None:
    global _patch_depth
    with _patch_lock:
        _patch_depth -= 1
        if _patch_depth == 0:
            for name, before in _original.items():
                setattr(Element, name, before)
