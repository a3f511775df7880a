"""The rooms stand in a row: a room imports only what stands left of it, and only some touch the disk."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "geomap"
MAPS = PACKAGE.parent / "maps"
SEED = PACKAGE.parent / "seeds" / "2021-11-12-paratroopers-grodno.md"

ORDER = (
    "errors | files | yamlfile | fetch <- model <- config | gazetteer <- extract | events | context <- scene"
    " <- render | export | lock <- pipeline <- engine | serve <- cli"
)
RANKS = {room: rank for rank, step in enumerate(ORDER.split("<-")) for room in re.findall(r"\w+", step)}
# What rooms side by side may know of each other: those at the base build on one another.
NEIGHBOURS = {("fetch", "errors"), ("files", "errors"), ("yamlfile", "errors"), ("yamlfile", "files")}
# Of the gazetteer the scene sees nothing but how names are folded.
NARROWED = {("scene", "gazetteer"): {"geomap.gazetteer.fold"}}

DISK = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "connect", "mkdir", "touch", "unlink",
    "rename", "replace", "rmtree", "fsync", "NamedTemporaryFile", "TemporaryDirectory", "makedirs",
}  # fmt: skip
# Module (or room) -> why it may touch the disk.
DISK_ALLOWED = {
    "cli": "the outermost room, with the starter files of `init`",
    "serve": "an outermost room",
    "engine": "an outermost room",
    "pipeline": "the one place where rooms meet: it compares outputs with what lies in a folder",
    "files": "the guarded reader and the atomic writer",
}
DISK_NAMES = {"read", "write", "store"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the package by dotted name, but the package's own door."""
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name not in ("geomap", "geomap.__main__"):
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module, known: set[str]) -> set[str]:
    """The geomap modules that a module imports anywhere, in functions and for types too."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in known else str(node.module))
    return {name for name in found if name.split(".")[0] == "geomap"}


def room_of(module: str) -> str:
    return module.split(".")[1] if "." in module else module


def offences(importer: str, target: str) -> str | None:
    room, other = room_of(importer), room_of(target)
    if target == "geomap":
        return None if room == "cli" else f"{importer} imports the package's own door"
    if other not in RANKS:
        return f"{importer} imports {target}, which is no room"
    if room == other or (room, other) in NEIGHBOURS:
        return None
    if RANKS[other] >= RANKS[room]:
        return f"{importer} imports {target}, which does not stand left of it"
    if (room, other) in NARROWED and target not in NARROWED[room, other]:
        return f"{importer} imports {target}; of {other} it may only see {', '.join(NARROWED[room, other])}"
    return None


def test_every_module_belongs_to_a_room() -> None:
    assert {room_of(name) for name, _ in modules()} <= set(RANKS)


def test_a_room_imports_only_what_stands_left_of_it() -> None:
    trees = dict(modules())
    wrong = [
        offences(name, target)
        for name, tree in trees.items()
        for target in sorted(imported(tree, set(trees)))
    ]
    assert [text for text in wrong if text] == []


@pytest.mark.parametrize(
    ("importer", "target"),
    [
        ("geomap.model.records", "geomap.events.read"),
        ("geomap.config", "geomap.gazetteer"),
        ("geomap.errors", "geomap.files"),
        ("geomap.render.page", "geomap.export"),
        ("geomap.scene.compose", "geomap.gazetteer.store"),
        ("geomap.events.read", "geomap.pipeline"),
        ("geomap.lock.update", "geomap.pipeline"),
        ("geomap.lock.update", "geomap.export"),
        ("geomap.events.read", "geomap"),
    ],
)
def test_the_rule_sees_a_wrong_import(importer: str, target: str) -> None:
    assert offences(importer, target) is not None


def test_the_package_itself_imports_nothing_heavy_until_it_is_asked() -> None:
    for name in ("__init__.py", "__main__.py"):
        tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
        at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {getattr(node, "module", None) or node.names[0].name for node in at_once}
        assert names <= {"typing", "geomap.cli"}


def touches_disk(called: ast.expr, arguments: int) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "open"
    if not isinstance(called, ast.Attribute) or called.attr not in DISK:
        return False
    if isinstance(called.value, ast.Attribute) and called.value.attr == "_opener":
        return False  # of an address, in the one module that may
    # A text's `replace` takes two texts, a path's one path.
    return called.attr != "replace" or arguments == 1


def test_only_some_modules_touch_the_disk() -> None:
    wrong = []
    for name, tree in modules():
        if room_of(name) in DISK_ALLOWED or name.split(".")[-1] in DISK_NAMES:
            continue
        wrong += [
            f"{name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and touches_disk(node.func, len(node.args))
        ]
    assert wrong == []


SOCKETS = {"asyncio", "ftplib", "http", "smtplib", "socket", "socketserver", "ssl", "urllib.request"}


def test_only_the_preview_listens_and_only_what_is_called_fetch_goes_online() -> None:
    reaching = set()
    for name, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(other in SOCKETS or other.split(".")[0] in SOCKETS for other in names):
                reaching.add(name)
    assert reaching == {
        "geomap.serve.server", "geomap.gazetteer.online.fetch", "geomap.fetch.page", "geomap.fetch.timed"
    }  # fmt: skip


HEAVY = ("pandas", "geopandas", "folium", "pyarrow")


@pytest.mark.parametrize(
    "arguments",
    [
        ["resolve", "Minsk"],
        ["check", str(MAPS / "belarus-poland-2021")],
        ["tag", str(SEED)],
        ["draft", str(SEED)],
        ["serve", "--help"],
        ["--version"],
    ],
)
def test_quick_commands_load_no_heavy_library(arguments: list[str], tmp_path: Path) -> None:
    code = (
        "import json, sys\n"
        "from typer.testing import CliRunner\n"
        "from geomap.cli.app import app\n"
        "result = CliRunner().invoke(app, sys.argv[1:])\n"
        f"print(json.dumps([result.exit_code, [name for name in {HEAVY} if name in sys.modules]]))\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, cwd=tmp_path, timeout=120, check=True
    )
    assert json.loads(ended.stdout) == [0, []]
