"""What ``install`` starts: one per process. Decides over each record and hands it to the queue or to its ring."""

from __future__ import annotations

import logging
import os
import sys
import time
import weakref
from typing import Any

from . import _ids
from ._config import Settings
from ._console import Console
from ._delivery import Sender
from ._entries import held_entry, level_is_default, named, plain_record_entry, record_entry, size_of
from ._guard import guard, inside
from ._queue import Losses, Queue
from ._records import EVENT, STOOD_FOR, Event, Writer
from ._ring import Ring, rings
from ._scope import Scope, current, here
from ._severity import ERROR, INFO, WARN
from ._verbosity import FULL, Mark, Verbosity

#: What a turn is sent whole for; a directive asks for what is there, and no more.
_TRIGGERS_OF_TROUBLE = ("error", "slow turn", "feedback ", "report ")


class Runtime:
    """Holds the parts together."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.static = {
            "service_name": settings.service,
            "deployment_environment": settings.environment,
            "service_version": settings.service_version,
        }
        self.losses = Losses()
        self.verbosity = Verbosity(settings.min_severity, settings.keep, settings.content, self.static)
        self.queue = Queue(settings.queue_items, settings.queue_bytes, settings.batch_items, self.losses)
        self.writer = Writer({**self.static, "region": settings.region, "release": settings.release})
        self.sender = Sender(settings, self.queue, self.writer, self.losses)
        self.console = Console(settings)
        self.turns: weakref.WeakSet[Any] = weakref.WeakSet()
        self.started = False
        self.closed = False
        #: Nothing of ours but the queue wants records.
        self.plainly = not self.console.writes
        self.totals = {"turns": 0, "llm_calls": 0, "tool_calls": 0, "input_tokens": 0, "output_tokens": 0, "errors": 0}
        self._workers: list[Any] = []
        #: Set by ``install``.
        self.keeper: Any = None
        self.control: Any = None
        self._reported: set[str] = set()
        rings.max_bytes = rings.outside.max_bytes = settings.ring_bytes
        rings.linger_s = settings.ring_linger_s

    # --- threads

    def add_worker(self, worker: Any) -> None:
        """Something with ``start()``, ``stop()`` and ``renew()`` that runs beside the sender."""
        self._workers.append(worker)

    def start(self) -> None:
        """Starts the threads, once in each process. Not at import and not right after a fork, but at the first record."""
        if self.started or self.closed:
            return
        self.started = True
        with inside():
            try:
                self.sender.start()
                for worker in self._workers:
                    worker.start()
            except RuntimeError:
                # The interpreter is going down and takes no new threads: ``flush`` sends from the caller's then.
                pass

    def renew(self) -> None:
        """In the child of a fork: everything from the start, but for the settings and the directives that were in force."""
        self.started = False
        self.losses = Losses()
        settings = self.settings
        self.queue.__init__(settings.queue_items, settings.queue_bytes, settings.batch_items, self.losses)  # type: ignore[misc]
        self.verbosity.renew()
        self.sender.renew(self.losses)
        self.turns = weakref.WeakSet()
        self.totals = dict.fromkeys(self.totals, 0)
        for worker in self._workers:
            worker.renew()

    def close(self, timeout: float) -> None:
        if self.closed:
            return
        for worker in self._workers:
            worker.stop()
        self.flush(timeout)
        self.closed = True
        rings.forget_ended()
        self.sender.stop()

    def flush(self, timeout: float) -> bool:
        """Sends what is queued, within ``timeout`` seconds; whether all is gone."""
        self.start()
        return self.sender.flush(timeout)

    # --- records

    def take_record(self, record: logging.LogRecord) -> None:
        """A record that the application's level lets through."""
        if guard.busy or self.closed:
            return
        scope, level = current.get(), record.levelno
        if scope.after is not None:
            scope = here()
        if level < ERROR and scope.trace_id and not scope.muted and self.verbosity.simple and self.plainly:
            entry = plain_record_entry(record, scope)
            if entry is not None and self.started and (level >= self.verbosity.floor or level >= WARN):
                self.queue.put(level, entry, self.verbosity.plain)
                return
        guard.busy = True
        try:
            if not scope.trace_id:
                scope = self._with_otel(scope)
            if scope.muted and level < WARN:
                return
            entry = record_entry(record, scope)
            self.console.record(record, scope)
            if self.verbosity.simple:
                if level >= self.verbosity.floor or level >= WARN:
                    self._send(level, entry, self.verbosity.plain, scope)
                else:
                    (scope.ring or rings.outside).append(entry, entry[1])
            else:
                self._decide(level, entry, scope, record.name, "log")
        except Exception as error:
            self.failed("log", error)
        finally:
            guard.busy = False

    def take_suppressed(self, logger: Any, level: int, msg: Any, args: Any, kwargs: Any, scope: Scope, caller: Any) -> None:
        """A call that the application's level suppresses, where the fast path of ``_hooks`` does not do."""
        if self.closed:
            return
        if not scope.trace_id:
            scope = self._with_otel(scope)
        entry = held_entry(logger, level, msg, args, kwargs, scope, caller)
        if level >= INFO and level_is_default(logger):
            # Nobody chose the root's WARNING: it is what ``logging`` starts with.
            self.console.suppressed(logger, entry)
            self._decide(level, entry, scope, logger.name, "log")
            return
        if not self.verbosity.active:
            (scope.ring or rings.outside).append(entry, entry[1])
            return
        decision = self.verbosity.decide(level, scope, logger.name, "log", entry[1])
        if decision.sent and level >= self.verbosity.min_severity and decision.mark.level != "debug":
            # The application's level asks for less than our setting, and no boost for more.
            decision = decision._replace(sent=False)
        self._settle(level, entry, scope, decision)

    def take_event(self, event: Event, scope: Scope, level: int) -> None:
        """An operation that ended, or something said about one."""
        if guard.busy or self.closed or (scope.muted and level < WARN):
            return
        with inside():
            try:
                size = 250 + size_of(event)
                entry = (time.time_ns(), size, EVENT, scope, event)
                self.console.event(event)
                self._count(event)
                self._decide(level, entry, scope, "", str(event["kind"]))
            except Exception as error:
                self.failed(str(event.get("kind")), error)

    def _decide(self, level: int, entry: Any, scope: Scope, logger: str, kind: str) -> None:
        self._settle(level, entry, scope, self.verbosity.decide(level, scope, logger, kind, entry[1]))

    def _settle(self, level: int, entry: Any, scope: Scope, decision: Any) -> None:
        if decision.sent:
            self._send(level, entry, decision.mark, scope)
        else:
            if decision.mark.content != FULL:
                entry = self._withhold_now(entry, decision.mark)
            if decision.mark.weight == 0.0:
                entry = (*entry[:2], entry[2] + STOOD_FOR, *entry[3:])
            (scope.ring or rings.outside).append(entry, entry[1])

    def _withhold_now(self, entry: Any, mark: Mark) -> Any:
        """What a restrict withholds must not leave by the ring either."""
        if entry[2] != EVENT:
            return entry
        return (*entry[:4], self.writer.withheld(entry[4], mark))

    def _send(self, level: int, entry: Any, mark: Mark, scope: Scope) -> None:
        if not self.started:
            self.start()
        if level >= ERROR:
            self.flush_ring(scope.ring or rings.outside, f"error {time.time_ns()}", scope)
        self.queue.put(level, entry, mark)

    # --- ring

    def flush_ring(self, ring: Ring, trigger: str, scope: Scope) -> int:
        """Queues what a ring holds, in order, before what triggered it; once for each trigger. Answers how many."""
        if trigger.startswith(_TRIGGERS_OF_TROUBLE) and ring is not rings.outside:
            ring.went_wrong = True
        if not ring.entries and not ring.dropped:
            return 0
        if trigger in ring.triggers:
            return 0
        if not trigger.startswith("error"):
            ring.triggers.add(trigger)
        entries, dropped = rings.take(ring)
        mark, stood_for = Mark(from_ring=True), Mark(0.0, from_ring=True)
        if dropped:
            first = entries[0][3] if entries else scope
            self.queue.put(INFO, self._note(f"dropped={dropped}", first, {"dropped": dropped}), mark)
        for entry in entries:
            if entry[2] >= STOOD_FOR:
                self.queue.put(INFO, (*entry[:2], entry[2] - STOOD_FOR, *entry[3:]), stood_for)
            else:
                self.queue.put(INFO, entry, mark)
        self.start()
        self.queue.wake.set()
        return len(entries)

    def flush_matching(self, directives: list[Any]) -> None:
        """Boosts with ``flush`` that have just come: turns that go on and of which something held matches are sent."""
        for one in directives:
            if not (one.flush and one.is_boost):
                continue
            for ring in rings.open():
                held = list(ring.entries.copy())
                if any(one.matches(entry[3], *named(entry)) for entry in held):
                    one.hits += self.flush_ring(ring, f"{one.id} {one.version}", held[0][3])

    def _note(self, body: str, scope: Scope, attributes: dict[str, Any], severity: str = "info") -> Any:
        from ._records import add_place

        event: Event = {
            "kind": "log", "ts": time.time_ns() // 1000, "id": _ids.new_event_id(), "name": "telltale",
            "severity": severity, "body": body, "attributes": {"logger": "telltale", **attributes},
        }  # fmt: skip
        add_place(event, scope)
        return (time.time_ns(), 400, EVENT, scope, event)

    def note(self, body: str, attributes: dict[str, Any], severity: str = "info") -> None:
        """A record of our own, about ourselves; sent whatever directives say."""
        self.queue.put(WARN, self._note(body, current.get(), attributes, severity), Mark())

    # --- ourselves

    def _with_otel(self, scope: Scope) -> Scope:
        if "opentelemetry.trace" not in sys.modules:
            return scope
        from ._propagation import otel_place

        place = otel_place()
        if place is None:
            return scope
        found = scope.child()
        found.trace_id, found.span_id = place
        return found

    def _count(self, event: Event) -> None:
        totals, kind = self.totals, event["kind"]
        name = {"turn": "turns", "llm": "llm_calls", "tool": "tool_calls"}.get(kind)
        if name:
            totals[name] += 1
        if event.get("status") == "error":
            totals["errors"] += 1
        usage = event.get("usage")
        if usage and kind == "llm":
            totals["input_tokens"] += usage.get("input_tokens") or 0
            totals["output_tokens"] += usage.get("output_tokens") or 0

    def summarize(self) -> None:
        """The last record of a process that had turns: what it did altogether."""
        totals = self.totals
        if totals["turns"] or totals["llm_calls"] or totals["tool_calls"]:
            text = " ".join(f"{name}={count}" for name, count in totals.items())
            self.note(f"summary: {text}", {f"summary.{name}": count for name, count in totals.items()})

    def failed(self, where: str, error: BaseException) -> None:
        """Something of ours went wrong: counted, reported once a place, never raised."""
        self.losses.add("sdk_error")
        self.complain(f"could not take a {where}: {type(error).__name__}: {error}", where)

    def complain(self, text: str, once: str) -> None:
        if once in self._reported:
            return
        self._reported.add(once)
        try:
            sys.stderr.write(f"telltale[{os.getpid()}]: {text}\n")
        except Exception:
            pass
