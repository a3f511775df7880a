"""Where sentences end, in English, Russian, Ukrainian, Polish and Belarusian.

A stop ends a sentence unless what stands before it is an abbreviation or an initial, or what follows goes on in
lower case. Tables decide, in one pass, after the manner of rule-based splitters such as Golden Rules (K. Dias,
"pragmatic segmenter").
"""

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import Final

from geomap.extract.wordlists import word_set


class _After(Enum):
    """What an abbreviation says of the stop behind it."""

    NEVER_ENDS = auto()
    """It wants a name: `Gen. Roe`, `ул. Ленина`."""
    NUMBER_FOLLOWS = auto()
    """It is one before a number only: `No. 5`, `Nov. 12`."""
    MAY_END = auto()
    """It ends a sentence if the next word is one that begins sentences: `in the U.S. The`."""
    COUNTS_YEARS = auto()
    """Behind a number it counts years and may end, else it wants a name: `2021 г. Минск`, `г. Минск`."""


def _table(**words: str) -> dict[str, _After]:
    return {word: _After[after.upper()] for after, row in words.items() for word in row.split()}


# English ones are abbreviations in capitals only (`Gen.`, `Ill.`), but for those in lower case here.
_ENGLISH: Final = _table(
    never_ends=(
        "Mr Mrs Ms Mx Messrs Dr Prof Rev Hon Gen Lt Col Maj Capt Cpt Cmdr Cdr Cpl Sgt Pvt Adm Brig Pres Gov Sen Rep "
        "Reps Sens Supt Insp Det Amb Min Sec Fr Br Sr St Ste Mt Ft Pt Mme Mlle vs v cf ca approx e.g i.e Gens Cols"
    ),
    number_follows=(
        "No Nos no nos Art Arts Fig Figs Vol p pp par Sec Ch Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec "
        "Tel tel Ext ext Op Rte"
    ),
    may_end=(
        "Inc Corp Co Ltd Bros Jr Esq etc al Dept Univ Assn Bldg Ave Blvd Rd Hwy Ala Ariz Ark Calif Colo Conn Del Fla "
        "Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Tenn Tex Va Vt Wash Wis Wyo Me km "
        "kg lb lbs oz ft sq hrs mins est Est Mon Tue Tues Wed Thu Thur Thurs Fri Sat Sun"
    ),
)
_POLISH: Final = _table(
    never_ends=(
        "ul al pl św śp płk ppłk mjr kpt por ppor chor sierż plut kpr szer gen adm kadm kmdr st mł bryg dyw dr prof "
        "inż mgr hab doc ks bp abp kard red min prez im pow woj gm os m.in np tzw tzn ok ww wg ws pt ur zm płd płn "
        "zach wsch ang ros niem ukr biał łac por zob por dz"
    ),
    number_follows="nr tel art ust poz pkt str s godz t tab rys",
    may_end="tys itd itp in etc zł gr jw cd proc mln mld",
    counts_years="r rr w ww",
)
_CYRILLIC: Final = _table(
    never_ends=(
        "ул пр просп пер пл бул бульв наб ш им гор пос дер с д м п х ст-ца обл р-н респ о оз р-на ген полк подп майор "
        "кап лейт ст мл серж ряд адм проф акад доц канд д-р св г-н г-жа гр тов зам пом нач напр т.е т.н т.к т.наз см "
        "ср англ рус укр бел польск лат нем фр тел вул бульв просп провул смт хут сел ім ред ген-л тзв т.зв напр прим "
        "вобл р-н імя вёс пас зав праф акад ад см гл обр вкл пгт ок нп к корп стр кв"
    ),
    number_follows="№ тел пп рис табл арт пункт буд дом",
    may_end="тыс млн млрд руб коп грн тис долл дол евро т.д т.п др проч ін інш г.г мин час сек км кг га",
    counts_years="г гг р рр в вв ст",
)
_ROMAN_OR_NUMBER: Final = re.compile(r"[\d–—-]*\d|[IVXІХ]+")

# Words with which sentences begin far more often than names do.
_STARTERS: Final = word_set("""
    The A An He She It They We I You His Her Its Their Our My This That These Those There Here In On At By For From
    To With Without But And Or So Yet If When While As After Before Since Until Although Though Because However
    Meanwhile Moreover Earlier Later Also Then Thus Both Each Every All Some Many Most More Few Several Other Others
    Another No Not Nor Such According Officials Police Who What Where Why How Which Now Today Yesterday During Under
    Over Between Among Despite About Following Is Are Was Were Has Have Had Will Would Can Could Only Even Still
    В На И Но А С К О По За Из От До Для При Об Во Со Он Она Оно Они Мы Вы Я Это Этот Эта Эти Тот Та То Те Как Так
    Что Чтобы Кто Где Когда Если Хотя Однако Также Кроме Между После Перед Его Её Ее Их Там Здесь Тем Все Всё Ранее
    Позже Затем По Не Ни Сейчас Вчера Сегодня Накануне Напомним Согласно Теперь Тогда У
    У Та Але Й Із Зі Від Під Він Вона Воно Вони Ми Ви Це Цей Ця Ці Той Як Щоб Хто Де Коли Якщо Хоча Проте Однак
    Також Крім Між Після Його Її Їх Їхній Тут Там Усі Всі Раніше Пізніше Потім Не Зараз Учора Вчора Сьогодні
    За Згідно Тепер Тоді І
    Ён Яна Яно Яны Мы Вы Гэта Гэты Гэтая Гэтыя Той Як Каб Хто Дзе Калі Хаця Аднак Таксама Акрамя Паміж Пасля Перад
    Яго Яе Іх Тут Там Усе Раней Пазней Потым Не Цяпер Учора Сёння Паводле Тады З Са Пра Ад Да Па Але
    W We Na Z Ze I A Ale O Po Do Od Dla Przy Za Bez Przez Nad Pod Przed On Ona Ono Oni One My Wy Ja To Ten Ta Te Ci
    Jak Tak Co Kto Gdzie Kiedy Gdy Jeśli Choć Jednak Również Także Oprócz Między Jego Jej Ich Tam Tu Wszyscy
    Wcześniej Później Potem Nie Teraz Wczoraj Dzisiaj Dziś Według Zdaniem Wtedy Jest Są Był Była Było
    """)

# Behind a stop without a blank they end an address rather than begin a sentence.
_LIKE_DOMAINS: Final = word_set("By Me To So Is At No My Be Us")

_STOP: Final = re.compile(r"[.!?…]++[\"'”’»“)\]]*+")
_BLANK: Final = re.compile(r"\s*+")
_WORD: Final = re.compile(r"[^\W\d_]++(?![.\d])")
_OPENING: Final = frozenset("\"'“‘„«([—–-―`")
_OPENING_TRIM: Final = "\"'“‘„«([—–-―`/,;:"
_QUOTES: Final = frozenset("\"'”’»“")
_LONGEST_ABBREVIATION: Final = 8
_REACH: Final = 24
"""Characters before a stop that are looked at."""


def split_sentences(text: str, start: int, end: int, language: str = "en") -> Iterator[tuple[int, int]]:
    """The sentences of a stretch of text, in code points of the whole text, without blanks at their ends.

    Parameters
    ----------
    text
        The whole text.
    start, end
        The stretch, end exclusive.
    language
        ISO 639-1; of use for Latin script only: the abbreviations of Polish are not those of English.
    """
    begin = _after_blanks(text, start, end)
    for stop in _STOP.finditer(text, begin, end):
        following = _after_blanks(text, stop.end(), end)
        if following >= end:
            break
        if following < begin:
            continue
        if _ends(text, begin, stop, following, language):
            yield begin, stop.end()
            begin = following
    last = end
    while last > begin and text[last - 1].isspace():
        last -= 1
    if last > begin:
        yield begin, last


def _after_blanks(text: str, start: int, end: int) -> int:
    match = _BLANK.match(text, start, end)
    return match.end() if match else start


def _ends(text: str, begin: int, stop: re.Match[str], following: int, language: str) -> bool:
    """Whether a stop ends the sentence that began at `begin`; `following` is the next character that is no blank."""
    place = following
    # Russian and Polish speech goes on behind a dash: `"Нет". - сказал он`.
    while place - following < 4 and place < len(text) and (text[place] in _OPENING or text[place].isspace()):
        place += 1
    after = text[place] if place < len(text) else ""
    if after.islower():
        return False
    mark = stop.group()
    spaced = following > stop.end()
    if not spaced:
        return mark in (".", "!", "?") and _is_glued(text, stop.start(), following)
    if mark[0] != "." or mark.startswith(".."):
        return True
    words = text[max(begin, stop.start() - _REACH) : stop.start()].split()
    if not words:
        return False
    word = words[-1].lstrip(_OPENING_TRIM)
    if len(word) > _LONGEST_ABBREVIATION:
        return True
    if word.isdigit():
        return _number_ends(text, word, begin, stop.start(), place, language)
    if len(word) == 1 and word.isupper() and word != "I":
        return _starts_sentence(text, place)
    if len(word) > 1 and mark[1:2] and mark[1] in _QUOTES:
        return True
    kind = _kind(word, language)
    if kind is None and "-" in word:  # D-W. Va., д-р А.-М. Роу
        word = word.rpartition("-")[2]
        if len(word) == 1 and word.isupper():
            return _starts_sentence(text, place)
        kind = _kind(word, language)
    if kind is None:
        return "." not in word or _starts_sentence(text, place)
    if kind is _After.NEVER_ENDS:
        return False
    if kind is _After.NUMBER_FOLLOWS:
        return not after.isdigit()
    if kind is _After.MAY_END:
        return _starts_sentence(text, place)
    return len(words) > 1 and _ROMAN_OR_NUMBER.fullmatch(words[-2]) is not None


def _kind(word: str, language: str) -> _After | None:
    if "Ѐ" <= word[-1:] <= "ӿ" or word == "№":
        return _CYRILLIC.get(word.lower())
    if language == "pl":
        return _POLISH.get(word.lower())
    # In lines of capitals, too, `ST. PETERSBURG` is one name.
    return _ENGLISH.get(word) or (_ENGLISH.get(word.capitalize()) if word.isupper() else None)


def _number_ends(text: str, word: str, begin: int, stop: int, place: int, language: str) -> bool:
    if stop - begin == len(word) and len(word) <= 3:
        return False  # the number of an item in a list
    # Polish ordinals carry a stop: `16. Dywizja`.
    return language != "pl" or len(word) > 3 or _starts_sentence(text, place)


def _starts_sentence(text: str, place: int) -> bool:
    word = _WORD.match(text, place, place + _REACH)
    return word is not None and word.group() in _STARTERS


def _is_glued(text: str, stop: int, following: int) -> bool:
    """Whether two sentences stand together without a blank, as pages leave them: `they left.The next day`."""
    word = _WORD.match(text, following, following + _REACH)
    if word is not None and word.group() in _LIKE_DOMAINS:
        return False
    before = text[max(0, stop - 3) : stop]
    return len(before) == 3 and before.isalpha() and before.islower() and _starts_sentence(text, following)
