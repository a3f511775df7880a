from hypothesis import given
from hypothesis import strategies as st

from geomap.events.bulk.line_blocks import LineBlock

TEXTS = st.lists(st.sampled_from([b"{}", b"{a}", b"a", b"\r", b"\n", b"\r\n", b"\n\n"])).map(b"".join)


@given(text=TEXTS)
def test_lines_in_braces_begin_and_end_with_them(text: bytes) -> None:
    block = LineBlock.of(text)
    lines = [block[row] for row in range(len(block))]
    bare = [line.removesuffix(b"\n").removesuffix(b"\r") for line in lines]
    assert b"".join(lines) == text
    assert block.all_in_braces() == (
        bool(lines) and all(line.startswith(b"{") and line.endswith(b"}") for line in bare)
    )
