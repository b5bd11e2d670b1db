"""Which rules a text can be about at all, reported by its digits, its capitals, and its longest run without a blank.

These bounds are read from the patterns, so that new rules need nothing here: a pattern is asked how many digits and
capitals each of its matches has at the least, and how long they are where no match can hold a blank. What cannot be
reported counts as 0.
"""

from __future__ import annotations

import re
import sys
import warnings
from typing import Any

if sys.version_info >= (3, 11):
    from re import _constants as constants
    from re import _parser as parser
else:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import sre_constants as constants
        import sre_parse as parser

_BLANKS = frozenset(map(ord, " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0"))
_DIGITS = frozenset(range(48, 58))
_CAPITALS = frozenset(range(65, 91))
_REPEATS = {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}
_ZERO_WIDTH = {"AT", "ASSERT", "ASSERT_NOT"}


def needs(pattern: re.Pattern[str]) -> tuple[int, int, bool]:
    """Least number of digits in a match, least length of a run without a blank, and whether it has a capital."""
    try:
        parsed: Any = parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE)
        digits, blank, capitals = _read(list(parsed))
        return digits, 0 if blank else int(parsed.getwidth()[0]), capitals > 0 and not pattern.flags & re.IGNORECASE
    except Exception:
        return 0, 0, False


#: Least number of digits, whether a blank is possible, least number of capitals.
_Found = tuple[int, bool, int]


def _read(items: list[Any]) -> _Found:
    """Of a sequence."""
    digits, blank, capitals = 0, False, 0
    for op, argument in items:
        found = _one(str(op), argument)
        digits += found[0]
        blank = blank or found[1]
        capitals += found[2]
    return digits, blank, capitals


def _one(op: str, argument: Any) -> _Found:
    if op in _ZERO_WIDTH:
        return 0, False, 0
    if op == "LITERAL":
        return int(argument in _DIGITS), argument in _BLANKS, int(argument in _CAPITALS)
    if op == "IN":
        return _set(argument)
    if op in _REPEATS:
        least, _, inner = argument
        digits, blank, capitals = _read(list(inner))
        return least * digits, blank, least * capitals
    if op == "SUBPATTERN":
        return _read(list(argument[-1]))
    if op == "ATOMIC_GROUP":
        return _read(list(argument))
    if op == "BRANCH":
        ways = [_read(list(way)) for way in argument[1]]
        return min(way[0] for way in ways), any(way[1] for way in ways), min(way[2] for way in ways)
    return 0, True, 0


def _set(members: list[Any]) -> _Found:
    signs: set[int] = set()
    for op, argument in members:
        if str(op) == "LITERAL":
            signs.add(argument)
        elif str(op) == "RANGE":
            signs.update(range(argument[0], min(argument[1], 0x100) + 1))
        elif str(op) == "CATEGORY" and argument is constants.CATEGORY_DIGIT:
            signs.update(_DIGITS)
        elif str(op) == "CATEGORY" and argument is constants.CATEGORY_WORD:
            signs.update({*_DIGITS, ord("a")})
        else:
            return 0, True, 0
    return int(signs <= _DIGITS), not signs.isdisjoint(_BLANKS), int(signs <= _CAPITALS)
