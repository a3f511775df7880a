"""Context layers in `map.yaml`: what they must say, and that their ids are nobody else's."""

from pathlib import Path

import pytest

from geomap.config import ContextLayer, read_config
from geomap.errors import ConfigError

HEAD = "schema: 1\ntitle: A map\nevents: [events.yaml]\n"
FRONT = {"id": "front", "title": "Front", "file": "front.geojson", "date": "2024-08-12", "credit": "Somebody"}


def layer(**changes: str | None) -> str:
    keys = {key: value for key, value in (FRONT | changes).items() if value is not None}
    return "- {" + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}\n"


def read(tmp_path: Path, *layers: str, more: str = "") -> list[ContextLayer]:
    (tmp_path / "map.yaml").write_text(HEAD + more + "context:\n" + "".join(layers), encoding="utf-8")
    return read_config(tmp_path).map.context


def test_a_layer_is_dated_and_credited(tmp_path: Path) -> None:
    (front,) = read(
        tmp_path, layer(colour='"#8a4b52"', label_field="name", shown="false", licence="CC BY 4.0")
    )
    assert (front.date.label, front.credit, front.colour) == ("12 August 2024", "Somebody", "#8a4b52")
    assert (front.label_field, front.shown, front.licence) == ("name", False, "CC BY 4.0")


def test_a_layer_is_on_and_without_labels_unless_it_says_otherwise(tmp_path: Path) -> None:
    (front,) = read(tmp_path, layer(date="2024-08-06/2024-08-12"))
    assert (front.shown, front.label_field, front.colour, front.url) == (True, "", "", "")
    assert front.date.label == "6–12 August 2024"


WRONG = {
    "no date": (layer(date=None), 5, "needs date, the day or days that it shows"),
    "an empty date": (layer(date="''"), 5, "needs date"),
    "no credit": (
        layer(credit=None),
        5,
        "needs credit, who made it: what it shows is somebody's account",
    ),
    "a blank credit": (layer(credit="' '"), 5, "needs credit"),
    "no file": (layer(file=None), 5, "key 'file' is missing"),
    "no date that is one": (layer(date="yesterday"), 5, "not a date that can be read"),
    "an open date": (layer(date="2024-08-06/.."), 5, "an open span"),
    "a colour by name": (layer(colour="red"), 5, "#[0-9a-fA-F]{6}"),
    "a colour that begins a comment": (
        "- id: front\n  title: F\n  file: f\n  date: 2024\n  credit: S\n  colour: #8a4b52\n",
        10,
        "put the colour in quotes",
    ),
    "a colour that runs on": (layer(colour='"#8a4b52; x"'), 5, "#[0-9a-fA-F]{6}"),
    "a switch that is no switch": (layer(shown='"yes"'), 5, "boolean"),
    "an unknown key": (layer(credits="S"), 5, "did you mean 'credit'?"),
    "an id twice": (layer() * 2, 4, "id 'front' twice"),
    "an id of a type": (layer(id="strike"), 4, "'strike' is that of a layer of events"),
    "the id of the rest": (layer(id="other"), 4, "'other' is that of a layer of events"),
}


@pytest.mark.parametrize(("text", "line", "words"), WRONG.values(), ids=WRONG)
def test_what_a_layer_may_not_say(tmp_path: Path, text: str, line: int, words: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    assert words in str(caught.value)
    assert f"map.yaml:{line}:" in str(caught.value)


def test_an_id_is_not_that_of_a_layer_or_type_of_the_map(tmp_path: Path) -> None:
    own = "layers: [{id: front, title: Events at the front}]\n"
    with pytest.raises(ConfigError, match="'front' is that of a layer of events"):
        read(tmp_path, layer(), more=own)
    with pytest.raises(ConfigError, match="'cyber' is that of a layer of events"):
        read(tmp_path, layer(id="cyber"), more="types: {cyber: {label: Cyber}}\n")
    # With layers of its own the map has none that are called after types.
    assert read(tmp_path, layer(id="strike"), more=own.replace("front", "all"))[0].id == "strike"
