"""Every line of a text is told for what it is: by general signs, and no paragraph is taken for furniture."""

import pytest

from geomap.extract.document import BlockKind, Document
from geomap.extract.segment import plain_document

STORY = "Soldiers from the garrison moved to the river on Tuesday, a spokesman for the brigade said."
HEADLINE = "Convoy reaches the town of Brest"


def blocks(document: Document) -> list[tuple[str, str]]:
    return [(block.kind.value, document.text[block.start : block.end]) for block in document.blocks]


def amid_a_story(line: str) -> list[tuple[str, str]]:
    """The blocks of a line that stands between two paragraphs."""
    found = blocks(plain_document(f"{HEADLINE}\n\n{STORY}\n\n{line}\n\n{STORY}"))
    assert found[:2] == [("headline", HEADLINE), ("paragraph", STORY)]
    assert found[-1] == ("paragraph", STORY)
    return found[2:-1]


@pytest.mark.parametrize(
    "line",
    [
        "Also Read: Minister visits the mill",
        "READ MORE: Ten facts about Minsk",
        "Related: Poland closes a crossing",
        "Required fields are marked with a star",
        "Share this article",
        "Your email address will not be published.",
        "Follow us on Twitter",
        "Leave a Reply",
        "Subscribe to our newsletter for daily updates from Kyiv",
        "Sign up for our daily newsletter and never miss a story.",
        "Click here to join our channel",
        "Advertisement",
        "ADVERTISEMENT - CONTINUE READING BELOW",
        "Continue reading below",
        "World News",
        "Source",
        "Podcasts",
        "0:00",
        "25:31",
        "1/5",
        "* * *",
        "3 min read",
        "2 hours ago",
        "12 comments",
        "List of 4 items",
        "Skip to content",
        "We use cookies to improve your experience. Read our policy.",
        "With Example wires",
        "© 2021 Example Media. All rights reserved.",
        "Copyright 2021 The Example Press. All rights reserved.",
        "This article was originally published by Example News.",
        "The views expressed in this article are those of the author.",
        "Tags: Belarus, Poland, migrants",
        "Home > World > Europe",
        "Home / News / Belarus",
        "icon closeicon searchicon menuicon shareicon arrowicon tag",
        "Facebook Twitter Telegram WhatsApp Email Print",
        "https://example.org/minsk",
        "@example_news",
        "#Belarus #Poland #Minsk",
        "Jane Roe's Photo",
        "Читайте также: Польша закрыла переход",
        "Подписывайтесь на наш канал в Telegram",
        "Все права защищены.",
        "Читайте також: Польща закрила перехід",
        "Підписуйтесь на наш канал",
        "Чытайце таксама: Польшча закрыла пераход",
        "Апошнія навіны",
        "Czytaj też: Polska zamknęła przejście",
        "Wszelkie prawa zastrzeżone.",
    ],
)
def test_furniture(line: str) -> None:
    assert amid_a_story(line) == [("furniture", line)]


def test_a_long_list_of_icons_is_furniture() -> None:
    line = "icon arrowicon closeicon searchicon menu" * 60
    assert amid_a_story(line) == [("furniture", line)]


@pytest.mark.parametrize(
    "line",
    [
        "Share prices in Warsaw fell by a tenth after the border closed.",
        "Follow-up strikes hit Kharkiv on Tuesday, officials said.",
        "Read more than twenty letters from the front, said the archivist.",
        "By Tuesday, Russian troops had reached Sudzha.",
        "By Land and Sea: How Convoys Reach Crimea",
        "By May Ukraine held the town.",
        "Related charges were brought in Minsk against two men.",
        "Source of the fire in Brest remains unknown.",
        "Source: Turkey to close airspace",
        "Tags of the unit were found near Bakhmut.",
        "Watch towers along the border near Kuźnica were manned overnight.",
        "Home of a brigade, Brest lies on the border.",
        "Icon of the church stolen in Lviv",
        "More than 200 shells fell on Nikopol on Monday night.",
        "More on Monday",
        "Search teams found two bodies near Izium.",
        "Photo reconnaissance planes flew over Grodno on Friday.",
        "Podcast host arrested in Minsk",
        "Next week, the troops return to Ryazan.",
        "Up to 9,000 soldiers will arrive in Belarus.",
        "Back in Minsk, the president met the governor.",
        "Copyright law was changed in Belarus last year, a lawyer said.",
        "Comments by the minister angered Warsaw.",
        "Video shows strike on Kerch Bridge",
        "News of the attack reached Kyiv at noon.",
        "Two soldiers were killed near Kursk, according to TASS/Interfax.",
        "The statement was carried by the state agency BelTA (BelTA).",
        "Phone lines in Sumy were cut; 3 views were given on why.",
        "Kharkiv region",
        "Video: Drone Hits Voronezh Refinery",
        "Photos: Convoy Crosses the River",
        "Kyiv Announces Truce via Telegram",
        "- Two drones fell in Voronezh Region.",
        "Battle of Sumy, 10 November 2021",
        "12 soldiers were buried on 10 November 2021",
        "Обстріл Нікополя: двоє загиблих",
        "Реклама алкоголя запрещена в Минске, сообщил министр.",
        "Источник пожара в Бресте не найден.",
        "Світ засудив удар по Дніпру.",
        "Навіны пра ўдар дайшлі да Кіева апоўдні.",
        "Więcej żołnierzy trafi na granicę z Białorusią.",
    ],
)
def test_what_is_told_stays_told(line: str) -> None:
    [(kind, words)] = amid_a_story(line)
    assert BlockKind(kind).is_told
    assert words == line


@pytest.mark.parametrize(
    ("line", "caption", "credit"),
    [
        (
            "Migrants at the river crossing (Jane Roe/BelTA/AP)",
            "Migrants at the river crossing",
            "(Jane Roe/BelTA/AP)",
        ),
        (
            "A bomber takes off from an airfield in Russia on Nov. 3, 2021. Russian Air Force Press Service via AP",
            "A bomber takes off from an airfield in Russia on Nov. 3, 2021.",
            "Russian Air Force Press Service via AP",
        ),
        (
            "A family rests by a fire near Brest, on Nov. 2, 2021. Jane Roe/BelTA pool photo via AP",
            "A family rests by a fire near Brest, on Nov. 2, 2021.",
            "Jane Roe/BelTA pool photo via AP",
        ),
        (
            "Guards build a fence. BELTA/AFP via Getty Images",
            "Guards build a fence.",
            "BELTA/AFP via Getty Images",
        ),
        ("Soldiers return from duty. REUTERS/Jane Roe", "Soldiers return from duty.", "REUTERS/Jane Roe"),
        (
            "The bridge after the blast. Photo: Example Agency",
            "The bridge after the blast.",
            "Photo: Example Agency",
        ),
        ("Смоленский вокзал. Фото: Иван Роу", "Смоленский вокзал.", "Фото: Иван Роу"),
        ("Żołnierze na granicy. Fot. Jan Kowalski / PAP", "Żołnierze na granicy.", "Fot. Jan Kowalski / PAP"),
    ],
)
def test_a_caption_is_told_and_its_credit_is_not(line: str, caption: str, credit: str) -> None:
    assert amid_a_story(line) == [("caption", caption), ("credit", credit)]


@pytest.mark.parametrize(
    "line",
    [
        "Jane Roe/AFP via Getty Images",
        "(Photo by Jane Roe/Getty Images)",
        "Getty Images",
        "AFP",
        "Source: Russian MoD",
        "Main image: Jane Roe/AP",
        "Фото: пресс-служба Минобороны",
        "Источник: БелТА",
        "Źródło: PAP",
    ],
)
def test_a_credit_alone(line: str) -> None:
    assert amid_a_story(line) == [("credit", line)]


@pytest.mark.parametrize(
    "line",
    [
        "Polish soldiers patrol the fence near Kuźnica, Poland, on Nov. 12, 2021.",
        "A column of trucks is seen near Brest in this satellite image.",
        "На фото: колонна грузовиков под Брестом.",
    ],
)
def test_a_caption_without_a_credit(line: str) -> None:
    assert amid_a_story(line) == [("caption", line)]


def test_a_line_before_a_credit_is_a_caption() -> None:
    assert amid_a_story("Trucks near Brest\nJane Roe/AP") == [
        ("caption", "Trucks near Brest"),
        ("credit", "Jane Roe/AP"),
    ]


def test_the_agency_behind_a_report_makes_no_caption_of_it() -> None:
    assert amid_a_story("The column left at noon, the ministry said. (TASS)") == [
        ("paragraph", "The column left at noon, the ministry said."),
        ("credit", "(TASS)"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "by Jane Roe",
        "By JANE ROE",
        "By Jane Roe and John Doe, Example Press",
        "By Jan Kowalski",
        "Автор: Иван Роу",
        "Autor: Jan Kowalski",
        "Reporting by Jane Roe in Kyiv; Editing by John Doe",
        "Jane Roe in Minsk contributed to this report.",
        "Published: 12 Nov 2021, 10:15",
        "Updated on November 12, 2021 at 10:15 a.m. EST",
        "Wednesday, Nov 10, 2021 - 11:05 AM",
        "Issued on: 10/11/2021 - 11:05",
        "Jane Roe, 10 Nov 2021",
        "Example News | Oct 15, 2022, 2:05 pm",
        "Posted by Jane Roe on November 10, 2021",
        "12.11.2021, 10:15",
        "12 ноября 2021, 10:15",
        "12 листопада 2021 р., 10:15",
        "12 лістапада 2021 г., 10:15",
        "12 listopada 2021, godz. 10:15",
    ],
)
def test_bylines(line: str) -> None:
    assert amid_a_story(line) == [("byline", line)]


@pytest.mark.parametrize(
    ("dateline", "rest"),
    [
        ("KYIV, Aug 12 (Reuters) -", "Troops crossed the river."),
        ("KUŹNICA, Poland (AP) —", "Troops crossed the river."),
        ("NAIROBI, Kenya (AP) _", "Troops crossed the river."),
        ("MOSCOW, August 13. /TASS/.", "Troops crossed the river."),
        ("KIEV. Aug 13 (Interfax-Ukraine) -", "Troops crossed the river."),
        ("BREST, Belarus –", "Troops crossed the river."),
        ("Minsk (BelTA) -", "Troops crossed the river."),
        ("(CNN) —", "Troops crossed the river."),
        ("МИНСК, 12 ноября (БелТА).", "Военные прибыли на полигон."),
        ("12 ноября, Минск /Корр. БЕЛТА/.", "Военные прибыли на полигон."),
        ("МОСКВА, 12 авг - РИА Новости.", "Военные прибыли на полигон."),
        ("КИЇВ. 12 серпня. УНН.", "Військові прибули на полігон."),
        ("ВІЦЕБСК, 3 мая /Кар. БЕЛТА/.", "Вайскоўцы прыбылі на палігон."),
        ("Warszawa, 12.11.2021 (PAP) -", "Żołnierze dotarli na granicę."),
        ("WARSZAWA (PAP).", "Żołnierze dotarli na granicę."),
    ],
)
def test_a_dateline_stands_before_its_paragraph(dateline: str, rest: str) -> None:
    assert blocks(plain_document(f"{dateline} {rest}")) == [("dateline", dateline), ("paragraph", rest)]
    assert blocks(plain_document(f"{dateline}\n\n{rest}")) == [("dateline", dateline), ("paragraph", rest)]


@pytest.mark.parametrize(
    "paragraph",
    [
        "Russia – the largest of them – sent troops.",
        "NATO – an alliance of many states – sent planes.",
        "UN officials (OCHA) said they left.",
        "Troops (from Brest) - said to be many - arrived.",
        "The Ministry (MoD) - which has troops - said so.",
        "Belarus (the host) - sent a note to Poland.",
        "EU-backed fighters – from Poland – arrived.",
        "On Monday - a holiday - shells fell on Sumy.",
        "Nov. 12 – Three shells fell on Sumy.",
        "RUSSIA SENDS TROOPS – MINSK CONFIRMS IT.",
        "EXCLUSIVE – Three shells fell on Sumy.",
        "Jane Roe (Belarus), The first of them, said no.",
        "Jane Roe (Warsaw): We saw nothing.",
        "Jane Roe (Aaron's wife). The town knew her.",
    ],
)
def test_no_dateline(paragraph: str) -> None:
    assert blocks(plain_document(paragraph)) == [("paragraph", paragraph)]


def test_a_page_from_top_to_bottom() -> None:
    text = """icon menuicon searchicon closeicon shareicon mailicon tagicon play
World News
Convoy reaches Brest, ministry says | Example Times

Guards along the road wave it through
Jane Roe's Photo
by Jane Roe
Wednesday, Nov 10, 2021 - 11:05 AM

BREST, Belarus (AP) — A convoy of forty trucks reached the town on Wednesday, the ministry said.

Convoy reaches Brest, ministry says

Trucks wait at the crossing (Jane Roe/AP)
What comes next

Nobody in the town would say where it goes.

Also Read :  Minister visits the mill

Podcasts
0:00
12:41
"""
    document = plain_document(text)
    assert blocks(document) == [
        ("furniture", "icon menuicon searchicon closeicon shareicon mailicon tagicon play"),
        ("furniture", "World News"),
        ("headline", "Convoy reaches Brest, ministry says"),
        ("furniture", "| Example Times"),
        ("headline", "Guards along the road wave it through"),
        ("furniture", "Jane Roe's Photo"),
        ("byline", "by Jane Roe"),
        ("byline", "Wednesday, Nov 10, 2021 - 11:05 AM"),
        ("dateline", "BREST, Belarus (AP) —"),
        ("paragraph", "A convoy of forty trucks reached the town on Wednesday, the ministry said."),
        ("headline", "Convoy reaches Brest, ministry says"),
        ("caption", "Trucks wait at the crossing"),
        ("credit", "(Jane Roe/AP)"),
        ("headline", "What comes next"),
        ("paragraph", "Nobody in the town would say where it goes."),
        ("furniture", "Also Read :  Minister visits the mill"),
        ("furniture", "Podcasts"),
        ("furniture", "0:00"),
        ("furniture", "12:41"),
    ]
    assert document.title == "Convoy reaches Brest, ministry says"
    assert document.author == "Jane Roe"
    assert document.language == "en"


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("Convoy reaches Brest: Minsk | Military News", "Convoy reaches Brest: Minsk"),
        ("Convoy reaches Brest - Example News", "Convoy reaches Brest"),
        ("Convoy reaches Brest – BBC News", "Convoy reaches Brest"),
        ("Convoy reaches Brest | World | Example", "Convoy reaches Brest"),
        ("Convoy reaches Brest - and leaves again", "Convoy reaches Brest - and leaves again"),
    ],
)
def test_the_section_behind_a_headline_is_split_off(line: str, headline: str) -> None:
    assert blocks(plain_document(f"{line}\n\n{STORY}"))[0] == ("headline", headline)


def test_a_menu_of_known_and_unknown_labels_is_furniture() -> None:
    menu = "Home\nWorld\nBalkans\nPolitics\nCountryside\nSport\n\n"
    document = plain_document(f"{menu}{HEADLINE}\n\n{STORY}")
    assert [kind for kind, _ in blocks(document)] == ["furniture"] * 6 + ["headline", "paragraph"]


def test_a_list_of_places_is_told() -> None:
    document = plain_document(
        f"{STORY}\n\nThe shelled towns are:\n\nSumy\nKharkiv\nNikopol\nIzium\nKupiansk\n"
    )
    assert all(block.kind.is_told for block in document.blocks)


def test_lines_broken_to_a_width_are_one_paragraph() -> None:
    first = (
        "A convoy of forty trucks reached the town on Wednesday, the ministry\n"
        "said. It will go on to the river within the week and stay there until\n"
        "the end of the drill, which began on Monday and which the neighbours\n"
        "watch closely, a spokesman told reporters in the capital."
    )
    second = (
        "Nobody in the town would say where it goes from there, and the guards\n"
        "along the road let no one near the trucks. The mayor was away, his\n"
        "office said, and would be back on Friday."
    )
    document = plain_document(f"{first}\n\n{second}\n")
    assert blocks(document) == [("paragraph", first), ("paragraph", second)]
    assert sentences(document)[1].startswith("It will go on")


def sentences(document: Document) -> list[str]:
    return [document.text[sentence.start : sentence.end] for sentence in document.sentences]


def test_sentences_know_their_block() -> None:
    document = plain_document(f"{HEADLINE}\n\n{STORY} It is large.\n\nAdvertisement\n\n{STORY}")
    assert [sentence.block for sentence in document.sentences] == [0, 1, 1, 3]
    assert sentences(document) == [HEADLINE, STORY, "It is large.", STORY]


def test_an_empty_text_is_an_empty_document() -> None:
    document = plain_document(" \n\t\n\u200b")
    assert (document.blocks, document.sentences, document.language, document.title) == ((), (), "", "")


def test_what_is_given_goes_before_what_the_text_says() -> None:
    document = plain_document(
        f"Title of the text\nby Jane Roe\n\n{STORY}",
        id="a",
        title="T",
        author="A",
        publisher="P",
        url="U",
        language="uk",
    )
    assert (document.id, document.title, document.author, document.publisher) == ("a", "T", "A", "P")
    assert (document.url, document.language) == ("U", "uk")


def test_stretches_cut_out_are_in_no_told_block() -> None:
    text = "The [convoy](https://example.org/Minsk) reached the town."
    start, end = text.index("("), text.index(")") + 1
    document = plain_document(text, cuts=[(start, end)])
    assert blocks(document) == [
        ("paragraph", "The [convoy]"),
        ("furniture", "(https://example.org/Minsk)"),
        ("paragraph", "reached the town."),
    ]
