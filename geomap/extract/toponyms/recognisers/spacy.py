"""spaCy as a recogniser; the model is the user's."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from geomap.errors import ConfigError, Mark, MissingExtraError, Problem
from geomap.extract.toponyms.recognisers import LabelledSpan

_UNUSED: Final = ("tagger", "parser", "attribute_ruler", "lemmatizer", "senter", "morphologizer")
_LONGEST: Final = 100_000
"""Letters that are read at once; spaCy refuses texts of more than a million, and its memory grows with them."""


class SpacyRecogniser:
    """Names as a spaCy model sees them.

    Parameters
    ----------
    model
        The folder of a model, or an installed package.

    Raises
    ------
    MissingExtraError
        If spaCy is not installed.
    ConfigError
        If there is no such model.
    """

    name = "spacy"

    def __init__(self, model: str) -> None:
        try:
            import spacy
        except ImportError as error:
            raise MissingExtraError("to recognise names with spaCy, run pip install geomap[ner]") from error
        try:
            self._model = spacy.load(model, exclude=list(_UNUSED))
        except (OSError, ValueError) as error:
            message = "no spaCy model; give the folder of one, or the name of an installed package"
            raise ConfigError([Problem(Mark(Path(model), 1, 1), message, "recogniser")]) from error

    @property
    def languages(self) -> frozenset[str]:
        """That of the model."""
        return frozenset({self._model.lang})

    def recognise(self, texts: Iterable[str]) -> Iterator[Sequence[LabelledSpan]]:
        """The labelled spans of each text, in order."""
        for text in texts:
            found = []
            for start, part in _parts(text):
                found += [
                    LabelledSpan(start + one.start_char, start + one.end_char, one.label_)
                    for one in self._model(part).ents
                ]
            yield found


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """A text in parts that end at blanks, where there are some."""
    start = 0
    while start < len(text):
        end = min(start + _LONGEST, len(text))
        if end < len(text):
            end = max(text.rfind(" ", start, end), text.rfind("\n", start, end)) + 1 or end
        # Lone surrogates are no text to spaCy.
        yield start, text[start:end].encode("utf-8", "replace").decode()
        start = end
