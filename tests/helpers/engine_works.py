"""Work for the engine that needs no gazetteer, and may do harm: python engine_works.py JSON runs it over a corpus."""

import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from geomap.engine.corpus import Entry
from geomap.engine.job import Job
from geomap.engine.run import run
from geomap.errors import ConfigError, GeomapError, Mark
from geomap.extract.document import Document

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


class CountWork:
    """Counts the words of documents, and takes its time: `GEOMAP_TEST_SLEEP` seconds each."""

    tables: Mapping[str, pa.Schema] = {
        "counts": pa.schema([("document", pa.string()), ("words", pa.int64()), ("text", pa.string())])
    }

    def __init__(self, job: Job) -> None:
        self._seconds = float(os.environ.get("GEOMAP_TEST_SLEEP", "0"))

    def rows(self, document: Document, entry: Entry) -> Rows:
        time.sleep(self._seconds)
        return {
            "counts": [{"document": document.id, "words": len(document.text.split()), "text": document.text}]
        }


class HarmfulWork(CountWork):
    """Does what documents tell it to do."""

    def rows(self, document: Document, entry: Entry) -> Rows:
        match document.text:
            case "die":
                os.kill(os.getpid(), signal.SIGKILL)
            case "exit":
                os._exit(7)
            case "hang":
                # In C, with Python's lock held.
                ctypes.PyDLL(None).sleep(600)
            case "refuse":
                raise ConfigError.at(Mark(Path(entry.path), 1, 1), "refused")
            case "stumble":
                raise ZeroDivisionError("stumbled")
        return super().rows(document, entry)


def main() -> int:
    asked = json.loads(sys.argv[1])
    try:
        summary = run(
            Job(
                work=f"engine_works:{asked['work']}",
                parts=asked["parts"],
                digest="",
                timeout_s=asked["timeout"],
            ),
            [Path(path) for path in asked["corpora"]],
            engine=asked["engine"],
            workers=asked["workers"],
            scheduler=asked["scheduler"],
        )
    except GeomapError as error:
        print(error, file=sys.stderr)
        return 3
    print(json.dumps(asdict(summary)))
    return 1 if summary.faults or summary.failures else 0


if __name__ == "__main__":
    sys.exit(main())
