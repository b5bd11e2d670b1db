"""Decides what becomes of a record: sent, with which weight and how much content, or held back."""

from __future__ import annotations

import itertools
import threading
from typing import Any, NamedTuple, Optional

from ._clock import steady
from ._directives import CONTENT_RANK, Directive, DirectiveSet, applies_here
from ._scope import Scope
from ._severity import SEVERITIES, WARN

_WINDOW_S = 10.0
_MAX_KEYS = 10_000
_MAX_ENDED = 200
#: Of sets in force: scopes outlive what is installed, and must not take one set's number for another's.
_versions = itertools.count(1)
FULL = CONTENT_RANK["full"]


class Mark(NamedTuple):
    """What the record says of how it came to be sent."""

    weight: float = 1.0
    level: str = "normal"
    directive_ids: tuple[str, ...] = ()
    content: int = FULL
    from_ring: bool = False
    #: Directives whose bytes this record counts for, and what was thought to be its size.
    charged: tuple[Directive, ...] = ()
    size: int = 0


class Decision(NamedTuple):
    sent: bool
    mark: Mark


class Verbosity:
    """The settings of the application and the directives in force."""

    def __init__(self, min_severity: str, keep: float, content: str, static: dict[str, str]) -> None:
        self.min_severity = SEVERITIES[min_severity]
        self.keep = keep
        self.content = CONTENT_RANK[content]
        self.static = static
        self.version = 0
        self.set_hash = ""
        #: All of the set, for acknowledgements; ``active`` are those that can match here and have not expired.
        self.directives: list[Directive] = []
        self.active: list[Directive] = []
        #: Those that are gone from the set, until their last counts are reported.
        self.ended: list[Directive] = []
        #: Whether one has expired that nobody was reported of.
        self.has_expired = False
        self.lock = threading.RLock()
        self._windows: dict[str, float] = {}
        self.plain = Mark(1.0, "normal" if self.content == FULL else "metadata", (), self.content)
        self._compile()

    def _compile(self) -> None:
        now = steady()
        self.has_expired = self.has_expired or any(one.deadline <= now for one in getattr(self, "active", ()))
        self.active = [one for one in self.directives if one.deadline > now and applies_here(one, self.static)]
        #: Nothing below this level can be sent, whatever it matches: the fast path of ``_hooks``.
        self.floor = min([self.min_severity, *(d.min_severity for d in self.active if d.is_boost and d.min_severity is not None)])
        self.next_expiry = min((one.deadline for one in self.active), default=float("inf"))
        self.simple = not self.active and self.keep >= 1.0
        self.version = next(_versions)

    def renew(self) -> None:
        """After a fork: new locks and counts, the same directives."""
        self.ended = []
        self.lock = threading.RLock()
        self._windows = {}
        for one in self.directives:
            one.hits = one.drops = one.bytes = 0

    def apply(self, new: DirectiveSet) -> list[Directive]:
        """Swaps in a full set. Answers the directives that were not in force in this version before."""
        with self.lock:
            known = {one.id: one for one in self.directives}
            changed: list[Directive] = []
            for directive in new.directives:
                former = known.get(directive.id)
                if former is None or former.version != directive.version:
                    changed.append(directive)
                if former is not None:
                    directive.follow(former)
            kept = {one.id for one in new.directives}
            self.ended = [*self.ended, *(one for one in self.directives if one.id not in kept)][-_MAX_ENDED:]
            self.directives = new.directives
            self.set_hash = new.set_hash
            self._compile()
            return changed

    def expire(self) -> bool:
        """Takes out what has ended; whether anything had."""
        if steady() < self.next_expiry:
            return False
        with self.lock:
            self._compile()
        return True

    def matching(self, scope: Scope, logger: str, kind: str) -> list[Directive]:
        """Directives in force for records of this logger or operation made here. Remembered by the scope."""
        if steady() >= self.next_expiry:
            self.expire()
        version, key = self.version, f"{kind}\0{logger}"
        cached = scope.matched
        if cached is None or cached[0] != version:
            cached = scope.matched = (version, {})
        found: Optional[list[Directive]] = cached[1].get(key)
        if found is None:
            found = [one for one in self.active if one.matches(scope, logger, kind)]
            if len(cached[1]) < 1000:
                cached[1][key] = found
        return found

    def decide(self, level: int, scope: Scope, logger: str, kind: str, size: int) -> Decision:
        """``logger`` names the logger of a log line, and is empty for an operation."""
        if self.simple:
            return Decision(level >= self.min_severity or level >= WARN or not logger, self.plain)
        with self.lock:
            key = logger or f"{kind} {scope.name}"
            return self._decide(level, scope, self.matching(scope, logger, kind), key, size, bool(logger))

    def _decide(self, level: int, scope: Scope, matching: list[Directive], key: str, size: int, is_log: bool) -> Decision:
        now = steady()
        trace_hash = scope.hash()
        # An operation has no severity, and is below none.
        base_sent = (level >= self.min_severity or not is_log) and trace_hash < self.keep
        boosts: list[Directive] = []
        for one in matching:
            if not one.is_boost:
                continue
            if one.limits is not None and not one.limits.room(size, now):
                if level < WARN and _adds(one, level, trace_hash, self, base_sent):
                    one.drops += 1
                continue
            boosts.append(one)
        restricts = [one for one in matching if not one.is_boost]
        severity, severity_by = _merge(self.min_severity, boosts, restricts, "min_severity", -1)
        keep, keep_by = _merge(self.keep, boosts, restricts, "keep", 1)
        content, content_by = _merge(self.content, boosts, restricts, "content", 1)

        always = level >= WARN
        below = is_log and level < severity and not always
        sent, weight = not below, 1.0
        if sent and keep < 1.0 and trace_hash >= 0 and not always:
            is_sample = self._first_of_window(key, now, trace_hash < keep)
            # Those that are kept stand for all others, whose weight is 0 where they are sent.
            sent = trace_hash < keep or is_sample
            weight = 1.0 / keep if trace_hash < keep else 0.0
        if sent and not always:
            for one in restricts:
                if one.limits is not None and sent:
                    if one.limits.room(size, now):
                        one.limits.take(size)
                    else:
                        one.drops += 1
                        sent = False
        by = (severity, severity_by), (keep, keep_by, trace_hash), (content, content_by)
        changed = self._changers(level, sent, is_log, always, *by)
        charged = tuple(one for one in changed if one.is_boost) if sent else ()
        for one in changed:
            one.hits += 1
        for one in charged:
            if one.limits is not None:
                one.limits.take(size)
        if content < FULL:
            mode = "metadata"
        elif severity < self.min_severity:
            mode = "debug"
        else:
            mode = "full" if content > self.content else "normal"
        ids = tuple(one.id for one in changed)
        return Decision(sent, Mark(weight, mode, ids, content, False, charged, size))

    def _changers(
        self, level: int, sent: bool, is_log: bool, always: bool, severity: Any, keep: Any, content: Any
    ) -> list[Directive]:
        """The directives without which something about the record were different."""
        found: list[Directive] = []
        if not always:
            lowered = is_log and severity[0] <= level < self.min_severity
            raised = is_log and self.min_severity <= level < severity[0]
            if lowered:
                found += [one for one in severity[1] if one.min_severity is not None and one.min_severity <= level]
            elif raised:
                found += [one for one in severity[1] if one.min_severity is not None and one.min_severity > level]
            if keep[0] != self.keep and keep[2] >= 0:
                found += [one for one in keep[1] if one not in found]
        if sent and content[0] != self.content:
            found += [one for one in content[1] if one not in found]
        return found

    def _first_of_window(self, key: str, now: float, kept: bool) -> bool:
        """Whether nothing of this logger or operation was sent lately, so that this one is, for a sample of everything."""
        last = self._windows.get(key)
        if not kept and last is not None and now - last < _WINDOW_S:
            return False
        if len(self._windows) >= _MAX_KEYS:
            self._windows.clear()
        self._windows[key] = now
        return True


def _adds(boost: Directive, level: int, trace_hash: float, own: Verbosity, base_sent: bool) -> bool:
    """Whether the boost, had it room, would send the record or more of its content."""
    if boost.content is not None and boost.content > own.content and base_sent:
        return True
    if base_sent:
        return False
    lowers = boost.min_severity is not None and boost.min_severity <= level < own.min_severity
    keeps = boost.keep is not None and own.keep <= trace_hash < boost.keep and level >= own.min_severity
    return lowers or keeps


def _merge(own: Any, boosts: list[Directive], restricts: list[Directive], field: str, more: int) -> tuple[Any, list[Directive]]:
    """The value of one field, and the directives that made it differ from the application's own.

    ``more`` is 1 where a larger value is more detail, -1 where it is less.
    """
    value, by = own, []
    for boost in boosts:
        given = getattr(boost, field)
        if given is not None and (given - own) * more > 0:
            by.append(boost)
            if (given - value) * more > 0:
                value = given
    boosted = value
    restricted_by: list[Directive] = []
    for restrict in restricts:
        given = getattr(restrict, field)
        if given is None:
            continue
        if field == "min_severity":
            given = min(given, WARN)
        for boost in boosts:
            higher = getattr(boost, field)
            if boost.priority > restrict.priority and higher is not None and (higher - given) * more > 0:
                given = higher
        if (given - boosted) * more < 0:
            restricted_by.append(restrict)
            if (given - value) * more < 0:
                value = given
    if (value - own) * more < 0:
        return value, restricted_by
    return value, by if value != own else restricted_by
