"""Print, as constraints for pip, the lowest versions that pyproject.toml states of what geomap needs."""

import re
import sys
import tomllib
from pathlib import Path

BOUND = re.compile(r"([A-Za-z0-9_.-]+)(?:\[[^]]*\])?\s*>=\s*([0-9][0-9.]*)")


def lowest_versions(pyproject: str, *extras: str) -> list[str]:
    """`name==version` of each requirement with a lower bound, of the package and of some of its extras.

    A pinned one (`==`) is left to pip, which has no choice there.
    """
    project = tomllib.loads(pyproject)["project"]
    stated = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
    return [f"{match[1]}=={match[2]}" for each in stated if (match := BOUND.match(each))]


if __name__ == "__main__":
    print(*lowest_versions(Path("pyproject.toml").read_text(encoding="utf-8"), *sys.argv[1:]), sep="\n")
