"""The preposition that a place stands after, and other small words around places."""

from typing import Final

from geomap.extract.nations import Nations
from geomap.extract.tokens import Words, word_set
from geomap.gazetteer.kinds import KIND_WORDS

SITE_WORDS: Final = word_set(
    "air base airbase airfield airport training ground range camp port station plant nuclear power naval "
    "bridge dam refinery crossing checkpoint prison hospital depot barracks garrison railway military "
    "island"
)
SIDES: Final = word_set(
    "northern southern eastern western northeastern northwestern southeastern southwestern central "
    "north-eastern north-western south-eastern south-western"
)
NEAR: Final = frozenset({"near", "outside", "around", "close", "beside", "off", "outskirts"})
_PARTS: Final = word_set(
    "capital part parts city outskirts side areas centre center region north south east west"
)
_ARTICLES: Final = frozenset({"the", "a", "an", "its", "their", "his", "our", "of", "this", "that"})
_NOT_VERBS: Final = SIDES | word_set(
    "the a an its their his our of nearby neighbouring neighboring occupied annexed capital regional border"
)
_PREPOSITIONS: Final = word_set(
    "in at on near to into from over above through across outside inside around along off within by "
    "throughout between under toward towards onto beside of for against leaving via with amid beyond"
)
_REACH: Final = 6
_CUE_STOPS: Final = word_set(
    "and or but said says as while when that because after before who which where than has have had is "
    "are was were will would since if whether it he she they"
)


class CueReader:
    """Reads what places stand after."""

    def __init__(self, nations: Nations) -> None:
        self._nations = nations

    def before(self, words: Words, first: int) -> str:
        """The preposition that a place stands after, past articles, adjectives and words such as "the town of"."""
        for at in range(first - 1, max(-1, first - 1 - _REACH), -1):
            low = words.low[at]
            if low == "of" and at and (words.low[at - 1] in KIND_WORDS or words.low[at - 1] in _PARTS):
                continue
            if low == "to" and any(
                words.text[i][:1].islower()
                and words.low[i] not in _NOT_VERBS
                and words.low[i] not in KIND_WORDS
                for i in range(at + 1, first)
            ):
                return ""  # to pressure Moscow
            if low in ("in", "at", "near", "outside") and at >= 3 and words.low[at - 1] in SITE_WORDS:
                start = at - 1
                while start > 0 and words.low[start] in SITE_WORDS | _ARTICLES:
                    start -= 1
                if words.low[start] in ("from", "to", "into"):
                    return words.low[start]  # from an airfield in Russia
            if low in _PREPOSITIONS:
                return low
            if low == "and" and at and words.low[at - 1] in SIDES:
                continue  # in western and central Belarus
            if not low[:1].isalnum() or low in _CUE_STOPS:
                return ""
            if (
                words.text[at][:1].isupper()
                and not words.text[at].isupper()
                and not words.is_owner[at]
                and low not in KIND_WORDS
                and low not in SIDES
                and not self._nations.country(low)
            ):
                return ""
        return ""
