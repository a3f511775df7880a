"""Nominatives of Slavic toponyms in other cases."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.gazetteer import inflections
from geomap.gazetteer.inflections import nominatives

PHRASES = """
в Гродно: Гродно | под Киевом: Киев | возле Кузницы: Кузница | в Судже: Суджа | к Суджей: Суджа
в Курской области: Курская область | около Бобруйска: Бобруйск | под Бахмутом: Бахмут | из Минска: Минск
Донецкой области: Донецкая область | в Барановичах: Барановичи | в Мариуполе: Мариуполь | в Запорожье: Запорожье
Запорожьем: Запорожье | в Орле: Орёл | в Торжке: Торжок | в Ростове-на-Дону: Ростов-на-Дону | в Керчи: Керчь
Нижнем Новгороде: Нижний Новгород | Великих Луках: Великие Луки | Кривого Рога: Кривой Рог | Твери: Тверь
Новой Каховкой: Новая Каховка | Белой Церкви: Белая Церковь | Ивано-Франковске: Ивано-Франковск | Ельца: Елец
Санкт-Петербурге: Санкт-Петербург | Москвой: Москва | в Грозном: Грозный | Набережных Челнах: Набережные Челны
в городе Орше: город Орша | Каменце-Подольском: Каменец-Подольский | Николаева: Николаев | под Воронежем: Воронеж
біля Кузниці: Кузниця | під Харковом: Харків | у Львові: Львів | в Сумах: Суми | у Сумській області: Сумська область
в Запоріжжі: Запоріжжя | Києва: Київ | Миколаєва: Миколаїв | Тернополя: Тернопіль | Маріуполі: Маріуполь
Донецьку: Донецьк | Чернігова: Чернігів | Кривому Розі: Кривий Ріг | Кривого Рогу: Кривий Ріг | Одесі: Одеса
Новій Каховці: Нова Каховка | Білій Церкві: Біла Церква | Чернівцях: Чернівці | Рівному: Рівне | Полтавою: Полтава
пад Гродна: Гродна | у Мінску: Мінск | у Гомелі: Гомель | каля Баранавічаў: Баранавічы | Магілёве: Магілёў
Брэсце: Брэст | Гродзенскай вобласці: Гродзенская вобласць | Віцебскам: Віцебск | Вілейцы: Вілейка
koło Kuźnicy: Kuźnica | w Białymstoku: Białystok | z Białegostoku: Białystok | pod Grodnem: Grodno
w Mińsku: Mińsk | w Warszawie: Warszawa | w Brześciu: Brześć | w Suwałkach: Suwałki | w Łodzi: Łódź
w województwie podlaskim: województwo podlaskie | w obwodzie kurskim: obwód kurski | w Kijowie: Kijów
obwodu kurskiego: obwód kurski | w Charkowie: Charków | w Siemianówce: Siemianówka | Bobrownikami: Bobrowniki
w Zakopanem: Zakopane | Jeleniej Górze: Jelenia Góra | Gdyni: Gdynia | Bydgoszczy: Bydgoszcz | Poznaniu: Poznań
Puszczy Białowieskiej: Puszcza Białowieska | Żywcu: Żywiec | Nowym Sączu: Nowy Sącz | Bielsku-Białej: Bielsko-Biała
powiecie sokólskim: powiat sokólski | Piotrkowie Trybunalskim: Piotrków Trybunalski | Białej Podlaskiej: Biała Podlaska
Wrocławiu: Wrocław | Lublinie: Lublin | Krośnie: Krosno | Baranowiczach: Baranowicze | Pradze: Praga
"""
PAIRS = [tuple(pair.strip().split(": ")) for pair in re.split(r"[|\n]", PHRASES.strip())]


@pytest.mark.parametrize(("name", "nominative"), PAIRS)
def test_the_nominative_is_among_the_guesses(name: str, nominative: str) -> None:
    guesses = nominatives(name)
    assert nominative in guesses
    assert len(guesses) <= 8


def test_the_nominative_mostly_comes_first() -> None:
    first = sum(nominatives(name)[0] == nominative for name, nominative in PAIRS)
    assert first / len(PAIRS) > 0.75


NONE = """
Minsk
Boulder
Wisconsin
Grodno
Müllheim
Québec
Vilnius
Xanten
北京
Παρίσι
دمشق
Скопје
Минск 2
один два три четыре пять
a b c d e f
123
.
"""


@pytest.mark.parametrize("name", [*NONE.splitlines(), " ", "ы" * 200])
def test_other_scripts_and_plain_names_have_none(name: str) -> None:
    assert nominatives(name) == ()


def test_capitals_stay() -> None:
    assert nominatives("В ДОНЕЦКОЙ ОБЛАСТИ")[0] == "ДОНЕЦКАЯ ОБЛАСТЬ"
    assert nominatives("kuźnicy")[0] == "kuźnica"


def test_an_adjective_takes_the_gender_of_its_noun() -> None:
    assert "Курский область" not in nominatives("Курской области")
    assert "obwód kurskie" not in nominatives("obwodzie kurskim")


@pytest.mark.parametrize(
    "table",
    [
        table
        for language in (
            inflections._RUSSIAN,
            inflections._UKRAINIAN,
            inflections._BELARUSIAN,
            inflections._POLISH,
        )
        for table in (language.nouns, language.adjectives)
    ],
)
def test_tables_hold_one_script_and_known_genders(table: dict[str, tuple[tuple[str, str], ...]]) -> None:
    text = "".join(ending + "".join(form for form, _ in forms) for ending, forms in table.items())
    letters = {char for char in text if char.isalpha()}
    assert all("a" <= char <= "ž" for char in letters) or all("а" <= char <= "ґ" for char in letters)
    assert {gender for forms in table.values() for _, gender in forms} <= set("mfnp")
    assert max(map(len, table)) <= inflections._LONGEST_ENDING


SLAVIC = st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґўё -'АБВ", max_size=90)
POLISH = st.text(alphabet="abcdefghijklmnoprstuwyząćęłńóśźż -ABC", max_size=90)


@given(st.text(max_size=100) | SLAVIC | POLISH)
def test_any_text_gives_few_guesses_and_never_itself(text: str) -> None:
    guesses = nominatives(text)
    assert len(guesses) == len(set(guesses)) <= 8
    assert text not in guesses
    assert all(guesses)


@pytest.mark.parametrize(
    "name", ["Новой Старой Белой Каховке", "Нижнем-Новом Старом Ское", "Nowym Starym Białym Sączu", "и" * 80]
)
def test_long_names_take_little_time(name: str) -> None:
    assert min(_seconds(name) for _ in range(5)) < 0.005


def _seconds(name: str) -> float:
    start = time.process_time()
    nominatives(name)
    return time.process_time() - start
