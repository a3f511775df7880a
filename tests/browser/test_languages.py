"""The page in other languages: every word of it is translated, counted and read aloud in the right one."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

import sample
from geomap.render import draw_page
from geomap.render.read import read_messages
from map_on_screen import on_screen

# Playwright talks to the browser that it started over local sockets; the page itself is offline.
pytestmark = pytest.mark.enable_socket


OTHERS = ("be", "pl", "ru", "uk")
PSEUDO = "qps"
STANCES = (
    "asserts",
    "confirms",
    "attributes",
    "accuses",
    "qualifies",
    "disputes",
    "declines_to_comment",
    "retracts",
)

# The dates of the sample's events, so that each way to tell one is on the page.
DATES = {
    "bridge": "../2021-11-12",
    "gathering": "2021-11-08/2021-11-14",
    "strip": "2021-11~",
    "patrol": "[2021-11-10..2021-11-11]",
    "convoy": "2022-24?",
    "talks": "202X",
    "force": "2022-10-10/..",
    "range": "2021-11-12T10:30:00Z",
}
PARTS: dict[str, Any] = {
    "when_words": "on Friday",
    "when_basis": "relative_to_publication",
    "status_basis": "one origin",
    "status_reason": {"code": "origins", "n": 1},
    "claims": [
        {"by": "Capital", "stance": stance, "about": "event", "about_label": "", "source": "s1"}
        for stance in STANCES
    ]
    + [
        {"by": "", "stance": "denies", "about": "quantities", "about_label": "the numbers", "text": "fewer"},
        {
            "by": "Capital",
            "stance": "asserts",
            "about": "c1",
            "about_label": "what Anna says",
            "about_by": "Anna",
        },
        {"by": "Capital", "stance": "asserts", "about": "mood", "about_label": "mood", "when": "2021-11-12"},
    ],
    "sources": [
        sample.SOURCE
        | {
            "archive_url": "https://archive.example.org/a",
            "graded_by": "Anna",
            "published": "2021-11-12",
            "author": "B. Writer",
        },
        sample.SECOND | {"publisher": None, "kind": "state_media"},
    ],
    "actors": [{"name": "Capital", "role": "accused"}],
    "places": [
        {"name": None, "role": "purpose", "precision": "none", "drawn": False, "method": "analyst"},
        {"name": "Minsk", "role": "mentioned", "precision": "place", "drawn": False, "note": "not sure"},
    ],
    "evidence": [{"quote": "They flew at dawn", "source": "s1", "field": "when"}],
    "media": [{"url": "https://pictures.example.org/1", "credit": "C. Eye", "captured": "2021-11-12"}],
    "relations": [
        {"type": kind, "event": "bridge", "title": "Explosion damages a bridge"}
        for kind in ("part_of", "possible_duplicate")
    ],
}


def rich_scene(**changes: Any) -> Any:
    """The sample with every kind of detail, date and gap in it."""
    events = []
    for row in sample.EVENTS:
        detail = row["detail"]
        if row["id"] == "range":
            detail = sample.detail(**PARTS)
        if row["id"] == "drop":
            detail = detail | {"status_reason": {"code": "set_by", "name": "Anna", "text": "a list"}}
        if row["id"] == "warning":
            detail = sample.detail(where_unknown=True)
        edtf = "" if row["t_start"] is None and row["t_end"] is None else DATES.get(row["id"], row["edtf"])
        events.append(row | {"detail": detail, "edtf": edtf, "when": None if edtf else row["when"]})
    return sample.sample_scene(events=sample.columns(events), **changes)


# A made-up language: every letter of it is foreign, so a letter that is not must come from the scene.


def _foreign(text: str) -> str:
    parts = re.split(r"(\{\w+\}|[A-Za-z]+)", text)
    return "".join(
        "".join(chr(ord(letter) + 0xFEE0) for letter in part) if part.isascii() and part.isalpha() else part
        for part in parts
    )


def pseudo(messages: Mapping[str, Any]) -> dict[str, Any]:
    """English in letters that no keyboard has, between marks."""
    made: dict[str, Any] = {}
    for key, message in messages.items():
        if key.startswith("date.months"):
            made[key] = " ".join(f"⟦{_foreign(month)}⟧" for month in message.split(" "))
        elif isinstance(message, str):
            made[key] = f"⟦{_foreign(message)}⟧"
        else:
            made[key] = {form: f"⟦{_foreign(text)}⟧" for form, text in message.items()}
    return made


def words_of(value: Any) -> Iterable[str]:
    """Every text in some data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from words_of(part)
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from words_of(part)


def data_texts(scene: Any) -> list[str]:
    """What people wrote: titles, names, quotes; no word of a vocabulary. The longest first."""
    coded = {
        "stance",
        "about",
        "about_label",
        "role",
        "precision",
        "type",
        "kind",
        "method",
        "relation",
        "field",
    }
    coded |= {"when_basis", "status_basis", "status_reason", "drawn"}

    def plain(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {key: plain(part) for key, part in value.items() if key not in coded}
        return [plain(part) for part in value] if isinstance(value, (list, tuple)) else value

    told = [
        scene.title, scene.subtitle, scene.worldview, scene.worldview_note, scene.attribution,
        [(layer.title, layer.group) for layer in scene.layers],
        [plain(scene.events[name]) for name in ("id", "title", "summary", "place", "actors", "claimants", "sources")],
        [plain(detail) for detail in scene.events["detail"]],
        [scene.features[name] for name in ("label", "native", "note")],
        [name for _, _, name, *_ in (*scene.basemap.towns, *scene.basemap.countries)],
        # The host of an address, the program that draws the map, names of languages, and a label unknown to us.
        "a list", "news.example.org", "archive.example.org", "Leaflet", "mood",
        [words["language.own"] for words in read_messages().values()],
    ]  # fmt: skip
    return sorted({text for text in words_of(told) if len(text) > 2}, key=len, reverse=True)


# All that a page says, to the eye or aloud; on its canvases what was drawn since the recording began.
READ_PAGE = """() => {
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.currentNode; node; node = walker.nextNode()) {
    if (node instanceof Text) {
      if (!node.parentElement.closest("script, style, noscript") && node.data.trim()) said.push(node.data);
      continue;
    }
    for (const name of ["aria-label", "aria-valuetext", "aria-description", "title", "placeholder", "alt"])
      if (node.getAttribute(name)) said.push(node.getAttribute(name));
  }
  return [...said, ...(window.drawnTexts ?? [])];
}"""
RECORD_CANVAS = """() => {
  window.drawnTexts = new Set();
  for (const name of ["fillText", "strokeText"]) {
    const draw = CanvasRenderingContext2D.prototype[name];
    CanvasRenderingContext2D.prototype[name] = function (text, ...rest) {
      window.drawnTexts.add(text);
      return draw.call(this, text, ...rest);
    };
  }
}"""


@pytest.fixture
def pseudo_page(open_page: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    spoken = dict(read_messages())
    monkeypatch.setattr(
        "geomap.render.payload.read_messages", lambda: spoken | {PSEUDO: pseudo(spoken["en"])}
    )
    opened = open_page(draw_page(rich_scene()))
    opened.page.evaluate(RECORD_CANVAS)
    opened.page.evaluate("lang => geomap.set({lang})", PSEUDO)
    opened.wait_until("!document.querySelector('.leaflet-zoom-anim')")
    return opened


def unmarked(page: Any) -> set[str]:
    """What the page says in letters that are neither the made-up language's nor the scene's."""
    data = data_texts(rich_scene())
    data += [text.upper() for text in data]  # countries on the ground
    # Long texts are cut short where there is little room.
    data += [text[:at] for text in data for at in (31, 39, 47) if len(text) > at]
    found = set()
    for said in page.evaluate(READ_PAGE):
        rest = said
        for text in data:
            rest = rest.replace(text, " ")
        # Ids of sources, their grades, factors of speed, and numbers as they stand in hints for machines.
        rest = re.sub(r"\[\d\]|\bs\d\b|\b[BF]\b|\d×|XX · 2", " ", rest)
        if re.search(r"[^\W\d_]", re.sub(r"[\uff21-\uff5a]", "", rest)):
            found.add(said)
    return found


def test_no_word_of_the_page_is_left_untranslated(pseudo_page: Any) -> None:
    page = pseudo_page.page
    found: dict[str, set[str]] = {}

    def look(state: str) -> None:
        if missed := unmarked(page):
            found[state] = missed

    for tab in ("events", "filters", "legend"):
        page.evaluate("tab => geomap.set({tab})", tab)
        look(f"tab {tab}")
    for scope in ("view", "unlocated", "undated"):
        page.evaluate("list => geomap.set({list, tab: 'events'})", scope)
        look(f"list {scope}")
    page.evaluate("geomap.set({list: null, sort: 'newest'})")
    for event_id in page.evaluate("() => " + repr([row["id"] for row in sample.EVENTS])):
        page.evaluate("event => geomap.set({event})", event_id)
        look(f"event {event_id}")
    page.evaluate(
        """geomap.set({event: 'drop', time: ['2021-11-01', '2021-11-30'], lens: 'confirmed', tab: 'filters',
        layers: {talk: false}, filters: {type: ['exercise/airborne_drop', 'strike'], status: ['denied'],
        precision: ['waters'], source: ['s1', 's2'], actor: ['Ministry of Defence'], text: 'drop', max_km: 50}})"""
    )
    look("filters")
    page.evaluate("geomap.set({lens: 'by:Ministry of Defence', filters: null, time: null, tab: 'events'})")
    look("a lens")
    page.locator(".gm-proof-tools button").nth(1).click()
    look("copied")
    page.evaluate("geomap.set({event: null, lens: null, layers: null})")
    page.locator(".gm-menu summary").click()
    look("menu")
    page.locator(".gm-menu summary").click()
    page.locator("[data-icon=play]").click()
    look("playing")
    page.locator("[data-icon=pause]").click()
    [badge] = page.evaluate("geomap.set({time: null}).then(() => geomap.drawn('convoy'))")
    page.mouse.move(*on_screen(page, badge["px"]))
    page.mouse.click(*on_screen(page, badge["px"]))
    page.wait_for_timeout(100)
    look("several events")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    look("paper")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.evaluate("geomap.set({view: {zoom: 3}})")
    look("far")
    page.evaluate("geomap.set({view: {zoom: 12}})")
    look("near")
    assert found == {}
    assert any("\uff21" <= letter <= "\uff5a" for letter in page.locator("#geomap-side").inner_text())
    pseudo_page.assert_quiet()


def test_the_search_for_unmarked_words_finds_them(pseudo_page: Any) -> None:
    pseudo_page.page.evaluate("document.querySelector('.gm-totals').append('Loading')")
    pseudo_page.page.evaluate("document.querySelector('.gm-totals').title = 'Totals'")
    assert {said[-7:] for said in unmarked(pseudo_page.page)} == {"Loading", "Totals"}


# Switching


@pytest.fixture
def opened(open_page: Any) -> Any:
    return open_page(draw_page(rich_scene()))


@pytest.mark.parametrize("lang", OTHERS)
def test_a_language_is_switched_to_and_back(open_page: Any, lang: str) -> None:
    opened = open_page(draw_page(rich_scene()))
    page, words = opened.page, read_messages()[lang]
    english = page.locator("#geomap-side").inner_text()
    page.evaluate("lang => geomap.set({lang, event: 'drop', tab: 'legend'})", lang)
    tabs = page.locator("[role=tab]").all_text_contents()
    assert tabs == [words[f"tab.{name}"] for name in ("events", "filters", "legend")]
    assert words["claims.denying"] in page.locator("[role=dialog]").inner_text()
    assert words["legend.translation"] in page.locator("#geomap-side").text_content()
    assert page.locator(".leaflet-control-zoom-in").get_attribute("title") == words["map.zoom_in"]
    unit = words["unit.km"].removeprefix("{n}")
    assert re.fullmatch(rf"[\d\s]+{unit}", page.locator(".leaflet-control-scale-line").first.inner_text())
    assert (
        words["unit.mi"].removeprefix("{n}") in page.locator(".leaflet-control-scale-line").last.inner_text()
    )
    page.evaluate("geomap.set({lang: null, event: null, tab: null})")
    assert page.locator("#geomap-side").inner_text() == english
    opened.assert_quiet()


def test_the_menu_names_each_language_in_itself(opened: Any) -> None:
    page = opened.page
    page.locator(".gm-menu summary").click()
    chosen = page.locator(".gm-menu select").first
    options = chosen.locator("option").all_text_contents()
    assert options == ["беларуская", "English", "polski", "русский", "українська"]
    chosen.select_option(label="polski")
    opened.wait_until("geomap.state().lang === 'pl'")


@pytest.mark.parametrize(
    ("lang", "counts"),
    [
        ("pl", {1: "1 zdarzenie", 2: "2 zdarzenia", 5: "5 zdarzeń", 13: "13 zdarzeń", 22: "22 zdarzenia"}),
        ("uk", {1: "1 подія", 3: "3 події", 5: "5 подій", 11: "11 подій", 21: "21 подія"}),
        ("be", {1: "1 падзея", 4: "4 падзеі", 5: "5 падзей", 12: "12 падзей", 21: "21 падзея"}),
        ("ru", {1: "1 событие", 2: "2 события", 5: "5 событий", 14: "14 событий", 21: "21 событие"}),
    ],
)
def test_counts_have_the_plural_forms_of_the_language(
    open_page: Any, lang: str, counts: dict[int, str]
) -> None:
    for count, words in counts.items():
        events = [sample.event(f"e{n}", f"Event {n}", "strike") for n in range(count)]
        features = [
            sample.feature("e0#1", 0, "pin", "place", "Minsk", lon=27.56, lat=53.9, radius_m=900),
        ]
        scene = sample.sample_scene(
            events=sample.columns(events),
            features=sample.columns(features),
            geometries=(),
            layers=(),
            language=lang,
        )
        page = open_page(draw_page(scene)).page
        assert page.locator(".gm-totals").inner_text().startswith(f"{words} · ")


@pytest.mark.parametrize(
    ("lang", "day", "days", "instant"),
    [
        ("pl", "12 listopada 2021", "8–14 listopada 2021", "12 listopada 2021, 10:30 UTC"),
        ("uk", "12 листопада 2021 р.", "8–14 листопада 2021 р.", "12 листопада 2021 р., 10:30 UTC"),
        ("be", "12 лістапада 2021 г.", "8–14 лістапада 2021 г.", "12 лістапада 2021 г., 10:30 UTC"),
        ("ru", "12 ноября 2021 г.", "8–14 ноября 2021 г.", "12 ноября 2021 г., 10:30 UTC"),
    ],
)
def test_dates_are_written_as_in_the_language(
    opened: Any, lang: str, day: str, days: str, instant: str
) -> None:
    page = opened.page
    for event_id, words in {"drop": day, "gathering": days, "range": instant}.items():
        page.evaluate("([lang, event]) => geomap.set({lang, event})", [lang, event_id])
        assert page.locator(".gm-facts dd").first.inner_text().startswith(words)
    # The source's date and the claim's are those of the data; they are written alike.
    assert page.locator("[role=dialog]").inner_text().count(day) >= 3
    handle = page.locator(".gm-handle-first").get_attribute("aria-valuetext")
    assert handle == days.partition("–")[0] + day[2:]


@pytest.mark.parametrize("lang", ["pl", "uk", "ru"])
def test_dates_agree_with_the_browsers_own_where_it_knows_the_language(opened: Any, lang: str) -> None:
    """Chromium knows no Belarusian dates; that is why the months are messages."""
    own = opened.page.evaluate(
        """lang => Array.from({length: 12}, (_, month) => {
            const say = (options) => new Intl.DateTimeFormat(lang, {timeZone: "UTC", year: "numeric", ...options})
                .format(new Date(Date.UTC(2021, month, 9)));
            return [say({month: "long"}), say({month: "long", day: "numeric"}), say({month: "short", day: "numeric"})];
        })""",
        lang,
    )
    words = read_messages()[lang]
    lists = [words[key].split(" ") for key in ("date.months", "date.months_of_day", "date.months_short")]
    forms = ["date.month", "date.day", "date.day"]
    for month, told in enumerate(own):
        ours = [
            words[form].format(day=9, month=names[month], year=2021)
            for form, names in zip(forms, lists, strict=True)
        ]
        assert ours == [text.replace("\u00a0", " ").replace("\u202f", " ") for text in told]


@pytest.mark.parametrize("lang", OTHERS)
def test_the_language_is_part_of_the_address(open_page: Any, lang: str) -> None:
    html = draw_page(rich_scene())
    first = open_page(html)
    first.page.evaluate("lang => geomap.set({lang})", lang)
    fragment = first.page.evaluate("location.hash")
    assert f"lang={lang}" in fragment
    second = open_page(html, fragment=fragment)
    assert second.page.evaluate("geomap.state().lang") == lang
    assert second.page.locator("[role=tab]").first.inner_text() == read_messages()[lang]["tab.events"]


@pytest.mark.parametrize("lang", ["tlh", "PL", "pl-PL", "", "constructor", "__proto__", 7, ["pl"]])
def test_an_unknown_language_is_refused(opened: Any, lang: Any) -> None:
    refused = opened.page.evaluate(
        "lang => geomap.set({lang, tab: 'legend'}).then(() => '', (error) => error.message)", lang
    )
    assert refused.startswith("no such language here")
    state = opened.page.evaluate("geomap.state()")
    assert (state["lang"], state["tab"]) == ("en", "events")


@pytest.mark.parametrize(
    ("language", "spoken"),
    [
        ("pl", "pl"),
        ("uk", "uk"),
        ("be", "be"),
        ("ru-RU", "ru"),
        ("PL", "pl"),
        ("be-tarask", "be"),
        ("fr", "en"),
    ],
)
def test_a_map_in_one_of_the_languages_opens_in_it(open_page: Any, language: str, spoken: str) -> None:
    opened = open_page(draw_page(rich_scene(language=language)))
    page = opened.page
    assert page.evaluate("geomap.state().lang") == spoken
    assert "lang=" not in page.evaluate("location.hash")
    assert page.locator("[role=tab]").first.inner_text() == read_messages()[spoken]["tab.events"]
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator("#geomap-side").get_attribute("lang") == spoken
    opened.assert_quiet()


def test_screen_readers_are_told_which_language_is_whose(opened: Any) -> None:
    page = opened.page
    page.evaluate("geomap.set({lang: 'pl', event: 'drop'})")
    assert page.evaluate("document.documentElement.lang") == "en"

    def lang_of(selector: str) -> str:
        found = page.evaluate("selector => document.querySelector(selector).closest('[lang]').lang", selector)
        return str(found)

    ours = (
        "#geomap-side", "#geomap-time", "#geomap-tools", "#geomap-skip", ".folium-map", ".leaflet-control-zoom-in",
        "[role=tab]", ".gm-totals", ".gm-notice", ".gm-facts dt", ".gm-type bdi", ".gm-row-when bdi", ".gm-icon",
    )  # fmt: skip
    for selector in ours:
        assert lang_of(selector) == "pl", selector
    authors = (
        ".gm-title", ".gm-subtitle", ".gm-card-title bdi", ".gm-summary bdi", ".gm-claims strong bdi",
        ".gm-row-title bdi", ".gm-layer-title bdi", ".gm-attribution",
    )  # fmt: skip
    for selector in authors:
        assert lang_of(selector) == "en", selector


def test_a_layer_that_the_author_did_not_title_speaks_the_language(open_page: Any) -> None:
    layers = (
        sample.SceneLayer(id="strike", title="Strike or explosion", group="", events=(1, 8)),
        sample.SceneLayer(id="mine", title="Exercise", group="", events=(0,)),
        sample.SceneLayer(id="other", title="Other", group="", events=(2,)),
    )
    page = open_page(draw_page(rich_scene(layers=layers))).page
    page.evaluate("geomap.set({lang: 'pl'})")
    titles = page.locator(".gm-layer-box .gm-layer-title").all_text_contents()
    assert titles == ["Uderzenie lub wybuch", "Exercise", "Inne"]
