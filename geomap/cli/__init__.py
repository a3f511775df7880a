"""The command line: one command a file; the one place that prints and exits."""

from geomap.cli.app import main

__all__ = ["main"]
