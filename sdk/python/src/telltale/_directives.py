"""Reads sets of directives as the gateway gives them (docs/VERBOSITY.md), strictly: what is unclear is refused by name."""

from __future__ import annotations

import datetime
import hashlib
import re
from typing import Any, Optional

from ._buckets import Limits
from ._scope import Scope
from ._severity import SEVERITIES

CONTENT_RANK = {"none": 0, "metadata": 1, "full": 2}
#: Target fields that are the same for every record of this process.
STATIC_FIELDS = ("service_name", "deployment_environment", "service_version")
_TEXT_FIELDS = (*STATIC_FIELDS, "kind", "name", "tool_name", "model", "session_id", "logger")
#: A restrict holds for 30 days at the most, a boost for one.
_MOST_S = 31 * 86_400.0
_SHA256 = re.compile(r"^[0-9a-f]{64}$")


class Malformed(ValueError):
    """A set that cannot be applied: the message names the field and what is wrong with it."""


class Directive:
    """One directive in force, with what it did since the last acknowledgement."""

    __slots__ = (
        "bytes", "content", "deadline", "drops", "flush", "hits", "id", "is_boost", "keep", "limits", "min_severity",
        "priority", "raw_limits", "target", "version",
    )  # fmt: skip

    def __init__(self) -> None:
        self.id = ""
        self.is_boost = False
        self.priority = 0.0
        self.version = 0
        self.target: dict[str, Any] = {}
        self.min_severity: Optional[int] = None
        self.keep: Optional[float] = None
        self.content: Optional[int] = None
        self.flush = False
        self.raw_limits: tuple[Optional[float], Optional[float]] = (None, None)
        self.limits: Optional[Limits] = None
        #: On the steady clock.
        self.deadline = 0.0
        self.hits = self.drops = self.bytes = 0

    def follow(self, former: Directive) -> None:
        """Goes on where the record of the same id was: with its counts, and what is left of its limits."""
        self.hits, self.drops, self.bytes = former.hits, former.drops, former.bytes
        if former.raw_limits == self.raw_limits:
            self.limits = former.limits

    def matches(self, scope: Scope, logger: str, kind: str) -> bool:
        """Whether all fields of the target that vary within a process are those of a record made here."""
        for field, wanted in self.target.items():
            if field == "logger":
                if logger != wanted and not logger.startswith(wanted + "."):
                    return False
            elif field == "kind":
                if wanted not in (kind, scope.kind):
                    return False
            elif field == "user":
                if not scope.user_id or user_hash(wanted["salt"], scope.user_id) != wanted["sha256"]:
                    return False
            elif field == "trace_hash":
                if not scope.trace_id or not wanted["from"] <= scope.hash() < wanted["to"]:
                    return False
            elif field not in STATIC_FIELDS and (field not in _TEXT_FIELDS or getattr(scope, field) != wanted):
                return False
        return True


def user_hash(salt: str, user_id: str) -> str:
    return hashlib.sha256((salt + user_id).encode("utf-8", "surrogatepass")).hexdigest()


class DirectiveSet:
    """A full set as it was answered."""

    def __init__(self, set_hash: str, directives: list[Directive]) -> None:
        self.set_hash = set_hash
        self.directives = directives


def parse_set(answer: Any, clock: float) -> DirectiveSet:
    """The set in an answer of ``GET /v1/control``; ``clock`` is the steady clock when it came."""
    if not isinstance(answer, dict):
        raise Malformed("the answer must be an object")
    set_hash = _text(answer, "set_hash", "set_hash")
    now = _time(answer, "now", "now")
    listed = answer.get("directives")
    if not isinstance(listed, list):
        raise Malformed("directives must be a list")
    found: dict[str, Directive] = {}
    for index, item in enumerate(listed):
        directive = _directive(item, f"directives.{index}", now, clock)
        known = found.get(directive.id)
        if known is None or directive.version >= known.version:
            found[directive.id] = directive
    return DirectiveSet(set_hash, list(found.values()))


def applies_here(directive: Directive, static: dict[str, str]) -> bool:
    """Whether records of this process can match at all."""
    return all(directive.target.get(name, value) == value for name, value in static.items())


def _directive(item: Any, at: str, now: float, clock: float) -> Directive:
    if not isinstance(item, dict):
        raise Malformed(f"{at} must be an object")
    directive = Directive()
    directive.id = _text(item, "id", f"{at}.id")
    kind = item.get("class")
    if kind not in ("boost", "restrict"):
        raise Malformed(f"{at}.class must be boost or restrict")
    directive.is_boost = kind == "boost"
    directive.priority = _number(item, "priority", f"{at}.priority", 0, 100, default=0.0) or 0.0
    directive.version = int(_number(item, "version", f"{at}.version", 0, 2**53, default=0.0) or 0)
    directive.target = _target(item.get("target"), f"{at}.target")
    _read_changes(directive, item.get("set"), f"{at}.set")
    limits = item.get("limits")
    if limits is not None:
        if not isinstance(limits, dict):
            raise Malformed(f"{at}.limits must be an object")
        per_s = _number(limits, "records_per_s", f"{at}.limits.records_per_s", 0, 1e12)
        per_min = _number(limits, "bytes_per_min", f"{at}.limits.bytes_per_min", 0, 1e15)
        directive.raw_limits = (per_s, per_min)
        if per_s is not None or per_min is not None:
            directive.limits = Limits(per_s, per_min, clock)
    left = min(_time(item, "expires_at", f"{at}.expires_at") - now, _MOST_S)
    directive.deadline = clock + left
    return directive


def _target(target: Any, at: str) -> dict[str, Any]:
    if not isinstance(target, dict):
        raise Malformed(f"{at} must be an object")
    read: dict[str, Any] = {}
    for field, value in target.items():
        if field in _TEXT_FIELDS:
            read[field] = _text(target, field, f"{at}.{field}")
        elif field == "user":
            if not isinstance(value, dict) or not isinstance(value.get("salt"), str):
                raise Malformed(f"{at}.user.salt must be text")
            if not isinstance(value.get("sha256"), str) or not _SHA256.match(value["sha256"]):
                raise Malformed(f"{at}.user.sha256 must be 64 lower-case hexadecimal digits")
            read[field] = value
        elif field == "trace_hash":
            if not isinstance(value, dict):
                raise Malformed(f"{at}.trace_hash must be an object")
            low = _number(value, "from", f"{at}.trace_hash.from", 0, 1, required=True)
            high = _number(value, "to", f"{at}.trace_hash.to", 0, 1, required=True)
            read[field] = {"from": low, "to": high}
        else:
            # A field that no record here has: the directive matches nothing, where ignoring it would match too much.
            read[field] = value
    return read


def _read_changes(directive: Directive, changes: Any, at: str) -> None:
    if not isinstance(changes, dict):
        raise Malformed(f"{at} must be an object")
    severity = changes.get("min_severity")
    if severity is not None:
        if not isinstance(severity, str) or severity not in SEVERITIES:
            raise Malformed(f"{at}.min_severity must be one of {', '.join(SEVERITIES)}")
        directive.min_severity = SEVERITIES[severity]
    keep = _number(changes, "keep", f"{at}.keep", 0, 1)
    if keep is not None:
        if keep == 0:
            raise Malformed(f"{at}.keep must be over 0 and at most 1")
        directive.keep = keep
    content = changes.get("content")
    if content is not None:
        if not isinstance(content, str) or content not in CONTENT_RANK:
            raise Malformed(f"{at}.content must be one of none, metadata, full")
        directive.content = CONTENT_RANK[content]
    flush = changes.get("flush")
    if flush is not None and not isinstance(flush, bool):
        raise Malformed(f"{at}.flush must be true or false")
    directive.flush = bool(flush)


def _text(item: dict[str, Any], field: str, at: str) -> str:
    value = item.get(field)
    if not isinstance(value, str) or not value:
        raise Malformed(f"{at} must be text that is not empty")
    return value


def _number(
    item: dict[str, Any], field: str, at: str, least: float, most: float, *, default: Optional[float] = None,
    required: bool = False,
) -> Optional[float]:  # fmt: skip
    value = item.get(field)
    if value is None and not required:
        return default
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not least <= value <= most:
        raise Malformed(f"{at} must be a number from {least:g} to {most:g}")
    return float(value)


def _time(item: dict[str, Any], field: str, at: str) -> float:
    value = item.get(field)
    if isinstance(value, str):
        text = re.sub(r"(\.\d{6})\d+", r"\1", value.strip().upper().replace("Z", "+00:00"))
        text = re.sub(r"\.(\d{1,5})(?=[+-])", lambda found: "." + found[1].ljust(6, "0"), text)
        try:
            return datetime.datetime.fromisoformat(text).astimezone(datetime.timezone.utc).timestamp()
        except ValueError:
            pass
    raise Malformed(f"{at} must be a time as ISO 8601, UTC")
