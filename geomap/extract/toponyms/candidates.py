"""A span that may be a toponym, with what the first look makes of it."""

from dataclasses import dataclass

from geomap.extract.toponyms.features import Keys, Sheet
from geomap.extract.toponyms.spans import Span


@dataclass(frozen=True, slots=True)
class Candidate:
    """A span of a sheet; `score` is the logit of its being a toponym, `keys` tell its features."""

    sheet: Sheet
    span: Span
    keys: Keys
    score: float

    @property
    def start(self) -> int:
        """In code points of the document's text."""
        return self.sheet.words.starts[self.span.first]

    @property
    def end(self) -> int:
        """Exclusive."""
        return self.sheet.words.ends[self.span.last]
