"""What a GeoPackage keeps of the events as they were exported, so that edits made in a GIS can be told from it.

Table `geomap_exported` has a row for each feature: its layer, the columns that may be edited, a checksum of all
others, and its geometry: a point's as WKB, of anything else a checksum. `geomap_export` holds `countries`, those that
decided between namesakes, by key.
"""

import zlib
from typing import Final

from geomap.model.table import COLUMNS

FEATURES_TABLE: Final = "geomap_exported"
KEYS_TABLE: Final = "geomap_export"
EDITED: Final = (
    "title", "type", "subtype", "status", "modality", "t_start", "t_end", "date_start", "date_end", "when", "precision",
    "radius_m", "summary", "tags", "workflow",
)  # fmt: skip
"""The columns whose edits can be brought back."""
COMPUTED: Final = tuple(name for name in COLUMNS if name not in (*EDITED, "event_id", "feature_id"))
"""The others, which are made of the record and the gazetteer."""
SHAPE: Final = "shape"
CHECKSUM: Final = "computed"

# Bytes of the envelope by its code; GeoPackage 1.2, clause 2.1.3.1.
_ENVELOPES: Final = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}


def wkb_of(blob: bytes | None) -> bytes | None:
    """The Well-Known Binary in a geometry of a GeoPackage; the header before it depends on the writer.

    Raises
    ------
    ValueError
        If it is no such geometry.
    """
    if blob is None:
        return None
    if len(blob) < 8 or blob[:2] != b"GP" or (envelope := blob[3] >> 1 & 7) not in _ENVELOPES:
        raise ValueError("no geometry of a GeoPackage")
    return blob[8 + _ENVELOPES[envelope] :]


def checksum(content: str | bytes) -> int:
    """A CRC-32, to see a change that nobody makes on purpose to hide."""
    return zlib.crc32(content.encode() if isinstance(content, str) else content)


def computed_sql() -> str:
    """An SQL expression of the text that `checksum` is taken of: all computed columns of a row."""
    return " || ' ' || ".join(f'quote("{name}")' for name in COMPUTED)
