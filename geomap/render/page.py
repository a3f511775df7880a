"""The page: one HTML file that asks nothing of any network."""

import hashlib
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from typing import Any, Final

import folium
from branca.element import Figure
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup
from rjsmin import jsmin

from geomap.errors import GeomapError
from geomap.render.elements import stable_ids
from geomap.render.leaflet_assets import read_leaflet
from geomap.render.payload import scene_bytes
from geomap.render.read import read_static
from geomap.scene import Scene

SHARED_SCRIPTS: Final = (
    "messages.js", "text.js", "geometry.js", "packed-columns.js", "packed-texts.js", "data.js", "search.js",
    "alike.js", "filter.js", "glyphs.js", "military.js", "tally.js", "canvas-layer.js", "context-layer.js",
    "areas-layer.js", "points-layer.js", "movements.js", "card.js", "event-map.js",
)  # fmt: skip
"""What the page and the notebook map have in common; plain scripts, in the order they need each other."""

PAGE_SCRIPTS: Final = (
    *SHARED_SCRIPTS, "aside-layer.js", "state.js", "map-words.js", "bins.js", "basemap.js", "toolbar.js",
    "scopes.js", "results-list.js", "context-panel.js", "filter-panel.js", "timeline.js", "legend.js", "proof-panel.js",
    "takeaway.js", "paper.js", "address.js", "door.js", "main.js",
)  # fmt: skip
PAGE_STYLES: Final = ("page.css", "card.css")


_ISLAND: Final = "[island]"


class UnexpectedMarkupError(GeomapError):
    """folium drew something into the page's head that the page does not know how to vouch for."""


@dataclass(frozen=True, slots=True)
class TrustedBlock:
    """A script or style without any text from outside; its hash lets the browser run it and nothing else."""

    text: str

    def __post_init__(self) -> None:
        if re.search(r"</(script|style)|<!--", self.text, re.IGNORECASE) or "\r" in self.text:
            raise UnexpectedMarkupError("a script or style holds the mark that would end it")

    @property
    def source(self) -> str:
        """The block as CSP names it."""
        return f"'sha256-{b64encode(hashlib.sha256(self.text.encode()).digest()).decode()}'"

    @property
    def markup(self) -> Markup:
        """The text between its tags."""
        return Markup(self.text)


def draw_page(scene: Scene) -> str:
    """Draw a scene as a page that works from a file, offline; the same scene gives the same text."""
    return page_bytes(scene).decode()


def page_bytes(scene: Scene) -> bytes:
    """The page of `draw_page` in UTF-8, which is how it is written."""
    words = (scene.title, scene.subtitle, scene.language)
    mark = _ISLAND
    while any(mark in text for text in words):
        mark += _ISLAND
    before, _, after = _draw_around(scene, mark).partition(mark)
    return b"".join([before.encode(), scene_bytes(scene), after.encode()])


def _draw_around(scene: Scene, island: str) -> str:
    frame = _folium_frame()
    leaflet = read_leaflet()
    head_scripts = (TrustedBlock(read_static("early.js")), *frame.scripts, TrustedBlock(leaflet.script))
    body_scripts = (frame.map_script, TrustedBlock(enclose_scripts(PAGE_SCRIPTS)))
    own_styles = (TrustedBlock(read_static(name)) for name in PAGE_STYLES)
    styles = (TrustedBlock(leaflet.style), *frame.styles, *own_styles)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            language=_encodable(scene.language),
            title=_encodable(scene.title),
            subtitle=_encodable(scene.subtitle),
            policy=_policy((*head_scripts, *body_scripts), styles, scene.tiles),
            styles=styles,
            head_scripts=head_scripts,
            map_html=Markup(frame.map_html),
            island=Markup(island),
            body_scripts=body_scripts,
        )
    )


@cache
def enclose_scripts(names: tuple[str, ...]) -> str:
    """Join scripts into one that keeps its names to itself; their comments stay behind."""
    bodies = "\n".join(read_static(name).strip() for name in names)
    return f'(function () {{\n"use strict";\n{jsmin(bodies)}\n}})();\n'


def _policy(
    scripts: tuple[TrustedBlock, ...], styles: tuple[TrustedBlock, ...], tiles: Mapping[str, Any] | None
) -> str:
    # The host is one that xyzservices lists; no text of a project can name another.
    images = f"data: {tiles['host']}" if tiles else "data:"
    script_sources = " ".join(block.source for block in scripts)
    style_sources = " ".join(block.source for block in styles)
    return (
        f"default-src 'none'; script-src {script_sources}; style-src {style_sources}; "
        f"img-src {images}; base-uri 'none'; form-action 'none'"
    )


def _encodable(text: str) -> str:
    """Replace lone surrogates, which no file can hold; the page's script writes the title as it is."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(read_static),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """What folium makes of an empty map."""

    scripts: tuple[TrustedBlock, ...]
    styles: tuple[TrustedBlock, ...]
    map_html: str
    map_script: TrustedBlock


@cache
def _folium_frame() -> _Frame:
    """Let folium make the map; nothing of the scene goes through it, so every page has the same frame."""
    with stable_ids():
        drawn = folium.Map(
            location=(0.0, 0.0),
            zoom_start=2,
            tiles=None,
            control_scale=True,
            zoom_control="topleft",
            attribution_control=False,
            fade_animation=False,
            zoom_snap=0.25,
            wheel_px_per_zoom_level=90,
        )
        drawn.default_js = []
        drawn.default_css = []
        figure = drawn.get_root()
        if not isinstance(figure, Figure):
            raise UnexpectedMarkupError("folium no longer puts a map into a figure")
        for child in tuple(figure._children.values()):
            child.render()
        header, body, script = (part.render() for part in (figure.header, figure.html, figure.script))
    blocks = _HeadBlocks()
    blocks.feed(header)
    blocks.close()
    return _Frame(
        scripts=tuple(blocks.scripts),
        styles=tuple(blocks.styles),
        map_html=body.strip(),
        map_script=TrustedBlock(script),
    )


class _HeadBlocks(HTMLParser):
    """Takes the scripts and styles out of folium's head; its meta elements are replaced by the page's own."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[TrustedBlock] = []
        self.styles: list[TrustedBlock] = []
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "script", "style") or (attrs and tag != "meta"):
            raise UnexpectedMarkupError(f"folium put <{tag}> {attrs} into the head; is this folium newer?")
        self._open = tag if tag != "meta" else None

    def handle_endtag(self, tag: str) -> None:
        self._open = None

    def handle_data(self, data: str) -> None:
        if self._open == "script":
            self.scripts.append(TrustedBlock(data))
        elif self._open == "style":
            self.styles.append(TrustedBlock(data))
        elif data.strip():
            raise UnexpectedMarkupError(f"folium put text into the head: {data!r}")
