"""A live preview on this machine: the map is drawn anew at each save, and the open page follows.

Everything happens in memory: nothing is written to the project, neither outputs nor its lock.
"""

import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from geomap.config import PROJECT_FILE, read_config
from geomap.serve.drawing import Drawing, draw
from geomap.serve.preview import Preview
from geomap.serve.server import serving
from geomap.serve.watching import saves

__all__ = ["Drawing", "serve"]


def serve(
    project: Path,
    *,
    started: Callable[[str], None],
    drawn: Callable[[Drawing], None],
    port: int = 0,
    drafts: bool = False,
    stop: threading.Event | None = None,
) -> None:
    """Serve a project's map on 127.0.0.1 until `stop` is set or the interrupt comes.

    Parameters
    ----------
    started
        Told the preview's address, before the first drawing.
    drawn
        Told how each drawing went. One that failed ends nothing: the page shows why.
    port
        0 takes 8765, or the next one that is free.

    Raises
    ------
    ConfigError
        If there is no such project.
    MissingExtraError
        If watchfiles is not installed.
    ServeError
        If the port cannot be had or the folders cannot be watched.
    """
    map_file = project / PROJECT_FILE if project.is_dir() else project
    if not map_file.exists():
        read_config(map_file)  # says so in the words of every command
    preview = Preview()
    with closing(saves(map_file, stop)) as each_save, serving(preview, port) as url:
        started(url)
        for _ in each_save:
            preview.begin()
            drawing = draw(map_file, drafts=drafts)
            preview.show(drawing)
            drawn(drawing)
