"""Times that formats ask for: always the same, so that two builds of one map are the same to the byte.

`SOURCE_DATE_EPOCH` replaces them, as https://reproducible-builds.org/specs/source-date-epoch/ says.
"""

import os
import re
from datetime import UTC, datetime
from typing import Final

from geomap.errors import OutputError

ENVIRONMENT: Final = "SOURCE_DATE_EPOCH"
_FROZEN: Final = datetime(2024, 1, 1, tzinfo=UTC)
_FIRST_IN_ZIP: Final = datetime(1980, 1, 1, tzinfo=UTC)
_LAST_IN_ZIP_S: Final = 4_354_819_199
"""The last second of 2107: a zip file can say nothing later."""


def source_date() -> datetime | None:
    """The time that `SOURCE_DATE_EPOCH` names, in whole seconds, UTC; None where it is not set.

    Raises
    ------
    OutputError
        If it is no number of seconds since 1970, or one after 2107.
    """
    if (written := os.environ.get(ENVIRONMENT)) is None:
        return None
    if not re.fullmatch("[0-9]{1,10}", written) or int(written) > _LAST_IN_ZIP_S:
        text = f"expected whole seconds since 1970-01-01 UTC, at most {_LAST_IN_ZIP_S}; unset it or mend it"
        raise OutputError(f"{ENVIRONMENT} is {written!r}: {text}")
    return datetime.fromtimestamp(int(written), UTC)


def last_change() -> str:
    """What GeoPackages give as the time of their last change."""
    return (source_date() or _FROZEN).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def last_day() -> str:
    """What Shapefiles give as the day of their last change."""
    return last_change()[:10]


def zip_time() -> tuple[int, int, int, int, int, int]:
    """What zipped files give as their time, without a zone: from 1980 on, to two seconds."""
    at = max(source_date() or _FIRST_IN_ZIP, _FIRST_IN_ZIP)
    return (at.year, at.month, at.day, at.hour, at.minute, at.second // 2 * 2)
