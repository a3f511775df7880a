"""The command line: results on stdout, remarks on stderr, and an exit code that says how it went."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from geomap import __version__

MAPS = Path(__file__).parents[2] / "maps"
Run = Callable[..., Any]

UNDATED = """\
schema: 1
sources:
  wire: {publisher: Wire, published: 2021-11-13}
events:
  - {id: speech, type: statement, title: A speech, sources: [wire]}
"""
HOSTILE = "\\e[2J\\u202egnp.exe\\a\\x9b31m"


@pytest.fixture(params=["", "1"], ids=["buffered", "unbuffered"])
def buffered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether Python holds output back, which decides where a failure to write shows."""
    monkeypatch.setenv("PYTHONUNBUFFERED", request.param)
    return str(request.param)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_the_version_is_that_of_the_package(geomap: Run) -> None:
    ended = geomap("--version")
    assert (ended.code, ended.out, ended.err) == (0, f"geomap {__version__}\n", "")


def test_the_package_runs_as_a_module(geomap_process: Run) -> None:
    ended = geomap_process("--version")
    assert (ended.code, ended.out) == (0, f"geomap {__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["build"],
        ["build", "--nonsense", "x"],
        ["export", "x"],
        ["export", "x", "--format", "nonsense"],
        ["export", "x", "--format", "geojson,nonsense"],
        ["export", "x", "--format", ","],
        ["resolve"],
        ["resolve", "Minsk", "--jsonl"],
        ["resolve", "Minsk", "--near", "minsk"],
        ["resolve", "Minsk", "--near", "200,53"],
        ["resolve", "Minsk", "--near", "1,2,3"],
        ["resolve", "Minsk", "--near", "nan,nan"],
        ["resolve", "Minsk", "--limit", "0"],
        ["resolve", "\udcff"],
    ],
)
def test_a_wrong_usage_is_exit_2_and_says_nothing_on_stdout(geomap: Run, arguments: list[str]) -> None:
    ended = geomap(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err
    assert "Traceback" not in ended.err


def test_a_missing_project_is_exit_1_with_its_place(geomap: Run, tmp_path: Path) -> None:
    for command in (["build"], ["export", "--format", "geojson"]):
        ended = geomap(*command, tmp_path / "nowhere")
        assert (ended.code, ended.out) == (1, "")
        assert ended.err == (
            f"{tmp_path / 'nowhere'}:1:1: error config no such file; expected a text file, check the path\n"
        )


# check


def test_check_of_a_sound_project_says_nothing(geomap: Run, write_project: Run) -> None:
    folder = write_project()
    geomap("build", folder)
    ended = geomap("check", folder)
    assert (ended.code, ended.out, ended.err) == (0, "", "")


def test_check_prints_a_finding_a_line_and_a_warning_is_no_failure(geomap: Run, write_project: Run) -> None:
    folder = write_project(events_yaml=UNDATED)
    ended = geomap("check", folder)
    assert (ended.code, ended.err) == (0, "")
    assert ended.out == (
        f"{folder}/events.yaml:5:10: warning undated no date is known; it is listed, not placed in time\n"
    )


def test_of_one_code_check_prints_the_first_hundred_and_other_commands_twenty(
    geomap: Run, write_project: Run
) -> None:
    undated = [f"- {{id: e{number}, type: exercise, title: A, sources: [wire]}}\n" for number in range(1_234)]
    claims = "claims: [{by: x, stance: denies}]"
    unknown = f"- {{id: other, type: exercise, title: A, when: 2021, sources: [wire], {claims}}}\n"
    source = "{publisher: Example Wire, published: 2021-11-13}"
    text = f"schema: 1\nsources: {{wire: {source}}}\nevents:\n" + "".join([*undated, unknown])
    map_yaml = "schema: 1\ntitle: A\nevents: [events.yaml]\noutputs: [geojson]\n"
    folder = write_project(map_yaml=map_yaml, events_yaml=text)
    ended = geomap("check", folder)
    lines = ended.out.splitlines()
    assert (ended.code, len(lines)) == (0, 101)
    assert "warning claimant" in lines[-1]
    assert ended.err == "and 1,134 more undated; --json lists all\n"
    assert len(json.loads(geomap("check", folder, "--json").out)) == 1_235
    for command in (("build", folder), ("export", folder, "--format", "geojson")):
        said = geomap(*command).err.splitlines()
        assert sum("warning undated" in line for line in said) == 20
        assert f"and 1,214 more undated; geomap check --json {folder} lists all" in said


def test_of_very_many_errors_the_first_hundred_are_printed(geomap: Run, write_project: Run) -> None:
    folder = write_project(events_yaml="schema: 1\nevents:\n" + "- {id: a}\n" * 70)
    ended = geomap("build", folder)
    assert ended.code == 1
    assert len(ended.err.splitlines()) == 101
    assert ended.err.endswith("and 110 more errors config; geomap check --json lists all\n")


def test_check_prints_errors_with_their_place_and_ends_in_1(geomap: Run, write_project: Run) -> None:
    folder = write_project(map_yaml="schema: 1\ntilte: A\ntitle: B\nevents: [events.yaml]\nlanguage: 5\n")
    ended = geomap("check", folder)
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.splitlines() == [
        f"{folder}/map.yaml:5:11: error config language: expected text; put it in quotes",
        f"{folder}/map.yaml:2:8: error config unknown key 'tilte'; did you mean 'title'?",
    ]


def test_check_as_json_says_the_same(geomap: Run, write_project: Run) -> None:
    folder = write_project(events_yaml=UNDATED)
    ended = geomap("check", folder, "--json")
    assert ended.code == 0
    assert json.loads(ended.out) == [
        {
            "file": f"{folder}/events.yaml",
            "line": 5,
            "column": 10,
            "severity": "warning",
            "code": "undated",
            "message": "no date is known; it is listed, not placed in time",
        }
    ]
    assert json.loads(geomap("check", MAPS / "union-state", "--json").out) == []


def test_check_sees_an_unresolved_place_of_a_draft_as_a_warning(geomap: Run, write_project: Run) -> None:
    text = UNDATED.replace("title: A speech", "title: A speech, when: 2021, where: Xyzzyville")
    ended = geomap("check", write_project(events_yaml=text))
    assert (ended.code, ended.out.count("error place no place called 'Xyzzyville'")) == (1, 1)
    ended = geomap(
        "check", write_project(events_yaml=text.replace("when: 2021", "when: 2021, workflow: draft"))
    )
    assert (ended.code, ended.out.count("warning unresolved-place no place called 'Xyzzyville'")) == (0, 1)


# resolve


def test_resolve_prints_ranked_places_for_people(geomap: Run) -> None:
    ended = geomap("resolve", "Minsk")
    assert (ended.code, ended.err) == (0, "")
    first = ended.out.splitlines()[0]
    assert first.startswith("53.9")
    assert "Minsk (city, City of Minsk, BY, gn:625144)" in first


def test_resolve_remarks_on_an_ambiguous_name_and_ends_well(geomap: Run) -> None:
    ended = geomap("resolve", "Springfield", "--limit", "2")
    assert (ended.code, len(ended.out.splitlines())) == (0, 2)
    assert ended.err == "Springfield: ambiguous; name the country or the region as well\n"


@pytest.mark.parametrize(
    "name", ["Xyzzyville", "", " ", "\u0000", "'; DROP TABLE settlement; --", "%", "x" * 10_000]
)
def test_resolve_that_finds_nothing_is_exit_3(geomap: Run, name: str) -> None:
    ended = geomap("resolve", "Minsk", name)
    assert ended.code == 3
    assert "Minsk" in ended.out
    assert "nothing found" in ended.err


def test_resolve_answers_a_slip_with_what_was_meant_and_says_so(geomap: Run) -> None:
    ended = geomap("resolve", "Siemjanowka")
    assert "Siemianówka" in ended.out
    assert "[another spelling]" in ended.out or "[a slip of the pen?]" in ended.out
    assert "did you mean" in geomap("resolve", "Siemianofka").err


def test_resolve_remarks_on_letters_that_only_look_right(geomap: Run) -> None:
    ended = geomap("resolve", "Гpодно")  # the second letter is a Latin p
    assert "look alike" in ended.err
    assert "Grodno" in ended.out


def test_resolve_gives_the_line_of_a_border_as_geojson(geomap: Run) -> None:
    (answer,) = json.loads(geomap("resolve", "Belarus-Poland border", "--json", "--geometry").out)
    (candidate,) = answer["candidates"]
    assert (candidate["precision"], candidate["rule"]) == ("line", "border-names")
    assert candidate["geometry"]["type"] == "MultiLineString" or candidate["geometry"]["type"] == "LineString"
    assert answer["worldview"] == "un"


def test_resolve_heeds_country_and_nearness(geomap: Run) -> None:
    def ids(*arguments: str) -> list[str]:
        (answer,) = json.loads(geomap("resolve", "Brest", "--json", *arguments).out)
        return [candidate["place_id"] for candidate in answer["candidates"]]

    assert {candidate.split(":")[0] for candidate in ids("--country", "BY")} <= {"gn", "ne", "cur", "oa"}
    assert ids("--near", "23.7,52.1")[0] != ids("--near", "-4.5,48.4")[0]
    assert len(ids("--limit", "1")) == 1


def test_resolve_as_json_has_the_keys_of_the_contract(geomap: Run) -> None:
    ended = geomap("resolve", "Kuźnica, Podlaskie", "Xyzzyville", "--json")
    assert ended.code == 3
    found, nothing = json.loads(ended.out)
    assert nothing == {"text": "Xyzzyville", "worldview": "un", "remarks": [], "candidates": []}
    assert found["text"] == "Kuźnica, Podlaskie"
    assert list(found["candidates"][0]) == (
        [
            "lon",
            "lat",
            "radius_m",
            "precision",
            "place_id",
            "geonameid",
            "name",
            "kind",
            "country",
            "score",
            "ambiguous",
            "match",
            "rule",
        ]
    )


def test_an_unknown_worldview_is_an_error_that_lists_those_there_are(geomap: Run) -> None:
    ended = geomap("resolve", "Minsk", "--worldview", "martian")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("geomap: no worldview 'martian'; there are un,")


JSONL = """\
{"id": 1, "text": "Мінск"}
not json
{"id": "b", "text": 5}

[1]
{"id": null, "text": "Xyzzyville"}
{"text": "Brest", "country": "BY", "more": true}
{"id": "c", "text": "Brest", "country": 7}
{"id": {"a": [1]}, "text": "Kuźnica"}
{"id": "d", "text": "\\ud800"}
{"id": "e"}
"""


def test_resolve_answers_each_line_in_order_and_a_bad_one_with_its_error(geomap_process: Run) -> None:
    ended = geomap_process("resolve", "--jsonl", stdin=JSONL.encode() + b'{"id": "f", "text": "\xff"}\n')
    assert (ended.code, ended.err) == (0, "")
    answers = [json.loads(line) for line in ended.out.splitlines()]
    assert [answer["id"] for answer in answers] == [
        1,
        None,
        "b",
        None,
        None,
        None,
        "c",
        {"a": [1]},
        None,
        "e",
        None,
    ]
    assert ["error" in answer for answer in answers] == [
        False, True, True, True, False, False, True, False, True, True, True,
    ]  # fmt: skip
    keys = [
        "id",
        "lon",
        "lat",
        "radius_m",
        "precision",
        "place_id",
        "geonameid",
        "name",
        "kind",
        "country",
        "score",
        "ambiguous",
        "match",
        "rule",
        "worldview",
    ]
    assert list(answers[0]) == keys
    assert (answers[0]["geonameid"], answers[0]["country"]) == (625144, "BY")
    assert answers[4] == dict.fromkeys(keys) | {"ambiguous": False, "worldview": "un"}
    assert answers[5]["country"] == "BY"


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_output_is_utf8_in_every_locale(geomap_process: Run, locale: dict[str, str]) -> None:
    ended = geomap_process("resolve", "Kuznica Bialostocka", environment=locale)
    assert (ended.code, ended.err) == (0, "")
    assert "Kuźnica" in ended.out
    line = geomap_process(
        "resolve", "--jsonl", stdin='{"id": "ü", "text": "Kuźnica"}\n'.encode(), environment=locale
    )
    assert '"id":"ü"' in line.out


# build, export, init, schema


def test_build_writes_the_outputs_and_names_them_on_stdout(geomap: Run, write_project: Run) -> None:
    folder = write_project()
    ended = geomap("build", folder)
    assert ended.code == 0
    assert ended.out == f"{folder}/out/index.html\n{folder}/out/events.geojson\n{folder}/out/events.qml\n"
    assert ended.err.startswith(
        "2 events: 2 places drawn (0 of them countries), 0 without a place, 0 undated, 0 drafts"
    )
    assert sorted(files(folder / "out")) == ["events.geojson", "events.qml", "index.html", "manifest.json"]
    collection = json.loads((folder / "out" / "events.geojson").read_bytes())
    assert [feature["id"] for feature in collection["features"]] == ["drill#1", "speech#1"]


def test_build_check_ends_in_0_then_in_1_after_a_change(geomap: Run, write_project: Run) -> None:
    folder = write_project()
    geomap("build", folder)
    before = files(folder / "out")
    ended = geomap("build", folder, "--check")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    events = (folder / "events.yaml").read_text(encoding="utf-8")
    (folder / "events.yaml").write_text(events.replace("A speech", "Another speech"), encoding="utf-8")
    ended = geomap("build", folder, "--check")
    assert (ended.code, ended.out) == (1, "")
    assert [line.split(":")[0] for line in ended.err.splitlines()] == [
        f"{folder}/out/index.html",
        f"{folder}/out/events.geojson",
        f"{folder}/out/manifest.json",
    ]
    assert files(folder / "out") == before


def test_build_check_finds_a_missing_output_stale(geomap: Run, write_project: Run) -> None:
    folder = write_project(map_yaml="schema: 1\ntitle: A\nevents: [events.yaml]\noutputs: [geojson]\n")
    assert geomap("build", folder, "--check").code == 1
    assert not (folder / "out").exists()


def test_build_as_json_counts_events_once_and_features_apart(
    geomap: Run, write_project: Run, tmp_path: Path
) -> None:
    events = (
        "schema: 1\nsources: {wire: {published: 2021-11-13}}\nevents:\n"
        "- {id: a, type: exercise, title: A, when: 2021, where: [Minsk, {country: RU}], sources: [wire]}\n"
        "- {id: b, type: exercise, title: B, sources: [wire]}\n"
        "- {id: c, type: exercise, title: C, when: 2021, sources: [wire], workflow: draft}\n"
    )
    ended = geomap("build", write_project(events_yaml=events), "--out", tmp_path / "there", "--json")
    assert ended.code == 0
    assert json.loads(ended.out) == {
        "files": [
            f"{tmp_path}/there/index.html",
            f"{tmp_path}/there/events.geojson",
            f"{tmp_path}/there/events.qml",
        ],
        "events": 2,
        "features": 2,
        "countries": 1,
        "unlocated": 1,
        "undated": 1,
        "drafts_left_out": 1,
        "layers": {"exercise": 2},
        "layer_titles": {"exercise": "Exercise"},
        "findings": 1,
    }


def test_a_map_without_events_is_built_all_the_same(geomap: Run, write_project: Run) -> None:
    ended = geomap("build", write_project(events_yaml="schema: 1\nevents: []\n"))
    assert (ended.code, ended.err.splitlines()[0][:9]) == (0, "0 events:")


def test_a_folder_that_cannot_be_written_is_one_error(
    geomap: Run, write_project: Run, tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    ended = geomap("build", write_project(), "--out", tmp_path / "taken")
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"geomap: {tmp_path / 'taken'}: cannot be written: File exists\n"


def test_export_writes_the_formats_asked_for(geomap: Run, write_project: Run) -> None:
    folder = write_project()
    ended = geomap("export", folder, "--format", "geojson")
    assert (ended.code, ended.out, ended.err) == (
        0,
        f"{folder}/out/events.geojson\n{folder}/out/events.qml\n",
        "",
    )
    assert list(files(folder / "out")) == ["events.geojson", "events.qml", "export-manifest.json"]


def test_an_unknown_format_names_those_there_are(geomap: Run, write_project: Run) -> None:
    folder = write_project()
    ended = geomap("export", folder, "--format", "nonsense")
    assert ended.code == 2
    assert "nonsense asked for" in ended.err
    assert not (folder / "out").exists()


def test_init_makes_a_project_that_builds_without_a_finding(geomap: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    ended = geomap("init", folder)
    assert ended.code == 0
    assert f"{folder}/map.yaml\n" in ended.out
    assert {path.name for path in (folder / ".schema").iterdir()} == {
        "map.schema.json",
        "events.schema.json",
        "mapping.schema.json",
    }
    assert geomap("check", folder).out == (
        f"{folder}/geomap.lock:1:1: warning stale-lock there is no lock; run geomap build {folder}/map.yaml and"
        " commit the lock\n"
    )
    ended = geomap("build", folder)
    assert (ended.code, ended.err.startswith("2 events: 2 places drawn")) == (0, True)
    assert geomap("check", folder).out == ""


def test_init_leaves_an_existing_project_alone(geomap: Run, write_project: Run) -> None:
    folder = write_project(events_yaml=None)
    before = files(folder)
    ended = geomap("init", folder)
    assert (ended.code, ended.out) == (1, "")
    assert ended.err == f"geomap: {folder}/map.yaml is there already; choose another folder\n"
    assert files(folder) == before


def test_schema_prints_both_schemas_or_writes_them(geomap: Run, tmp_path: Path) -> None:
    printed = json.loads(geomap("schema").out)
    assert set(printed) == {"map.schema.json", "events.schema.json", "mapping.schema.json"}
    geomap("schema", "--out", tmp_path / "s")
    assert {path.name: json.loads(path.read_bytes()) for path in (tmp_path / "s").iterdir()} == printed


# Where the output goes


@pytest.mark.parametrize("arguments", [["--version"], ["resolve", "Minsk"]])
def test_a_reader_that_goes_away_is_met_in_silence(arguments: list[str], buffered: str) -> None:
    command = [sys.executable, "-m", "geomap", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""


@pytest.mark.parametrize("arguments", [["--version"], ["resolve", "Minsk"]])
def test_a_full_disk_behind_stdout_is_one_line(arguments: list[str], buffered: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "geomap", *arguments], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (ended.returncode, ended.stderr) == (1, b"geomap: [Errno 28] No space left on device\n")


# Texts from outside


def hostile_project(write_project: Run) -> Path:
    events = (
        "schema: 1\nsources: {wire: {}}\nevents:\n"
        f'- {{id: a, type: exercise, title: "{HOSTILE}", sources: [wire],\n'
        f'   where: [Minsk, {{country: RU, name: "{HOSTILE}"}}]}}\n'
    )
    layers = f'layers: [{{id: a, title: "{HOSTILE}"}}]\n'
    written: Path = write_project(
        map_yaml=f'schema: 1\ntitle: "{HOSTILE}"\nevents: [events.yaml]\n{layers}', events_yaml=events
    )
    return written


def assert_harmless(text: str) -> None:
    assert not [character for character in text if character in "\x1b\u202e\x07\x9b\r"]


def test_a_control_character_never_reaches_the_terminal_raw(geomap: Run, write_project: Run) -> None:
    folder = hostile_project(write_project)
    ended = geomap("build", folder)
    assert ended.code == 0
    assert "\\u001b[2J\\u202egnp.exe\\u0007\\u009b31m" in ended.err
    for said in (ended, geomap("check", folder)):
        assert_harmless(said.out + said.err)


@pytest.mark.parametrize(
    "keys",
    [
        'where: "{}"',
        'type: "{}"',
        '"{}": 1',
        'sources: ["{}"]',
        'when: "{}"',
        'where: {{border: ["{}", PL]}}',
        'relations: [{{type: part_of, event: "{}"}}]',
        "where: !<{}> x",
    ],
)
def test_an_error_about_a_hostile_text_is_one_harmless_line(
    geomap: Run, write_project: Run, keys: str
) -> None:
    text = "\\e[2J\\nx.yaml:1:1: error forged" if "!<" not in keys else "%1B%0Ax.yaml:1:1:%20forged"
    events = "schema: 1\nsources: {wire: {}}\nevents:\n- id: a\n  title: A\n  " + keys.format(text) + "\n"
    for key, value in (("type", "exercise"), ("sources", "[wire]")):
        if f"\n  {key}:" not in events:
            events += f"  {key}: {value}\n"
    ended = geomap("build", write_project(events_yaml=events))
    assert (ended.code, ended.out, len(ended.err.splitlines())) == (1, "", 1)
    assert_harmless(ended.err)
