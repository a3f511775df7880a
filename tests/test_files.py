"""Files are read with guards and written whole: what is there is the new one or the old one."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from geomap import files
from geomap.errors import ConfigError, OutputError
from geomap.files import read_line_blocks, read_lines, read_text, replace_file, staged_in, write_all
from geomap.yamlfile import MAX_FILE


def refusal(path: Path, max_bytes: int = 100) -> str:
    with pytest.raises(ConfigError) as caught:
        read_text(path, max_bytes=max_bytes)
    return str(caught.value)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_a_text_is_read_as_utf8_without_its_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes("\ufeffKuźnica".encode())
    assert read_text(tmp_path / "a", max_bytes=100) == "Kuźnica"


def test_what_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "missing").startswith(f"{tmp_path / 'missing'}:1:1: no such file")
    assert "a folder stands here" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "pipe")
    assert "cannot be read" in refusal(tmp_path / ("x" * 300))
    assert "no such file" in refusal(tmp_path / "nul\0inside")


def test_a_file_past_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "sparse").open("wb") as stream:
        stream.truncate(MAX_FILE + 1)
    assert "67,108,865 bytes; at most 67,108,864" in refusal(tmp_path / "sparse", MAX_FILE)


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (b"a: \xff", "1:4"),
        ("ü: ü\nź: ".encode() + b"\xc3(", "2:4"),
        ("a: b".encode("utf-16"), "1:1"),
        ("Минск".encode("cp1251"), "1:1"),
    ],
)
def test_a_byte_that_is_not_utf8_is_named_by_line_and_column(tmp_path: Path, raw: bytes, place: str) -> None:
    (tmp_path / "a").write_bytes(raw)
    assert refusal(tmp_path / "a") == f"{tmp_path / 'a'}:{place}: not UTF-8 here; save the file as UTF-8"


def test_lines_are_read_one_by_one_without_the_byte_order_mark(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfa\n\n\xef\xbb\xbfb\r\nc")
    read = list(read_lines(tmp_path / "a", max_bytes=100, max_line=10))
    assert read == [b"a\n", b"\n", b"\xef\xbb\xbfb\r\n", b"c"]


def test_a_line_past_the_limit_ends_the_reading(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1234\n12345\n1\n")
    lines = read_lines(tmp_path / "a", max_bytes=100, max_line=5)
    assert next(lines) == b"1234\n"
    with pytest.raises(ConfigError, match=r"a:2:1: a line of more than 5 bytes"):
        next(lines)


@pytest.mark.parametrize("name", ["missing", "x" * 300])
def test_lines_of_what_is_no_plain_file_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError, match=r"no such file|cannot be read"):
        list(read_lines(tmp_path / name, max_bytes=100, max_line=5))


def test_files_are_written_and_replaced_in_a_folder_that_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "out"
    write_all(folder, {"a": b"1", "b": b""})
    write_all(folder, {"a": b"2"})
    assert contents(folder) == {"a": b"2", "b": b""}
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b"]


def test_a_failure_in_mid_write_leaves_the_old_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_all(tmp_path, {"a": b"old a", "b": b"old b"})
    synced = []

    def fail_on_the_second(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail_on_the_second)
    with pytest.raises(OutputError, match="No space left on device"):
        write_all(tmp_path, {"a": b"new a", "b": b"new b"})
    assert contents(tmp_path) == {"a": b"old a", "b": b"old b"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_folder_where_a_file_goes_leaves_the_other_files_as_they_were(tmp_path: Path) -> None:
    write_all(tmp_path, {"a": b"old a"})
    (tmp_path / "b").mkdir()
    with pytest.raises(OutputError, match="a folder stands here"):
        write_all(tmp_path, {"a": b"new a", "b": b"new b"})
    assert contents(tmp_path) == {"a": b"old a"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_a_file_where_the_folder_goes_is_an_output_error(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"mine")
    with pytest.raises(OutputError):
        write_all(tmp_path / "out", {"a": b"1"})
    assert contents(tmp_path) == {"out": b"mine"}


def test_a_limit_on_file_size_leaves_the_old_files(
    tmp_path: Path, python_limited: Callable[..., Any]
) -> None:
    write_all(tmp_path / "out", {"a": b"old a", "b": b"old b"})
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from geomap.files import write_all\n"
        "write_all(Path(sys.argv[1]), {'a': b'new a', 'b': b'x' * 100_000})\n"
    )
    ended = python_limited(code, [tmp_path / "out"], file_size=50_000)
    assert ended.code == 1
    assert "OutputError" in ended.err
    assert "File too large" in ended.err
    assert contents(tmp_path / "out") == {"a": b"old a", "b": b"old b"}
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a", "b"]


def test_a_file_is_replaced_with_its_rights_and_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "events.yaml"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link = tmp_path / "events.yaml"
    link.symlink_to(target)
    replace_file(link, b"new", expected=b"old")
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"new", 0o640)
    assert contents(tmp_path / "real") == {"events.yaml": b"new"}


def test_what_somebody_else_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "events.yaml"
    path.write_bytes(b"theirs")
    with pytest.raises(OutputError, match="it was changed meanwhile and is left as it is"):
        replace_file(path, b"new", expected=b"old")
    assert contents(tmp_path) == {"events.yaml": b"theirs"}


def test_what_is_gone_is_not_made_again(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"events.yaml: cannot be written: No such file"):
        replace_file(tmp_path / "events.yaml", b"new", expected=b"old")
    assert contents(tmp_path) == {}


PIECES = st.lists(st.sampled_from([b"{}", b"{a}", b"a", b"\n", b"\r\n", b"\n\n", b"\xef\xbb\xbf"])).map(
    b"".join
)


@given(text=PIECES, chunk=st.integers(1, 9))
@example(text=b"\xef\xbb\xbf{}{a}{a}\r\n", chunk=1)
@example(text=b"a\n" + b"a" * 13 + b"\n", chunk=9)
@example(text=b"a" * 9 + b"\na\na\na\n", chunk=9)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_blocks_have_the_lines_that_are_read_alone(
    text: bytes, chunk: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_BLOCK", chunk)
    (tmp_path / "a").write_bytes(text)
    expected, found = (told_by(read, tmp_path / "a") for read in (read_alone, read_in_blocks))
    assert found == expected


def read_alone(path: Path) -> list[bytes]:
    return [line for line in read_lines(path, max_bytes=1000, max_line=12) if line]


def read_in_blocks(path: Path) -> list[bytes]:
    blocks = read_line_blocks(path, max_bytes=1000, max_line=12)
    return [line for block in blocks for line in block.splitlines(keepends=True)]


def told_by(read: Callable[[Path], list[bytes]], path: Path) -> list[bytes] | str:
    try:
        return read(path)
    except ConfigError as error:
        return str(error)


def test_short_lines_come_together_however_many_they_are(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_bytes(b"12345\n" * 5)
    assert list(read_line_blocks(path, max_bytes=100, max_line=12)) == [b"12345\n" * 5]


@pytest.mark.parametrize("name", ["none", "folder", "large", "x" * 300])
def test_what_cannot_be_read_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "large").write_bytes(b"{}\n" * 5)
    with pytest.raises(ConfigError, match=r"no such file|a folder|at most 10 are read|cannot be read"):
        list(read_line_blocks(tmp_path / name, max_bytes=10, max_line=5))


# One writer a folder


WRITER = """
import sys, time
from pathlib import Path
from geomap.files import staged_in
with staged_in(Path(sys.argv[1])) as stage:
    (stage / "a").write_bytes(b"another's")
    print("writing", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def busy_writer(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process in the midst of writing into `out`."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, tmp_path / "out"], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"writing"
        yield process
        process.kill()


def test_a_second_writer_of_a_folder_is_told_of_the_first(
    tmp_path: Path, busy_writer: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_PATIENCE_S", 0.1)
    with pytest.raises(OutputError) as caught:
        write_all(tmp_path / "out", {"a": b"mine"})
    assert str(caught.value) == (
        f"{tmp_path / 'out'}: another geomap is writing here (process {busy_writer.pid}); "
        "wait until it ends, or choose another folder"
    )
    assert contents(tmp_path / "out").keys() == {".geomap-writing.lock"}


def test_what_a_killed_writer_left_is_removed_by_the_next(
    tmp_path: Path, busy_writer: subprocess.Popen[bytes]
) -> None:
    busy_writer.kill()
    busy_writer.wait()
    out = tmp_path / "out"
    (out / ".geomap-notes").mkdir()  # somebody's own, whatever it is
    assert len(list(out.iterdir())) == 3
    write_all(out, {"a": b"mine"})
    assert contents(out) == {"a": b"mine"}
    assert sorted(path.name for path in out.iterdir()) == [".geomap-notes", "a"]


def test_a_writer_that_waits_gets_its_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_PATIENCE_S", 60.0)
    waiting = threading.Thread(target=write_all, args=(tmp_path, {"a": b"second"}))
    with staged_in(tmp_path) as stage:
        (stage / "a").write_bytes(b"first")
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
    waiting.join(30)
    assert contents(tmp_path) == {"a": b"second"}


def test_a_block_inside_writes_into_the_same_folder(tmp_path: Path) -> None:
    with staged_in(tmp_path) as stage:
        (stage / "b").write_bytes(b"2")
        write_all(tmp_path, {"a": b"1"})
        assert contents(tmp_path) == {"a": b"1", ".geomap-writing.lock": b""}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_eight_processes_leave_the_files_of_one_of_them(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from geomap.files import write_all\n"
        "for number in range(20):\n"
        "    own = f'{sys.argv[2]}-{number}'.encode()\n"
        "    write_all(Path(sys.argv[1]), {'a': own, 'b': own, 'c': own})\n"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, tmp_path / "out", str(number)]) for number in range(8)
    ]
    assert [writer.wait(120) for writer in writers] == [0] * 8
    found = contents(tmp_path / "out")
    assert found.keys() == {"a", "b", "c"}
    assert len(set(found.values())) == 1
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_the_last_file_is_renamed_after_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = []
    replace = Path.replace

    def watched(self: Path, target: Path) -> Path:
        moved.append(self.name)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", watched)
    write_all(tmp_path, {"b": b"", "a": b"", "c": b""}, last="b")
    assert moved == ["a", "c", "b"]


def test_of_two_who_edit_a_file_at_once_the_second_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"old")
    told: list[Exception] = []

    def edit() -> None:
        try:
            replace_file(path, b"second", expected=b"old")
        except OutputError as error:
            told.append(error)

    waiting = threading.Thread(target=edit)
    with staged_in(tmp_path) as stage:
        waiting.start()
        waiting.join(0.2)
        (stage / "a").write_bytes(b"first")
    waiting.join(30)
    assert [str(error) for error in told] == [
        f"{path}: it was changed meanwhile and is left as it is; try again"
    ]
    assert contents(tmp_path) == {"a": b"first"}


# Where nothing is written


@pytest.mark.parametrize("leads_to", ["mine", "nowhere", "."])
def test_a_link_where_a_file_goes_is_neither_followed_nor_replaced(tmp_path: Path, leads_to: str) -> None:
    (tmp_path / "mine").write_bytes(b"mine")
    out = tmp_path / "out"
    out.mkdir()
    (out / "b").symlink_to(tmp_path / leads_to)
    with pytest.raises(OutputError, match=r"out/b: a link stands here, which is not followed; remove it"):
        write_all(out, {"a": b"1", "b": b"2"})
    assert (out / "b").readlink() == tmp_path / leads_to
    assert sorted(path.name for path in out.iterdir()) == ["b"]
    assert contents(tmp_path) == {"mine": b"mine"}


def test_a_device_where_a_file_goes_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    with pytest.raises(OutputError, match="no plain file stands here"):
        write_all(tmp_path, {"a": b"1"})


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../a", "no name of a file"),
        ("b/a", "no name of a file"),
        ("..\\a", "no name of a file"),
        ("", "no name of a file"),
        ("..", "no name of a file"),
        ("a.", "no name of a file"),
        ("a\n", "no name of a file"),
        ("a\0", "no name of a file"),
        ("CON", "a device on Windows"),
        ("nul.yaml", "a device on Windows"),
        ("Com1.tar.gz", "a device on Windows"),
        ("ж" * 128, "more than 255 bytes"),
    ],
)
def test_a_name_that_is_none_is_refused_before_anything_is_written(
    tmp_path: Path, name: str, why: str
) -> None:
    with pytest.raises(OutputError, match=why):
        write_all(tmp_path / "out", {"a": b"1", name: b"2"})
    assert list(tmp_path.rglob("*")) == [tmp_path / "out"]


@pytest.mark.parametrize("name", ["ж" * 127, "console", "com10", ".hidden", "a b", "nul-island.html"])
def test_other_names_are_written(tmp_path: Path, name: str) -> None:
    write_all(tmp_path, {name: b"1"})
    assert contents(tmp_path) == {name: b"1"}


def test_behind_a_byte_order_mark_the_place_of_what_is_not_utf_8_is_told(tmp_path: Path) -> None:
    path = tmp_path / "map.yaml"
    path.write_bytes(b'\xef\xbb\xbfa: "\xfb"\n')
    with pytest.raises(ConfigError, match=r"map\.yaml:1:5: not UTF-8 here"):
        read_text(path, max_bytes=100)
