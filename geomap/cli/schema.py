"""`geomap schema`."""

from pathlib import Path
from typing import Annotated

import orjson
import typer


def schema(
    out: Annotated[Path | None, typer.Option(help="Folder for the schemas; default: print them.")] = None,
) -> None:
    """Write the JSON Schemas of map.yaml, events.yaml and import mappings, for editors to complete and check them."""
    from geomap.config import json_schemas
    from geomap.files import write_all

    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    schemas = json_schemas()
    if out is None:
        print(orjson.dumps(schemas, option=option).decode(), end="")
        return
    write_all(out, {name: orjson.dumps(content, option=option) for name, content in schemas.items()})
    for name in schemas:
        print(out / name)
