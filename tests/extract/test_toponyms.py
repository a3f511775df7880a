"""Toponyms of documents: found where they stand, told from people and organisations, linked to their places."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geomap.extract.document import Block, BlockKind, Document, Sentence
from geomap.extract.sentences import split_sentences
from geomap.extract.toponyms import Geoparser, LabelledSpan, MentionKind, Toponym
from geomap.gazetteer import read_gazetteer

DATA = read_gazetteer()
GEOPARSER = Geoparser(DATA)


def document(text: str, language: str = "en", kinds: Sequence[BlockKind] = ()) -> Document:
    """A text whose lines are paragraphs, or of other kinds."""
    blocks, sentences = [], []
    for number, line in enumerate(re.finditer(r"[^\n]+", text)):
        kind = kinds[number] if kinds else BlockKind.PARAGRAPH
        for start, end in split_sentences(text, line.start(), line.end(), language):
            sentences.append(Sentence(start, end, number))
        blocks.append(Block(kind, line.start(), line.end()))
    return Document(
        id="x", text=text, blocks=tuple(blocks), sentences=tuple(sentences), sha256="", language=language
    )


def find(text: str, language: str = "en") -> list[Toponym]:
    return GEOPARSER.find(document(text, language))


def names(text: str, language: str = "en") -> list[str]:
    return [toponym.text for toponym in find(text, language)]


def place(toponym: Toponym) -> str:
    """The id of the place that is meant most likely."""
    return DATA.store.place(toponym.options[0].row).id if toponym.options else ""


# Sentences as agencies write them; what stands in brackets is a toponym. None of them was learned from.

ENGLISH = """
Two [Belarusian] Su-30 jets left [Baranovichi] on Thursday and landed in [Lida], a railway worker told Nasha Niva.
Ground troops gathered at [Obuz-Lesnovsky] after a night march from [Slonim], Major General Andrei Nekrashevich said.
[Polish] police stopped a van with six [Iraqi] men outside [Sokółka], spokesman Tomasz Krupa said.
The crossing at [Kuźnica] stayed shut on Friday, while lorries queued for 20 hours at [Bobrowniki].
Deputy Interior Minister Maciej Wąsik accused [Minsk] of flying people in from [Damascus] and [Beirut].
Residents of [Sudzha] spent the night in cellars, Andrei Belostotsky, deputy governor of the [Kursk Region], wrote.
[Ukrainian] drones set fire to a depot in [Morozovsk], [Rostov Region], and to another near [Atyusheve].
Missile crews of the 115th Regiment fired at the [Ashuluk] range in [Russia] before returning to [Brest].
The [Kerch Bridge] was closed to cars until noon; trains from [Simferopol] ran four hours late.
Rafael Grossi warned that shelling near [Enerhodar] could cut off the plant once more.
A bus carrying pensioners from [Toretsk] to [Dnipro] was hit near [Pokrovsk].
General Valery Zaluzhny visited [Kupiansk] and [Izium], the Ukrainian General Staff said.
The Minsk accords and the Budapest Memorandum were mentioned by Foreign Minister Dmytro Kuleba in [Brussels].
Marina Moskva, a nurse, fled [Kherson] with Roman Kievsky in March.
The Washington Post and the Moscow Times quoted Sergei Markov. Both papers have offices in [London].
The Kyiv Post said the University of Warsaw had invited Anton Lvov.
[Moscow] said its forces had captured [Krynky], but [Kyiv] denied this.
Officials in [Chernihiv Oblast] reported mortar fire on [Semenivka] and [Hremiach].
Police in [Vilnius] and [Riga] detained nine men. [Tallinn] expelled a diplomat.
A Leopard tank, a Bradley and three Kornet missiles were shown in [Saint Petersburg].
The frigate Admiral Makarov left [Sevastopol] for [Novorossiysk], crossing the [Black Sea] at night.
At least 14 people died when a hotel in [Kramatorsk] was hit, Pavlo Kyrylenko said.
The [Azerbaijani] army fired at posts near [Sotk], the Defence Ministry in [Yerevan] said.
Militants came from [Gaza] and entered [Sderot] and [Ofakim] at dawn.
The coast guard of [Greece] found a boat south of [Kythira]. Survivors were brought to [Kalamata].
[Sudanese] army planes bombed [Nyala], in [South Darfur], for a second day.
Gunmen killed 22 in [Bambo], [North Kivu], said Barnabé Shango, who leads a civic group in [Goma].
An earthquake shook [Düzce] and was felt in [Ankara] and [Istanbul].
In [Springfield], [Ill.], a judge released Lincoln Brown. Brown's lawyer, Madison Clark, was pleased.
The mayor of [Austin], [Texas], met Sydney Brooks of the Dallas Morning News.
"""
RUSSIAN = """
Колонна вышла из [Бреста] и повернула к [Кобрину], рассказал водитель Андрей Минич.
В [Суджу] вошли войска, подтвердил губернатор [Курской области].
Пожар в [Морозовске] потушили. Василий Голубев поблагодарил спасателей.
Под [Гродно] высадились десантники из [Пскова].
[Варшава] требует объяснений от [Минска], заявил Матеуш Моравецкий.
В [Астраханской области] зенитчики отстрелялись на «отлично».
Жители [Шебекина] уехали в [Белгород] и [Воронеж].
Газета «Московские новости» писала об Иване Киевском.
"""
UKRAINIAN = """
У [Куп'янську] поранено двох людей, повідомив Олег Синєгубов.
Поїзд із [Харкова] до [Львова] запізнюється, бо колії в [Полтаві] пошкоджено.
Війська [Росії] обстріляли [Нікополь] та [Марганець].
У [Сумській області] евакуюють [Білопілля].
Міністр Дмитро Кулеба прибув до [Варшави].
"""
POLISH = """
W [Sokółce] zatrzymano dwóch kurierów, podała straż.
Konwój z [Mińska] dotarł do [Brześcia], pisze Andrzej Pisalnik.
Pożar wybuchł w [Lublinie], a dym widać było w [Świdniku].
Prezydent [Ukrainy] przyleciał do [Rzeszowa].
Rosjanie ostrzelali [Charków] i [Sumy].
"""


def marked(listed: str) -> Iterator[tuple[str, set[tuple[int, int]]]]:
    """Sentences without brackets, and where the brackets were."""
    for line in listed.strip().splitlines():
        text, spans = "", set()
        for part in re.split(r"(\[[^\]]+\])", line):
            if part.startswith("["):
                spans.add((len(text), len(text) + len(part) - 2))
            text += part.strip("[]") if part.startswith("[") else part
        yield text, spans


def measure(sentences: Iterable[tuple[str, set[tuple[int, int]]]], language: str) -> tuple[float, float]:
    """Precision and recall of equal spans."""
    hits = found = asked = 0
    for text, spans in sentences:
        own = {(toponym.start, toponym.end) for toponym in find(text, language)}
        hits, found, asked = hits + len(own & spans), found + len(own), asked + len(spans)
    return hits / found, hits / asked


@pytest.mark.parametrize(
    ("listed", "language", "precision", "recall"),
    [
        (ENGLISH, "en", 0.9, 0.9),
        (RUSSIAN, "ru", 0.85, 0.85),
        (UKRAINIAN, "uk", 0.85, 0.85),
        (POLISH, "pl", 0.85, 0.85),
    ],
)
def test_wire_sentences_that_nothing_was_learned_from(
    listed: str, language: str, precision: float, recall: float
) -> None:
    measured = measure(marked(listed), language)
    assert measured[0] >= precision
    assert measured[1] >= recall


# Places


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Troops reached Grodno and Baranovichi in Belarus.", "en", ["gn:627904", "gn:630429", "ne:BY"]),
        ("Shells fell in the Kursk Region, officials said.", "en", ["ne:RU-KRS"]),
        ("Shells fell in Kursk region, officials said.", "en", ["ne:RU-KRS"]),
        ("Войска вошли в Курскую область.", "ru", ["ne:RU-KRS"]),
        ("Żołnierze stoją w Grodnie.", "pl", ["gn:627904"]),
    ],
)
def test_toponyms_are_linked_to_their_places(text: str, language: str, expected: list[str]) -> None:
    assert [place(toponym) for toponym in find(text, language)] == expected


def test_a_kind_word_behind_a_name_says_which_place_is_meant_but_is_not_of_the_span() -> None:
    (toponym,) = find("Rockets fell on villages in Idlib province on Monday.")
    assert toponym.text == "Idlib"
    assert toponym.options[0].row.feature == "ADM1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Drones attacked the Sumy and Kharkiv regions.", ["ADM1", "ADM1"]),
        ("Shells hit Donetsk, Luhansk and neighbouring Kherson oblasts.", ["ADM1", "ADM1", "ADM1"]),
        ("Floods in the Mopti and Kidal regions.", ["ADM1", "ADM1"]),
        ("Votes were counted in Orange and Osage counties.", ["ADM2", "ADM2"]),
        ("Trains run from Sumy to the Kharkiv and Poltava regions.", ["PPLA", "ADM1", "ADM1"]),
        ("Sirens sounded in Sumy and Kharkiv.", ["PPLA", "PPLA"]),
    ],
)
def test_a_kind_word_in_the_plural_goes_with_all_names_of_a_list(text: str, expected: list[str]) -> None:
    assert [toponym.options[0].row.feature for toponym in find(text)] == expected


def test_a_name_that_no_gazetteer_has_may_be_a_toponym_without_options() -> None:
    (toponym,) = [t for t in find("Police searched houses in Xyzzyqovka near Minsk.") if t.text != "Minsk"]
    assert (toponym.text, toponym.options) == ("Xyzzyqovka", [])


# Kinds of mention


def test_peoples_are_demonyms() -> None:
    found = {
        toponym.text: toponym
        for toponym in find("Belarusian officers met two Poles and a Lithuanian in Minsk.")
    }
    assert found["Belarusian"].mention is MentionKind.DEMONYM
    assert place(found["Belarusian"]) == "ne:BY"
    assert found["Minsk"].mention is not MentionKind.DEMONYM


def test_who_speaks_is_no_place_where_something_happens() -> None:
    speaks, lies = find("Moscow said it had nothing to do with it. A shop burned in Warsaw on Monday.")
    assert (speaks.mention, lies.mention) == (MentionKind.METONYMIC, MentionKind.LITERAL)


# Blocks


def test_only_what_is_told_and_datelines_name_places() -> None:
    text = "By Ann Minsk in Paris\nMINSK\nTrains stood in Brest.\nAdvertisement: hotels in Rome"
    kinds = [BlockKind.BYLINE, BlockKind.DATELINE, BlockKind.PARAGRAPH, BlockKind.FURNITURE]
    found = GEOPARSER.find(document(text, kinds=kinds))
    assert [(toponym.text, toponym.is_dateline) for toponym in found] == [("MINSK", True), ("Brest", False)]


def test_a_document_without_blocks_has_no_toponyms() -> None:
    assert GEOPARSER.find(document("")) == []


# What always holds

PIECES = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "Minsk", "Kursk Region", "Иван Петров", "в Гродно", "Kuźnicy", "said", ",", ". ", "U.S.", "al-Bab",
                "’s", "\n", "Pa.", "New York", "of", "-", "St. Louis", "МОСКВА", "near",
                "北京", "الرقة", "\ud800", "\x00", "é",
            ]
        ),
        st.text(max_size=6),
    ),
    max_size=30,
)  # fmt: skip


@given(PIECES, st.sampled_from(["en", "ru", "uk", "pl", "be", "", "zz"]))
@settings(max_examples=150, derandomize=True)
def test_toponyms_stand_in_order_and_apart_in_any_text(pieces: list[str], language: str) -> None:
    text = " ".join(pieces)
    end = 0
    for toponym in find(text, language):
        assert end <= toponym.start < toponym.end
        assert text[toponym.start : toponym.end] == toponym.text
        assert 0 < toponym.probability <= 1
        shares = [option.share for option in toponym.options]
        assert shares == sorted(shares, reverse=True)
        end = toponym.end


def test_a_document_is_read_alike_whatever_was_read_before() -> None:
    texts = [text for text, _ in marked(ENGLISH)]
    fresh = Geoparser(DATA)
    before = [
        [(t.start, t.end, t.probability, place(t)) for t in fresh.find(document(text))] for text in texts
    ]
    after = [
        [(t.start, t.end, t.probability, place(t)) for t in GEOPARSER.find(document(text))] for text in texts
    ]
    assert before == after


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "Minsk, " * (n // 7),
        lambda n: "ABC DEF-" * (n // 8),
        lambda n: "a" * n,
        lambda n: "A" * n,
        lambda n: "Isle of " * (n // 8),
        lambda n: "U.S." * (n // 4),
        lambda n: "a'" * (n // 2),
        lambda n: "a\u0301" * (n // 2),
        lambda n: "1." * (n // 2),
        lambda n: " " * n,
    ],
)
def test_long_lines_come_to_an_end(make: Callable[[int], str]) -> None:
    assert isinstance(find(make(200_000)), list)


# Recognisers of others


class Labels:
    """Says the same of a text as it was told."""

    name = "spacy"
    languages = frozenset({"en"})

    def __init__(self, **labels: str) -> None:
        self._labels = labels

    def recognise(self, texts: Iterable[str]) -> Iterator[Sequence[LabelledSpan]]:
        for text in texts:
            yield [
                LabelledSpan(text.index(word), text.index(word) + len(word), label)
                for word, label in self._labels.items()
                if word in text
            ]


def test_a_recogniser_is_heard() -> None:
    text = "Trains left Lida for Orsha."
    as_place, as_day = (
        Geoparser(DATA, recognisers=[Labels(Lida=label)]).find(document(text))[0].probability
        for label in ("GPE", "DATE")
    )
    assert as_place > as_day


def test_a_recogniser_that_nothing_was_learned_of_changes_nothing() -> None:
    class Other(Labels):
        name = "other"

    text = "Trains left Lida for Orsha."
    heard = Geoparser(DATA, recognisers=[Other(Lida="PERSON")]).find(document(text))
    assert [toponym.text for toponym in heard] == names(text)


def test_a_recogniser_is_heard_in_its_languages_only() -> None:
    text = "Pociąg z Mińska przyjechał do Brześcia."
    heard = Geoparser(DATA, recognisers=[Labels(Mińska="DATE")]).find(document(text, "pl"))
    assert [(t.text, t.probability) for t in heard] == [(t.text, t.probability) for t in find(text, "pl")]
