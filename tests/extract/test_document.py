"""What is known of a document: its language, its day of publication, its checksum, its places in the original."""

import hashlib
from datetime import date

import pytest

from geomap.extract.document import Document
from geomap.extract.language import detect_language
from geomap.extract.published import parse_day
from geomap.extract.segment import plain_document

STORY = "Soldiers from the garrison moved to the river on Tuesday, a spokesman for the brigade said."


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", STORY),
        ("en", "Convoy reaches the river"),
        ("en", "Blast rocks depot in Voronezh"),
        ("en", "Putin meets Lukashenko"),
        ("en", "Kuźnica border crossing closed"),
        ("ru", "Колонна прибыла в Брест"),
        ("ru", "Минск направил войска к границе"),
        ("ru", "Путин заявил о победе"),
        ("ru", "Взрыв в Воронеже"),
        ("uk", "Колона прибула до Луцька"),
        ("uk", "Путін заявив про перемогу"),
        ("uk", "Бій під Курськом"),
        ("uk", "Зеленський прибув до Харкова"),
        ("uk", "Харків під обстрілом"),
        ("be", "Калона прыбыла ў Гродна"),
        ("be", "Мінск закрыў мяжу"),
        ("be", "Лукашэнка наведаў палігон"),
        ("pl", "Kolumna dotarła do Białegostoku"),
        ("pl", "Polska zamyka granicę"),
        ("pl", "Strajk w porcie"),
        ("pl", "Bielorusini na granicy"),
        ("de", "Die Soldaten haben am Dienstag den Fluss erreicht und sind dort geblieben."),
        ("lt", "Kolona pasiekė upę ir liko ten iki antradienio, pranešė ministerija."),
        ("bg", "Войските пристигнаха до реката и останаха там, съобщи министерството."),
        ("", ""),
        ("", "12.11.2021 10:15"),
        ("", "\ud800\udfff"),
    ],
)
def test_the_language_of_texts_and_headlines(language: str, text: str) -> None:
    assert detect_language(text) == language


def test_names_in_another_script_do_not_change_the_language() -> None:
    assert (
        detect_language("The village of Бабінічы near Віцебск was searched by the guards on Monday.") == "en"
    )
    assert detect_language("Самолёт Il-76 компании Transavia сел в Бресте, сообщили в порту.") == "ru"


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("13 Aug, 2024 09:46", "2024-08-13"),
        ("Wednesday, Nov 10, 2021 - 11:05 AM", "2021-11-10"),
        ("Published: November 12, 2021 at 10:15 a.m. EST", "2021-11-12"),
        ("Published 12th November 2021", "2021-11-12"),
        ("Updated: 14 Nov 2021, published 12 Nov 2021", "2021-11-12"),
        ("2021-11-12", "2021-11-12"),
        ("2021-11-12T23:30:00+03:00", "2021-11-12"),
        ("12.11.2021, 10:15", "2021-11-12"),
        ("25/11/2021", "2021-11-25"),
        ("11/25/2021", "2021-11-25"),
        ("12 ноября 2021, 10:15", "2021-11-12"),
        ("12 листопада 2021 р.", "2021-11-12"),
        ("12 лістапада 2021", "2021-11-12"),
        ("12 listopada 2021 r., godz. 10:15", "2021-11-12"),
        ("5 maja 2023", "2023-05-05"),
        ("5 травня 2023", "2023-05-05"),
        ("5 мая 2023", "2023-05-05"),
        ("03/04/2021", None),  # of March or of April
        ("31.02.2021", None),
        ("12 Nov", None),
        ("November 2021", None),
        ("Battle of 12 November 2021", None),
        ("", None),
    ],
)
def test_a_line_that_is_nothing_but_a_date(line: str, day: str | None) -> None:
    assert parse_day(line) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("Convoy reaches Brest\n13 Aug, 2024 09:46\n\n", "2024-08-13"),
        ("13 Aug, 2024 09:46\n\nConvoy reaches Brest\n\n", "2024-08-13"),
        (" date 2021-11-12 ", "2021-11-12"),
        ("12.11.2021 10:15 ", "2021-11-12"),
        ("MINSK, Aug. 12, 2023 (Example) - ", "2023-08-12"),
        ("By Jane Roe | 12 Nov 2021\n\n", "2021-11-12"),
        ("Колонна в Бресте\n12 ноября 2021, 10:15\n\n", "2021-11-12"),
        ("", None),
        ("MINSK, Aug. 12 (Example) - ", None),
        ("On 12 November 2021 the drill began. ", None),
    ],
)
def test_the_first_lines_tell_the_day_of_publication(head: str, day: str | None) -> None:
    document = plain_document(head + STORY)
    assert document.published == (date.fromisoformat(day) if day else None)
    assert bool(document.published_basis) == (day is not None)


def test_a_date_further_down_is_no_day_of_publication() -> None:
    document = plain_document(f"{STORY}\n\n13 Aug, 2024 09:46\n\n{STORY} It was 5 May 2023.")
    assert document.published is None


def test_a_given_day_goes_before_the_text() -> None:
    document = plain_document(
        f"13 Aug, 2024 09:46\n\n{STORY}", published=date(2024, 8, 14), published_basis="told by the editor"
    )
    assert (document.published, document.published_basis) == (date(2024, 8, 14), "told by the editor")


def test_the_checksum_is_that_of_the_text() -> None:
    assert plain_document("Сумы\n").sha256 == hashlib.sha256("Сумы\n".encode()).hexdigest()


def test_places_in_the_original() -> None:
    plain = plain_document("abc")
    assert plain.original_span(1, 3) == (1, 3)

    def mapped(ends: tuple[int, ...] | None) -> Document:
        return plain_document("a&b", origins=(3, 4, 9), origin_ends=ends)

    assert mapped(None).original_span(0, 3) == (3, 10)
    assert mapped((4, 9, 10)).original_span(0, 2) == (3, 9)
