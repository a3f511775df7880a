"""Times that formats ask for: always the same, so that two builds of one map are the same to the byte."""

from typing import Final

ZIP_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""What zipped files give as their time."""
FROZEN_CLOCK: Final = "2024-01-01T00:00:00.000Z"
"""What GeoPackages give as the time of their last change."""
FROZEN_DAY: Final = FROZEN_CLOCK[:10]
"""What Shapefiles give as the day of their last change."""
