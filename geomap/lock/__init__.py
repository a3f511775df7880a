"""`geomap.lock`: where each written place was found at the last build, so that no pin moves in silence.

`geomap.pipeline` resolves the places; here they are compared, and become a file.
"""

from geomap.lock.file import LOCK_SCHEMA, StoredLock, lock_text, read_lock
from geomap.lock.place import (
    Lock,
    LockedPlace,
    fine_key_of,
    key_of,
    lock_place,
    shape_digest,
    without_labels,
)
from geomap.lock.update import (
    TOLERANCE_M,
    Change,
    FoundPlace,
    LockPolicy,
    LockUpdate,
    PlacesMovedError,
    StaleLockError,
    update_lock,
)
from geomap.lock.write import staged_lock

__all__ = [
    "LOCK_SCHEMA",
    "TOLERANCE_M",
    "Change",
    "FoundPlace",
    "Lock",
    "LockPolicy",
    "LockUpdate",
    "LockedPlace",
    "PlacesMovedError",
    "StaleLockError",
    "StoredLock",
    "fine_key_of",
    "key_of",
    "lock_place",
    "lock_text",
    "read_lock",
    "shape_digest",
    "staged_lock",
    "update_lock",
    "without_labels",
]
