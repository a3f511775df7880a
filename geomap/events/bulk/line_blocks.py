"""The lines of a large text file, many at a time."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

_NEWLINE: Final = ord("\n")


@dataclass(frozen=True, slots=True)
class LineBlock:
    """Whole lines as they follow each other, and where each begins in `text`, with the end of the last."""

    text: bytes
    bounds: NDArray[np.int64]

    @classmethod
    def of(cls, text: bytes) -> Self:
        """The lines of a text; the last may lack its end."""
        ends = np.flatnonzero(np.frombuffer(text, np.uint8) == _NEWLINE) + 1
        rest = [] if text.endswith(b"\n") or not text else [len(text)]
        return cls(text, np.concatenate([[0], ends, rest]).astype(np.int64))

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self.bounds) - 1

    def __getitem__(self, row: int) -> bytes:
        """A line with its end, by its number from 0 on."""
        return self.text[self.bounds[row] : self.bounds[row + 1]]

    def all_in_braces(self) -> bool:
        """Whether each line begins and ends as an object of JSON does, as a blank one does not."""
        letters = np.frombuffer(self.text, np.uint8)
        starts, last = self.bounds[:-1], self.bounds[1:] - 1
        # A line of less than two letters reaches into the one before, which may hide that it has no brace of its own.
        if not len(self) or (np.diff(self.bounds) < len(b"{}")).any():
            return False
        last = last - (letters[last] == _NEWLINE)
        last = last - (letters[last] == ord("\r"))
        return bool((letters[starts] == ord("{")).all() and (letters[last] == ord("}")).all())
