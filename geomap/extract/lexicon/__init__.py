"""Words of the trade: which of them tell of which event, who says something, what is counted."""

from geomap.extract.lexicon.read import Lexicon, SpeechVerb, Trigger, read_lexicon
from geomap.extract.lexicon.verb_forms import Form

__all__ = ["Form", "Lexicon", "SpeechVerb", "Trigger", "read_lexicon"]
