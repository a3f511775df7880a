"""Sentences end where a reader ends them, in five languages."""

import pytest

from geomap.extract.sentences import split_sentences


def split(text: str, language: str = "en") -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text), language)]


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("en", "The convoy left.|It was long!|Was it seen?|Yes."),
        ("en", "Mr. Roe met Gen. Doe and Lt. Col. Poe in St. Petersburg.|They left."),
        ("en", "On Nov. 12 the drill ended.|It began in Nov. 2021."),
        ("en", "He left in Nov.|The rest stayed."),
        ("en", "The U.S. Army and the U.K. were told.|So was J. R. Roe of Ashland, Ky., and his aide."),
        ("en", "It was made in the U.S.|The army bought it."),
        ("en", "The item is No. 5 of the list.|He said no.|Nothing came."),
        ("en", "Losses came to 1,610 men and 3.5 tons.|In 2021.|Then 18.3 billion followed."),
        ("en", "“The convoy left.”|It was long, he said."),
        ("en", "“Did it leave?” he asked.|“It did!” she said."),
        ("en", '"The convoy left."|The town was quiet.'),
        ("en", "It left (at noon.)|Then came the next one."),
        ("en", "He came at 5 p.m. Friday to Acme Corp. in Minsk."),
        ("en", "They waited… and waited.|Nothing came...|Then it did."),
        ("en", "1. The convoy left.|2. It came back."),
        ("en", "See example.org and Onliner.By for more."),
        ("en", "Plan B. Roe was ready."),
        ("ru", "Колонна прибыла в г. Минск, ул. Ленина, д. 5.|Её встретили."),
        ("ru", "Это было 12 ноября 2021 г.|Минск молчал."),
        ("ru", "Ген. Роу, т.е. командир, и А. С. Доу уехали.|Остался полк им. Суворова."),
        ("ru", "Погибли 5 тыс. человек.|Ранены 10 тыс.|В городе тихо."),
        ("ru", "«Колонна ушла».|Больше ничего не сказали."),
        ("ru", "Это случилось в XIX в.|Город сгорел."),
        ("uk", "Колона прибула до м. Суми, вул. Садова, буд. 5.|Її зустріли."),
        ("uk", "Це було 12 листопада 2021 р.|Мінськ мовчав."),
        ("uk", "У с. Мала Рогань, Харківська обл., чули вибухи.|Потім стихло."),
        ("be", "Калона прыбыла ў г. Гродна, вул. Савецкая.|Яе сустрэлі."),
        ("be", "Гэта было 12 лістапада 2021 г.|Мінск маўчаў."),
        ("pl", "Płk Roe i gen. Doe z 16. Dywizji dotarli na ul. Polną.|Nikt nie czekał."),
        ("pl", "To było 12 listopada 2021 r.|Mińsk milczał."),
        ("pl", "Kościół św. Anny, m.in. dach, spłonął.|Nikt nie zginął."),
        ("pl", "Zginęło 5 tys. ludzi.|Miasto milczy."),
    ],
)
def test_where_sentences_end(language: str, marked: str) -> None:
    assert split(marked.replace("|", " "), language) == marked.split("|")


def test_sentences_that_a_page_has_glued_together() -> None:
    assert split("The column left the town.The guards stayed.") == [
        "The column left the town.",
        "The guards stayed.",
    ]


def test_blanks_and_breaks_around_sentences_belong_to_none() -> None:
    assert split("  The convoy\nleft. \n It came back.  ") == ["The convoy\nleft.", "It came back."]


@pytest.mark.parametrize("text", ["", " ", ".", "...", "?!", '."', "\ud800. \udfff."])
def test_hardly_any_text(text: str) -> None:
    assert "".join(split(text)).strip() == text.strip() or len(split(text)) > 1
