"""All rules in the order in which they are tried."""

import re
from typing import Final

from geomap.extract.dates.alone import ALONE
from geomap.extract.dates.counted import COUNTED
from geomap.extract.dates.grammar import Rule
from geomap.extract.dates.stated import STATED

RULES: Final[tuple[Rule, ...]] = (*STATED, *COUNTED, *ALONE)

START: Final = re.compile(
    "|".join(dict.fromkeys(re.sub(r"\(\?P<\w+>", "(?:", rule.source) for rule in RULES))
)
"""Finds where some rule matches."""
