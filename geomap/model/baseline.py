"""What a GeoPackage keeps of the events as they were exported, so that edits made in a GIS can be told from it.

Table `geomap_exported` has one row with one value, an Arrow stream of all public columns and of `shape`, WKB or null.
Its metadata hold `countries`, the codes that decided between namesakes, parted by blanks.
"""

from typing import Final

TABLE: Final = "geomap_exported"
CONTENT: Final = "content"
SHAPE: Final = "shape"
COUNTRIES: Final = b"countries"
