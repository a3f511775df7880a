"""The benchmark of exports runs, and every format has figures. No test looks at a clock."""

import json
import subprocess
import sys
from pathlib import Path

from geomap.export import EXPORTERS

BENCHMARK = Path(__file__).resolve().parents[1] / "benchmarks" / "export.py"


def test_every_format_is_measured(tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(BENCHMARK),
        "--events",
        "200",
        "--runs",
        "1",
        "--json",
        str(tmp_path / "f.json"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "f.json").read_text())["results"]
    assert (results["events"], list(results["formats"])) == (200, list(EXPORTERS))
    for name, own in results["formats"].items():
        assert own["s"] >= 0, name
        assert f"| `{name}` |" in done.stdout
