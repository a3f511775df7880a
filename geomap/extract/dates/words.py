"""Words that dates are made of, in English, Russian, Ukrainian, Belarusian and Polish.

A word has a kind, which the rules are written in, and a value: the number of a month (1 to 12) or weekday (Monday
is 0), of a season (spring is 1), a count, a unit, days from today. Slavic words stand in the cases that dates
take, in lower case, `ё` as `е`.
"""

from collections.abc import Iterable
from enum import StrEnum, auto
from typing import Final

from geomap.extract.dates.periods import Unit


class Kind(StrEnum):
    """What a word or mark does in a date."""

    AN = auto()
    ABOUT = auto()
    AFTER = auto()
    AGO = auto()
    AND = auto()
    AS = auto()
    BEFORE = auto()
    BETWEEN = auto()
    BY = auto()
    COMMA = auto()
    COUPLE = auto()
    DASH = auto()
    DATE = auto()
    DAY = auto()
    DAYTIME = auto()
    DECADE = auto()
    DEICTIC = auto()
    EARLIER = auto()
    EARLY = auto()
    EVE = auto()
    EVERY = auto()
    FEW = auto()
    FISCAL = auto()
    FOLLOWING = auto()
    FOR = auto()
    FROM = auto()
    HOLIDAY = auto()
    IN = auto()
    LAST = auto()
    LATER = auto()
    LATEST = auto()
    MIDDLE = auto()
    MONTH = auto()
    NEW = auto()
    NEXT = auto()
    NOW = auto()
    NUMBER = auto()
    OF = auto()
    ON = auto()
    OR = auto()
    ORDINAL = auto()
    OVERNIGHT = auto()
    PAST = auto()
    PERIOD = auto()
    POSSESSIVE = auto()
    PREVIOUS = auto()
    QUARTER = auto()
    SAME = auto()
    SEASON = auto()
    SINCE = auto()
    SO = auto()
    THAT = auto()
    THE = auto()
    THIS = auto()
    THROUGH = auto()
    TO = auto()
    UNIT = auto()
    UNTIL = auto()
    WEEKDAY = auto()
    WITHIN = auto()
    YEAR = auto()
    YEARLY = auto()
    YEAR_MARK = auto()
    # How the sentence looks at its time
    WILL = auto()
    DID = auto()


WordValue = int | Unit | None
Word = tuple[Kind, WordValue]


def word_set(text: str) -> frozenset[str]:
    """The words of a text, each once."""
    return frozenset(text.split())


def _numbered(kind: Kind, rows: str, first: int) -> Iterable[tuple[str, Word]]:
    """The words of each row with the number of the row."""
    for number, row in enumerate(rows.strip().splitlines(), first):
        for word in row.split():
            yield word, (kind, number)


def _alike(kind: Kind, words: str, value: WordValue = None) -> Iterable[tuple[str, Word]]:
    return ((word, (kind, value)) for word in words.split())


_MONTHS: Final = """
january jan январь января январе січень січня січні студзень студзеня студзені styczeń stycznia styczniu
february feb февраль февраля феврале лютий лютого лютому люты лютага лютым luty lutego lutym
march mar март марта марте березень березня березні сакавік сакавіка сакавіку marzec marca marcu
april apr апрель апреля апреле квітень квітня квітні красавік красавіка красавіку kwiecień kwietnia kwietniu
may май мая мае травень травня травні траўня траўні maj maja maju
june jun июнь июня июне червень червня червні чэрвень чэрвеня чэрвені czerwiec czerwca czerwcu
july jul июль июля июле липень липня липні ліпень ліпеня ліпені lipiec lipca lipcu
august aug август августа августе серпень серпня серпні жнівень жніўня жніўні sierpień sierpnia sierpniu
september sept sep сентябрь сентября сентябре вересень вересня вересні верасень верасня верасні wrzesień września wrześniu
october oct октябрь октября октябре жовтень жовтня жовтні кастрычнік кастрычніка кастрычніку październik października październiku
november nov ноябрь ноября ноябре листопад листопада листопаді лістапад лістапада лістападзе listopad listopada listopadzie
december dec декабрь декабря декабре грудень грудня грудні снежань снежня снежні grudzień grudnia grudniu
"""  # noqa: E501 - one row is one month
# `среда` is also an environment; only the accusative is safe.
_WEEKDAYS: Final = """
monday mon понедельник понедельника понедельнику понеділок понеділка понеділку панядзелак панядзелка панядзелку poniedziałek poniedziałku
tuesday tue tues вторник вторника вторнику вівторок вівторка вівторку аўторак аўторка аўторку wtorek wtorku
wednesday wed среду середа середу середи середі серада сераду серады сераду środa środę środy środzie
thursday thu thur thurs четверг четверга четвергу четвер четверга четвергу чацвер чацвярга чацвяргу czwartek czwartku
friday fri пятница пятницу пятницы пятнице п'ятниця п'ятницю п'ятниці пятніца пятніцу пятніцы piątek piątku
saturday sat суббота субботу субботы субботе субота суботу суботи суботі суботы суботу sobota sobotę soboty sobocie
sunday sun воскресенье воскресенья воскресенью неділя неділю неділі нядзеля нядзелю нядзелі niedziela niedzielę niedzieli
"""  # noqa: E501 - one row is one day
_SEASONS: Final = """
spring springtime весна весну весны весной весне навесні весною вясна вясну вясны вясной увесну wiosna wiosnę wiosny wiosną wiośnie
summer summertime лето летом літо літа влітку літом летам wlecie latem lato
autumn fall осень осени осенью осінь осені восени восень восені восенню увосень jesień jesieni jesienią
winter wintertime зима зиму зимы зимой зиме взимку зими зимою зімой узімку зіму зімы zima zimę zimy zimą zimie
"""  # noqa: E501 - one row is one season
_UNITS: Final = {
    Unit.HOUR: "hour hours час часа часов година години годин гадзіна гадзіны гадзін godzina godziny godzin",
    Unit.DAY: (
        "day days день дня дню дне дни дней днях сутки суток дні"
        " днів дзень дні дзён dzień dnia dniu dni doba доба доби добу добы"
    ),
    Unit.WEEK: (
        "week weeks неделей тижнем неделя неделю недели неделе недель тиждень тижня тижню тижні тижнів"
        " тыдзень тыдня тыдні тыдняў tydzień tygodnia tygodniu tygodnie tygodni"
    ),
    Unit.WEEKEND: (
        "weekend weekends выходные выходных вихідні вихідних выхадныя выхадных weekendu weekendzie"
    ),
    Unit.MONTH: (
        "month months месяцем місяцем месяц месяца месяце месяцы месяцев місяць місяця місяці місяців"
        " месяцаў месяцы miesiąc miesiąca miesiącu miesiące miesięcy"
    ),
    Unit.QUARTER: "quarter квартал квартала квартале кварталі квартале kwartał kwartału kwartale",
    Unit.HALF: "half",
    Unit.YEAR: (
        "year years год года году годе годом роком лет рік року році роки років годзе гады гадоў rok roku lata lat"
    ),
    Unit.DECADE: "decade decades десятилетие десятилетия десятиліття дзесяцігоддзя dekadę dekady",
}
_COUNTS: Final = """
one один одну одна одного одну адзін адну jeden jedną jednego
two два две двух дві двох дзве двух dwa dwie dwóch
three три трех три трьох тры трох trzy trzech
four четыре четырех чотири чотирьох чатыры чатырох cztery czterech
five пять пяти п'ять п'яти пяць пяці pięć pięciu
six шесть шести шість шести шэсць шасці sześć sześciu
seven семь семи сім семи сем сямі siedem siedmiu
eight восемь восьми вісім восьми восем васьмі osiem ośmiu
nine девять девяти дев'ять дев'яти дзевяць дзевяці dziewięć dziewięciu
ten десять десяти десяти дзесяць дзесяці dziesięć dziesięciu
eleven одиннадцать одинадцять адзінаццаць jedenaście
twelve двенадцать дванадцять дванаццаць dwanaście
thirteen
fourteen
fifteen
sixteen
seventeen
eighteen
nineteen
twenty двадцать двадцять дваццаць dwadzieścia
"""
_ORDINALS: Final = """
first первый первого первом первая перший першого першому першы першага першым pierwszy pierwszego pierwszym
second второй второго втором другий другого другому другі другога другім drugi drugiego drugim
third третий третьего третьем третій третього третьому трэці трэцяга трэцім trzeci trzeciego trzecim
fourth четвертый четвертого четвертом четвертий четвертого чацвёрты чацвертага czwarty czwartego czwartym
fifth
sixth
seventh
eighth
ninth
tenth
eleventh
twelfth
thirteenth
fourteenth
fifteenth
sixteenth
seventeenth
eighteenth
nineteenth
twentieth
twenty-first
twenty-second
twenty-third
twenty-fourth
twenty-fifth
twenty-sixth
twenty-seventh
twenty-eighth
twenty-ninth
thirtieth
thirty-first
"""

# Days from today.
_DEICTICS: Final = {
    -2: "позавчера позавчора пазаўчора przedwczoraj",
    -1: "yesterday вчера вчора учора ўчора wczoraj",
    0: "today tonight сегодня сьогодні сёння сення dziś dzisiaj",
    1: "tomorrow завтра заўтра jutro",
    2: "послезавтра післязавтра паслязаўтра pojutrze",
}

# Years from this one.
_YEARLY: Final = {-1: "торік летась", 0: "цьогоріч сёлета селета"}

_PRONOUNS: Final = {
    Kind.LAST: (
        "last прошлый прошлая прошлое прошлого прошлой прошлую прошлом прошлым минувший минувшего минувшей минувшую"
        " минувшем минулий минула минулого минулої минулу минулому мінулы мінулага мінулай мінулую мінулым"
        " zeszły zeszła zeszłego zeszłej zeszłą zeszłym ubiegły ubiegłego ubiegłej ubiegłą ubiegłym"
        " miniony minionego minionej minioną minionym"
    ),
    Kind.PAST: (
        "past последние последних последнюю последний останні останніх останній апошнія апошніх"
        " ostatnie ostatnich ostatni ostatnią ostatniej ostatnim"
    ),
    Kind.PREVIOUS: "previous prior preceding предыдущий предыдущего предыдущей попередній попереднього poprzedni",
    Kind.THIS: (
        "this current эта это этого этой эту этом нынешнего нынешней нынешнем текущего текущем цей ця цього цієї цю"
        " цьому поточного гэты гэта гэтага гэтай гэтую гэтым tegoroczny bieżący bieżącego bieżącym"
    ),
    Kind.NEXT: (
        "next coming upcoming следующий следующая следующего следующей следующую следующем будущего будущей будущую"
        " будущем наступний наступного наступної наступну наступному наступны наступнага наступнай наступную"
        " наступным ближайшие najbliższy najbliższą przyszły przyszłego przyszłej przyszłą przyszłym"
        " następnego następnym"
    ),
    Kind.FOLLOWING: "following subsequent ensuing",
    Kind.SAME: "same же ж того таго тога samego samym",
}  # fmt: skip
_SMALL: Final = {
    Kind.AN: "a an",
    Kind.ABOUT: "about around nearly almost approximately roughly some exactly just barely около почти майже prawie",
    Kind.AFTER: "after после після пасля po",
    Kind.AGO: "ago back назад тому таму temu",
    Kind.AND: "and и та й і oraz",
    Kind.AS: "as",
    Kind.BEFORE: "before перед przed",
    Kind.BETWEEN: "between между між паміж між między pomiędzy",
    Kind.BY: "by к",
    Kind.COUPLE: "couple pair",
    Kind.EARLIER: "earlier раньше ранее раніше раней wcześniej",
    Kind.EARLY: (
        "early late mid начале начала конце конца концу середине початку кінці кінця середині"
        " пачатку канцы канца сярэдзіне początku końcu końca połowie"
    ),
    Kind.EVE: "eve",
    Kind.NEW: "new",
    Kind.EVERY: "every each per каждый каждую каждое кожен кожну każdy każdą",
    Kind.FEW: "few several несколько кілька декілька некалькі kilka",
    Kind.FISCAL: "fiscal financial full",
    Kind.FROM: "from с со з із зі від ад od",
    Kind.FOR: "for",
    Kind.IN: "in during в во у ў w we podczas",
    Kind.LATER: "later спустя потом пізніше потому пазней później",
    Kind.LATEST: "latest",
    Kind.MIDDLE: "middle beginning start end close",
    Kind.NOW: "now",
    Kind.OF: "of",
    Kind.ON: "on на na",
    Kind.OR: "or",
    Kind.OVERNIGHT: "overnight",
    Kind.PERIOD: "period",
    Kind.SINCE: "since",
    Kind.SO: "so",
    Kind.THAT: "that those тот той ту",
    Kind.THE: "the",
    Kind.THROUGH: "through thru по",
    Kind.TO: "to into",
    Kind.UNTIL: "until till до да",
    Kind.WITHIN: "через праз za",
    Kind.YEAR_MARK: "г гг р рр r",
    Kind.DAYTIME: (
        "morning afternoon evening night nights mornings evenings утром утра вечером вечера ночью ночи ночь днем"
        " вранці ранку ввечері увечері вечора вночі ніч раніцай увечары вечара ноччу уначы ноч"
        " rano wieczorem nocą nocy noc"
    ),
    Kind.WILL: (
        "will would shall 'll planned meet meets begins starts opens resumes scheduled due expected expects planning"
        " slated intends hopes"
        " будет будут планирует планируют планируется намерен намерены состоится состоятся пройдет пройдут"
        " начнется начнутся начнет ожидается буде будуть планує планують відбудеться відбудуться пройде"
        " розпочнеться почнеться очікується будзе будуць адбудзецца плануе пачнецца"
        " będzie będą odbędzie odbędą planuje planują rozpocznie"
    ),
    Kind.DID: (
        "was were had has have did been said says told went came got made took left held met saw began fell rose"
        " sent shot flew hit broke found gave won lost spoke struck brought drove led fled built became cut put"
        " blew swept rang fought caught sought stood withdrew threw wrote drew grew knew sold paid kept felt"
        " thought according set ran sat rode woke bought heard slept hung fed laid lay hid froze stole tore chose begun"
        " taken given seen gone become fallen shown written broken driven flown grown known drawn thrown spoken"
        " risen dealt overthrew forced opened reached был была было были був була було були быў былі był była było były"
    ),
}  # fmt: skip


def _lexicon() -> dict[str, Word]:
    """All words with what they are; the first meaning of a word counts."""
    rows: list[tuple[str, Word]] = [
        *_numbered(Kind.MONTH, _MONTHS, 1),
        *_numbered(Kind.WEEKDAY, _WEEKDAYS, 0),
        *_numbered(Kind.SEASON, _SEASONS, 1),
        *_numbered(Kind.NUMBER, _COUNTS, 1),
        *_numbered(Kind.ORDINAL, _ORDINALS, 1),
        *(pair for unit, words in _UNITS.items() for pair in _alike(Kind.UNIT, words, unit)),
        *(pair for offset, words in _DEICTICS.items() for pair in _alike(Kind.DEICTIC, words, offset)),
        *(pair for offset, words in _YEARLY.items() for pair in _alike(Kind.YEARLY, words, offset)),
        *(pair for table in (_PRONOUNS, _SMALL) for kind, words in table.items() for pair in _alike(kind, words)),
        ("christmas", (Kind.HOLIDAY, 12)),
        ("thanksgiving", (Kind.HOLIDAY, 11)),
    ]  # fmt: skip
    tens = (
        ("thirty", 30),
        ("forty", 40),
        ("fifty", 50),
        ("sixty", 60),
        ("seventy", 70),
        ("eighty", 80),
        ("ninety", 90),
        ("hundred", 100),
        ("thousand", 1000),
    )
    rows += [(word, (Kind.NUMBER, number)) for word, number in tens]
    found: dict[str, Word] = {}
    for word, meaning in rows:
        found.setdefault(word, meaning)
    return found


WORDS: Final = _lexicon()

POLISH_WORDS: Final[dict[str, Word]] = {
    "ten": (Kind.THIS, None), "ta": (Kind.THIS, None), "to": (Kind.THIS, None), "tego": (Kind.THIS, None),
    "tej": (Kind.THIS, None), "tę": (Kind.THIS, None), "tym": (Kind.THIS, None), "i": (Kind.AND, None),
    "a": (Kind.AND, None), "do": (Kind.UNTIL, None), "z": (Kind.FROM, None), "po": (Kind.AFTER, None),
    "on": (Kind.DID, None),
}  # fmt: skip
"""Polish words that mean something else in English; they hold in sentences that are Polish."""

POLISH_MARKS: Final = word_set(
    "w we na się że nie jest są od przez oraz do dla przy ze o roku przed był była było były"
)
ENGLISH_MARKS: Final = word_set("the of and is was were that for with said has have by at from it")

ABBREVIATIONS: Final = word_set(
    "jan feb mar apr jun jul aug sept sep oct nov dec mon tue tues wed thu thur thurs fri sat sun"
)
"""English months and weekdays cut short; their full stop belongs to them."""
NAMES_TOO: Final = word_set(
    "may march april june august jan mar sun sat mon wed dec jun марта май лютий лютого лютому люты лютага лютым luty"
)
"""What is also a name or another word: alone it needs a word of time beside it."""
LOWER_CASE_ONLY: Final = word_set("марта май мая maja")
"""Months that are a name where they are written with a capital."""

AHEAD: Final = word_set(
    "is are be due scheduled expected planned plans plan planning set ready likely about wants want hopes hope aims"
    " intends intend agreed promised vowed pledged threatened ordered invited preparing prepares deadline decided"
    " poised slated going expects needs have has"
)
"""What stands before `to` and a verb that lies ahead."""
LASTING: Final = word_set(
    "was were lasted continued remained stayed went ran had"
    " был была было были був була було були быў былі był była było były"
)
"""Verbs of what went on until a day that is over."""
