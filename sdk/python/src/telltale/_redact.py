"""Masks secrets before anything is sent, by the rules of ``sdk-rules.json`` (sdk/rules/README.md says how).

Names, addresses and ids of people stay: the gateway's enricher masks those, with keys that only it has.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple, Optional

from ._encode import plain
from ._rules import Rule, compiled, read_rule, trie

FAILED = "[redaction failed]"
_CUT = "[cut]"
_MAX_WORD = 4096
_MAX_SAFE = 2**53 - 1
_PLACEHOLDER = re.compile(r"\[[A-Z_]{2,16}\]")
_DIGIT = re.compile(r"[0-9]")
_NEVER = r"(?!)"
_MAX_KNOWN = 4096


class _Candidates(NamedTuple):
    rules: list[Rule]
    #: Any word of any of them.
    word: re.Pattern[str]
    without_words: list[Rule]


class Redactor:
    """Applies one file of rules."""

    def __init__(self, rules: dict[str, Any]) -> None:
        limits, names, patterns = rules["limits"], rules["names"], rules["patterns"]
        self._text, self._depth, self._context, self._name = (limits[k] for k in ("text", "depth", "context", "name"))
        self._rules = [read_rule(rule, patterns) for rule in rules["rules"]]
        self._qualifier = compiled(names["qualifier"], False)
        self._qualifiers: int = names["qualifiers"]
        self._secret = compiled(names["secret"], False)
        self._not_secret = [compiled(pattern, False) for pattern in names["not_secret"]]
        self._id = compiled(names["id"], False)
        self._id_value = compiled(names["id_value"], False)
        self._names: dict[str, tuple[str, bool]] = {}
        self._candidates: dict[tuple[int, int, bool], _Candidates] = {}
        self._known: dict[str, str] = {}

    def text(self, text: str, is_id: bool = False) -> str:
        """The text with what the rules find replaced."""
        out = self._cut(text) if len(text) > self._text else text
        lower = out.lower()
        able = self._able(len(_DIGIT.findall(out)), max(map(len, out.split()), default=0), lower != out)
        for rule in able.rules if able.word.search(lower) else able.without_words:
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

    def short(self, text: str) -> str:
        """The same for texts that come again and again, such as names."""
        found = self._known.get(text)
        if found is None:
            found = self.text(text)
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            if len(text) <= 200:
                self._known[text] = found
        return found

    def _able(self, digits: int, run: int, capital: bool) -> _Candidates:
        """The rules that a text with so many digits and so long a word can be about."""
        key = (min(digits, 40), min(run, 200), capital)
        found = self._candidates.get(key)
        if found is None:
            rules = [
                rule for rule in self._rules
                if rule.least_digits <= digits and rule.least_run <= run and (capital or not rule.needs_capital)
            ]  # fmt: skip
            words = [word for rule in rules for word in rule.words]
            found = _Candidates(rules, re.compile(trie(words) if words else _NEVER), [rule for rule in rules if not rule.words])
            self._candidates[key] = found
        return found

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
    """Masks in the event itself what rules find. Values that JSON has no form for become their texts first."""
    rules = redactor()
    for key, value in list(event.items()):
        if key in _OURS:
            continue
        if key == "attributes":
            if not value.keys() <= _OUR_ATTRIBUTES:
                event[key] = {
                    name: inner if name in _OUR_ATTRIBUTES else rules.value(plain(inner), str(name))
                    for name, inner in value.items()
                }
        elif key == "name":
            event[key] = rules.short(value) if type(value) is str else rules.value(plain(value), key)
        else:
            event[key] = rules.value(value if type(value) is str else plain(value), key)
    return event
