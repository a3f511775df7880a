"""The benchmark of exports runs, every format has figures, and they can be drawn. No test looks at a clock."""

import json
import subprocess
import sys
from pathlib import Path

from geomap.export import EXPORTERS

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"


def test_exports_are_measured_beside_their_peers(tmp_path: Path) -> None:
    command = (
        BENCHMARKS / "export.py",
        "--quick",
        "--out",
        tmp_path,
    )
    ended = subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, timeout=300, check=False
    )
    assert ended.returncode == 0, ended.stderr
    results = json.loads((tmp_path / "export.json").read_bytes())["results"]
    assert list(results) == list(EXPORTERS)
    for name, found in results.items():
        assert f"| `{name}` |" in ended.stdout
        assert [point["events"] for point in found["points"]] == [100, 300]
        assert all(point["ours"][name] > 0 for point in found["points"] for name in ("s", "peak_mib", "mib"))
    assert results["geojson"]["points"][-1]["peer"]["s"] > 0
    assert "peer" not in results["csv"]["points"][-1]
    assert "### Exports of 300 events" in ended.stdout
    picture = tmp_path / "export.png"
    draw = (sys.executable, BENCHMARKS / "plot.py", tmp_path / "export.json", picture)
    subprocess.run([*map(str, draw)], check=True, timeout=300)
    assert picture.read_bytes().startswith(b"\x89PNG")
