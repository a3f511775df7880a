"""Toponyms of a document: which names of places stand in it, how they are meant, and where the places are.

Spans that the gazetteer knows or that look like names are weighed by a linear classifier, those that win are linked
to places all together. The steps are `words`, `spans`, `features`, `model`; `geoparser` puts them together.
"""

from geomap.extract.toponyms.geoparser import Geoparser, MentionKind, Toponym
from geomap.extract.toponyms.recognisers import LabelledSpan, Recogniser

__all__ = ["Geoparser", "LabelledSpan", "MentionKind", "Recogniser", "Toponym"]
