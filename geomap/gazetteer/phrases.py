"""The small words of place descriptions: English, and the common ones of Russian, Ukrainian, Belarusian and Polish.

They are written here as people write them and folded as they are read in. A word holds in its own script only:
the Cyrillic `до` is a small word, the `do` of `Ilha do Príncipe` is not.
"""

from enum import Enum, auto
from typing import Final

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.kinds import KIND_WORDS, PlaceClass


class Role(Enum):
    """What a small word, or several together, say of the names beside them."""

    NEAR = auto()
    IN = auto()
    TOWARD = auto()
    BETWEEN = auto()
    OVER = auto()
    FROM = auto()  # the first end of a way
    OF = auto()
    AND = auto()
    STOP = auto()  # tells of something else from here on
    ALIAS = auto()  # another name of the same place
    NAME = auto()  # small words inside a name


def is_cyrillic(word: str) -> bool:
    """Whether a word begins with a Cyrillic letter."""
    return "\u0400" <= word[0] <= "\u052f"


# Phrases, parted by commas, by what they say. The longest that fits counts.
_PHRASES: Final = {
    Role.NEAR: """
        near, near to, nearby, in or near, around, close to, next to, adjacent to, beside, opposite,
        across from,
        outside, outside of, just outside, vicinity, vicinity of, in the area of, the area of,
        along, frontline of, frontlines of, bordering, border with, off, coast of, off the coast of,
        возле, около, вблизи, вблизи от, недалеко от, неподалёку от, поблизости от, рядом с, под, в районе,
        в окрестностях, на окраине, в пригороде, на границе с, у границы с, вдоль,
        біля, поблизу, неподалік, неподалік від, недалеко від, поруч з, поруч із, коло, під, в районі, у районі,
        в околицях, на околиці, на околицях, на кордоні з, уздовж, вздовж,
        каля, ля, паблізу, непадалёк ад, недалёка ад, побач з, пад, у раёне, у ваколіцах, на ўскраіне,
        на мяжы з, уздоўж,
        koło, obok, niedaleko, niedaleko od, nieopodal, pod, w pobliżu, w okolicach, w okolicy, w rejonie,
        na obrzeżach, na przedmieściach, na granicy z, przy granicy z, wzdłuż
    """,
    Role.IN: """
        in, at, on, under, within, inside, across, throughout,
        в, у, во, на, по, ў, ва,
        w, we
    """,
    Role.TOWARD: """
        to, toward, towards, into, direction of, in the direction of, on the way to, on the road to,
        к, до, в направлении, в сторону, по дороге в, по дороге на,
        у напрямку, в напрямку, в бік, у бік, у напрамку, у бок,
        w kierunku, w stronę, na drodze do
    """,
    Role.BETWEEN: "between, между, між, поміж, між, паміж, między, pomiędzy",
    Role.OVER: "over, above, airspace of, in the airspace of, над, nad",
    Role.FROM: "from, от, из, від, з, ад, od",
    Role.OF: "of",
    Role.AND: "and, or, as well as, und, et, и, или, а также, і, та, й, або, ды, oraz",
    Role.STOP: """
        which, that, who, where, when, while, during, after, before, although, located, situated,
        belonging, for,
        with, by, as, is, was, were, travelling, traveling, leads, looks, about, via, followed, reportedly, than
    """,
    Role.ALIAS: "aka, also known as, known as, known locally as, also called, formerly",
    # Names whose small words would part them where they stand beside other names.
    Role.NAME: """
        near north side, near south side, near west side, near east side, near east,
        in salah, in guezzam, in amenas, in amguel, on don, on sea, on trent, on thames, on tees, on the naze,
        in der, in den, in dem, 6 th of october, 10 th of ramadan,
        bosnia and herzegovina, trinidad and tobago, antigua and barbuda, sao tome and principe,
        saint kitts and nevis, st kitts and nevis, saint vincent and the grenadines, turks and caicos,
        wallis and futuna, serbia and montenegro, newfoundland and labrador, jammu and kashmir,
        andaman and nicobar, dadra and nagar haveli, daman and diu, sistan and baluchestan,
        sistan and balochistan,
        chaharmahal and bakhtiari, kohgiluyeh and boyer ahmad, tyne and wear, dumfries and galloway,
        perth and kinross, argyll and bute, brighton and hove,
        ростов на дону, комсомольск на амуре, босния и герцеговина, боснія і герцеговина
    """,
}

AND_BETWEEN: Final = frozenset({"a", "i"})
"""Polish `and`, one letter long, that is read only between the ends of a stretch: `między A a B`."""

ONLY_SMALL: Final = frozenset({"nad", "et", "und"})
"""Small words that a capital makes part of a name: `Nad Ali`."""

AMID_NAMES: Final = frozenset({"nad", "pod"})
"""Small words that are of the name where a name stands before them: `Ústí nad Labem`."""

# Words that end a direction or a distance: `north of`, `18 km from`, `10 км от`, `на північ від`, `na północ od`.
FROM_LATIN: Final = frozenset({"of", "from", "od"})
FROM_CYRILLIC: Final = frozenset({"ot", "vid", "ad"})

_Phrase = tuple[tuple[str, ...], Role]


def _by_first_word(is_wanted_cyrillic: bool) -> dict[str, tuple[_Phrase, ...]]:
    found: dict[str, list[_Phrase]] = {}
    for role, text in _PHRASES.items():
        for phrase in text.split(","):
            written = phrase.split()
            if is_cyrillic(written[0]) is is_wanted_cyrillic:
                words = tuple(fold_name(word) for word in written)
                found.setdefault(words[0], []).append((words, role))
    return {first: tuple(sorted(some, key=lambda item: -len(item[0]))) for first, some in found.items()}


PHRASES_LATIN: Final = _by_first_word(False)
"""Phrases by their first folded word, the longest first."""
PHRASES_CYRILLIC: Final = _by_first_word(True)


# Directions: the bearing, and whether the word alone says a side (`northern`, `на севере`) rather than a direction.

_COMPASS: Final = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
_NOUNS: Final = {  # with the cases that follow prepositions
    0.0: "север северу севера північ півночі поўнач поўначы północ północy",
    90.0: "восток востоку востока схід сходу усход усходу ўсход ўсходу wschód wschodu",
    180.0: "юг югу юга південь півдня поўдзень поўдня południe południu",
    270.0: "запад западу запада захід заходу захад захаду zachód zachodu",
    45.0: "северо-восток северо-востоку", 135.0: "юго-восток юго-востоку",
    225.0: "юго-запад юго-западу", 315.0: "северо-запад северо-западу",
}  # fmt: skip
_MORE: Final = {  # `севернее Гродно`: no preposition follows
    0.0: "севернее північніше", 90.0: "восточнее східніше", 180.0: "южнее південніше", 270.0: "западнее західніше",
    45.0: "северо-восточнее", 135.0: "юго-восточнее", 225.0: "юго-западнее", 315.0: "северо-западнее",
}  # fmt: skip
_LOCATIVES: Final = {
    0.0: "севере", 90.0: "востоке сході усходзе ўсходзе wschodzie", 180.0: "юге півдні поўдні",
    270.0: "западе заході захадзе zachodzie", 45.0: "северо-востоке", 135.0: "юго-востоке", 225.0: "юго-западе",
    315.0: "северо-западе",
}  # fmt: skip
_ADJECTIVES: Final = {  # stems, then the endings of the language
    "ый ая ое ой ом ую ого ые ых": {0.0: "северн", 90.0: "восточн", 180.0: "южн", 270.0: "западн",
        45.0: "северо-восточн", 135.0: "юго-восточн", 225.0: "юго-западн", 315.0: "северо-западн"},
    "ий а е ій ому у ого і их": {0.0: "північн", 90.0: "східн", 180.0: "південн", 270.0: "західн",
        45.0: "північно-східн", 135.0: "південно-східн", 225.0: "південно-західн", 315.0: "північно-західн"},
    "ы ая ае ай ым ую ага ыя ых": {0.0: "паўночн", 90.0: "усходн", 180.0: "паўднёв", 270.0: "заходн",
        45.0: "паўночна-ўсходн", 135.0: "паўднёва-ўсходн", 225.0: "паўднёва-заходн", 315.0: "паўночна-заходн"},
    "y a e ej ą ym i iej im ich": {0.0: "północn", 90.0: "wschodn", 180.0: "południow", 270.0: "zachodn",
        45.0: "północno-wschodn", 135.0: "południowo-wschodn", 225.0: "południowo-zachodn",
        315.0: "północno-zachodn"},
}  # fmt: skip
_COMPOUND_PARTS: Final = {0.0: "north", 90.0: "east", 180.0: "south", 270.0: "west"}


def _folds(table: dict[float, str]) -> dict[str, float]:
    return {fold_name(word): wind for wind, words in table.items() for word in words.split()}


_ENGLISH: Final = {word: 45.0 * number for number, word in enumerate(_COMPASS)} | {
    f"{first} {second}": 45.0 * _COMPASS.index(first + second)
    for first in ("north", "south")
    for second in ("east", "west")
}
WINDS: Final = _ENGLISH | _folds(_NOUNS) | _folds(_MORE)
"""Bearings in degrees by folded nouns of direction."""
WINDS_ALONE: Final = frozenset(_folds(_MORE))
SIDES: Final = (
    {f"{word}{ending}": wind for word, wind in _ENGLISH.items() for ending in ("ern", "ernmost")}
    | _folds(_LOCATIVES)
    | {
        fold_name(stem + ending): wind
        for endings, stems in _ADJECTIVES.items()
        for wind, stem in stems.items()
        for ending in endings.split()
    }
)
"""Bearings in degrees by folded words for a side of what is named."""
WIND_LETTERS: Final = {
    "N": 0.0, "NNE": 22.5, "NE": 45.0, "ENE": 67.5, "E": 90.0, "ESE": 112.5, "SE": 135.0, "SSE": 157.5, "S": 180.0,
    "SSW": 202.5, "SW": 225.0, "WSW": 247.5, "W": 270.0, "WNW": 292.5, "NW": 315.0, "NNW": 337.5,
}  # fmt: skip

# Distances.

UNITS: Final = {
    fold_name(word): km
    for km, words in {
        1.0: "km kms kilometer kilometers kilometre kilometres км километр километра километрах километров кілометр"
        " кілометри кілометра кілометрах кілометрів кіламетр кіламетры кіламетраў кіламетрах kilometr kilometry"
        " kilometrów kilometra kilometrach",
        1.609344: "mile miles mi миля мили миль милях миль mila mile mil",
        0.001: "m meter meters metre metres м метр метра метров метрах метрів метри метраў metr metry metrów",
    }.items()
    for word in words.split()
}
"""Kilometres by folded unit."""
NUMBERS: Final = {
    "one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0, "eight": 8.0,
    "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0, "fifteen": 15.0, "twenty": 20.0, "thirty": 30.0,
    "forty": 40.0, "fifty": 50.0, "hundred": 100.0,
}  # fmt: skip

# Words in names, or beside them, that are not the name itself.


def _set(text: str) -> frozenset[str]:
    return frozenset(fold_name(word) for word in text.split())


KINDS: Final[dict[str, PlaceClass]] = dict(KIND_WORDS)
"""Classes by folded kind word, also in the cases of inflected languages."""
for _kind, _forms in {
    PlaceClass.REGION: "область области областях вобласці województwa województwie obwodu obwodzie",
    PlaceClass.DISTRICT: "район района районе районі району раён раёна раёне раёну powiatu powiecie gminy gminie rejon",
    PlaceClass.SETTLEMENT: "деревня деревни деревне деревню деревень сёла села селе селі города городе городом города"
    " посёлка посёлке посёлок хутора місто міста місті селища селищі селище вёскі вёсцы вёска горада"
    " горадзе wsi miasta"
    " mieście miejscowości miasteczko miasteczka",
    PlaceClass.AIRFIELD: "аэродром аэродрома аэродроме аэропорт аэропорта аэропорте аэропорту аеродром аеродрому"
    " аеродромі аеропорту аэрадром аэрадрома lotniska lotnisku",
    PlaceClass.SITE: "полигон полигона полигоне полігон полігону полігоні poligonu poligonie станция станции станція",
    PlaceClass.WATERS: "озеро озера река реки реке річка річки річці рака ракі rzeka rzeki rzece jezioro jeziora",
}.items():
    for _form in _forms.split():
        KINDS.setdefault(fold_name(_form), _kind)

GENITIVE_KINDS: Final = _set("области вобласці района раёна району")
GENITIVE_ENDINGS: Final = ("oy", "oi", "ogo", "ay", "aga")
"""Of the adjective that stands before such a kind word: `Гродненской области`."""
KINDS_BEFORE_ADJECTIVES: Final = _set(
    "województwo województwa województwie woj obwód obwodu obwodzie powiat powiatu powiecie rejon"
    " rejonu rejonie gmina gminy"
)
"""Kind words that a name without a capital follows: `województwo podlaskie`."""
LEADING_KINDS: Final = _set("barangay brgy sitio purok vereda corregimiento barrio colonia caserio")
"""Kind words that stand before their name: `Argelia Barrio El Lago` are two."""
_AMID_NAMES: Final = frozenset(
    {
        "state",
        "territory",
        "division",
        "block",
        "zone",
        "sector",
        "borough",
        "agency",
        "commune",
        "subdivision",
    }
)
CLOSING_KINDS: Final = frozenset(
    word
    for word, kind in KIND_WORDS.items()
    if kind in (PlaceClass.REGION, PlaceClass.DISTRICT) and word not in _AMID_NAMES
) | {"suburbs", "countryside", "outskirts"}
"""Kind words that no name goes on after, even with a capital: `Nad Ali District Helmand` are two."""

ARTICLES: Final = _set("the a an its their this na some about approximately approx roughly just circa")
"""Words before a name that say nothing."""
FILLERS: Final = _set(
    "the a an area areas part parts local several various entire whole site sites belt cut-off limits"
    " town-area urban vicinity capital provincial regional rest other nearby military civilian"
    " international border government"
    " borderland granica granicy границы границе границей кордону мяжы airspace center centre"
    " часть части частину частини частина частині частка частцы часці część części czesci территория территории"
    " территорию территорія території центр центра центре центрі centrum город"
)
DEGREES: Final = _set("central greater upper lower inner outer middle main far")
"""Words that are of the name where they have a capital (`Upper Nile`), else not (`upper Egypt`)."""
NO_NAMES: Final = _set("old new big little great")
"""Words that are no name without their kind word: `Old City`."""
FORMAL: Final = _set(
    "democratic peoples islamic federal arab united autonomous federated socialist hashemite"
)
"""Words before `Republic` and the like that are no name: `Democratic Republic of the Congo` is one name."""
SURROUNDINGS: Final = _set(
    "countryside rural suburb suburbs outskirts environs hinterland hinterlands rif surroundings"
    " direction axis front"
)
QUARTERS: Final = _set(
    "neighborhood neighbourhood neighborhoods neighbourhoods barrio quarter suburb subdivision"
    " fraccionamiento street"
    " avenue road highway rua calle via development estate colony bairro mahalle ward"
    " улица улице улицы проспект микрорайон микрорайоне квартал квартале вулиця вулиці мікрорайон"
    " вуліца вуліцы ulica ulicy"
    " dzielnica dzielnicy"
)
ROADS: Final = _set(
    "road highway route motorway freeway трасса трассе трасі траса трасе шоссе шосе дорога дороге"
    " дорозі дарозе droga"
    " drodze szosa szosie trasa trasie шлях"
)
PLURALS: Final = _set(
    "provinces regions states oblasts governorates districts counties municipalities communes rayons"
    " raions villages"
    " towns cities settlements localities departments woredas territories"
)
OWNERS_IN_NAMES: Final = _set(
    "Cox's King's Queen's George's Bishop's Martha's Land's Lee's Devil's Hell's John's Mary's Ra's"
)
"""Owners that are no places: `Cox's Bazar` is one name."""
LABELS: Final = LEADING_KINDS | {"tabia", "kebele"}
"""Words that a colon follows in lists of divisions, besides kind words."""
GENITIVES: Final = _set("de del des do da dos das du di della der")
"""`of` in names of other languages: `provincia de Buenos Aires`."""
ARTICLES_OF_NAMES: Final = _set("al el as ash ad ar at az et ed la le los las les")
"""Articles that stay with a name where they have no capital: `al Bab`, `la Paz`."""
