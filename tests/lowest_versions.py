"""Print, as constraints for pip, the lowest versions that pyproject.toml states of what geomap needs.

usage: lowest_versions.py [EXTRA…]
"""

import re
import sys
import tomllib
from pathlib import Path

# A pinned one (==) is stated as well: there is no lower one.
BOUND = re.compile(r"(?P<name>[A-Za-z0-9_.-]+)(?:>=|==)(?P<version>[0-9][0-9.]*\*?)(?:,.*)?")


def lowest_versions(extras: list[str]) -> list[str]:
    """`name==version` of each requirement of the package and of some of its extras."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = [project["dependencies"], *(project["optional-dependencies"][extra] for extra in extras)]
    found = []
    for requirement in (one for group in stated for one in group):
        bound = BOUND.fullmatch(requirement)
        if bound is None:
            raise SystemExit(f"pyproject.toml: {requirement!r} states no lowest version; write name>=version")
        found.append(f"{bound['name']}=={bound['version']}")
    return found


if __name__ == "__main__":
    print(*lowest_versions(sys.argv[1:]), sep="\n")
