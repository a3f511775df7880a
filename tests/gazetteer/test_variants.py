"""Spelling variants of toponyms: pairs of real names that must meet, and pairs that must not."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geomap.gazetteer import variants
from geomap.gazetteer.fold import fold_name
from geomap.gazetteer.variants import (
    FUZZY_CUT,
    SPELLING,
    has_mixed_scripts,
    likeness,
    spellings,
    unmixed,
    variant_key,
)

# Main names and alternative names of GeoNames (CC BY 4.0), with some spellings of the press.
SAME_PLACE = {
    "Belarusian": """Homyel Gomel, Homyel Homel, Hrodna Grodno, Hrodna Grodna, Mahilyow Mogilev, Mahilyow Mogilew,
        Mahilyow Mahilioŭ, Asipovichy Osipovichi, Zyabrovka Ziabrauka, Semianovka Siemianówka, Babruysk Bobruisk,
        Baranovichi Baranavichy, Mazyr Mozyr, Orsha Orsza, Salihorsk Soligorsk, Navapolatsk Novopolotsk,
        Maladzyechna Maladziecna, Polotsk Polatsk, Polotsk Polack, Zhlobin Żłobin, Rechytsa Rechica, Kobryn Kobrin,
        Svyetlahorsk Svetlogorsk, Slutsk Słuck, Rakaw Rakuv, Luninyets Luniniec, Asnyezhytsy Osnezhitsy,
        Dzyarzhynsk Dzerzhinsk, Lida Lyda, Krasnasyel’ski Krasnosel’skiy, Usiazh Usjazh""",
    "Ukrainian": """Kharkiv Kharkov, Kharkiv Harkiv, Chernihiv Chernigov, Luhansk Lugansk, Odesa Odessa, Lviv Lwów,
        Vinnytsya Vinnica, Zaporizhzhya Zaporizia, Mykolayiv Mikolaiv, Poltava Paltava, Mlyniv Młynów, Ivankiv Iwanków,
        Donetsk Donieck, Kruhlyk Kruglik, Shehyni Shegini, Horodnytsia Gorodnitsa, Velykoploske Velikoploskoe,
        Andriivka Andreevka, Sofiyivka Sofiivka, Pidhaytsi Podgaytsy, Khmelnytskyi Khmelnitskij, Kyyiv Kiyev, Kyiv Kiev,
        Dnipro Dnyipro, Marhanets Marhanec, Radekhiv Radzekhov, Simferopol Symferopol""",
    "Russian": """Chelyabinsk Tscheljabinsk, Krasnoyarsk Krasnojarsk, Yekaterinburg Ekaterinbourg, Tyumen Tioumen,
        Izhevsk Izevsk, Voronezh Woronez, Nizhniy-Novgorod Nizhny-Novgorod, Zarya Zarja, Karymskoye Karymskoe,
        Kamensk-Shakhtinsky Kamensk-Shakhtinskij, Irkutsk Irkoutsk, Ulyanovsk Uljanovszk, Shimanovsk Šimanovsk,
        Volgograd Wolgograd, Yel’nya Jelnja, Pokosnoye Pokosnoje, Voskresensk Woskriesiensk""",
    "Polish": """Wrocław Vrotslav, Kraków Krakov, Białystok Bjalistok, Szczecin Shchecin, Bydgoszcz Bidgoshch,
        Opoczno Opocno, Myszków Mishkov, Sosnowiec Sossnowitz, Lubartów Lyubartov, Białowieża Belovezha,
        Gliwice Glivice, Kuźnica Kuznitsa""",
    "Baltic": """Vilnius Wilnius, Panevėžys Panevezhis, Alytus Alitus, Mažeikiai Mazheykyay, Telšiai Telshyay,
        Palanga Palonga, Kupiskis Kupishkis, Širvintos Shirvintos, Butrimonys Butrimonis, Jelgava Yelgava,
        Talsi Talse, Balozi Balozhi, Daugavpils Daugawpils, Limbaži Limbazhi, Rujiena Rujene""",
    "Syrian": """Ar-Raqqah Rakka, Ar-Raqqah Al-Raqqa, Deir-ez-Zor Dayr-az-Zawr, Idlib Edlib, Idlib Idleb, Daraa Der'a-a,
        Tallbisah Telbeiseh, Jablah Jableh, Tartus Tertus, Duma Douma, As-Suwayda Soueida, Izaz Ezaz,
        Hasakah Al-Hasaka, Qamishli Al-Kamishly, Yabrud Jabrud, Yabrud Yabroud, Sinjar Sendjar, Salamiyah Salamiyeh,
        Khan-Shaykhun Khan-Sheikhoun, Maarrat-an-Numan Maaret-al-Numan, Kafr-Takharim Kafer-Takharim,
        Darayya Daraiya, Tall-Tamr Tell-Tamr, Abu-Kamal Abou-Kamal, An-Nabk El-Nabk, Jisr-ash-Shughur Jisr-al-Shughour,
        Burj-Islam Borj-Islam, Al-Bariqiyah Bariqiyya, Ash-Shaykh-Miskin Sheikh-Miskin""",
    "Iraqi": """Basrah Basra, Kirkuk Kerkouk, Sulaymaniyah Souleimaniye, Al-Fallujah Fallouja, Nasiriyah Nasiriyeh,
        Khanaqin Khaneqin, Khanaqin Kanaqin, Khanaqin Xaneqîn, Karbala Kerbela, Samarra Samara, Al-Maymunah Maimuna,
        Al-Hillah Hilla, Ramadi Ramadie""",
    "Yemeni, Sudanese and Libyan": """Al-Hudaydah Hudaida, Zabid Zebid, Bajil Badjil, Zinjibar Zindzhibar,
        Bayt-al-Faqih Beit-el-Fakih, Lahij Lahej, Khartoum Xartum, Ad-Damir Ed-Damer, El-Fasher Al-Faschir,
        Ghubaysh Ghubeish, Al-Qadarif El-Kadarif, Atbara Atbarah, Shendi Šendi, Zuwarah Zouara, Ajdabiya Adjdabia,
        Az-Zawiyah Ez-Zauia, Sabha Sebhah, Mizdah Mizda, Bani-Walid Beni-Valid, Tubruq Tobruk""",
    "Afghan": """Kunduz Kondoz, Mazar-e-Sharif Mazari-Sharif, Pul-e-Khumri Pol-e-Khomri, Gardez Gardiz,
        Taloqan Taluqan, Bamyan Bamian, Maymana Maymaneh, Kandahar Qandahar, Jalalabad Jelalabad, Khost Xost,
        Qarah-Bagh Qara-Bag, Dowlatyar Daulat-Yar, Charikar Charekar, Qala-e-Naw Qalah-ye-Now, Khulm Kholm,
        Baghlan Baglan, Shaykh-Amir-Kelay Sheykhamirkalay""",
    "Somali and Pakistani": """Kismayo Kismaayo, Borama Boorama, Jawhar Johar, Jilib Jeelib, Gebiley Gebileh,
        Diinsoor Dinsor, Peshawar Pesavar, Quetta Kweta, Sargodha Sargoda, Shekhupura Sheikhu-Pura,
        Sialkot Sijalkot, Faisalabad Feyselabad""",
}  # fmt: skip

# Different places, or words of which neither is a spelling of the other.
OTHER_PLACE = """Ashuluk Shulu, Kuznitsa-Belostotskaya Kuznitsya-Blonska, Semianovka Seminovka, Kuznetsk Novokuznetsk,
    Mosul Mashul, Hama Gama, Baga Baka, Raqqa Rakai, Minsk Pinsk, Minsk Mińsk-Mazowiecki, Kursk Kurski, Madan Maidan,
    Wisła Wola, Baturyn Buryn, Mayma Mayna, Lugovoye Uglovoye, Cherkessk Cherkassy, Vorsha Vorsma, Kanakir Khanasir,
    Sulechów Żelechów, Berezova-Luka Berezova-Rudka, Sperah Shewah, Duki Dokri,
    Eminabad Amirabad, Khimar Khamir, Skuodas Dukstas, Belaya-Gora Teplaya-Gora, As-Salif As-Said, Radocza Rajcza,
    Novaya-Derevnya Staraya-Derevnya, 10-let-Oktyabrya 40-let-Oktyabrya, Sector-5 Sector-6"""  # fmt: skip

# One change in a long name may be a slip of the pen, but never makes another spelling.
ALMOST_ALIKE = (
    "Zelenoborsk Zelenogorsk, Andriiashivka Andrushivka, Maslowice Mysłowice, Katerynivka Katerynka"
)

folds = st.lists(st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1), max_size=4).map(" ".join)


def _pairs(table: str) -> list[tuple[str, str]]:
    """Folds of the pairs of a table; a hyphen stands for a blank within a name."""
    return [tuple(map(fold_name, pair.split())) for pair in table.split(",")]  # type: ignore[misc]


SAME_PAIRS = [
    pytest.param(*pair, id="-".join(pair)) for table in SAME_PLACE.values() for pair in _pairs(table)
]


@pytest.mark.parametrize(("first", "second"), SAME_PAIRS)
def test_spellings_of_one_name_meet(first: str, second: str) -> None:
    assert variant_key(first) == variant_key(second) != ""
    assert likeness(first, second) >= SPELLING


@pytest.mark.parametrize(("first", "second"), _pairs(OTHER_PLACE))
def test_names_of_different_places_are_not_alike(first: str, second: str) -> None:
    assert likeness(first, second) < FUZZY_CUT


@pytest.mark.parametrize(("first", "second"), _pairs(ALMOST_ALIKE))
def test_names_that_differ_by_one_sound_are_not_one_spelling(first: str, second: str) -> None:
    assert likeness(first, second) < SPELLING


def test_there_are_names_in_every_language() -> None:
    assert len(SAME_PAIRS) >= 120
    assert FUZZY_CUT < SPELLING < 1


@pytest.mark.parametrize("fold", ["", "ur", "hit", "al bab", "aiya", "12", "2004"])
def test_a_name_too_short_for_variants_has_no_key(fold: str) -> None:
    assert variant_key(fold) == ""


@given(st.text() | folds)
def test_any_text_has_one_key(text: str) -> None:
    key = variant_key(text)
    assert variant_key(key) == key


@given(folds)
def test_the_key_of_a_fold_is_made_of_capitals_and_digits(fold: str) -> None:
    assert re.fullmatch("[A-Z0-9]*", variant_key(fold))


@given(st.text() | folds, st.text() | folds)
def test_likeness_is_symmetric_and_bounded(first: str, second: str) -> None:
    assert 0 <= likeness(first, second) == likeness(second, first) <= 1
    assert likeness(first, first) == 1


@given(folds, folds)
def test_names_with_other_numbers_are_never_alike(first: str, second: str) -> None:
    assert likeness(f"{first} 5", f"{second} 6") < FUZZY_CUT


@pytest.mark.parametrize(
    ("fold", "expected"),
    [
        ("al rami", ("ar rami", "rami", "alrami")),
        ("ar raqqah", ("al raqqah", "raqqah", "arraqqah")),
        ("raqqah", ("ar raqqah", "al raqqah")),
        ("deir ez zor", ("deir az zor", "deir al zor", "deirezzor")),
        ("alraqqa", ("ar raqqa", "al raqqa")),
        ("pul i khumri", ("pul e khumri", "pule khumri", "puli khumri", "pulikhumri")),
        ("st petersburg", ("saint petersburg", "stpetersburg")),
        ("mount hermon", ("mt hermon", "mounthermon")),
        ("al bab", ("albab",)),
        ("uman", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_exact_spellings(fold: str, expected: tuple[str, ...]) -> None:
    assert spellings(fold) == expected


@pytest.mark.parametrize("fold", ["cape town", "mexico city", "north ossetia", "new mirpur"])
def test_a_word_that_tells_places_apart_is_not_dropped(fold: str) -> None:
    assert set(spellings(fold)) == {fold.replace(" ", "")}


@given(st.text() | folds)
def test_exact_spellings_are_few_different_and_other_than_the_name(text: str) -> None:
    found = spellings(text)
    assert len(found) == len(set(found)) <= 6
    assert text not in found


@given(folds)
def test_exact_spellings_are_folds(fold: str) -> None:
    assert all(fold_name(form) == form for form in spellings(fold))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("K\u0438e\u0432", "\u041a\u0438\u0435\u0432"),  # Latin K and e in Kiev
        ("M\u0456\u043d\u0441\u043a", "\u041c\u0456\u043d\u0441\u043a"),  # Latin M, Ukrainian i
        ("M\u0456nsk", "Minsk"),  # Ukrainian i in a Latin word
        ("\u041bi\u0434\u0430", "\u041b\u0456\u0434\u0430"),  # Latin i
        ("A\u03b8\u03ae\u03bd\u03b1", "\u0391\u03b8\u03ae\u03bd\u03b1"),  # Latin A in a Greek word
        ("Minsk, M\u0456nsk", "Minsk, Minsk"),
        ("Brest-K\u0438e\u0432", "Brest-\u041a\u0438\u0435\u0432"),
        ("iPhone\u043e\u043c\u0436", None),  # no script holds all its letters
    ],
)
def test_words_of_mixed_scripts(text: str, expected: str | None) -> None:
    assert has_mixed_scripts(text)
    assert unmixed(text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "Brest", "Гродна / Hrodna", "Київ", "Магілёў", "Кам'янка", "Ąžuolų Būda", "Αθήνα", "دير الزور"],
)
def test_words_of_one_script_are_left_alone(text: str) -> None:
    assert not has_mixed_scripts(text)
    assert unmixed(text) is None


@given(st.text("AaBbEeMmOoPpАаВвЕеМмОоРрЖжΑαΒβΕεΣσ -"))
def test_unmixing_is_done_once_and_keeps_the_length(text: str) -> None:
    turned = unmixed(text)
    if turned is not None:
        assert has_mixed_scripts(text)
        assert len(turned) == len(text)
        assert unmixed(turned) is None


def test_look_alikes_stand_in_the_column_of_their_script() -> None:
    for row in variants._LOOK_ALIKES:
        assert len(row) == 3
        for script, letter in enumerate(row):
            assert letter == "." or variants._script_counts(letter)[script] == 1, row
