"""Masks secrets before anything is sent, by the rules of ``sdk-rules.json`` (sdk/rules/README.md says how).

Names, addresses and ids of people stay: the gateway's enricher masks those, with keys that only it has.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Optional

FAILED = "[redaction failed]"
_CUT = "[cut]"
_MAX_WORD = 4096
_MAX_SAFE = 2**53 - 1
_PLACEHOLDER = re.compile(r"\[[A-Z_]{2,16}\]")
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


class _Rule(NamedTuple):
    words: tuple[str, ...]
    ids: bool
    pattern: re.Pattern[str]
    group: int
    replace: str
    unless: tuple[re.Pattern[str], ...]
    unless_before: Optional[re.Pattern[str]]
    digits: Optional[re.Pattern[str]]
    check: Optional[Callable[[str], bool]]

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


class Redactor:
    """Applies one file of rules."""

    def __init__(self, rules: dict[str, Any]) -> None:
        limits, names, patterns = rules["limits"], rules["names"], rules["patterns"]
        self._text, self._depth, self._context, self._name = (limits[k] for k in ("text", "depth", "context", "name"))
        self._rules = [_read_rule(rule, patterns) for rule in rules["rules"]]
        self._qualifier = compiled(names["qualifier"], False)
        self._qualifiers: int = names["qualifiers"]
        self._secret = compiled(names["secret"], False)
        self._not_secret = [compiled(pattern, False) for pattern in names["not_secret"]]
        self._id = compiled(names["id"], False)
        self._id_value = compiled(names["id_value"], False)
        self._names: dict[str, tuple[str, bool]] = {}
        # Most texts hold none of the longer words: one search tells, and only the other rules are asked.
        self._word = re.compile(_trie([word for rule in self._rules for word in rule.words if len(word) > 2]))
        self._always = [rule for rule in self._rules if not rule.words or any(len(word) <= 2 for word in rule.words)]

    def text(self, text: str, is_id: bool = False) -> str:
        out = self._cut(text) if len(text) > self._text else text
        lower = out.lower()
        for rule in self._rules if self._word.search(lower) else self._always:
            if is_id and not rule.ids:
                continue
            if rule.words:
                for word in rule.words:
                    if word in lower:
                        break
                else:
                    continue
            out = rule.rewrite(out, self._context)
        return out

    def value(self, value: Any, name: str = "") -> Any:
        return self._walk(value, name, 0)

    def _cut(self, text: str) -> str:
        kept = text[: self._text]
        blank = max(kept.rfind(sign) for sign in " \t\n\r")
        return (kept[:blank] if blank >= self._text - _MAX_WORD else kept) + _CUT

    def _read_name(self, name: str) -> tuple[str, bool]:
        """The name in the one form, and whether it is that of a secret."""
        known = self._names.get(name)
        if known is not None:
            return known
        snake = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name[-self._name :])
        snake = re.sub(r"([A-Z])([A-Z][a-z])", r"\1_\2", snake).lower()
        snake = re.sub(r"[^a-z0-9]+", "_", snake)
        snake = re.sub(r"^_|_\Z", "", snake)
        core = snake
        for _ in range(self._qualifiers):
            core = self._qualifier.sub("", core, count=1)
        secret = not any(one.search(core) for one in self._not_secret) and bool(
            self._secret.search(snake) or self._secret.search(core)
        )
        if len(self._names) > 5000:
            self._names.clear()
        self._names[name] = (snake, secret)
        return snake, secret

    def _walk(self, value: Any, name: str, depth: int) -> Any:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, (str, int, float)):
            return self._leaf(value, name)
        if depth >= self._depth:
            return FAILED
        if isinstance(value, dict):
            return {key: self._walk(inner, str(key), depth + 1) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._walk(item, name, depth + 1) for item in value]
        return FAILED

    def _leaf(self, value: Any, name: str) -> Any:
        snake, secret = self._read_name(name) if name else ("", False)
        if isinstance(value, str):
            if not value or _PLACEHOLDER.fullmatch(value):
                return value
            if secret:
                return "[SECRET]"
            text = value
        else:
            if secret:
                return "[SECRET]"
            if not -_MAX_SAFE <= value <= _MAX_SAFE or value != int(value):
                return value
            if -10_000_000 < value < 10_000_000:
                # No rule is about so few digits.
                return value
            text = str(int(value))
        is_id = bool(snake and self._id.search(snake) and self._id_value.search(text))
        after = self.text(text, is_id)
        return value if after == text else after


def _read_rule(rule: dict[str, Any], patterns: dict[str, str]) -> _Rule:
    before, digits = rule.get("unless_before"), rule.get("digits")
    return _Rule(
        tuple(rule["words"]),
        rule["ids"],
        compiled(rule["pattern"], rule["ignore_case"]),
        rule["group"],
        rule["replace"],
        tuple(compiled(patterns[name], True) for name in rule.get("unless") or ()),
        None if before is None else compiled(before, True),
        None if digits is None else compiled(digits, False),
        _CHECKS[rule["check"]] if rule.get("check") else None,
    )


def _trie(words: list[str]) -> str:
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


def _load() -> Redactor:
    return Redactor(json.loads(Path(__file__).with_name("sdk-rules.json").read_text("utf-8")))


_redactor: Optional[Redactor] = None


def redactor() -> Redactor:
    """The rules of this package, read when they are first needed."""
    global _redactor
    if _redactor is None:
        _redactor = _load()
    return _redactor


#: Fields that only the SDK writes, or whose values are names out of the program's text.
_OURS = frozenset(
    {
        "kind", "ts", "id", "duration_ms", "status", "span_id", "parent_span_id", "service_name", "service_version",
        "deployment_environment", "region", "release", "instance", "usage", "severity", "directive_ids", "from_ring",
        "sampling_weight", "verbosity_level", "time_to_first_token_ms", "requested_by_span_id", "attempt",
        "finish_reasons", "request_max_tokens", "user_id", "trace_id", "session_id",
    }
)  # fmt: skip
_OUR_ATTRIBUTES = frozenset({"logger", "code.file", "code.line", "code.function", "thread.name", "llm_call_id", "tool_call_id"})


def redact_event(event: dict[str, Any]) -> dict[str, Any]:
    """The event with what rules find masked. Values that JSON has no form for become their texts first."""
    from ._encode import plain

    rules = redactor()
    out: dict[str, Any] = {}
    for key, value in event.items():
        if key in _OURS:
            out[key] = value
        elif type(value) is str:
            out[key] = rules.value(value, key)
        elif key == "attributes":
            out[key] = {
                name: inner if name in _OUR_ATTRIBUTES else rules.value(plain(inner), str(name)) for name, inner in value.items()
            }
        else:
            out[key] = rules.value(plain(value), key)
    return out
