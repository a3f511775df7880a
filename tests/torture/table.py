"""Make a table of what the tests of `make torture` counted, and put it into docs/reliability.md.

usage: table.py LOG
"""

import datetime
import json
import os
import platform
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
BEGIN: Final = "<!-- The table of the last `make torture`; nothing up to its end is written by hand. -->"
END: Final = "<!-- The end of the table. -->"


def main() -> None:
    """Print the table; it stands in the docs as well unless something failed."""
    lines = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    table = make_table(lines)
    print(table)
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    ran = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {os.cpu_count()} cores, Python {platform.python_version()}."
    PAGE.write_text(f"{before}{BEGIN}\n\n{ran}\n\n{table}\n{END}{after}", encoding="utf-8")


def make_table(lines: list[dict[str, Any]]) -> str:
    """A row for each thing that was tried; runs and failures of several tests are added up."""
    counted: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for line in lines:
        # Of each kind one row: "limits: billion laughs" is one of the limits.
        row = counted[line["what"].partition(": ")[0]]
        row["runs"] += line["runs"]
        row["failures"] += line["failures"]
        for name in ("worst_s", "worst_mb"):
            row[name] = max(row[name], line[name] or 0)
    rows = [
        f"| {what} | {row['runs']:,.0f} | {row['failures']:,.0f} |"
        f" {_worst(row['worst_s'], 's')} | {_worst(row['worst_mb'], 'MB')} |"
        for what, row in sorted(counted.items())
    ]
    head = ["| tried | runs | failures | slowest | most memory |", "|---|---:|---:|---:|---:|"]
    return "\n".join([*head, *rows]) + "\n"


def _worst(value: float, unit: str) -> str:
    return f"{value:,.2f} {unit}" if value else ""


if __name__ == "__main__":
    main()
