"""The rules of ``sdk-rules.json``, compiled."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple, Optional

from ._gates import needs

_NO_DIGIT = re.compile(r"[^0-9]")


def luhn(text: str) -> bool:
    """Whether the digits pass the Luhn check."""
    digits = [int(sign) for sign in _NO_DIGIT.sub("", text)]
    if not digits:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        double = digit * 2 if place % 2 else digit
        total += double - 9 if double > 9 else double
    return total % 10 == 0


def mod97(text: str) -> bool:
    """Whether an account number passes the check of ISO 13616."""
    compact = text.replace(" ", "").replace("-", "").upper()
    turned = compact[4:] + compact[:4]
    try:
        return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1
    except ValueError:
        return False


_CHECKS: dict[str, Callable[[str], bool]] = {"luhn": luhn, "mod97": mod97}


def compiled(pattern: str, ignore_case: bool) -> re.Pattern[str]:
    """A pattern of the rules. ``$`` means the very end, where Python's also stands before a last line feed."""
    out, escaped, in_class = [], False, False
    for sign in pattern:
        if sign == "$" and not escaped and not in_class:
            out.append(r"\Z")
            continue
        out.append(sign)
        if escaped:
            escaped = False
        elif sign == "\\":
            escaped = True
        elif sign == "[":
            in_class = True
        elif sign == "]":
            in_class = False
    return re.compile("".join(out), re.ASCII | (re.IGNORECASE if ignore_case else 0))


class Rule(NamedTuple):
    words: tuple[str, ...]
    ids: bool
    pattern: re.Pattern[str]
    group: int
    replace: str
    unless: tuple[re.Pattern[str], ...]
    unless_before: Optional[re.Pattern[str]]
    digits: Optional[re.Pattern[str]]
    check: Optional[Callable[[str], bool]]
    #: Of every text it changes: see ``_gates``.
    least_digits: int
    least_run: int
    needs_capital: bool

    def rewrite(self, text: str, context: int) -> str:
        out: list[str] = []
        since = 0
        for found in self.pattern.finditer(text):
            value = found.group(self.group) or ""
            end = found.end()
            start = end - len(value)
            if not value or any(one.search(value) for one in self.unless):
                continue
            if self.unless_before is not None and self.unless_before.search(text[max(0, start - context) : start]):
                continue
            if self.digits is not None and not self.digits.search(_NO_DIGIT.sub("", value)):
                continue
            if self.check is not None and not self.check(value):
                continue
            out += (text[since:start], self.replace)
            since = end
        return "".join(out) + text[since:] if out else text


def read_rule(rule: dict[str, Any], patterns: dict[str, str]) -> Rule:
    before, digits = rule.get("unless_before"), rule.get("digits")
    pattern = compiled(rule["pattern"], rule["ignore_case"])
    return Rule(
        tuple(rule["words"]),
        rule["ids"],
        pattern,
        rule["group"],
        rule["replace"],
        tuple(compiled(patterns[name], True) for name in rule.get("unless") or ()),
        None if before is None else compiled(before, True),
        None if digits is None else compiled(digits, False),
        _CHECKS[rule["check"]] if rule.get("check") else None,
        *needs(pattern),
    )


def trie(words: list[str]) -> str:
    """One pattern for many words that tries no beginning twice."""
    root: dict[str, Any] = {}
    for word in words:
        node = root
        for sign in word:
            node = node.setdefault(sign, {})
        node[""] = {}

    def write(node: dict[str, Any]) -> str:
        if "" in node:
            return ""
        branches = [re.escape(sign) + write(rest) for sign, rest in sorted(node.items())]
        return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"

    return write(root)
