"""Datelines: where, when and for which wire service a report was written, before its first paragraph."""

import re
from typing import Final

from geomap.extract.furniture import AGENCY, is_label
from geomap.extract.published import MONTHS, WEEKDAYS
from geomap.extract.wordlists import word_set

_LONGEST_DATELINE: Final = 120
_TELLING: Final = 40
"""Characters behind a dash that show in what letters the text goes on."""

_WIRE_IN_BRACKETS: Final = re.compile(r"\s*(?:\(([^()]{2,40})\)|/([^/()]{2,40})/|\[([^\[\]]{2,40})\])")
_DATELINE_SIGN: Final = re.compile(r"\s*(?:[-–—_]{1,3}(?=\s|\Z)|[.:,]?(?=\s|\Z)\s*[-–—_]{0,3}(?=\s|\Z))\s*")
_DASH: Final = re.compile(r"\s+[-–—_]{1,3}(?:\s+|\Z)")
_WIRE_AFTER_DASH: Final = re.compile(
    r"(?:РИА Новости|Sputnik|Спутник|ТАСС|Интерфакс(?:-\w+)?|БЕЛТА|БелТА|УНН|Укринформ|Укрінформ|PAP|"
    r"TASS|BelTA|RIA Novosti|"
    r"INTERFAX(?:\.RU)?|Interfax|Reuters|AP|AFP)\s*[.,:]\s*(?:[-–—]\s+)?"
)
_ONE_DASH: Final = str.maketrans("–—_", "---")
_PLACE_WORD: Final = re.compile(r"[^\W\d_][\w'’ʼ.-]*")
# КИЇВ. 12 серпня. УНН.
_STOPPED_DATELINE: Final = re.compile(
    rf"([^\W\d_][\w'’ʼ -]{{2,30}})\. \d{{1,2}} ([^\W\d_]{{3,12}})\.(?: \(?(?:{AGENCY}|УНН|УНІАН|"
    rf"ІНТЕРФАКС-УКРАЇНА)\)?\.)?\s*"
)
_SMALL_IN_PLACES: Final = word_set("of the on upon de la el al and near oblast region district на над")
_DAY_WORD: Final = re.compile(
    r"\d{1,2}\.\d{1,2}\.(?:\d{4})?|\d{1,2}(?:st|nd|rd|th|-го|-га)?|(?:19|20)\d\d|г\.?|года|р\.?|року|r\.?|roku"
)
_WIRES: Final = re.compile(
    r"(?i:ap|afp|reuters|cnn|bbc|upi|dpa|pap|tass|тасс|belta|белта|interfax|интерфакс|інтерфакс|"
    r"xinhua|ria|риа|sputnik|unian|"
    r"униан|уніан|ukrinform|укринформ|укрінформ|ap photo|kyodo|anadolu|aa|efe|ansa|mti|bns|leta|elta|"
    r"itar-tass|bloomberg)(?!\w)"
)


def dateline_end(text: str, start: int, end: int) -> int | None:
    """Where the dateline ends with which a paragraph begins, its sign and blanks included; None if it has none.

    `KYIV, Aug 12 (Reuters) - `, `KUŹNICA, Poland (AP) —`, `МИНСК, 12 ноября (БелТА).`, `(CNN) —`. Capitals, a date
    or a wire service in brackets show that it is one.
    """
    end = min(end, start + _LONGEST_DATELINE)
    agency = _WIRE_IN_BRACKETS.search(text, start, end)
    if agency is not None:
        name = next(group for group in agency.groups() if group)
        sign = _DATELINE_SIGN.match(text, agency.end(), end)
        closed = sign is not None and (
            sign.group().strip() != "" or text[agency.start() : agency.end()].strip()[0] == "/"
        )
        head = _dateline_head(text[start : agency.start()])
        dashes = sign.group().translate(_ONE_DASH) if sign else ""
        named = head == 2 or (
            head == 1 and (_WIRES.match(name) is not None or (name.isupper() and "-" in dashes))
        )
        if closed and sign and (named or (agency.start() == start and _WIRES.match(name))):
            return sign.end() if not text[sign.end() : sign.end() + 1].islower() else None
        if head == 2 and _WIRES.match(name):
            return agency.end() + len(text[agency.end() : end]) - len(text[agency.end() : end].lstrip())
    dash = _DASH.search(text, start, end)
    if dash is not None:
        head = _dateline_head(text[start : dash.start()])
        if head == 2 and not is_label(text[start : dash.start()]):
            wire = _WIRE_AFTER_DASH.match(text, dash.end(), end)
            after = text[dash.end() : dash.end() + _TELLING]
            # A headline in capitals goes on in capitals, an aside in small letters.
            if wire or not (after[:1].islower() or after.isupper()):
                return wire.end() if wire else dash.end()
    stops = _STOPPED_DATELINE.match(text, start, end)
    if stops and stops[1].isupper() and stops[2].lower() in MONTHS:
        return stops.end()
    return None


def _dateline_head(head: str) -> int:
    """0 if words are no place and date of a dateline, 1 if they may be, 2 if capitals or a date show it."""
    if not head.strip() or len(head) > 90:
        return 0
    capitals = dated = False
    places = 0
    for number, part in enumerate(re.split(r"\s*[,;/]\s*|\.\s+", head.strip().rstrip(".,"))):
        words = part.split()
        if not words:
            continue
        lower = [word.lower().rstrip(".") for word in words]
        if any(word in MONTHS for word in lower):
            if not all(word in MONTHS or word in WEEKDAYS or _DAY_WORD.fullmatch(word) for word in lower):
                return 0
            dated = True
        elif all(word in WEEKDAYS or _DAY_WORD.fullmatch(word) for word in lower):
            dated = True
        else:
            places += 1
            if len(words) > 4 or places > 3:
                return 0
            if not all(
                _PLACE_WORD.fullmatch(word) and (word[0].isupper() or word in _SMALL_IN_PLACES)
                for word in words
            ):
                return 0
            if number == 0 and part.isupper() and len(part) > 2:
                capitals = True
    if not places:
        return 0
    return 2 if capitals or dated else 1
