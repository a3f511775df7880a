"""Every deliberate failure of geomap: catch `GeomapError` to catch them all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


class GeomapError(Exception):
    """Base class of every deliberate failure; `exit_code` is what the command line ends with."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands in a file; `line` and `column` count from 1."""

    path: Path
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a file that a person wrote: where, what, and the next step."""

    mark: Mark
    message: str
    code: str = "config"

    def __str__(self) -> str:
        return f"{self.mark}: {self.message}"


class ConfigError(GeomapError, ValueError):
    """A file that a person wrote cannot be used; lists every problem found, each with its place."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    @classmethod
    def at(cls, mark: Mark, message: str) -> "ConfigError":
        """Make the error of a single problem."""
        return cls([Problem(mark, message)])


class YamlEditError(GeomapError):
    """A value cannot be edited where it stands in a YAML file; nothing else in the file may change for it."""

    def __init__(self, mark: Mark, path: Sequence[str | int]) -> None:
        dotted = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
        super().__init__(f"{mark}: {dotted.lstrip('.')} cannot be edited in place; edit it by hand")
        self.mark, self.path = mark, tuple(path)


class PlaceNotFoundError(GeomapError, LookupError):
    """The gazetteer holds no feature under this toponym."""

    exit_code = 3

    def __init__(self, toponym: str, *, suggestions: Sequence[str] = ()) -> None:
        hint = f"; did you mean {', '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"no place called {toponym!r}{hint}")
        self.toponym, self.suggestions = toponym, tuple(suggestions)


class AmbiguousPlaceError(GeomapError, LookupError):
    """Several features answer to this toponym and no rule chooses between them."""

    def __init__(self, toponym: str, candidates: Sequence[str]) -> None:
        super().__init__(
            f"{toponym!r} may be {'; '.join(candidates)}: name the country or the region as well"
        )
        self.toponym, self.candidates = toponym, tuple(candidates)


class EmptyRelationError(GeomapError, ValueError):
    """A relation such as "the border near X within 5 km" leaves nothing to draw."""


class DataFileError(GeomapError, OSError):
    """A data file that geomap itself carries is missing or not the one expected."""


class OutputError(GeomapError, OSError):
    """An output cannot be written; what was there before is as it was."""


class EngineError(GeomapError):
    """A run over a corpus cannot go on; what is done is kept, and the next run goes on from there."""


class ServeError(GeomapError, OSError):
    """The live preview cannot start: its port is taken, or folders cannot be watched."""


class OnlineError(GeomapError):
    """An online geocoding service gave no answer that can be used."""


class OnlineSetupError(OnlineError, ValueError):
    """A service cannot be asked as things are set: no contact, no key, no such provider, no such host."""

    exit_code = 2


class OnlineQueryError(OnlineError, ValueError):
    """A text or a country code that cannot be sent to a service."""


class OnlineUnavailableError(OnlineError, OSError):
    """A service was not reached, was too slow, or asked for more patience than there is.

    `retry_after_s` is what the service asked to wait, None where it said nothing.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class OnlineRefusedError(OnlineError):
    """A service refused the request: not found, not allowed, or a redirect, which is never followed."""


class OnlineAnswerError(OnlineError, ValueError):
    """What a service sent is not an answer: no JSON, too large, wrong types, or no valid position."""


class OnlineCacheError(OnlineError, OSError):
    """The file of kept answers cannot be used."""


class FetchError(GeomapError):
    """A page was not fetched: its address is not fit, or it was not answered with a page within the limits."""


class CoordinatesError(GeomapError, ValueError):
    """A text reads like coordinates, but is no position on the Earth: out of range, or in conflict with itself."""

    exit_code = 2


class MissingExtraError(GeomapError, ImportError):
    """A library that comes with an optional part of geomap is not installed."""

    exit_code = 2
