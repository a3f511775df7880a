from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geomap.errors import ConfigError
from geomap.events.bulk import line_blocks
from geomap.events.bulk.line_blocks import LineBlock, read_line_blocks
from geomap.files import read_lines

TEXTS = st.lists(st.sampled_from([b"{}", b"{a}", b"a", b"\r", b"\n", b"\r\n", b"\n\n", b"\xef\xbb\xbf"])).map(
    b"".join
)


@given(text=TEXTS, chunk=st.integers(1, 9))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_blocks_have_the_lines_that_are_read_alone(
    text: bytes, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_blocks, "_CHUNK", chunk)
    (tmp_path / "a").write_bytes(text)
    expected, found = (told_by(read, tmp_path / "a") for read in (read_alone, read_in_blocks))
    assert found == expected


def read_alone(path: Path) -> list[bytes]:
    return [line for line in read_lines(path, max_bytes=1000, max_line=12) if line]


def read_in_blocks(path: Path) -> list[bytes]:
    blocks = read_line_blocks(path, max_bytes=1000, max_line=12)
    return [block[row] for block in blocks for row in range(len(block))]


def told_by(read: Callable[[Path], list[bytes]], path: Path) -> list[bytes] | str:
    try:
        return read(path)
    except ConfigError as error:
        return str(error)


@given(text=TEXTS)
def test_lines_in_braces_begin_and_end_with_them(text: bytes) -> None:
    block = LineBlock.of(text)
    lines = [block[row] for row in range(len(block))]
    bare = [line.removesuffix(b"\n").removesuffix(b"\r") for line in lines]
    assert b"".join(lines) == text
    assert block.all_in_braces() == (
        bool(lines) and all(line.startswith(b"{") and line.endswith(b"}") for line in bare)
    )


@pytest.mark.parametrize("name", ["none", "folder", "large"])
def test_what_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "large").write_bytes(b"{}\n" * 5)
    with pytest.raises(ConfigError, match=r"no such file|a folder stands here|at most 10 are read"):
        list(read_line_blocks(tmp_path / name, max_bytes=10, max_line=5))
