"""What the peers need and the project does not: an environment of Python, and copies of what their pages ask of CDNs.

Both are fetched once, from PyPI and npm in pinned versions, into a folder that git ignores.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from runs import ROOT, NotMeasuredError, tell

REQUIREMENTS: Final = (
    "folium==0.20.0", "branca==0.8.2", "geopandas==1.2.0", "mapclassify==2.10.0", "matplotlib==3.11.2",
    "pydeck==0.9.3", "plotly==7.1.0", "pandas==3.1.1", "pyarrow==26.0.1",
)  # fmt: skip
NPM: Final = {
    "@fortawesome/fontawesome-free": "6.2.0",
    "bootstrap": "5.2.2",
    "iso8601-js-period": "0.2.1",
    "jquery": "3.7.1",
    "jquery-ui-dist": "1.12.1",
    "leaflet": "1.9.3",
    "leaflet-timedimension": "1.1.1",
    "leaflet.awesome-markers": "2.0.5",
    "leaflet.markercluster": "1.1.0",
    "leaflet.timeline": "1.6.0",
    "moment": "2.18.1",
}

_JSDELIVR: Final = "https://cdn.jsdelivr.net/npm"
_CDNJS: Final = "https://cdnjs.cloudflare.com/ajax/libs"
COPIES: Final = {
    f"{_JSDELIVR}/leaflet@1.9.3/dist/leaflet.js": (
        "leaflet/dist/leaflet.js",
        "5819285cec137b229c94e1ee5ad73e8b6b84345a4367d60f75fe477fe0fb7b03",
    ),
    f"{_JSDELIVR}/leaflet@1.9.3/dist/leaflet.css": (
        "leaflet/dist/leaflet.css",
        "90b693d86392a4779c861b28cf307e7e59c3fb35328c4d8b95f58f814d38c722",
    ),
    f"{_JSDELIVR}/leaflet@1.9.3/dist/images/marker-icon.png": (
        "leaflet/dist/images/marker-icon.png",
        "574c3a5cca85f4114085b6841596d62f00d7c892c7b03f28cbfa301deb1dc437",
    ),
    f"{_JSDELIVR}/leaflet@1.9.3/dist/images/marker-shadow.png": (
        "leaflet/dist/images/marker-shadow.png",
        "264f5c640339f042dd729062cfc04c17f8ea0f29882b538e3848ed8f10edb4da",
    ),
    "https://code.jquery.com/jquery-3.7.1.min.js": (
        "jquery/dist/jquery.min.js",
        "fc9a93dd241f6b045cbff0481cf4e1901becd0e12fb45166a8f17f95823f0b1a",
    ),
    f"{_CDNJS}/jquery/3.7.1/jquery.min.js": (
        "jquery/dist/jquery.min.js",
        "fc9a93dd241f6b045cbff0481cf4e1901becd0e12fb45166a8f17f95823f0b1a",
    ),
    "https://code.jquery.com/ui/1.12.1/jquery-ui.js": (
        "jquery-ui-dist/jquery-ui.js",
        "4f455eb2ddf2094ee969f470f6bfac7adb4c057e8990a374e9da819e943c777d",
    ),
    f"{_JSDELIVR}/bootstrap@5.2.2/dist/js/bootstrap.bundle.min.js": (
        "bootstrap/dist/js/bootstrap.bundle.min.js",
        "c4b2394a30fa0e4a23c6b308541353e20872a6fd765ed8fb70e6b402029deb00",
    ),
    f"{_JSDELIVR}/bootstrap@5.2.2/dist/css/bootstrap.min.css": (
        "bootstrap/dist/css/bootstrap.min.css",
        "2143941c03dacda8b4f1016ced6e0c6f34e5c04585a3bcffe33c3c626c448a4a",
    ),
    f"{_CDNJS}/Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.js": (
        "leaflet.awesome-markers/dist/leaflet.awesome-markers.js",
        "8b0382d98ee76b3706729ebfb2c088b99be258aa30f6054de67b527602348d07",
    ),
    f"{_CDNJS}/Leaflet.awesome-markers/2.0.2/leaflet.awesome-markers.css": (
        "leaflet.awesome-markers/dist/leaflet.awesome-markers.css",
        "bfba947d37a17ffa470a27a764affd7115cc747bae47e5ac24386feb5e99321c",
    ),
    f"{_CDNJS}/Leaflet.awesome-markers/2.0.2/images/markers-soft.png": (
        "leaflet.awesome-markers/dist/images/markers-soft.png",
        "e41bc4be3d9cc8fcda26990db42fde1990230d352bc5f6f614fe89e163fb4edb",
    ),
    f"{_CDNJS}/Leaflet.awesome-markers/2.0.2/images/markers-shadow.png": (
        "leaflet.awesome-markers/dist/images/markers-shadow.png",
        "8703a2262710f5e3d29e65d2acdf90d6512e159e119d27b8234731d8a6208a20",
    ),
    f"{_JSDELIVR}/@fortawesome/fontawesome-free@6.2.0/css/all.min.css": (
        "@fortawesome/fontawesome-free/css/all.min.css",
        "01b035efb5dfa529c512f82962ed633328222da6f33c224244806d4798c67349",
    ),
    f"{_JSDELIVR}/@fortawesome/fontawesome-free@6.2.0/webfonts/fa-solid-900.woff2": (
        "@fortawesome/fontawesome-free/webfonts/fa-solid-900.woff2",
        "d27bc752105c079f8a516e9142406a9fc12cbb409f9bf8681f2ddfe0360b52a6",
    ),
    f"{_CDNJS}/leaflet.markercluster/1.1.0/leaflet.markercluster.js": (
        "leaflet.markercluster/dist/leaflet.markercluster.js",
        "7e1a592d5bf4b1698700edecc0ac091166d41d3c31373611627b4e7b9faef067",
    ),
    f"{_CDNJS}/leaflet.markercluster/1.1.0/MarkerCluster.css": (
        "leaflet.markercluster/dist/MarkerCluster.css",
        "f9b756b96397305917d2ff42bebdce58294f89879f0d0cfd18664fffbc59c5d7",
    ),
    f"{_CDNJS}/leaflet.markercluster/1.1.0/MarkerCluster.Default.css": (
        "leaflet.markercluster/dist/MarkerCluster.Default.css",
        "2d687359a406651b1616bac9c60fba667f134fce24d3fb6bb621c173aa9c1a96",
    ),
    f"{_JSDELIVR}/iso8601-js-period@0.2.1/iso8601.min.js": (
        "iso8601-js-period/iso8601.js",
        "11cc8cebc501d5c52af768a6ad2c753168230ee08c23a0e607fe86a3caac62fd",
    ),
    f"{_JSDELIVR}/leaflet-timedimension@1.1.1/dist/leaflet.timedimension.min.js": (
        "leaflet-timedimension/dist/leaflet.timedimension.min.js",
        "54e4ce1be18d35adcb3afefd25c02ad89cf1746d6c7b3a675f61d3357f23ed60",
    ),
    f"{_JSDELIVR}/leaflet-timedimension@1.1.1/dist/leaflet.timedimension.control.css": (
        "leaflet-timedimension/dist/leaflet.timedimension.control.css",
        "1c1e86e6db1f06680b676d9387188c2c83086b27f7f5abf15f02d38af21f33dd",
    ),
    f"{_CDNJS}/moment.js/2.18.1/moment.min.js": (
        "moment/min/moment.min.js",
        "d618d4869738e0dc22360f0ec0cbb6433257843f24723fac240dda0906685238",
    ),
    f"{_JSDELIVR}/leaflet.timeline@1.6.0/dist/leaflet.timeline.min.js": (
        "leaflet.timeline/dist/leaflet.timeline.js",
        "268af97f1eb56125a6da2a733328353d2f1acf691e29835ac48f15311285e9e6",
    ),
}
"""By the address that a page asks for: the file of a package of npm, and its SHA-256. No address but these is answered;
`iso8601.min.js` and `leaflet.timeline.min.js` are made small by the CDN itself and stand in no package."""


def peer_python(folder: Path) -> Path:
    """The Python of the peers' environment, which is made where it is missing or of other versions.

    Raises
    ------
    NotMeasuredError
        If it cannot be made.
    """
    home, ready = folder / "venv", folder / "venv" / "requirements.txt"
    python = home / "bin" / "python"
    wanted = "\n".join(REQUIREMENTS)
    if not (ready.is_file() and ready.read_text(encoding="utf-8") == wanted):
        tell(f"fetching the peers' packages of Python into {home}")
        _demand((sys.executable, "-m", "venv", "--clear", str(home)), "no environment of Python")
        install = (str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        _demand((*install, *REQUIREMENTS), "the peers' packages cannot be installed")
        ready.write_text(wanted, encoding="utf-8")
    return python


def cdn_copies(folder: Path) -> dict[str, Path]:
    """The files that answer what the peers' pages ask for, by address; fetched where one is missing.

    Raises
    ------
    NotMeasuredError
        If they cannot be fetched, or one is not the file that it was.
    """
    home = folder / "npm"
    files = {address: home / "node_modules" / path for address, (path, _) in COPIES.items()}
    if not all(file.is_file() for file in files.values()):
        tell(f"fetching what the peers' pages ask for into {home}")
        home.mkdir(parents=True, exist_ok=True)
        (home / "package.json").write_text(
            json.dumps({"private": True, "dependencies": NPM}), encoding="utf-8"
        )
        npm = (sys.executable, str(ROOT / "tests" / "node_tool.py"), "npm")
        # Their peers are other versions of one another, which nothing here uses.
        quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--legacy-peer-deps")
        _demand((*npm, "install", *quiet), "no copies of the scripts of CDNs", within=home)
    for address, file in files.items():
        if not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() != COPIES[address][1]:
            raise NotMeasuredError(f"{COPIES[address][0]} of npm is not the file that it was; remove {home}")
    return files


def _demand(command: Sequence[str], reason: str, *, within: Path | None = None) -> None:
    quiet = os.environ | {"NO_COLOR": "1"}
    ended = subprocess.run(command, cwd=within, env=quiet, capture_output=True, text=True, check=False)
    if ended.returncode:
        said = ended.stderr.strip().splitlines()
        raise NotMeasuredError(f"{reason}: {said[-1] if said else 'no word'}")
