"""A stretch of border as people write it: between whom, near what, in which region, on whose side.

English, Russian, Ukrainian, Belarusian and Polish. The whole text must be such a phrase: a place that merely has
the word in its name (`Border Ranges`, `Kuźnica border crossing`, `Graniczna`) is none. Nothing is looked up.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.inflections import nominatives

_LONGEST: Final = 200
_MOST_WORDS: Final = 6
"""More words than the longest name of a country or a region has are no name."""


@dataclass(frozen=True, slots=True)
class BorderPhrase:
    """A border, and the part of it that is meant.

    `sides` are names to look up: as written in English (`Poland`, `Polish`, `Kursk Region`), else an ISO 3166-1
    code for a country (`BY`) and the nominative for a region whose kind is told (`Курская область`). The first is
    empty where neither is told, the second None where at most one is. `near` and `within` are names as written,
    also in another case. `near_km` is how far from `near` it may lie, `depth_km` how far from the border, both in
    kilometres. `side` is the index in `sides` of the side that is meant.

    `rule` is `border-between` (both named by their names), `border-adjectives` (`Polish-Belarusian`),
    `border-names` (`Belarus-Poland`), `border-with` (`Polish border with Belarus`), `border-one-side`,
    `border-near` or `border-within` (no side told).
    """

    sides: tuple[str, str | None]
    near: str | None
    near_km: float | None
    within: str | None
    side: int | None
    rule: str
    depth_km: float | None = None


def read_border(text: str) -> BorderPhrase | None:
    """Read a text that is a stretch of border from end to end; None for any other, also above 200 letters.

    A border with neither a side nor a place (`the border`, `South of the Border`) is none either.
    """
    if len(text) > _LONGEST:
        return None
    plain = _plain(text)
    for language in _LANGUAGES:
        found = list(language.border.finditer(plain))
        if len(found) == 1:
            return _Reader(language).read(plain, found[0])
    return None


def _plain(text: str) -> str:
    """One kind of dash, quote and blank, brackets as commas, no full stop at the end."""
    text = " ".join(text.translate(_LOOK_ALIKES).split())
    text = re.sub(r"\s*[(\[]\s*", ", ", text)
    text = re.sub(r"\s*[)\]]", "", text)
    return re.sub(r"(?:\s*,)+", ",", text).strip(" ,.;:")


_LOOK_ALIKES: Final = str.maketrans(
    dict.fromkeys("–—−‒‐‑", "–") | dict.fromkeys("’‘ʼ`´", "'") | {"\x00": " ", "\x01": " "}
)

# --- Countries ------------------------------------------------------------------------------------
# Code: English names, then adjectives and combining forms; then stems of the name and of the adjective in
# Russian, Ukrainian, Belarusian and Polish. A stem takes any ending of a case; one with a full stop takes none.

_COUNTRIES: Final = """
PL: Poland, Polish | польш, польск | польщ, польськ | польшч, польск | polsk polsc, polsk
BY: Belarus, Belarusian Belarussian Byelorussian | беларус белорусси, белорусск беларусск | білорус
    білорусс, білоруськ | беларус беларусс, беларуск | białorus białoruś, białorusk
UA: Ukraine, Ukrainian | украин, украинск | україн, українськ | украін, украінск | ukrain, ukraińsk
RU: Russia/Russian Federation, Russian Russo | росси рф., российск русск росс | росі рф., російськ рос |
    расі рф., расійск рас | rosj, rosyjsk
LT: Lithuania, Lithuanian | литв, литовск | литв, литовськ | літв, літоўск | litw, litewsk
LV: Latvia, Latvian | латви, латвийск латышск | латві, латвійськ латиськ | латві, латвійск латышск | łotw,
    łotewsk
EE: Estonia, Estonian | эстони, эстонск | естоні, естонськ | эстоні, эстонск | estoni, estońsk
FI: Finland, Finnish Finno | финлянди, финск финляндск | фінлянді, фінськ фінляндськ | фінлянды, фінск
    фінляндск | finlandi, fińsk
NO: Norway, Norwegian | норвеги, норвежск | норвегі, норвезьк | нарвегі, нарвежск | norwegi, norwesk
SE: Sweden, Swedish | швеци, шведск | швеці, шведськ | швецы, шведск | szwecj, szwedzk
DK: Denmark, Danish | дани, датск | дані, данськ | дані, дацк | dani, duńsk
DE: Germany, German | германи, немецк германск герман | німеччин, німецьк | германі нямеччын, нямецк
    германск | niemc niemiec. niemcz, niemieck
FR: France, French Franco | франци, французск франк | франці, французьк франк | францы, французск франк |
    francj, francusk
BE: Belgium, Belgian | бельги, бельгийск | бельгі, бельгійськ | бельгі, бельгійск | belgi, belgijsk
NL: Netherlands, Dutch | нидерланд голланди, нидерландск голландск | нідерланд, нідерландськ | нідэрланд,
    нідэрландск | holandi niderland, holendersk
LU: Luxembourg, Luxembourgish | люксембург, люксембургск | люксембург, люксембурзьк | люксембург,
    люксембургск | luksemburg, luksembursk
CH: Switzerland, Swiss | швейцари, швейцарск | швейцарі, швейцарськ | швейцары, швейцарск | szwajcari,
    szwajcarsk
AT: Austria, Austrian Austro | австри, австрийск австр | австрі, австрійськ австр | аўстры, аўстрыйск |
    austri, austriack
IT: Italy, Italian Italo | итали, итальянск итал | італі, італійськ італ | італі, італьянск італ | włoch
    włosz, włosk
ES: Spain, Spanish | испани, испанск | іспані, іспанськ | іспані, іспанск | hiszpani, hiszpańsk
PT: Portugal, Portuguese | португали, португальск португал | португалі, португальськ португал | партугалі,
    партугальск | portugali, portugalsk
GB: United Kingdom/UK/Britain/Great Britain, British Anglo | британи великобритани, британск | британі,
    британськ | брытані вялікабрытані, брытанск | brytani, brytyjsk
IE: Ireland, Irish | ирланди, ирландск | ірланді, ірландськ | ірланды, ірландск | irlandi, irlandzk
CZ: Czechia/Czech Republic, Czech | чехи, чешск | чехі, чеськ | чэхі, чэшск | czech, czesk
SK: Slovakia, Slovak Slovakian | словаки, словацк | словаччин, словацьк | славакі, славацк | słowacj,
    słowack
HU: Hungary, Hungarian | венгри, венгерск | угорщин, угорськ | венгры, венгерск | węgr węgrz węgier.,
    węgiersk
RO: Romania, Romanian | румыни, румынск | румуні, румунськ | румыні, румынск | rumuni, rumuńsk
MD: Moldova, Moldovan | молдави молдов, молдавск | молдов, молдовськ молдавськ | малдов, малдаўск | mołdawi,
    mołdawsk
BG: Bulgaria, Bulgarian | болгари, болгарск | болгарі, болгарськ | балгары, балгарск | bułgari, bułgarsk
GR: Greece, Greek Greco | греци, греческ грек | греці, грецьк грек | грэцы, грэчаск грэк | grecj, greck
TR: Turkey/Türkiye, Turkish Turco | турци, турецк тур | туреччин, турецьк | турцы, турэцк | turcj, tureck
AL: Albania, Albanian | албани, албанск | албані, албанськ | албані, албанск | albani, albańsk
MK: North Macedonia, Macedonian | македони северн+македони, македонск | македоні північн+македоні,
    македонськ | македоні, македонск | macedoni, macedońsk
RS: Serbia, Serbian | серби, сербск | сербі, сербськ | сербі, сербск | serbi, serbsk
ME: Montenegro, Montenegrin | черногори, черногорск | чорногорі, чорногорськ | чарнагоры, чарнагорск |
    czarnogór, czarnogórsk
XK: Kosovo, Kosovar | косов, косовск | косов, косовськ | косав, косаўск | kosow, kosowsk
BA: Bosnia and Herzegovina/Bosnia/Bosnia-Herzegovina, Bosnian | босни, боснийск | босні, боснійськ | босні,
    баснійск | bośni, bośniack
HR: Croatia, Croatian Croat | хорвати, хорватск | хорваті, хорватськ | харваты, харвацк | chorwacj, chorwack
SI: Slovenia, Slovenian Slovene | словени, словенск | словені, словенськ | славені, славенск | słoweni,
    słoweńsk
CY: Cyprus, Cypriot | кипр, кипрск | кіпр, кіпрськ | кіпр, кіпрск | cypr, cypryjsk
GE: Georgia, Georgian | грузи, грузинск | грузі, грузинськ | грузі, грузінск | gruzj, gruzińsk
AM: Armenia, Armenian Armeno | армени, армянск | вірмені, вірменськ | армені, армянск | armeni, armeńsk
    ormiańsk
AZ: Azerbaijan, Azerbaijani Azeri | азербайджан, азербайджанск | азербайджан, азербайджанськ | азербайджан,
    азербайджанск | azerbejdżan, azerbejdżańsk azersk
KZ: Kazakhstan, Kazakh Kazakhstani | казахстан, казахстанск казахск | казахстан, казахстанськ казахськ |
    казахстан, казахстанск казахск | kazachstan, kazachsk kazachstańsk
UZ: Uzbekistan, Uzbek | узбекистан, узбекск узбекистанск | узбекистан, узбецьк узбекистанськ | узбекістан,
    узбекск | uzbekistan, uzbeck
TM: Turkmenistan, Turkmen | туркменистан туркмени, туркменск | туркменистан, туркменськ | туркменістан,
    туркменск | turkmenistan, turkmeńsk
TJ: Tajikistan, Tajik | таджикистан, таджикск таджикистанск | таджикистан, таджицьк | таджыкістан, таджыкск
    | tadżykistan, tadżyck
KG: Kyrgyzstan/Kyrgyz Republic, Kyrgyz Kirgiz | кыргызстан киргизи, киргизск кыргызск | киргизстан, киргизьк
    | кыргызстан, кіргізск кыргызск | kirgistan, kirgisk
MN: Mongolia, Mongolian | монголи, монгольск монгол | монголі, монгольськ | манголі, мангольск | mongoli,
    mongolsk
SY: Syria, Syrian Syro | сири, сирийск сир | сирі, сирійськ | сіры, сірыйск | syri, syryjsk
IQ: Iraq, Iraqi | ирак, иракск | ірак, іракськ | ірак, іракск | irak, irack
IR: Iran, Iranian | иран, иранск | іран, іранськ | іран, іранск | iran, irańsk
IL: Israel, Israeli | израил, израильск | ізраїл, ізраїльськ | ізраіл, ізраільск | izrael, izraelsk
LB: Lebanon, Lebanese | ливан, ливанск | ліван, ліванськ | ліван, ліванск | liban, libańsk
JO: Jordan, Jordanian | иордани, иорданск | йордані, йорданськ | іардані, іарданск | jordani, jordańsk
SA: Saudi Arabia, Saudi Saudi-Arabian | саудовск+арави, саудовск | саудівськ+араві, саудівськ |
    саудаўск+араві, саудаўск | arabi+saudyjsk, saudyjsk
YE: Yemen, Yemeni | йемен, йеменск | ємен, єменськ | емен, еменск | jemen, jemeńsk
OM: Oman, Omani | оман, оманск | оман, оманськ | аман, аманск | oman, omańsk
AE: United Arab Emirates, Emirati | оаэ. эмират, эмиратск | оае. емірат, еміратськ | ааэ. эмірат, эміратск |
    emirat, emirack
KW: Kuwait, Kuwaiti | кувейт, кувейтск | кувейт, кувейтськ | кувейт, кувейцк | kuwejt, kuwejck
QA: Qatar, Qatari | катар, катарск | катар, катарськ | катар, катарск | katar, katarsk
PS: Palestine, Palestinian | палестин, палестинск | палестин, палестинськ | палесцін, палесцінск | palestyn,
    palestyńsk
EG: Egypt, Egyptian | египт египет., египетск | єгипт єгипет., єгипетськ | егіпт егіпет., егіпецк | egipt
    egipci, egipsk
US: United States/US/USA/United States of America/America, American | сша. соединенн+штат, американск | сша.
    сполучен+штат, американськ | зша. злучан+штат, амерыканск | usa. stan+zjednoczon, amerykańsk
CA: Canada, Canadian | канад, канадск | канад, канадськ | канад, канадск | kanad kanadz, kanadyjsk
MX: Mexico, Mexican | мексик, мексиканск | мексик мексиц, мексиканськ | мексік мексіц, мексіканск | meksyk,
    meksykańsk
CN: China, Chinese Sino | кита, китайск | кита, китайськ | кіта, кітайск | chin, chińsk
IN: India, Indian Indo | инди, индийск инд | інді, індійськ інд | інды, індыйск інд | indi, indyjsk
PK: Pakistan, Pakistani Pak | пакистан, пакистанск | пакистан, пакистанськ | пакістан, пакістанск |
    pakistan, pakistańsk
AF: Afghanistan, Afghan | афганистан, афганск | афганістан, афганськ | афганістан, афганск | afganistan,
    afgańsk
KP: North Korea, North-Korean | кндр. северн+коре, северокорейск | кндр. північн+коре, північнокорейськ |
    кндр. паўночн+карэ, паўночнакарэйск | kore+północn, północnokoreańsk
KR: South Korea, South-Korean | южн+коре, южнокорейск | південн+коре, південнокорейськ | паўднёв+карэ,
    паўднёвакарэйск | kore+południow, południowokoreańsk
BD: Bangladesh, Bangladeshi | бангладеш, бангладешск | бангладеш, бангладеськ | бангладэш, бангладэшск |
    bangladesz, bangladesk
MM: Myanmar, Burmese | мьянм, мьянманск | м'янм, м'янманськ | м'янм, м'янманск | mjanm birm, birmańsk
NP: Nepal, Nepalese Nepali | непал, непальск | непал, непальськ | непал, непальск | nepal, nepalsk
MA: Morocco, Moroccan | марокко., марокканск | марокко., марокканськ | марока., мараканск | marok, marokańsk
DZ: Algeria, Algerian | алжир, алжирск | алжир, алжирськ | алжыр, алжырск | algieri, algiersk
TN: Tunisia, Tunisian | тунис, тунисск | туніс, туніськ | туніс, туніск | tunezj, tunezyjsk
LY: Libya, Libyan | ливи, ливийск | ліві, лівійськ | ліві, лівійск | libi, libijsk
ML: Mali, Malian | мали., малийск | малі., малійськ | малі., малійск | mali., malijsk
NE: Niger, Nigerien | нигер, нигерск | нігер, нігерськ | нігер, нігерск | niger, nigersk
BF: Burkina Faso, Burkinabe | буркина-фасо., буркинийск | буркіна-фасо., буркінійськ | буркіна-фасо.,
    буркінійск | burkin+faso., burkińsk
TD: Chad, Chadian | чад, чадск | чад, чадськ | чад, чадск | czad, czadyjsk
MR: Mauritania, Mauritanian | мавритани, мавританск | мавритані, мавританськ | маўрытані, маўрытанск |
    mauretani, mauretańsk
SN: Senegal, Senegalese | сенегал, сенегальск | сенегал, сенегальськ | сенегал, сенегальск | senegal,
    senegalsk
NG: Nigeria, Nigerian | нигери, нигерийск | нігері, нігерійськ | нігеры, нігерыйск | nigeri, nigeryjsk
SD: Sudan, Sudanese | судан, суданск | судан, суданськ | судан, суданск | sudan, sudańsk
SS: South Sudan, South-Sudanese | южн+судан, южносуданск | південн+судан, південносуданськ | паўднёв+судан,
    паўднёвасуданск | sudan+południow, południowosudańsk
ET: Ethiopia, Ethiopian Ethio | эфиопи, эфиопск | ефіопі, ефіопськ | эфіопі, эфіопск | etiopi, etiopsk
ER: Eritrea, Eritrean | эритре, эритрейск | еритре, еритрейськ | эрытрэ, эрытрэйск | erytre, erytrejsk
SO: Somalia, Somali | сомали., сомалийск | сомалі., сомалійськ | самалі., самалійск | somali, somalijsk
KE: Kenya, Kenyan | кени, кенийск | кені, кенійськ | кені, кенійск | keni, kenijsk
UG: Uganda, Ugandan | уганд, угандийск | уганд, угандійськ | уганд, угандыйск | ugand, ugandyjsk
RW: Rwanda, Rwandan | руанд, руандийск | руанд, руандійськ | руанд, руандыйск | rwand, rwandyjsk
CM: Cameroon, Cameroonian | камерун, камерунск | камерун, камерунськ | камерун, камерунск | kamerun,
    kameruńsk
"""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


@dataclass(frozen=True, slots=True)
class _Countries:
    """How one language writes countries: stems, or whole words where no ending may follow."""

    nouns: Mapping[str, str]
    phrases: tuple[tuple[tuple[str, ...], str], ...]  # names of two words, as their stems
    whole: Mapping[str, str]
    adjectives: Mapping[str, str]

    def country(self, name: str) -> str | None:
        """The ISO code of a country's name in any case."""
        words = name.lower().split()
        if code := self.whole.get(" ".join(words)):
            return code
        if len(words) == 1:
            return _by_stem(words[0], self.nouns, _NOUN_ENDINGS)
        for stems, code in self.phrases:
            if len(stems) == len(words) and all(
                word == stem or _by_stem(word, {stem: code}, _NOUN_ENDINGS | _ADJECTIVE_ENDINGS)
                for stem, word in zip(stems, words, strict=True)
            ):
                return code
        return None

    def adjective(self, word: str) -> str | None:
        """The ISO code of an adjective in any case."""
        return _by_stem(word.lower(), self.adjectives, _ADJECTIVE_ENDINGS)

    def pair(self, word: str) -> tuple[str, str] | None:
        """The codes of a compound adjective: `польско-белорусской`, `polsko-białoruskiej`."""
        first, _, second = word.lower().replace("–", "-").partition("-")
        if not second or first[-1:] not in _LINKS:
            return None
        codes = self.adjectives.get(first[:-1]) or self.adjective(first), self.adjective(second)
        return (codes[0], codes[1]) if codes[0] and codes[1] else None


_NOUN_ENDINGS: Final = _set(
    "а я у ю е и ы і ї ь й о ой ей ёй ай яй ою ею єю аю яю ом ем єм ам ям ів ов ев аў яў ами ями амі ямі ах ях ью"
    " a y i e u ą ę o em iem ie owi om ach ami ów ią ii ech mi"
) | {""}
_ADJECTIVE_ENDINGS: Final = _set(
    "ий ый ой ого его ому ему им ым ом ем ая яя ою ую юю ое ее ие ые их ых ими ыми а ої ій ім у е і ы ага"
    " аму ай ае ія ыя"
    " іх імі ымі i y iego ego iemu emu im ym a iej ej ą ie e ich ych imi ymi"
)
_LINKS: Final = frozenset("оаеo")


def _by_stem(word: str, stems: Mapping[str, str], endings: frozenset[str]) -> str | None:
    for length in range(min(4, len(word) - 1) + 1):
        cut = len(word) - length
        if word[cut:] in endings and (code := stems.get(word[:cut])):
            return code
    return None


def _slavic(column: int) -> _Countries:
    nouns: dict[str, str] = {}
    phrases: list[tuple[tuple[str, ...], str]] = []
    whole: dict[str, str] = {}
    adjectives: dict[str, str] = {}
    for code, columns in _ROWS:
        names, _, stems = columns[column].partition(",")
        for name in names.split():
            if "+" in name:
                phrases.append((tuple(part.rstrip(".") for part in name.split("+")), code))
            elif name.endswith("."):
                whole[name[:-1]] = code
            else:
                nouns[name] = code
        for stem in stems.split():
            adjectives[stem] = code
            if short := re.sub("(?:ськ|ск|цк|sk)$", "", stem):  # афгано-пакистанская
                adjectives.setdefault(short, code)
    return _Countries(nouns, tuple(phrases), whole, adjectives)


_ROWS: Final = [
    (code, [column.strip() for column in row.split("|")])
    for code, _, row in (
        line.partition(":") for line in re.sub(r"\n\s+", " ", _COUNTRIES.strip()).split("\n")
    )
]
_RUSSIAN, _UKRAINIAN, _BELARUSIAN, _POLISH = (_slavic(column) for column in range(1, 5))

# English adjectives are looked up with the names of countries; forms that only begin a compound are not.
_COMBINING: Final = _set("russo finno franco austro italo anglo greco turco syro sino indo pak ethio armeno")
_ENGLISH_NAMES: Final = {
    fold_name(name): code for code, columns in _ROWS for name in columns[0].partition(",")[0].split("/")
}
_ENGLISH_ADJECTIVES: Final = {
    fold_name(word): code for code, columns in _ROWS for word in columns[0].partition(",")[2].split()
}

# --- Languages ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Language:
    """The words of one language round a border; every pattern is matched without regard to capitals."""

    border: re.Pattern[str]
    lead: re.Pattern[str]
    distance: re.Pattern[str]
    side_before: re.Pattern[str]
    side_after: re.Pattern[str]
    plain: re.Pattern[str]
    """Words that tell nothing: `state`, `eastern`."""
    between: re.Pattern[str]
    clause: re.Pattern[str]
    conjunction: re.Pattern[str]
    countries: _Countries | None  # None: English


_UNIT = (
    r"(?P<unit>km|kms|kilomet(?:er|re)s?|miles?|mi|m|met(?:er|re)s?|км|километр\w*|кілометр\w*|кіламетр\w*|м|метр\w*"
    r"|kilometr\w*|metr\w*)"
)
_NUMBER = r"(?P<number>\d{1,4}(?:[.,]\d{1,3})?)"


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _language(
    *,
    border: str,
    lead: str,
    away: str,
    off: str,
    side_before: str,
    side_after: str,
    plain: str,
    between: str,
    counterpart: str,
    near: str,
    inside: str,
    conjunction: str,
    countries: _Countries | None,
) -> _Language:
    distance = rf"(?:(?:{away})\s+)?{_NUMBER}\s*{_UNIT}\s+(?:{off})"
    return _Language(
        border=_pattern(rf"(?<![\w'-])(?:{border})(?![\w'-])"),
        lead=_pattern(rf"(?:(?:{lead})(?=\s|$)\s*)+"),
        distance=_pattern(rf"{distance}(?=\s|$)\s*"),
        side_before=_pattern(side_before),
        side_after=_pattern(side_after),
        plain=_pattern(rf"(?<!\S)(?:{plain})(?!\S)"),
        between=_pattern(rf"(?:{between})\s+"),
        clause=_pattern(
            rf"(?<!\S)(?:(?P<km>{distance})|(?P<counterpart>{counterpart})|(?P<near>{near})|(?P<inside>{inside}))(?=\s)"
        ),
        conjunction=_pattern(rf"\s+(?:{conjunction})\s+"),
        countries=countries,
    )


_ENGLISH: Final = _language(
    border=r"(?:border|borderland|frontier|boundary)(?:\s+(?:line|areas?|zone|strip|region|belt|fence|wall|barrier))?",
    lead=r"on|in|at|along|near|by|to|towards?|across|over|beyond|from|close to|next to|around|the|an?"
    r"|(?:stretch|section|sector|segment|part|vicinity|area) of",
    away=r"within|about|around|some|up to|less than|under|approximately|roughly|at",
    off=r"of|from|off|to|away from",
    side_before=r"(?P<side>\w[\w' .-]*?) sides? of(?: the)?(?=\s|$)\s*",
    side_after=r"(?:\s|,)+(?:(?:on|from|at)\s+)?(?:(?:the|its)\s+)?(?P<side>[\w'-]+(?: [A-Z][\w'-]+)?) sides?$",
    plain=r"state|land|sea|maritime|river|international|common|shared|joint|mutual|external|outer"
    r"|internal|eastern|western"
    r"|northern|southern|north-?eastern|north-?western|south-?eastern|south-?western|its|their|our|own"
    r"|the|whole|entire",
    between=r"between|of",
    counterpart="with",
    near=r"near(?:by)?(?: to)?|not far(?: away)? from|in the (?:vicinity|area|region|neighbou?rhood) of"
    r"|close to|next to"
    r"|around|at|by|outside|opposite|off|adjacent to|in or near"
    r"|(?:to the )?(?:north|south|east|west|north-?east|north-?west"
    r"|south-?east|south-?west) of",
    inside="in|inside|within",
    conjunction="and|&",
    countries=None,
)
_RUSSIAN_WORDS: Final = _language(
    border=r"границ(?:а|ы|е|у|ей|ею)|пограничь(?:е|я|ю|ем)|рубеж(?:а|е|у|ом)?",
    lead=r"на|у|возле|около|вблизи|близ|вдоль|к|до|по|через|от|с|недалеко от|рядом с|в районе"
    r"|участ(?:ок|ке|ка|ком)|лини[яиюей]+|отрез(?:ок|ке|ка)|в",
    away=r"в|примерно|около|до|не более|на расстоянии|в пределах",
    off="от",
    side_before=r"(?P<side>\w+) сторон(?:а|ы|е|у|ой)(?=\s|$)\s*",
    side_after=r"(?:\s|,)+(?:(?:на|с|со|по|от)\s+)?(?P<side>\w+) сторон(?:а|ы|е|у|ой)$",
    plain=r"государственн\w+|сухопутн\w+|общ(?:ая|ей|ую)|внешн\w+|восточн\w+|западн\w+|северн\w+|южн\w+",
    between="между",
    counterpart="с|со",
    near=r"у|возле|около|вблизи|близ|под|рядом с|недалеко от|неподалёку от|неподалеку от|напротив|в районе",
    inside="в|во|на",
    conjunction="и",
    countries=_RUSSIAN,
)
_UKRAINIAN_WORDS: Final = _language(
    border=r"кордон(?:у|і|ом|ові)?|прикордонн(?:я|і|ям)|рубеж(?:у|і|ем)?",
    lead=r"на|біля|поблизу|коло|уздовж|вздовж|до|по|через|від|з|із|неподалік|неподалік від|недалеко від"
    r"|у районі|в районі"
    r"|ділян(?:ка|ці|ку)|ліні[яїюєі]+|у|в",
    away=r"в|у|за|приблизно|близько|до|на відстані|у межах|в межах",
    off="від",
    side_before=r"(?P<side>\w+) (?:бік|боку|боці|боком|сторон(?:а|и|і|у|ою))(?=\s|$)\s*",
    side_after=r"(?:\s|,)+(?:(?:на|з|із|зі|по|від)\s+)?(?P<side>\w+) (?:бік|боку|боці|боком|сторон(?:а|и|і|у|ою))$",
    plain=r"державн\w+|сухопутн\w+|суходільн\w+|спільн\w+|зовнішн\w+|східн\w+|західн\w+|північн\w+|південн\w+",
    between="між|поміж",
    counterpart="з|із|зі",
    near=r"біля|поблизу|коло|під|поруч з|поруч із|неподалік від|неподалік|недалеко від|навпроти|(?:у|в) районі",
    inside="у|в|на",
    conjunction="і|й|та",
    countries=_UKRAINIAN,
)
_BELARUSIAN_WORDS: Final = _language(
    border=r"мяж(?:а|ы|у|ой|ою)|граніц(?:а|ы|у|ай|аю)|памежж(?:а|ы|у|ам)",
    lead=r"на|каля|ля|паблізу|уздоўж|да|па|праз|ад|з|недалёка ад|непадалёк ад|у раёне|участ(?:ак|ку|ка)"
    r"|лін(?:ія|іі|ію)|у|ў",
    away=r"у|ў|за|прыкладна|каля|да|на адлегласці|у межах",
    off="ад",
    side_before=r"(?P<side>\w+) (?:бок|боку|бокам|баку|старан(?:а|ы|е|у|ой))(?=\s|$)\s*",
    side_after=r"(?:\s|,)+(?:(?:на|з|са|па|ад)\s+)?(?P<side>\w+) (?:бок|боку|бокам|баку|старан(?:а|ы|е|у|ой))$",
    plain=r"дзяржаўн\w+|сухапутн\w+|агульн\w+|знешн\w+|усходн\w+|заходн\w+|паўночн\w+|паўднёв\w+",
    between="паміж|між",
    counterpart="з|са",
    near=r"каля|ля|паблізу|пад|побач з|недалёка ад|непадалёк ад|насупраць|у раёне",
    inside="у|ў|на",
    conjunction="і|й|ды",
    countries=_BELARUSIAN,
)
_POLISH_WORDS: Final = _language(
    border=r"granic(?:a|y|ę|ą)|pogranicz(?:e|a|u|em)",
    lead=r"na|przy|koło|obok|pod|wzdłuż|do|w pobliżu|w rejonie|niedaleko|blisko|nad|od|przez|po|z"
    r"|odcin(?:ek|ku|ka)|lini[aię]|w",
    away=r"w odległości|około|ok\.|do|w promieniu|mniej niż|jakieś",
    off="od",
    side_before=r"(?P<side>\w+) stron(?:a|y|ie|ę|ą)(?=\s|$)\s*",
    side_after=r"(?:\s|,)+(?:(?:na|z|ze|po|od)\s+)?(?P<side>\w+) stron(?:a|y|ie|ę|ą)$",
    plain=r"państwow\w+|lądow\w+|wspóln\w+|zewnętrzn\w+|wschodni\w*|zachodni\w*|północn\w+|południow\w+",
    between="między|pomiędzy",
    counterpart="z|ze",
    near=r"koło|obok|pod|w pobliżu|niedaleko(?: od)?|nieopodal|przy|w okolicach|w okolicy|w rejonie"
    r"|naprzeciw(?:ko)?|blisko",
    inside="w|we|na",
    conjunction="i|a|oraz",
    countries=_POLISH,
)
_LANGUAGES: Final = (_ENGLISH, _RUSSIAN_WORDS, _UKRAINIAN_WORDS, _BELARUSIAN_WORDS, _POLISH_WORDS)

_TO_KM: Final = {"mi": 1.609344, "m": 0.001, "м": 0.001}


def _km(match: re.Match[str]) -> float:
    """The distance that a match tells, in kilometres."""
    unit = match["unit"].lower()
    if unit.startswith("mile"):
        unit = "mi"
    elif unit.startswith(("met", "мет")):
        unit = "m"
    return float(match["number"].replace(",", ".")) * _TO_KM.get(unit, 1.0)


# --- Reading --------------------------------------------------------------------------------------

_KINDS_IN_PLURAL: Final = {
    "regions": "Region", "oblasts": "Oblast", "provinces": "Province", "voivodeships": "Voivodeship",
    "districts": "District", "states": "State", "областей": "области", "областями": "области", "областях": "области",
    "областям": "области", "вобласцей": "вобласці", "вобласцяў": "вобласці", "вобласцямі": "вобласці",
}  # fmt: skip
_REGION_KINDS: Final = _set("область вобласць край район раён республика obwód województwo powiat")
_NOT_SIDES: Final = _set(
    "cross north south east west northeast northwest southeast southwest final new old open both either same far other"
    " this that south of"
)
_SMALL: Final = _set("of and the de del la al el an und du")
_EDGE_SMALL: Final = _set("of and the in on at with to from or")
_BOTH_SIDES: Final = _set(
    "both either each two eastern western northern southern other far обеим обе обеих обох оба обидва obu obie"
)
_JOINED: Final = re.compile(
    r"\b(?:guinea-bissau|timor-leste|ivano-frankivsk|rostov-on-don|bosnia-herzegovina|nagorno-karabakh|kabardino-balkaria"
    r"|karachay-cherkessia|khanty-mansi|emilia-romagna|bosnia and herzegovina|trinidad and tobago|antigua and barbuda"
    r"|jammu and kashmir|(?:al|el|ad|ar|as|ash|at|az|an|ez|es|saint|sainte|st)-(?=\w))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Clauses:
    """What stands behind the word for a border."""

    between: str
    is_between: bool  # after `between` or `of`; else a bare genitive, as in `граница Польши`
    counterpart: str
    near: str | None
    near_km: float | None
    within: str | None


class _Reader:
    def __init__(self, language: _Language) -> None:
        self._language = language
        self._tells_case = False

    def read(self, text: str, border: re.Match[str]) -> BorderPhrase | None:
        self._tells_case = text != text.lower() and text != text.upper()
        before, after = text[: border.start()].strip(" ,"), text[border.end() :]
        if after[:1] not in ("", " ", ",") or before.endswith(("/", "-", "–")):
            return None
        depth_km, side, owner = self._before(before)
        after, side_word = self._side_after(after)
        clauses = self._clauses(after)
        sides = self._sides(owner, clauses) if clauses else None
        if clauses is None or sides is None or (side and side_word):
            return None
        near, within = clauses.near, clauses.within
        found = BorderPhrase(
            (sides[0], sides[1]),
            near,
            clauses.near_km,
            within,
            None,
            sides[2] or ("border-near" if near else "border-within"),
            depth_km,
        )
        if side or side_word:
            placed = self._on_side(found, side or side_word)
            if placed is None:
                return None
            found = placed
        if not found.sides[0] and not near and (not within or after.lstrip().startswith(",")):
            return None  # `the border`; `Border, Wyoming` is a town
        return found

    # What stands before the word

    def _before(self, text: str) -> tuple[float | None, str, str]:
        """How far from the border, whose side, and whose border, as the words before it say."""
        language, depth_km, side = self._language, None, ""
        changed = True
        while changed and text:
            changed = False
            if (match := language.lead.match(text)) and match.end():
                text, changed = text[match.end() :], True
            if depth_km is None and (match := language.distance.match(text)):
                depth_km, text, changed = _km(match), text[match.end() :], True
            if not side and (match := language.side_before.match(text)):
                side, text, changed = match["side"], text[match.end() :], True
        return depth_km, side, self._bare(text)

    def _bare(self, text: str) -> str:
        """Without the words that tell nothing; `Eastern` with a capital may belong to a name."""
        return " ".join(
            word for word in text.split() if not (self._language.plain.fullmatch(word) and word[0].islower())
        )

    def _side_after(self, text: str) -> tuple[str, str]:
        match = self._language.side_after.search(text)
        return (text[: match.start()], match["side"]) if match else (text, "")

    # What stands behind it

    def _clauses(self, text: str) -> _Clauses | None:
        """Between whom, with whom, near what, how near, in what; None where a word has no place in it."""
        between, counterpart = "", ""
        near: str | None = None
        near_km: float | None = None
        within: str | None = None
        text = text.strip()
        if text.startswith(","):
            within, text = text.strip(" ,"), ""
        if self._language.countries is not None:  # granica państwowa z Białorusią
            while match := self._language.plain.match(text):
                text = text[match.end() :].strip()
        if match := self._language.between.match(text):
            text, is_between = text[match.end() :], True
        else:
            is_between = False
        marks = list(self._language.clause.finditer(text))
        head = text[: marks[0].start() if marks else None].strip()
        if head:
            if not is_between and self._language.countries is None:
                return None
            between, _, rest = head.partition(",")
            within = rest.strip() or None
        elif is_between:
            return None
        if within is not None and (mark := self._language.clause.match(within)):  # `border, near X`
            marks, text, within = [mark, *self._language.clause.finditer(within, mark.end())], within, None
        for mark, following in zip(marks, [*marks[1:], None], strict=False):
            name = text[mark.end() : following.start() if following else None].strip(" ,")
            if mark["counterpart"] and not counterpart and near is None:
                counterpart, _, rest = name.partition(",")
                within = within or rest.strip() or None
            elif (mark["near"] or mark["km"]) and near is None:
                near, near_km = name, (_km(mark) if mark["km"] else None)
            elif mark["inside"] and within is None:
                within = name
            else:
                return None
        near, within = self._article_off(near), self._article_off(within)
        if not all(self._is_name(name) for name in (near, within, counterpart or None) if name is not None):
            return None
        return _Clauses(between, is_between, counterpart, near, near_km, within)

    def _article_off(self, name: str | None) -> str | None:
        if name is None or self._language.countries is not None:
            return name
        return re.sub(r"^(?:the|an?)\s+", "", name, flags=re.IGNORECASE)

    def _is_name(self, name: str) -> bool:
        """Whether words may be a name: few, not common ones, with a capital where capitals tell."""
        words = re.split(r"[\s,]+", name.strip())
        if not words[0] or len(words) > _MOST_WORDS or not any(char.isalpha() for char in name):
            return False
        folds = [word.lower() for word in words]
        if folds[-1] in _EDGE_SMALL or folds[0] in _EDGE_SMALL - {"the"}:
            return False
        return not self._tells_case or any(
            word[0].isupper() for word in words if folds[0] not in _SMALL or len(words) > 1
        )

    # The sides

    def _sides(self, owner: str, clauses: _Clauses) -> tuple[str, str | None, str] | None:
        """Both sides and the rule by which they were read; the rule is empty where there is none."""
        read = self._english if self._language.countries is None else self._slavic
        is_marked = clauses.is_between or clauses.counterpart or self._language.countries is None
        found: list[tuple[list[str], str]] = []
        for text, rule in (
            (owner, "border-one-side"),
            (clauses.between, "border-between" if is_marked else "border-genitive"),
            (clauses.counterpart, "border-with"),
        ):
            if text:
                names = read(text, rule)
                if names is None:
                    return None
                found.append(names)
        names_found = [name for names, _ in found for name in names]
        if not names_found:
            return "", None, ""
        if len(names_found) > 2:
            return None
        if len(names_found) == 1:
            return names_found[0], None, "border-one-side"
        rule = found[0][1] if len(found) == 1 else ("border-with" if clauses.counterpart else "")
        return (names_found[0], names_found[1], rule) if rule and names_found[0] != names_found[1] else None

    def _english(self, text: str, rule: str) -> tuple[list[str], str] | None:
        kept = _JOINED.sub(lambda match: match[0].replace(" ", "\x00").replace("-", "\x01"), text)
        if rule == "border-between":
            parts = self._language.conjunction.split(kept)
        elif "–" in kept or " - " in kept or "/" in kept:
            parts = re.split(r"\s*–\s*|\s+-\s+|\s*/\s*", kept)
        elif kept.count("-") % 2:
            cut = [match.start() for match in re.finditer("-", kept)][kept.count("-") // 2]
            parts = [kept[:cut], kept[cut + 1 :]]
        else:
            parts = self._language.conjunction.split(kept)
        if len(parts) > 2:
            return None
        names = [self._english_name(part) for part in _singular(parts)]
        if not all(names):
            return None
        if len(names) == 1 and not self._tells_case and not _english_code(names[0]):
            return None  # `the border of the forest`
        if len(names) == 2 and rule == "border-one-side":
            folds = [fold_name(part) for part in parts]
            rule = (
                "border-adjectives" if all(fold in _ENGLISH_ADJECTIVES for fold in folds) else "border-names"
            )
        return names, rule

    def _english_name(self, text: str) -> str:
        """One side as it can be looked up; empty where it can be none."""
        name = re.sub(
            r"^the\s+", "", text.replace("\x00", " ").replace("\x01", "-").strip(" ,"), flags=re.IGNORECASE
        )
        name = self._bare(re.sub(r"(?:'s|(?<=s)')$", "", name))
        fold = fold_name(name)
        if not fold or set(fold.split()) <= _NOT_SIDES or "," in name or not self._is_name(name):
            return ""
        if self._tells_case and not all(
            word[0].isupper() or word in _SMALL or not word[0].isalpha() for word in name.split()
        ):
            return ""
        return _ENGLISH_ADJECTIVES[fold] if fold in _COMBINING else name

    def _slavic(self, text: str, rule: str) -> tuple[list[str], str] | None:
        countries = self._language.countries
        assert countries is not None
        if pair := countries.pair(text):
            return list(pair), "border-adjectives"
        if rule != "border-with" and " " not in text and (code := countries.adjective(text)):
            return [code], "border-one-side"
        if rule == "border-one-side":
            return None  # before the word stand adjectives only
        parts = self._language.conjunction.split(text)
        if len(parts) == 1 and re.search(r"(?<=\w)\s?–\s?(?=\w)", text):
            parts = re.split(r"\s?–\s?", text)
        if len(parts) > 2:
            return None
        names = [self._slavic_name(part) for part in _singular(parts)]
        if rule == "border-genitive":
            if len(names) == 1 and not self._is_sure(parts[0], names[0]):
                return None  # Granica Wielka is a village
            rule = "border-between"
        return (names, rule) if all(names) else None

    def _is_sure(self, text: str, name: str) -> bool:
        """Whether a name is a country's or says that it is a region."""
        return name != text.strip(" ,") or bool(_REGION_KINDS & set(name.lower().split()))

    def _slavic_name(self, text: str) -> str:
        countries, name = self._language.countries, text.strip(" ,")
        assert countries is not None
        if code := countries.country(name):
            return code
        if not self._is_name(name) or (self._tells_case and not name[:1].isupper() and " " not in name):
            return ""
        for guess in nominatives(name)[:3]:
            if _REGION_KINDS & set(guess.lower().split()):
                return guess
        return name

    # Whose side is meant

    def _on_side(self, found: BorderPhrase, word: str) -> BorderPhrase | None:
        if word.lower() in _BOTH_SIDES or self._language.plain.fullmatch(word):
            return found
        countries = self._language.countries
        name = self._english_name(word) if countries is None else (countries.adjective(word) or "")
        if not name:
            return None
        first, second = found.sides
        for place, side in enumerate(found.sides):
            if side and _is_same(name, side):
                return replace(found, side=place)
        if second is not None:
            return None
        if not first:
            return replace(found, sides=(name, None), side=0, rule="border-one-side")
        return replace(found, sides=(name, first), side=0, rule="border-with")


def _singular(parts: Iterable[str]) -> list[str]:
    """`Kursk and Sumy regions` as Kursk Region and Sumy Region."""
    names = list(parts)
    head, _, last = names[-1].rpartition(" ")
    kind = _KINDS_IN_PLURAL.get(last.lower())
    if len(names) == 2 and head and kind:
        return [f"{names[0]} {kind}", f"{head} {kind}"]
    return names


def _is_same(word: str, side: str) -> bool:
    """Whether two English names, adjectives or codes mean one country, or one begins the other."""
    folds = fold_name(word), fold_name(side)
    codes = _english_code(word) or word, _english_code(side) or side
    return codes[0] == codes[1] or folds[0] == folds[1] or folds[1].startswith(f"{folds[0]} ")


def _english_code(name: str) -> str | None:
    """The ISO code of a country's English name or adjective."""
    fold = fold_name(name)
    return _ENGLISH_NAMES.get(fold) or _ENGLISH_ADJECTIVES.get(fold)
