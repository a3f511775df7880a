"""Text from outside for a picture: visible, of one line, no longer than it may be; and days in words."""

import re
import unicodedata
from typing import Final

# What a picture shows of a character that cannot be shown, or would turn or hide its neighbours.
BOX: Final = "\u25af"
_HIDDEN: Final = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]")
# Nobody reads more of it in a picture, and laying out text takes time.
_LONGEST: Final = 1200
_MOST_MARKS: Final = 4
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
_DAY: Final = re.compile(r"(-?\d{4,})-(\d\d)-(\d\d)")
_LAST_DAYS: Final = {2: {28, 29}, 4: {30}, 6: {30}, 9: {30}, 11: {30}}


def visible_text(text: object, longest: int = _LONGEST) -> str:
    """Give a text as one line of printable characters.

    Control characters, halves of surrogate pairs, and what turns or hides letters become boxes, as do more
    combining marks on one letter than any language writes.
    """
    cut = str(text if text is not None else "")[: longest + 1]
    line = " ".join(_HIDDEN.sub(BOX, cut).split())
    shown, marks = [], 0
    for character in line:
        kind = unicodedata.category(character)
        marks = marks + 1 if kind in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            shown.append(BOX if kind in ("Cc", "Cf", "Cs", "Cn", "Co") else character)
        elif marks == _MOST_MARKS + 1:
            shown.append(BOX)
    if len(shown) > longest:
        shown[longest - 1 :] = ["…"]
    return "".join(shown)


def day_words(day: str, precision: str, *, last: bool = False) -> str:
    """A day as people write it, no finer than it is known.

    Parameters
    ----------
    day
        ISO 8601.
    precision
        How finely the time is known, as in the scene's events.
    last
        Whether it ends a span: a range up to the end of a month tells the month only.
    """
    found = _DAY.match(day)
    if not found or not 1 <= int(found[2]) <= 12:
        return visible_text(day, 20)
    year, month, number = (int(part) for part in found.groups())
    era = f"{1 - year} BC" if year <= 0 else str(year)
    if precision == "year":
        return era
    whole_month = number in _LAST_DAYS.get(month, {31}) if last else number == 1
    if precision in ("month", "season") or (precision == "range" and whole_month):
        return f"{_MONTHS[month - 1]} {era}"
    return f"{number} {_MONTHS[month - 1]} {era}"


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
