"""Closed sets of folded words that tell what stands beside them, in English and the languages of eastern Europe.

The classes are for a classifier to weigh; a word has the first class that lists it.
"""

import re
from typing import Final

from geomap.gazetteer.kinds import KIND_WORDS, PlaceClass


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARABIC_ARTICLES: Final = _set("al el ar as ash at an ad adh az ul")
JOINING: Final = _set(
    "of the and de la le les du des del der den di da do dos das e y i et en sur sous upon on under am an im bei von"
    " vor na nad pod w v u al el ez au aux"
)
JOINING_DECLINED: Final = _set("na nad pod de la le von van der den do da di el al")
"""Small words inside names: Isle of Man, Rostov-na-Donu, Frankfurt am Main."""
ABBREVIATED: Final = _set(
    "st ste mt ft pt dr mr mrs ms jr sr gen col maj capt sgt lt rev hon sen rep gov prof n s e w"
)
"""Words before a full stop that does not end a name."""
KIND_TAILS: Final = frozenset(KIND_WORDS) | _set(
    "oblasti oblastiu oblastyu oblastju voblasci voblasc voblast vobl obl rajone rajona rayone raiona rayona raione"
    " rajonie rayoni raioni okruge okruha krae kraia kraya respubliki respublike respublitsi poligone poligona"
    " poligoni aerodrome aerodroma aerodromi most mosta mostu mostom mostu more moria morya morem kanal kanala"
    " poluostrov poluostrove vodokhranilishche hromada hromadi hromady ozero ozera reka reki richka gora"
)
"""Words that may end a name although they are written small, in languages that do so."""
SMALL_HEADS: Final = _set(
    "wojewodztwo wojewodztwa wojewodztwie wojewodztwem wojewodztwu obwod obwodu obwodzie obwodem powiat powiatu"
    " powiecie powiatem"
)
"""Words before an adjective that together are a name written small: województwo lubelskie."""
SMALL_ADJECTIVE: Final = re.compile(r"[a-z]{2,24}[sc]k(?:i|ie|iego|iemu|im)")

_CLASSES: Final[dict[str, str]] = {
    "in": "in at near into inside outside around across throughout within through between beyond along off nearby"
    " outskirts v vo u w we kolo bilya poblyzu kalya lya pobliz pri okolo vblizi vozle pod pad nad na przy pod obok"
    " pomiedzy mezhdu mizh",
    "to": "to toward towards via za do k ku ka",
    "from": "from z iz zi so s ot ad vid od",
    "of": "of",
    "over": "over above under below against behind on upon",
    "with": "with by for about as than like after before because since until during without amid po dlia dla",
    "the": "the",
    "a": "a an this that these those his her its their our my your another every each some any no all",
    "and": "and or but nor i y a ale oraz ta dy and/or & plus",
    "title": "mr mrs ms miss dr sir lord lady president prime minister premier chancellor king queen prince princess"
    " pope senator sen governor gov mayor congressman congresswoman representative rep judge justice sheriff chief"
    " general gen colonel col major maj captain capt lieutenant lt sergeant sgt corporal private admiral marshal"
    " officer detective deputy spokesman spokeswoman spokesperson secretary ambassador envoy commissioner director"
    " chairman chairwoman chair professor prof coach manager pastor rev reverend bishop father sister brother"
    " journalist reporter editor author actor actress singer attorney lawyer analyst commander leader oligarch"
    " prezident prezydent ministr general glava gubernator polkovnik predsedatel komandir premer marszalek rzecznik"
    " posol deputat heneral minister wojewoda burmistrz starosta",
    "said": "said says told tells added adds announced announces reported reports confirmed denied denies claimed"
    " claims warned warns accused accuses insisted wrote argued stated called urged asked demanded wants wanted refused"
    " rejected agreed signed voted imposed condemned threatened vowed pledged soobshchil zaiavil skazal poinformowal"
    " powiedzial povidomyv zaiavyv zaiaviv",
    "was": "is was are were be been has have had will would could should may might can did does do",
    "born": "born raised native resident residents living lives lived based located situated headquartered live"
    " visited visit visiting arrived arrive arrives left leave leaving reached entered crossed moved bound"
    " flew fled landed captured seized liberated shelled struck bombed hit attacked stationed deployed",
    "north": "north south east west northern southern eastern western central northeast northwest southeast southwest"
    " northeastern northwestern southeastern southwestern upper lower greater downtown mid"
    " severnaia yuzhnaia vostochnaia zapadnaia pivnichna pivdenna skhidna zakhidna",
    "day": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thurs fri sat sun today"
    " yesterday tomorrow january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sept sep oct nov dec",
    "km": "km miles mile kilometers kilometres kilometer kilometre metres meters hours minutes blocks kilometrow km2",
    "unit": "army navy troops forces force soldiers brigade regiment division battalion corps battlegroup guard guards"
    " squadron fleet police authorities government officials officers military defence defense ministry parliament"
    " embassy border president's embassy parliament council court airport airspace administration",
    "org": "inc corp corporation ltd llc co company companies group holdings bank university college school schools"
    " institute academy hospital clinic center centre church cathedral temple ministry department office agency bureau"
    " committee commission association society foundation union league club team party times post herald news tribune"
    " journal gazette star press daily chronicle observer magazine tv radio network airlines airways motors energy"
    " industries systems partners associates museum library theatre theater stadium arena hotel restaurant park"
    " festival cup championship prize award agreement agreements accord treaty convention declaration protocol"
    " act law movement front alliance forum summit conference council",
    "people": "man woman men women people boy girl teen teenager resident native couple driver student family citizens"
    " nationals migrants refugees",
}  # fmt: skip
_CLASS_OF: Final = {word: name for name, listed in reversed(_CLASSES.items()) for word in listed.split()} | {
    word: "kind" for word in KIND_WORDS if word not in _set(_CLASSES["org"])
}
FUNCTION_WORDS: Final = frozenset(
    word
    for word, name in _CLASS_OF.items()
    if name in ("in", "to", "from", "of", "over", "with", "the", "a", "and", "was")
)
"""Words that are no names by themselves, though they have a capital at the head of a sentence."""
_MARKS: Final = frozenset(",.;:()[]'\"-/!?") | {"--", "'s", "...", "#"}


def cue_of(fold: str) -> str:
    """The class of a folded word as a cue; of a mark the mark itself, empty for any other word."""
    if fold in _MARKS:
        return fold
    return _CLASS_OF.get(fold, "")


LOOKED_UP_WITH: Final = frozenset(
    word
    for word, kind in KIND_WORDS.items()
    if kind in (PlaceClass.REGION, PlaceClass.DISTRICT, PlaceClass.AIRFIELD)
) - _set(
    "division department dep dept agency sector block circle cercle states oblasts regions counties districts"
) | _set("range peninsula")
"""Words behind a name that say which of its places is meant, though they may not be of the name: Idlib province."""
