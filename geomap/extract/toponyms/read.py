"""The files that recognition rests on: learned weights, and lists of words and names."""

from dataclasses import dataclass, field
from typing import Any, Final

import orjson

from geomap.errors import DataFileError
from geomap.extract.toponyms.features import WordLists
from geomap.gazetteer.store import data_folder

WEIGHTS: Final = "toponym_weights.json"
WORD_LISTS: Final = "word_lists.json"


@dataclass(frozen=True, slots=True)
class LinearWeights:
    """A bias, and weights by feature."""

    bias: float
    features: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToponymWeights:
    """What is learned: `is_toponym` of the first look, `in_document` of the second; `is_literal` against metonymic."""

    learned_from: tuple[str, ...]
    is_toponym: LinearWeights
    in_document: LinearWeights
    is_literal: LinearWeights
    with_labels: dict[str, LinearWeights] = field(default_factory=dict)
    """Of the second look where a recogniser takes part, by its name."""


def read_toponym_weights() -> ToponymWeights:
    """The weights that geomap carries.

    Raises
    ------
    DataFileError
        If they are missing or damaged.
    """
    content = _read(WEIGHTS)
    try:
        return ToponymWeights(
            learned_from=tuple(content["learned_from"]),
            with_labels={name: LinearWeights(**one) for name, one in content["with_labels"].items()},
            **{name: LinearWeights(**content[name]) for name in ("is_toponym", "in_document", "is_literal")},
        )
    except (KeyError, TypeError) as error:
        raise DataFileError(f"{data_folder() / WEIGHTS}: damaged; install geomap again") from error


def read_word_lists() -> WordLists:
    """The lists of words and names.

    Raises
    ------
    DataFileError
        If they are missing or damaged.
    """
    content = _read(WORD_LISTS)
    return WordLists(**{name: frozenset(content[name].split()) for name in ("words", "given", "surnames")})


def _read(name: str) -> dict[str, Any]:
    path = data_folder() / name
    try:
        content: dict[str, Any] = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise DataFileError(f"{path}: cannot be read ({error}); install geomap again") from error
    return content
