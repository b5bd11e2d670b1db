"""Turns, calls of models and of tools: what they say becomes one native event each, when they end."""

from __future__ import annotations

import asyncio
import time
from types import TracebackType
from typing import Any, Optional, TypeVar

from . import _ids, _propagation
from ._ring import rings
from ._scope import NOWHERE, Scope, current, here, reset
from ._severity import ERROR, INFO
from ._snapshot import ATOMIC, snapshot
from ._state import state

Self = TypeVar("Self", bound="Operation")
#: Fields of the event that an operation's ``set`` may give; all else becomes attributes.
_FIELDS = frozenset(
    {
        "agent_name", "provider", "request_model", "response_model", "request_max_tokens", "attempt", "input", "output",
        "finish_reasons", "requested_tool_call_ids", "requested_by_span_id", "time_to_first_token_ms", "prompt_name",
        "prompt_version", "feature_flags", "decision", "score",
    }
)  # fmt: skip


class Operation:
    """Something with a beginning and an end. Use it with ``with`` or ``async with``."""

    kind = "chain"

    def __init__(self, name: str, **fields: Any) -> None:
        self.name = name
        self.status = ""
        self.scope: Scope = NOWHERE
        self.started_ns = 0
        self._fields: dict[str, Any] = {}
        self._attributes: dict[str, Any] = {}
        self._tool: dict[str, Any] = {}
        self._usage: dict[str, int] = {}
        self._error: Optional[dict[str, str]] = None
        self._before: Scope = NOWHERE
        self._parent_span = ""
        self._token: Any = None
        self._otel: Any = None
        self._began = 0
        self.ended = False
        if fields:
            self.set(**fields)

    def set(self: Self, **fields: Any) -> Self:
        """Says more of the operation: fields of an event by their names, all else as attributes."""
        for name, value in fields.items():
            if value is None:
                continue
            copy = value if type(value) in ATOMIC else snapshot(value)
            if name in _FIELDS:
                self._fields[name] = copy
            else:
                self._attributes[name] = copy
        return self

    def fail(self: Self, error: Any) -> Self:
        """Says that it failed: an exception, or a text."""
        from ._records import error_of

        self.status = "error"
        self._error = error_of(error) if isinstance(error, BaseException) else {"type": "error", "message": str(error)}
        return self

    # --- beginning and end

    def _make_scope(self, here: Scope) -> Scope:
        scope = here.child()
        scope.kind, scope.name = self.kind, self.name
        return scope

    def begin(self: Self, at: Optional[Scope] = None, *, otel: bool = True) -> Self:
        """Starts it and makes it the place where the program is. ``with`` does this. ``at``: as a part of this place
        instead; ``otel=False``: spans of OpenTelemetry are no children of it, for what may end in another context."""
        before = self._before = here()
        parent = at or before
        if not parent.trace_id:
            place = _propagation.otel_place()
            if place is not None:
                parent = parent.child()
                parent.trace_id, parent.span_id = place
        scope = self._make_scope(parent)
        self._parent_span = scope.span_id
        scope.span_id = _ids.new_span_id()
        if not scope.trace_id:
            scope.trace_id = _ids.new_trace_id()
            scope.trace_hash = -1.0
        self.scope = scope
        self._opened(scope)
        self._token = current.set(scope)
        self._otel = _propagation.otel_enter(scope) if otel else None
        self.started_ns = time.time_ns()
        self._began = time.perf_counter_ns()
        return self

    def _opened(self, scope: Scope) -> None:
        """For what else begins with it."""

    def _closed(self) -> None:
        """For what else ends with it."""

    def lasts_s(self) -> float:
        """How long it has lasted so far, in seconds that the wall clock has no part in; 0 before it begins."""
        return (time.perf_counter_ns() - self._began) / 1e9 if self._began else 0.0

    def leave(self) -> None:
        """The program is back where it was before; the operation may go on, as a stream does."""
        if self._token is not None:
            _propagation.otel_leave(self._otel)
            if not reset(self._token, self._before):
                self.scope.after = self._before
            self._token = self._otel = None

    def end(self, error: Optional[BaseException] = None) -> None:
        """Ends it and hands its event over; once. Never raises."""
        if self.ended:
            return
        self.ended = True
        took_ms = (time.perf_counter_ns() - self._began) / 1e6
        self.leave()
        runtime = state.runtime
        if runtime is None:
            self._closed()
            return
        try:
            if error is not None:
                self._failed_with(error)
            event = self._event(took_ms)
            level = ERROR if event["status"] == "error" else INFO
            runtime.take_event(event, self.scope, level)
        except Exception as problem:
            runtime.failed(self.kind, problem)
        finally:
            self._closed()

    def _failed_with(self, error: BaseException) -> None:
        if isinstance(error, (GeneratorExit, StopIteration, StopAsyncIteration)):
            return
        if isinstance(error, asyncio.CancelledError):
            self.status = self.status or "unset"
            self._attributes["cancelled"] = True
            return
        if isinstance(error, SystemExit):
            return
        if self._error is None:
            self.fail(error)

    def _event(self, took_ms: float) -> dict[str, Any]:
        scope = self.scope
        event: dict[str, Any] = {
            "kind": self.kind,
            "ts": self.started_ns // 1000,
            "name": self.name,
            "duration_ms": took_ms,
            "status": self.status or "ok",
            "trace_id": scope.trace_id,
            "span_id": scope.span_id,
        }
        if self._parent_span:
            event["parent_span_id"] = self._parent_span
        if scope.session_id:
            event["session_id"] = scope.session_id
        if scope.user_id:
            event["user_id"] = scope.user_id
        if scope.agent_name:
            event["agent_name"] = scope.agent_name
        if self._error is not None:
            event["error"] = self._error
        if self._usage:
            event["usage"] = self._usage
        if self._tool:
            event["tool"] = self._tool
        event.update(self._fields)
        if self._attributes:
            event["attributes"] = self._attributes
        return event

    def __enter__(self: Self) -> Self:
        return self.begin()

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.end(error)

    async def __aenter__(self: Self) -> Self:
        return self.begin()

    async def __aexit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.end(error)


class Turn(Operation):
    """One request of a person and all that is done to answer it: a trace."""

    kind = "turn"

    def __init__(self, name: str = "turn", *, turn_id: str = "", session_id: str = "", user_id: str = "",
                 carrier: Any = None, agent_name: str = "", **fields: Any) -> None:  # fmt: skip
        super().__init__(name, **fields)
        self._given = (turn_id, session_id, user_id, agent_name)
        self._carrier = carrier

    def _make_scope(self, here: Scope) -> Scope:
        turn_id, session_id, user_id, agent_name = self._given
        if self._carrier is not None:
            here = _propagation.extract(self._carrier)
        scope = super()._make_scope(here)
        if turn_id:
            scope.trace_id, scope.span_id = turn_id, ""
        elif self._before.ring is not None and self._carrier is None:
            # A turn within a turn is a turn of its own.
            scope.trace_id = scope.span_id = ""
        scope.session_id = session_id or scope.session_id
        scope.user_id = user_id or scope.user_id
        scope.agent_name = agent_name or scope.agent_name
        scope.llm_call_id = scope.tool_call_id = scope.tool_name = scope.model = ""
        return scope

    @property
    def id(self) -> str:
        """The turn's id, which is its trace id."""
        return self.scope.trace_id

    def _opened(self, scope: Scope) -> None:
        scope.ring = rings.new(scope.trace_id)
        runtime = state.runtime
        if runtime is not None:
            runtime.turns.add(self)
            runtime.console.opened(scope)

    def _closed(self) -> None:
        runtime = state.runtime
        if runtime is not None:
            runtime.turns.discard(self)
        ring = self.scope.ring
        if ring is None:
            return
        if runtime is None:
            rings.clear(ring)
            return
        if ring.went_wrong:
            runtime.flush_ring(ring, "error, the rest", self.scope)
        rings.retire(ring)
