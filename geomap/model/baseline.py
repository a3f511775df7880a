"""What a GeoPackage keeps of the events as they were exported, so that edits made in a GIS can be told from it.

Table `geomap_exported` has one value a row, each an Arrow stream of some features in their order, with all public
columns and `shape`, WKB or null. The metadata of each hold `countries`, the codes that decided between namesakes, with
blanks between.
"""

from typing import Final

TABLE: Final = "geomap_exported"
CONTENT: Final = "content"
SHAPE: Final = "shape"
COUNTRIES: Final = b"countries"
LAYERS: Final = ("points", "lines", "areas", "events_unlocated")
"""What of a GeoPackage of ours is compared with it."""
