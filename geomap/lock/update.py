"""Old lock and new: what moved, what is new, and what a build may do about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

from geomap.errors import ConfigError, Mark, Problem
from geomap.lock.file import StoredLock
from geomap.lock.place import Lock, LockedPlace
from geomap.model.geometry import distance_m
from geomap.model.vocabulary import Precision

# Less is the arithmetic of another machine or library, and not another place.
TOLERANCE_M: Final = 1.0

_WITHHELD: Final = LockedPlace(written="place withheld", precision=Precision.NONE)
"""Stands for a place of the old lock that must not be told."""

LockPolicy = Literal["keep", "update", "locked"]
"""`keep`: a place that moved is an error. `update`: it is accepted. `locked`: any change is an error."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPlace:
    """A place as found now, where it is written, and whether in a draft."""

    place: LockedPlace
    mark: Mark
    draft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A place of which the lock says something else than what is found now.

    `moved` is drawn elsewhere or otherwise, `renamed` has another name or country at the same spot. `was` is
    None for an added place, `now` for a dropped one. `mark` is where it is written; of a dropped one, its
    line in the lock. `draft` says that only drafts have it.
    """

    kind: Literal["moved", "renamed", "added", "dropped"]
    label: str
    mark: Mark
    was: LockedPlace | None = None
    now: LockedPlace | None = None
    draft: bool = False

    @property
    def distance_km(self) -> float | None:
        """How far its position moves, over the ellipsoid; None where it had or has none."""
        before, after = self.was and self.was.position, self.now and self.now.position
        return distance_m(before, after) / 1000 if before and after else None

    def __str__(self) -> str:
        if self.was is None:
            return f"{self.label} is new in the lock: {self.now}"
        if self.now is None:
            return f"{self.label} is written no more: dropped from the lock"
        if self.kind == "renamed":
            before, after = (
                f"{place.name or 'a place'} ({' '.join(place.countries) or 'no country'})"
                for place in (self.was, self.now)
            )
            return f"{self.label} was {before} and is {after}, at the same spot"
        what = ", ".join(_differences(self.was, self.now))
        return f"{self.label} moves ({what}): from {self.was} to {self.now}"

    def as_json(self) -> dict[str, Any]:
        """The change as plain values, for machines."""
        identity = {"written", "event", "where"}
        return {
            "label": self.label,
            "file": str(self.mark.path),
            "line": self.mark.line,
            "distance_km": None if self.distance_km is None else round(self.distance_km, 3),
            "was": self.was and self.was.model_dump(mode="json", exclude=identity),
            "now": self.now and self.now.model_dump(mode="json", exclude=identity),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LockUpdate:
    """A project's lock as it lies there (`old`, if any) and as it should be (`new`).

    `causes` say what else is not as it was when the old one was written.
    """

    path: Path
    project: Path
    old: Lock | None = field(repr=False)
    new: Lock = field(repr=False)
    changes: tuple[Change, ...] = ()
    causes: tuple[str, ...] = ()

    @property
    def is_stale(self) -> bool:
        """Whether a build writes the lock anew."""
        return self.old != self.new

    @property
    def moved(self) -> list[Change]:
        """The places that would be drawn elsewhere or otherwise."""
        return [change for change in self.changes if change.kind == "moved"]

    def explain(self, moved: Change) -> str:
        """Say of a place that moved where it was, where it would go, why, and the next step."""
        why = " and ".join(self.causes) or "the lock was edited, or a library draws otherwise"
        return f"{moved}; {why}; if it is right, run geomap build {self.project} --update-lock"

    def demand(self, policy: LockPolicy) -> None:
        """Refuse what a policy does not allow.

        Raises
        ------
        PlacesMovedError
            If a place moved, unless the policy is `update`.
        StaleLockError
            If the policy is `locked`, and the lock is missing or would change.
        """
        if policy != "update" and self.moved:
            raise PlacesMovedError(self)
        if policy == "locked" and self.is_stale:
            raise StaleLockError(self)

    def as_json(self) -> dict[str, Any]:
        """The changes as plain values, for machines."""
        kinds: dict[str, list[dict[str, Any]]] = {"moved": [], "renamed": [], "added": [], "dropped": []}
        for change in self.changes:
            kinds[change.kind].append(change.as_json())
        return {"file": str(self.path), "stale": self.is_stale, "causes": list(self.causes), **kinds}


class PlacesMovedError(ConfigError):
    """Places are found elsewhere than the lock says; the build would move their pins."""

    def __init__(self, update: LockUpdate) -> None:
        self.update = update
        super().__init__(
            [Problem(change.mark, update.explain(change), "moved-place") for change in update.moved]
        )


class StaleLockError(ConfigError):
    """The lock is missing or would change, where it must not."""

    def __init__(self, update: LockUpdate) -> None:
        self.update = update
        start = Mark(update.path, 1, 1)
        step = f"run geomap build {update.project} and commit the lock"
        said = [(start, cause) for cause in update.causes]
        said += [(change.mark, str(change)) for change in update.changes]
        if update.old is None:
            said = [(start, "there is no lock")]
        elif not said:
            said = [(start, "its places are not in order")]
        super().__init__([Problem(mark, f"{text}; {step}", "stale-lock") for mark, text in said])


def update_lock(
    stored: StoredLock | None,
    head: Lock,
    found: Sequence[FoundPlace],
    *,
    unsettled: Collection[str],
    withheld: Collection[str] = (),
    path: Path,
    project: Path,
) -> LockUpdate:
    """Compare the lock that is there with what is found now.

    Parameters
    ----------
    head
        What the places were resolved with now; its own places are not read.
    found
        Every place of every event that was resolved, in the order of the files.
    unsettled
        Keys of places that were written and not resolved, drafts that were left out; their entries stay.
    withheld
        Keys of places that must not be shown any more as they are known; nothing is told of them but that they go.
    """
    settled: dict[str, FoundPlace] = {}
    for item in found:
        first = settled.setdefault(item.place.key, item)
        if first.draft and not item.draft:
            settled[item.place.key] = replace(first, draft=False)
    old = {place.key: place for place in stored.lock.places} if stored else {}
    places, changes = [], []
    for key, item in settled.items():
        was, now = old.get(key), item.place
        kind = _kind_of(was, now)
        # Within the tolerance an entry stays as it is: no diff for the last digit of another machine.
        places.append(was if was is not None and kind is None else now)
        if stored and kind:
            changes.append(
                Change(kind=kind, label=now.label, mark=item.mark, was=was, now=now, draft=item.draft)
            )
    for key, was in old.items():
        if key in settled:
            continue
        if key in unsettled:
            places.append(was)
        elif stored:
            told = _WITHHELD if key in withheld else was
            label = "a place that is withheld now" if key in withheld else was.label
            changes.append(Change(kind="dropped", label=label, mark=stored.marks[key], was=told))
    places.sort(key=lambda place: place.order)
    return LockUpdate(
        path=path,
        project=project,
        old=stored.lock if stored else None,
        new=head.model_copy(update={"places": tuple(places)}),
        changes=tuple(changes),
        causes=tuple(_causes(stored.lock, head)) if stored else (),
    )


def _kind_of(was: LockedPlace | None, now: LockedPlace) -> Literal["moved", "renamed", "added"] | None:
    if was is None:
        return "added"
    if _differences(was, now):
        return "moved"
    return "renamed" if (was.name, was.countries) != (now.name, now.countries) else None


def _differences(was: LockedPlace, now: LockedPlace) -> list[str]:
    """In what a place is drawn elsewhere or otherwise; empty if it is not."""
    found = []
    if was.position and now.position:
        metres = distance_m(was.position, now.position)
        if metres > TOLERANCE_M:
            found.append(f"{metres / 1000:,.3f} km")
    elif was.position or now.position:
        found.append("no position before" if now.position else "no position now")
    if was.place_id != now.place_id:
        found.append("another record")
    if was.precision != now.precision:
        found.append("another precision")
    widths = [place.radius_m for place in (was, now) if place.radius_m is not None]
    if len(widths) == 1 or (widths and abs(widths[0] - widths[1]) > TOLERANCE_M):
        found.append("another radius")
    if was.geometry != now.geometry:
        found.append("another outline")
    return found


def _causes(old: Lock, new: Lock) -> list[str]:
    causes = []
    if old.gazetteer != new.gazetteer:
        causes.append("the gazetteer changed")
    for what in ("worldview", "geomap"):
        before, after = getattr(old, what), getattr(new, what)
        if before != after:
            causes.append(f"{what} was {before} and is {after}")
    if old.countries != new.countries:
        before, after = (" ".join(lock.countries) or "none" for lock in (old, new))
        causes.append(f"the map's countries were {before} and are {after}")
    return causes
