"""Phrases for a stretch of border, taken apart: between whom, near what, in which region, on whose side."""

import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.gazetteer.border_phrases import read_border

SIDES = [
    # English
    ("the Belarus-Poland border", ("Belarus", "Poland"), "border-names"),
    ("Belarus–Poland border", ("Belarus", "Poland"), "border-names"),
    ("Belarus — Poland border", ("Belarus", "Poland"), "border-names"),
    ("Belarusian-Polish border", ("Belarusian", "Polish"), "border-adjectives"),
    ("polish-belarusian border", ("polish", "belarusian"), "border-adjectives"),
    ("Polish/Belarusian border", ("Polish", "Belarusian"), "border-adjectives"),
    ("Poland and Belarus border", ("Poland", "Belarus"), "border-names"),
    ("Polish border with Belarus", ("Polish", "Belarus"), "border-with"),
    ("Poland’s land border with Belarus", ("Poland", "Belarus"), "border-with"),
    ("border between Poland and Belarus", ("Poland", "Belarus"), "border-between"),
    ("border of Poland and Belarus", ("Poland", "Belarus"), "border-between"),
    ("border of Belarus with Poland", ("Belarus", "Poland"), "border-with"),
    (
        "the boundary between the Republic of Poland and Belarus",
        ("Republic of Poland", "Belarus"),
        "border-between",
    ),
    ("along the India–Pakistan frontier", ("India", "Pakistan"), "border-names"),
    (
        "border between Bosnia and Herzegovina and Croatia",
        ("Bosnia and Herzegovina", "Croatia"),
        "border-between",
    ),
    ("Guinea-Bissau-Senegal border", ("Guinea-Bissau", "Senegal"), "border-names"),
    ("North Korea-South Korea border", ("North Korea", "South Korea"), "border-names"),
    ("US-Mexico border", ("US", "Mexico"), "border-names"),
    ("Russo-Ukrainian border", ("RU", "Ukrainian"), "border-adjectives"),
    ("Kursk Region border with Ukraine", ("Kursk Region", "Ukraine"), "border-with"),
    ("Sumy–Kursk border", ("Sumy", "Kursk"), "border-names"),
    ("border between Kursk and Sumy regions", ("Kursk Region", "Sumy Region"), "border-between"),
    ("Polish-Belarusian state border", ("Polish", "Belarusian"), "border-adjectives"),
    ("Polish-Belarusian border line", ("Polish", "Belarusian"), "border-adjectives"),
    ("Polish border", ("Polish", None), "border-one-side"),
    ("Poland's eastern border", ("Poland", None), "border-one-side"),
    ("the border with Belarus", ("Belarus", None), "border-one-side"),
    # Russian
    ("польско-белорусская граница", ("PL", "BY"), "border-adjectives"),
    ("на польско-белорусской границе", ("PL", "BY"), "border-adjectives"),
    ("афгано-пакистанская граница", ("AF", "PK"), "border-adjectives"),
    ("на границе Польши и Беларуси", ("PL", "BY"), "border-between"),
    ("граница между Польшей и Беларусью", ("PL", "BY"), "border-between"),
    ("граница России с Украиной", ("RU", "UA"), "border-with"),
    ("граница США и Мексики", ("US", "MX"), "border-between"),
    ("граница Саудовской Аравии с Йеменом", ("SA", "YE"), "border-with"),
    ("граница Курской области с Украиной", ("Курская область", "UA"), "border-with"),
    ("на границе Курской и Сумской областей", ("Курская область", "Сумская область"), "border-between"),
    ("государственная граница Беларуси", ("BY", None), "border-one-side"),
    ("белорусская граница", ("BY", None), "border-one-side"),
    # Ukrainian
    ("білорусько-польський кордон", ("BY", "PL"), "border-adjectives"),
    ("на українсько-російському кордоні", ("UA", "RU"), "border-adjectives"),
    ("кордон України з Росією", ("UA", "RU"), "border-with"),
    ("кордон між Україною та Молдовою", ("UA", "MD"), "border-between"),
    ("на кордоні України і Білорусі", ("UA", "BY"), "border-between"),
    ("на кордоні з Білоруссю", ("BY", None), "border-one-side"),
    # Belarusian
    ("польска-беларуская мяжа", ("PL", "BY"), "border-adjectives"),
    ("на беларуска-літоўскай мяжы", ("BY", "LT"), "border-adjectives"),
    ("мяжа Беларусі з Польшчай", ("BY", "PL"), "border-with"),
    ("мяжа паміж Беларуссю і Украінай", ("BY", "UA"), "border-between"),
    # Polish
    ("granica polsko-białoruska", ("PL", "BY"), "border-adjectives"),
    ("przy granicy polsko-białoruskiej", ("PL", "BY"), "border-adjectives"),
    ("granica Polski z Białorusią", ("PL", "BY"), "border-with"),
    ("granica Polski i Niemiec", ("PL", "DE"), "border-between"),
    ("granica między Polską a Białorusią", ("PL", "BY"), "border-between"),
    ("granica państwowa z Białorusią", ("BY", None), "border-one-side"),
]


@pytest.mark.parametrize(("text", "sides", "rule"), SIDES)
def test_both_sides_are_read(text: str, sides: tuple[str, str | None], rule: str) -> None:
    found = read_border(text)
    assert found is not None
    assert (found.sides, found.rule) == (sides, rule)
    assert (found.near, found.near_km, found.within, found.side, found.depth_km) == (None,) * 5


@pytest.mark.parametrize(
    ("text", "sides", "near", "within"),
    [
        ("Russian-Ukrainian border near Sudzha", ("Russian", "Ukrainian"), "Sudzha", None),
        ("Belarus-Poland border (near Kuźnica)", ("Belarus", "Poland"), "Kuźnica", None),
        (
            "Polish border with Belarus, close to Kuźnica, Poland",
            ("Polish", "Belarus"),
            "Kuźnica, Poland",
            None,
        ),
        ("border between Poland and Belarus at Kuźnica", ("Poland", "Belarus"), "Kuźnica", None),
        ("Polish-Belarusian border, Podlasie", ("Polish", "Belarusian"), None, "Podlasie"),
        ("Ukrainian border in the Kursk Region", ("Ukrainian", None), None, "Kursk Region"),
        ("Belarus-Poland border near Kuźnica in Podlaskie", ("Belarus", "Poland"), "Kuźnica", "Podlaskie"),
        ("российско-украинская граница возле Суджи", ("RU", "UA"), "Суджи", None),
        ("граница с Польшей у Кузницы", ("PL", None), "Кузницы", None),
        ("граница с Украиной в Курской области", ("UA", None), None, "Курской области"),
        ("українсько-російський кордон поблизу Суджі", ("UA", "RU"), "Суджі", None),
        ("кордон з Росією у Сумській області", ("RU", None), None, "Сумській області"),
        ("беларуска-польская мяжа каля Кузніцы", ("BY", "PL"), "Кузніцы", None),
        ("granica polsko-białoruska w pobliżu Kuźnicy", ("PL", "BY"), "Kuźnicy", None),
        ("granica z Białorusią koło Kuźnicy", ("BY", None), "Kuźnicy", None),
    ],
)
def test_what_it_is_near_and_what_it_lies_in(
    text: str, sides: tuple[str, str | None], near: str | None, within: str | None
) -> None:
    found = read_border(text)
    assert found is not None
    assert (found.sides, found.near, found.within) == (sides, near, within)


@pytest.mark.parametrize(
    ("text", "near", "within", "rule"),
    [
        ("the border near Kuźnica", "Kuźnica", None, "border-near"),
        ("border in the Kursk Region", None, "Kursk Region", "border-within"),
        ("граница у Кузницы", "Кузницы", None, "border-near"),
        ("кордон біля Суджі", "Суджі", None, "border-near"),
        ("мяжа каля Гродна", "Гродна", None, "border-near"),
        ("granica koło Kuźnicy", "Kuźnicy", None, "border-near"),
    ],
)
def test_without_a_side_a_place_must_be_told(
    text: str, near: str | None, within: str | None, rule: str
) -> None:
    found = read_border(text)
    assert found is not None
    assert (found.sides, found.near, found.within, found.rule) == (("", None), near, within, rule)


@pytest.mark.parametrize(
    ("text", "sides", "side"),
    [
        ("on the Belarusian side of the Polish-Belarusian border near Kuźnica", ("Polish", "Belarusian"), 1),
        ("Polish side of the Polish-Belarusian border", ("Polish", "Belarusian"), 0),
        ("Belarusian side of the Poland-Belarus border", ("Poland", "Belarus"), 1),
        ("Belarusian side of the border with Poland", ("Belarusian", "Poland"), 0),
        ("on the Belarusian side of the Polish border", ("Belarusian", "Polish"), 0),
        ("Belarusian side of the border near Kuźnica", ("Belarusian", None), 0),
        ("Kursk side of the Sumy–Kursk border", ("Sumy", "Kursk"), 1),
        ("Polish-Belarusian border, Belarusian side", ("Polish", "Belarusian"), 1),
        ("both sides of the Polish-Belarusian border", ("Polish", "Belarusian"), None),
        ("на белорусской стороне польско-белорусской границы", ("PL", "BY"), 1),
        ("с белорусской стороны границы с Польшей", ("BY", "PL"), 0),
        ("на білоруському боці кордону з Польщею", ("BY", "PL"), 0),
        ("на беларускім баку мяжы", ("BY", None), 0),
        ("po białoruskiej stronie granicy polsko-białoruskiej", ("PL", "BY"), 1),
    ],
)
def test_the_side_that_is_meant(text: str, sides: tuple[str, str | None], side: int | None) -> None:
    found = read_border(text)
    assert found is not None
    assert (found.sides, found.side) == (sides, side)


def test_a_side_that_is_no_side_of_that_border_is_no_phrase() -> None:
    assert read_border("Lithuanian side of the Polish-Belarusian border") is None


@pytest.mark.parametrize(
    ("text", "near_km", "depth_km"),
    [
        ("the border within 5 km of Kuźnica", 5, None),
        ("Polish-Belarusian border 10 miles from Kuźnica", 16.09344, None),
        ("within 5 km of the Polish-Belarusian border", None, 5),
        ("about 1.5 km from the border with Belarus", None, 1.5),
        ("800 metres from the Polish border", None, 0.8),
        ("в 5 км от границы с Украиной", None, 5),
        ("за 3 кілометри від кордону з Росією", None, 3),
        ("5 km od granicy z Ukrainą", None, 5),
    ],
)
def test_distances_in_kilometres(text: str, near_km: float | None, depth_km: float | None) -> None:
    found = read_border(text)
    assert found is not None
    assert found.near_km == pytest.approx(near_km)
    assert found.depth_km == pytest.approx(depth_km)


OTHERS = """
Border Ranges
Borderlands
Border
the border
South of the Border
South of the Border, Dillon
Border, Wyoming
Boundary County
Boundary Bay
North-West Frontier Province
North-West Frontier
New Frontier
Scottish Borders
Granica
Granica Wielka
Graniczna
Kordon
Кордон
Мяжа
граница
Граничное
Пограничный
Прикордонне
border crossing
Kuźnica border crossing
border crossing between Poland and Belarus
przejście graniczne Kuźnica
пограничный переход Кузница
border guard post
Polish border guards
Belarus border post near Kuźnica
cross-border attack
cross-border
border town of Sudzha
near the border
border between
border with
between Poland and Belarus
Belarusian side
the border of the forest
the northern border
Polish-Belarusian relations
migrants tried to break through the fences at the border
Kuźnica
Grodno
"""


@pytest.mark.parametrize("text", OTHERS.strip().splitlines())
def test_other_texts_are_none(text: str) -> None:
    assert read_border(text) is None


WORDS = """
the border Polish-Belarusian Poland between of and with near Kuźnica in side 5 km from , - – ( граница с и у возле
польско-белорусской Польши кордон між мяжа granica polsko-białoruska Polski a z stronie
"""


@given(st.text(max_size=300) | st.lists(st.sampled_from(WORDS.split()), max_size=40).map(" ".join))
def test_any_text_is_read_or_is_none(text: str) -> None:
    found = read_border(text)
    if found is None:
        return
    assert found.sides[0] or (found.sides[1] is None and (found.near or found.within))
    assert found.side in (None, 0, 1)
    if found.side is not None:
        assert found.sides[found.side]


@pytest.mark.parametrize(
    "text",
    [
        "x " * 99,
        "border between " + "a and " * 30,
        "border " + "near " * 38,
        "граница " + "с " * 90,
        "5 km of " * 24,
    ],
)
def test_hard_texts_take_little_time(text: str) -> None:
    least = min(_seconds(text) for _ in range(5))
    assert least < 0.005  # 0.5 ms on an idle core


def _seconds(text: str) -> float:
    start = time.process_time()
    read_border(text)
    return time.process_time() - start


def test_capitals_of_a_whole_text_tell_nothing() -> None:
    found = read_border("POLISH-BELARUSIAN BORDER")
    assert found is not None
    assert found.sides == ("POLISH", "BELARUSIAN")
    assert read_border(string.capwords("border ranges")) is None
