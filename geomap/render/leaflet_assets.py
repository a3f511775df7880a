"""Leaflet's own files, from the package XStatic-Leaflet, checked and made fit for a page without requests."""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from xstatic.pkg import leaflet as xstatic_leaflet

from geomap.errors import DataFileError
from geomap.render.read import read_asset

LEAFLET_VERSION: Final = "1.9.3"

LEAFLET_SHA256: Final = MappingProxyType(
    {
        "leaflet.js": "5819285cec137b229c94e1ee5ad73e8b6b84345a4367d60f75fe477fe0fb7b03",
        "leaflet.css": "90b693d86392a4779c861b28cf307e7e59c3fb35328c4d8b95f58f814d38c722",
        "images/layers.png": "1dbbe9d028e292f36fcba8f8b3a28d5e8932754fc2215b9ac69e4cdecf5107c6",
        "images/layers-2x.png": "066daca850d8ffbef007af00b06eac0015728dee279c51f3cb6c716df7c42edf",
        "images/marker-icon.png": "574c3a5cca85f4114085b6841596d62f00d7c892c7b03f28cbfa301deb1dc437",
    }
)

_SOURCE_MAP = re.compile(r"\n//# sourceMappingURL=\S*\s*\Z")
_IMAGE = re.compile(r"url\((images/[\w.-]+\.png)\)")
_VML_RULE = re.compile(r"\s*behavior:\s*url\(#default#VML\);")


@dataclass(frozen=True, slots=True)
class LeafletAssets:
    """Leaflet's script and style sheet as text that names no other file."""

    script: str
    style: str


def read_leaflet(folder: Path | None = None) -> LeafletAssets:
    """Read Leaflet from the installed package, or from `folder` of the same layout.

    Raises
    ------
    DataFileError
        If a file is missing or is not, byte for byte, the one this release was tested with.
    """
    return _read(Path(xstatic_leaflet.BASE_DIR) if folder is None else folder)


@cache
def _read(folder: Path) -> LeafletAssets:
    script = _SOURCE_MAP.sub("\n", _checked(folder, "leaflet.js").decode())
    style = _checked(folder, "leaflet.css").decode().replace("\r\n", "\n")
    # Only Internet Explorer reads the VML rule; dropping it leaves no url() that is not a data URI.
    style = _VML_RULE.sub("", style)
    return LeafletAssets(script=script, style=_IMAGE.sub(lambda found: _data_uri(folder, found[1]), style))


def _checked(folder: Path, name: str) -> bytes:
    try:
        data = read_asset(folder / name)
    except OSError as problem:
        raise DataFileError(
            f"{folder / name}: cannot be read; reinstall XStatic-Leaflet {LEAFLET_VERSION}"
        ) from problem
    digest = hashlib.sha256(data).hexdigest()
    if digest != LEAFLET_SHA256[name]:
        raise DataFileError(
            f"{folder / name}: SHA-256 is {digest}, not that of Leaflet {LEAFLET_VERSION}; "
            f"reinstall XStatic-Leaflet {LEAFLET_VERSION}"
        )
    return data


def _data_uri(folder: Path, name: str) -> str:
    return f"url(data:image/png;base64,{b64encode(_checked(folder, name)).decode()})"
