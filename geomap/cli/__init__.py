"""The command line: one command a file; the one place that prints and exits."""

import gc

# Nothing that these imports make is garbage: not looking for any while they run, nor at the end, takes a fifth off
# a short command.
gc.disable()
from geomap.cli.app import main  # noqa: E402

gc.freeze()
gc.enable()

__all__ = ["main"]
