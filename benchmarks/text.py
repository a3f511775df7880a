"""Measure tagging and drafting: python benchmarks/text.py [--quick] [--gold DIR] [--spacy-model PATH] [--docs].

Prints Markdown tables and writes the same figures as JSON. Whatever is measured for its speed or its memory runs in
a process of its own, one at a time. Nothing of a user's own place data is read.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from processes import GEOMAP, MeasureError, probe, run
from runs import (
    HERE,
    Figures,
    NotMeasuredError,
    carried_only,
    demand_corpus,
    describe_machine,
    find_corpus,
    load,
    measure,
    now,
    options_of,
    publish,
    read_options,
    tell,
)
from tables import cell, describe_run, table_of

# Nothing larger may be imported here: see `processes.run`.

CORPORA: Final = ("lgl.jsonl", "geowebnews-even.jsonl")
ALONE: Final = ("geowebnews-even",)
"""What is read, in a cross-validation, with weights that were learned from none of it."""
DATES: Final = "dates-tbaq.jsonl"
SPEED: Final = "lgl.jsonl"
FOLDS: Final = 5
SEED: Final = 20_211_112
COMMANDS: Final = ("tag", "draft")
ONE_CORE: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

_PAGE_MIB: Final = os.sysconf("SC_PAGE_SIZE") / (1 << 20)
_SENTENCES: Final = (
    "Officials in {place} said {count} people left their homes after the river rose on {day} {month}.",
    "A drone struck a fuel depot near {place} on {day} {month}, and {count} tonnes of diesel burned.",
    "The defence ministry moved {count} soldiers to a range outside {place} for a drill on {day} {month}.",
    "Guards at the crossing by {place} turned back {count} lorries last week.",
    "No trains ran between {place} and the coast, a dispatcher told reporters {count} hours later.",
    "The mayor of {place} denied that {count} houses were shelled overnight.",
    "Two engineers from {place} were awarded {count} crowns for a bridge that was never built.",
    "Rescuers found {count} survivors in the hills above {place} on {month} {day}, 2023.",
    "It rained for {count} minutes, and the fair went on.",
    "Police detained {count} demonstrators in the centre of {place} on Sunday, a rights group said.",
    "Exports of wheat fell to {count} tonnes, the port authority wrote in its report for {month}.",
    "Artillery fire hit a school in {place}, wounding {count} teachers, the governor said on {day} {month}.",
)
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured.

    `checkpoints` are numbers of short documents at which the memory is read, `lines` lengths of one line in
    characters. No longer line is tried after one that took more than `patience_s` seconds.
    """

    runs: int
    names: int
    checkpoints: Sequence[int]
    lines: Sequence[int]
    patience_s: float
    most_gold: int | None


FULL: Final = Plan(
    runs=2,
    names=20_000,
    checkpoints=(1_000, 10_000, 30_000, 100_000),
    lines=(10_000, 100_000, 1_000_000, 10_000_000),
    patience_s=60.0,
    most_gold=None,
)
QUICK: Final = Plan(
    runs=1, names=100, checkpoints=(5, 20), lines=(1_000, 4_000), patience_s=60.0, most_gold=10
)


@dataclass(slots=True)
class Run:
    """One run: where its files lie, and what it found."""

    plan: Plan
    folder: Path
    gold: Path | None
    spacy_model: Path | None
    spacy_python: Path
    cross_validate: bool
    results: dict[str, Figures] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """Variables under which geomap sees nothing but what it carries, and counts on one core."""
        return ONE_CORE | carried_only(self.folder)

    def step(self, name: str, python: Path | None = None, **options: Any) -> Figures:
        """Run a step of this file in a process of its own."""
        program = str(python or sys.executable)
        command = [program, str(HERE / "text.py"), "--step", name, str(self.folder), json.dumps(options)]
        ended = run(command, environment=self.environment)
        result: Figures = json.loads(ended.out)
        return result | {"peak_rss_mib": round(ended.peak_rss_mib, 1)}

    def score(self, task: str, **options: Any) -> Figures:
        """Run a task of `accuracy` in a process of its own."""
        figures = probe("accuracy", self.folder, environment=self.environment, task=task, **options)
        figures.pop("peak_rss_mib")
        return figures


def main() -> int:
    """Measure, print, write; 1 where something failed that is there."""
    if sys.argv[1:2] == ["--step"]:
        return run_step(*sys.argv[2:5])
    asked = options_of("text", str(__doc__), PARTS)
    asked.add_argument("--spacy-model", type=Path, help="folder of a spaCy model to stand beside")
    asked.add_argument(
        "--spacy-python", type=Path, default=Path(sys.executable), help="a Python that has spaCy"
    )
    asked.add_argument("--cross-validate", action="store_true", help="learn and read in folds; about an hour")
    chosen, wanted = read_options(asked, PARTS)
    record = describe_machine("text") | {"quick": chosen.quick}
    with tempfile.TemporaryDirectory(prefix="geomap-benchmark-") as folder:
        here = Run(
            plan=QUICK if chosen.quick else FULL,
            folder=Path(folder),
            gold=chosen.gold,
            spacy_model=chosen.spacy_model,
            spacy_python=chosen.spacy_python,
            cross_validate=chosen.cross_validate,
        )
        for name in wanted:
            before = load()[0]
            measure(name, partial(PARTS[name], here), here.results, here.failed)
            here.results[name]["load"] = [before, load()[0]]
        record |= {
            "date_end": now(),
            "load_end": load(),
            "results": here.results,
            "plan": asdict(here.plan),
        }
    publish(chosen, "text", record, show(record))
    return 1 if here.failed else 0


# Parts


def measure_speed(here: Run) -> Figures:
    """Documents a second of each command and of spaCy, once everything is loaded; they take turns."""
    gold = demand_corpus(here.gold, SPEED)
    here.score("ask_texts", gold=str(gold), most=here.plan.most_gold)
    probes: dict[str, tuple[str, Figures]] = {name: ("pace", {"command": name}) for name in COMMANDS}
    python = None
    if here.spacy_model is not None:
        model = str(here.spacy_model.absolute())
        probes["spacy"] = ("pace_spacy", {"model": model, "only_names": False})
        probes["spacy_names"] = ("pace_spacy", {"model": model, "only_names": True})
        python = here.spacy_python
    runs: dict[str, list[Figures]] = {key: [] for key in probes}
    for _ in range(here.plan.runs):
        for key, (name, options) in probes.items():
            runs[key].append(here.step(name, python if key.startswith("spacy") else None, **options))
    figures: Figures = {key: best_of(found) for key, found in runs.items()}
    if here.spacy_model is None:
        figures["spacy"] = {"not_measured": "no --spacy-model"}
    return figures


def measure_lines(here: Run) -> Figures:
    """Seconds for one line of growing length, with and without ends of sentences."""
    here.step("write_names", names=here.plan.names)
    figures: Figures = {}
    for command in COMMANDS:
        for ended in (True, False):
            points: list[Figures] = []
            for length in here.plan.lines:
                if points and points[-1]["seconds"] > here.plan.patience_s:
                    points.append({"length": length, "not_measured": "the line before took too long"})
                    break
                points.append(here.step("line", command=command, length=length, ended=ended))
                tell(f"{command} {length:,} characters, {points[-1]['seconds']:.2f} s")
            figures[f"{command}, {'sentences' if ended else 'no sentence ends'}"] = {"points": points}
    return figures


def measure_memory(here: Run) -> Figures:
    """Memory of each command while it answers short documents, one a line."""
    here.step("write_names", names=here.plan.names)
    here.step("write_short", count=max(here.plan.checkpoints))
    return {
        command: stream(
            (*GEOMAP, command, "--jsonl"), here.folder / "short.jsonl", here.plan.checkpoints, here
        )
        for command in COMMANDS
    }


def measure_toponyms(here: Run) -> Figures:
    """Toponyms found and placed in gold documents."""
    corpora = [path for name in CORPORA if (path := find_corpus(here.gold, name))]
    if not corpora:
        raise NotMeasuredError("no corpora at hand")
    figures: Figures = {path.stem: _tagged(here, path) for path in corpora}
    if here.cross_validate:
        gold = [str(path) for path in corpora]
        figures["cross_validated"] = here.score("validate_tagging", gold=gold, alone=ALONE, folds=FOLDS)
    else:
        figures["cross_validated"] = {"not_measured": "no --cross-validate"}
    return figures


def measure_dates(here: Run) -> Figures:
    """Dates found and read in gold documents."""
    return _tagged(here, demand_corpus(here.gold, DATES))


def measure_dispatches(here: Run) -> Figures:
    """Events drafted from the dispatches of the tests."""
    return here.score("score_dispatches")


PARTS: Final[dict[str, Callable[[Run], Figures]]] = {
    "speed": measure_speed,
    "lines": measure_lines,
    "memory": measure_memory,
    "toponyms": measure_toponyms,
    "dates": measure_dates,
    "dispatches": measure_dispatches,
}


def best_of(found: Sequence[Figures]) -> Figures:
    """The run with the fastest second pass, with the medians of all runs of both passes."""
    best = max(found, key=lambda figures: float(figures["second"]["per_s"]))
    medians = {
        f"median_{name}_per_s": statistics.median(run[name]["per_s"] for run in found)
        for name in ("first", "second")
    }
    return best | medians | {"runs": len(found)}


def stream(command: Sequence[str], asked: Path, checkpoints: Sequence[int], here: Run) -> Figures:
    """Let a command answer a file line by line, and read its memory at some numbers of answers.

    Parameters
    ----------
    command
        Reads lines and answers each with one.
    checkpoints
        Numbers of answers, ascending; the last is the number of lines.

    Returns
    -------
    figures
        `points` with `n`, `seconds` since the first answer, `own_mib` that is in no file and `all_mib`;
        `peak_rss_mib`.

    Raises
    ------
    MeasureError
        If it ends early or badly.
    """
    points: list[Figures] = []
    began = None
    with asked.open("rb") as lines, tempfile.TemporaryFile() as err:
        child = subprocess.Popen(
            command, stdin=lines, stdout=subprocess.PIPE, stderr=err, env={**os.environ, **here.environment}
        )
        assert child.stdout is not None
        number = 0
        with child.stdout as answers:
            for number, answer in enumerate(answers, 1):
                began = time.perf_counter() if began is None else began
                if b'"error":' in answer[:200]:
                    child.kill()
                    raise MeasureError(command[-2], 0, answer[:200].decode(errors="replace"))
                if number in checkpoints:
                    seconds = time.perf_counter() - began
                    points.append({"n": number, "seconds": seconds} | _memory_of(child.pid))
                    tell(f"{command[-2]} {number:,} documents, {seconds:.1f} s, {points[-1]['own_mib']} MiB")
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode or number != max(checkpoints):
            err.seek(0)
            said = err.read().decode(errors="replace").strip().splitlines()[-1:] or [f"{number} answers"]
            raise MeasureError(command[-2], child.returncode, said[0])
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return {"points": points, "peak_rss_mib": round(usage.ru_maxrss / unit, 1)}


def _memory_of(pid: int) -> Figures:
    """What a process holds, in MiB; None where /proc is not."""
    path = Path(f"/proc/{pid}/statm")
    if not path.is_file():
        return {"all_mib": None, "own_mib": None}
    resident, shared = (int(pages) * _PAGE_MIB for pages in path.read_text().split()[1:3])
    return {"all_mib": round(resident, 1), "own_mib": round(resident - shared, 1)}


def _tagged(here: Run, gold: Path) -> Figures:
    """What `geomap tag --jsonl` finds in a corpus, scored."""
    most = here.plan.most_gold
    asked = here.score("ask_texts", gold=str(gold), most=most)
    ended = run((*GEOMAP, "tag", "--jsonl"), environment=here.environment, stdin=here.folder / "asked.jsonl")
    (here.folder / "answers.jsonl").write_bytes(ended.out)
    figures = here.score("score_tagged", gold=str(gold), most=most)
    return figures | asked | {"seconds": ended.seconds, "per_s": asked["n"] / ended.seconds}


# Steps; each is a process of its own


def write_names(folder: Path, *, names: int) -> Figures:
    """Draw names of places anywhere."""
    import cases

    sizes = cases.Sizes(every=1, warm=0, names=names, relations=0, misspelt=0, nothing=0, points=0)
    cases.draw(folder, sizes)
    return {}


def write_short(folder: Path, *, count: int) -> Figures:
    """Write made-up documents of three sentences."""
    sentences = made_sentences(_names(folder))
    with (folder / "short.jsonl").open("w", encoding="utf-8") as lines:
        for number in range(count):
            text = " ".join(next(sentences) for _ in range(3))
            published = f"2023-{number % 12 + 1:02}-{number % 28 + 1:02}"
            record = {"id": str(number), "text": text, "published": published}
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")
    return {}


def pace(folder: Path, *, command: str) -> Figures:
    """Documents a second in a first and in a second pass over the same ones, after everything is loaded."""
    answer = _answerer(command)
    answer({"id": "warm", "text": "Officials met in Minsk on Friday.", "published": "2021-11-12"})
    documents = _read(folder / "asked.jsonl")
    return _two_passes(documents, lambda: [answer(document) for document in documents])


def pace_spacy(folder: Path, *, model: str, only_names: bool) -> Figures:
    """The same of a spaCy pipeline, as a whole or with nothing that named entities can do without."""
    import spacy

    pipeline = spacy.load(
        model, exclude=["tagger", "parser", "attribute_ruler", "lemmatizer"] if only_names else []
    )
    documents = _read(folder / "asked.jsonl")
    texts = [document["text"] for document in documents]
    list(pipeline.pipe(["Officials met in Minsk on Friday."]))
    figures = _two_passes(documents, lambda: list(pipeline.pipe(texts)))
    return figures | {"version": spacy.__version__, "pipes": pipeline.pipe_names}


def line(folder: Path, *, command: str, length: int, ended: bool) -> Figures:
    """One line of made-up sentences, or of their words without any end of a sentence."""
    text = made_line(_names(folder), length, ended=ended)
    answer = _answerer(command)
    answer({"id": "warm", "text": "Officials met in Minsk on Friday.", "published": "2021-11-12"})
    cpu, began = time.process_time(), time.perf_counter()
    found = answer({"id": "line", "text": text, "published": "2023-06-01"})
    seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    return {"length": length, "seconds": seconds, "cpu_s": cpu_s, "found": found}


STEPS: Final[dict[str, Callable[..., Figures]]] = {
    function.__name__: function for function in (write_names, write_short, pace, pace_spacy, line)
}


def run_step(name: str, folder: str, options: str) -> int:
    """Run one step and print what it found."""
    print(json.dumps(STEPS[name](Path(folder), **json.loads(options))))
    return 0


def made_sentences(names: Sequence[str]) -> Iterator[str]:
    """Sentences without end, in an order, with places and numbers, drawn by a fixed seed."""
    chance = random.Random(SEED)
    while True:
        for sentence in chance.sample(_SENTENCES, len(_SENTENCES)):
            yield sentence.format(
                place=chance.choice(names),
                count=chance.randint(2, 99_999),
                day=chance.randint(1, 28),
                month=chance.choice(_MONTHS),
            )


def made_line(names: Sequence[str], length: int, *, ended: bool) -> str:
    """One line of so many characters; without `ended` nothing in it ends a sentence."""
    parts: list[str] = []
    size = 0
    for sentence in made_sentences(names):
        part = sentence if ended else sentence.replace(".", "").replace(",", "")
        parts.append(part)
        size += len(part) + 1
        if size > length:
            break
    return " ".join(parts)[:length]


def _answerer(command: str) -> Callable[[Mapping[str, Any]], int]:
    """What a command does with a document, without JSON; says how many toponyms and dates, or events, it found."""
    from geomap.cli.lines import asked_document
    from geomap.extract.dates import find_dates
    from geomap.gazetteer import read_gazetteer
    from geomap.pipeline.drafting import Drafting, make_geoparser

    data = read_gazetteer()
    geoparser = make_geoparser(data)
    if command == "draft":
        drafting = Drafting(data, geoparser)
        return lambda asked: len(drafting.answer(asked_document(dict(asked))))

    def tag(asked: Mapping[str, Any]) -> int:
        document = asked_document(dict(asked))
        dates = find_dates(document.text, published=document.published, language=document.language)
        return len(geoparser.find(document)) + len(list(dates))

    return tag


def _two_passes(documents: Sequence[Mapping[str, Any]], read_all: Callable[[], object]) -> Figures:
    characters = sum(len(document["text"]) for document in documents)
    figures: Figures = {"n": len(documents), "characters": characters}
    for name in ("first", "second"):
        cpu, began = time.process_time(), time.perf_counter()
        read_all()
        seconds, cpu_s = time.perf_counter() - began, time.process_time() - cpu
        figures[name] = {
            "seconds": seconds,
            "per_s": len(documents) / seconds,
            "per_cpu_s": len(documents) / max(cpu_s, 1e-9),
            "characters_per_s": characters / seconds,
        }
    return figures


def _names(folder: Path) -> list[str]:
    names: list[str] = json.loads((folder / "names.json").read_bytes())["asked"]
    return names


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines() if line.strip()]


# Tables


def show(record: Figures) -> str:
    """All tables of a run, each under its heading.

    Parameters
    ----------
    record
        As `main` writes it to JSON.
    """
    parts = [describe_run(record)]
    for name, figures in record["results"].items():
        title, table = _TABLES[name]
        reason = figures.get("not_measured")
        body = f"not measured: {reason}" if reason else table(figures)
        busy = "load of the machine {} before, {} after".format(*figures["load"])
        parts.append(f"#### {title}\n\n{body}\n\n{busy}")
    return "\n\n".join(parts) + "\n"


def _show_speed(figures: Figures) -> str:
    labels = {
        "tag": "`tag`",
        "draft": "`draft`",
        "spacy": "spaCy, the whole pipeline",
        "spacy_names": "spaCy, named entities alone",
    }
    rows, ratios = [], []
    for key, label in labels.items():
        f = figures.get(key, {"not_measured": "no --spacy-model"})
        if "not_measured" in f:
            rows.append((f"{label}: not measured: {f['not_measured']}", *[""] * 6))
            continue
        first, second = f["first"], f["second"]
        rows.append(
            (
                label,
                cell(first["per_s"], 1),
                cell(second["per_s"], 1),
                cell(f["median_second_per_s"], 1),
                cell(second["per_cpu_s"], 1),
                cell(second["characters_per_s"] / 1000),
                cell(f["peak_rss_mib"]),
            )
        )
    for key in COMMANDS:
        for peer in ("spacy", "spacy_names"):
            if "first" in figures.get(peer, {}):
                one, other = figures[key], figures[peer]
                pairs = [
                    (one["first"]["per_s"], other["first"]["per_s"]),
                    (one["second"]["per_s"], other["second"]["per_s"]),
                    (one["second"]["per_cpu_s"], other["second"]["per_cpu_s"]),
                ]
                ratios.append((f"`{key}` by {labels[peer]}", *(cell(ours / its, 1) for ours, its in pairs)))
    head = (
        "documents a second, one core",
        "first pass",
        "second pass",
        "its median",
        "a second of the processor",
        "1,000 characters a second",
        "peak MiB",
    )
    n, size = figures["tag"]["n"], figures["tag"]["characters"]
    model = f" spaCy is {figures['spacy']['version']}." if "version" in figures["spacy"] else ""
    told = (
        f"{n:,} documents, {size / 1000:,.0f} thousand characters; the best of {figures['tag']['runs']} runs."
    )
    tables = [
        told + model,
        table_of(head, rows),
    ]
    if ratios:
        tables.append(table_of(("ratio", "first pass", "second pass", "second, of the processor"), ratios))
    return "\n\n".join(tables)


def _show_lines(figures: Figures) -> str:
    rows = []
    for label, f in figures.items():
        for point in f["points"] if label != "load" else ():
            if "not_measured" in point:
                rows.append((f"{label}", cell(point["length"]), point["not_measured"], "", "", "", ""))
            else:
                seconds, length = point["seconds"], point["length"]
                rows.append(
                    (
                        label,
                        cell(length),
                        cell(seconds, 2),
                        cell(point.get("cpu_s"), 2),
                        cell(length / seconds / 1000),
                        cell(point["found"]),
                        cell(point["peak_rss_mib"]),
                    )
                )
    head = (
        "one line",
        "characters",
        "seconds",
        "of the processor",
        "1,000 characters a second",
        "found",
        "peak MiB",
    )
    return table_of(head, rows)


def _show_memory(figures: Figures) -> str:
    rows = [
        (
            f"`{command} --jsonl`",
            cell(point["n"]),
            cell(point["seconds"], 1),
            cell(point["n"] / point["seconds"]) if point["seconds"] else "",
            cell(point["own_mib"], 1),
            cell(point["all_mib"], 1),
        )
        for command in COMMANDS
        for point in figures[command]["points"]
    ]
    rows += [(f"`{c}`, peak", "", "", "", "", cell(figures[c]["peak_rss_mib"], 1)) for c in COMMANDS]
    return table_of(("short documents", "answered", "seconds", "a second", "own MiB", "MiB"), rows)


def _show_toponyms(figures: Figures) -> str:
    rows = []
    validated = figures["cross_validated"]
    for corpus, f in figures.items():
        if corpus not in ("cross_validated", "load"):
            rows.append((f"{corpus}, weights learned from it", *_agreement(f)))
    if "not_measured" in validated:
        rows.append((f"by cross-validation: not measured: {validated['not_measured']}", *[""] * 9))
    else:
        for corpus, f in validated.items():
            how = f"{f['folds']}-fold cross-validation" if f["folds"] > 1 else "weights learned without it"
            rows.append((f"{corpus}, {how}", *_agreement(f)))
    head = (
        "toponyms in texts", "exact P", "R", "F1", "overlap P", "R", "F1",
        "within 161 km %", "within 20 km %", "same id %",
    )  # fmt: skip
    return table_of(head, rows)


def _agreement(figures: Figures) -> tuple[str, ...]:
    spans = [cell(figures[kind][name], 1) for kind in ("exact", "overlap") for name in ("p", "r", "f1")]
    return (*spans, *(cell(figures.get(key), 1) for key in ("e2e161_pct", "e2e20_pct", "id_pct")))


def _show_dates(figures: Figures) -> str:
    rows = [
        (
            label,
            *(cell(f[key]) for key in ("documents", "gold")),
            *(cell(f[key], 1) for key in ("found_pct", "right_pct")),
            cell(f["spurious"]),
        )
        for label, f in (("all", figures["all"]), ("the fifth held out", figures["held_out"]))
    ]
    return table_of(("dates", "documents", "dates", "found %", "both days right %", "spurious"), rows)


def _show_dispatches(figures: Figures) -> str:
    labels = {"looked_at": "faults looked at", "only_scored": "only scored", "all": "all"}
    rows = [
        (
            label,
            *(cell(f[column]) for column in ("dispatches", "required")),
            *(cell(f[column], 1) for column in ("found", "day", "place", "right")),
            cell(f["drafts"]),
            cell(f["false"], 1),
            cell(f["false_pins"]),
        )
        for key, label in labels.items()
        if (f := figures[key])
    ]
    head = (
        "dispatches", "n", "events", "found %", "of found right day %", "of found right place %",
        "of all both right %", "drafts", "of drafts false %", "false pins",
    )  # fmt: skip
    return table_of(head, rows)


_TABLES: Final[dict[str, tuple[str, Callable[[Figures], str]]]] = {
    "speed": ("Speed", _show_speed),
    "lines": ("One long line", _show_lines),
    "memory": ("Memory over many documents", _show_memory),
    "toponyms": ("Accuracy: toponyms in texts", _show_toponyms),
    "dates": ("Accuracy: dates", _show_dates),
    "dispatches": ("Accuracy: drafts", _show_dispatches),
}


if __name__ == "__main__":
    sys.exit(main())
