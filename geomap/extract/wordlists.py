"""Sets of words, written as people read them: parted by blanks."""


def word_set(words: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(words.split())
