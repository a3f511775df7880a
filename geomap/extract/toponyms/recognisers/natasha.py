"""natasha as a recogniser of Russian names."""

from collections.abc import Iterable, Iterator, Sequence

from geomap.errors import MissingExtraError
from geomap.extract.toponyms.recognisers import LabelledSpan


class NatashaRecogniser:
    """Names as natasha's news model sees them; its weights come with the package.

    Raises
    ------
    MissingExtraError
        If natasha is not installed.
    """

    name = "natasha"
    languages = frozenset({"ru"})

    def __init__(self) -> None:
        try:
            from natasha import Doc, NewsEmbedding, NewsNERTagger, Segmenter
        except ImportError as error:
            raise MissingExtraError("to recognise names with natasha, run pip install geomap[ru]") from error
        self._document, self._segmenter = Doc, Segmenter()
        self._tagger = NewsNERTagger(NewsEmbedding())

    def recognise(self, texts: Iterable[str]) -> Iterator[Sequence[LabelledSpan]]:
        """The labelled spans of each text, in order."""
        for text in texts:
            document = self._document(text)
            document.segment(self._segmenter)
            document.tag_ner(self._tagger)
            yield [LabelledSpan(one.start, one.stop, one.type) for one in document.spans]
