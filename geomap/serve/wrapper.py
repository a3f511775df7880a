"""The page around the map: a template, a style and a script, which the browser runs by their hashes."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Wrapper:
    """The finished page, and the content security policy that goes with it."""

    html: bytes
    policy: str


def read_wrapper() -> Wrapper:
    """Put the page together from its files; nothing in it comes from outside."""
    folder = resources.files("geomap.serve")
    style, script, template = (
        (folder / name).read_text(encoding="utf-8")
        for name in ("static/preview.css", "static/preview.js", "preview.html.j2")
    )
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    html = environment.from_string(template).render(style=Markup(style), script=Markup(script))
    policy = (
        f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; connect-src 'self'; "
        "frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    return Wrapper(html.encode(), policy)


def _source(text: str) -> str:
    """A script or style as the policy names it."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
