"""What a program says besides its log: session, decisions, feedback, reports, silence."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Optional, Union

from . import _ids, _propagation
from ._records import Event, add_place
from ._ring import rings
from ._scope import Scope, current, here, reset
from ._severity import ERROR, INFO, WARN
from ._snapshot import snapshot
from ._state import state

_NEGATIVE = {"negative", "bad", "down", "thumbs_down", "dislike", "wrong", "unhelpful", "-1"}


class Place:
    """``with``: the program is elsewhere for a while. Nothing is sent for the place itself."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    @property
    def id(self) -> str:
        return self.scope.session_id

    def __enter__(self) -> Place:
        self._before = current.get()
        self._token = current.set(self.scope)
        return self

    def __exit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        reset(self._token, self._before)

    async def __aenter__(self) -> Place:
        return self.__enter__()

    async def __aexit__(
        self, kind: Optional[type[BaseException]], error: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.__exit__(kind, error, trace)


def session(session_id: str = "", *, user_id: str = "", agent_name: str = "") -> Place:
    """``with telltale.session(...)``: what is in it belongs to one conversation."""
    scope = here().child()
    scope.session_id = session_id or _ids.new_trace_id()
    scope.user_id = user_id or scope.user_id
    scope.agent_name = agent_name or scope.agent_name
    return Place(scope)


def mute() -> Place:
    """``with telltale.mute()``: nothing below a warning is taken, as for a health check."""
    scope = here().child()
    scope.muted = True
    return Place(scope)


def attach(carrier: Mapping[str, Any]) -> Place:
    """``with telltale.attach(headers)``: the place that another service's headers name."""
    return Place(_propagation.extract(carrier))


def decision(options: Sequence[str], chosen: str, reason: str = "", *, name: str = "decision", **attributes: Any) -> None:
    """The agent chose one of several ways."""
    event = _event("chain", name, attributes)
    event["decision"] = {"options": [str(one) for one in options], "chosen": str(chosen), "why": str(reason)}
    event["status"] = "ok"
    event["duration_ms"] = 0
    _take(event, INFO)


def feedback(
    score: Union[float, bool, None] = None, label: str = "", *, name: str = "user_feedback", comment: str = "",
    turn_id: str = "", session_id: str = "", **attributes: Any,
) -> None:  # fmt: skip
    """What somebody thought of an answer. Negative feedback (a score below 0, False, or a label such as
    ``thumbs_down``) sends what the flight recorder holds of the turn: while it lasts, and ``ring_linger_s`` longer."""
    event = _event("feedback", name, attributes)
    said: dict[str, Any] = {"name": name}
    if score is not None:
        said["value"] = float(score)
    if label:
        said["label"] = label
    event["score"] = said
    event["status"] = "ok"
    if comment:
        event["output"] = comment
    if turn_id and turn_id != event.get("trace_id"):
        event["trace_id"] = turn_id
        event.pop("parent_span_id", None)
    if session_id:
        event["session_id"] = session_id
    runtime = state.runtime
    if runtime is not None and (score is False or (score is not None and float(score) < 0) or label.lower() in _NEGATIVE):
        scope = here()
        for ring in rings.of_turn(turn_id) if turn_id else [scope.ring]:
            if ring is not None:
                runtime.flush_ring(ring, f"feedback {event['span_id']}", scope)
    _take(event, INFO)


def report(category: str, detail: str = "", **attributes: Any) -> None:
    """The program, or the agent itself, tells of trouble. Always sent; the flight recorder comes with it."""
    scope = here()
    event: Event = {
        "kind": "log", "ts": time.time_ns() // 1000, "id": _ids.new_event_id(), "name": "telltale.report",
        "severity": "warn", "body": f"{category}: {detail}" if detail else category,
        "attributes": {"logger": "telltale.report", "report.category": category, **snapshot(attributes)},
    }  # fmt: skip
    add_place(event, scope)
    runtime = state.runtime
    if runtime is not None:
        runtime.flush_ring(scope.ring or rings.outside, f"report {event['id']}", scope)
    _take(event, WARN)


def _event(kind: str, name: str, attributes: dict[str, Any]) -> Event:
    scope = here()
    event: Event = {"kind": kind, "ts": time.time_ns() // 1000, "name": name, "attributes": snapshot(attributes)}
    add_place(event, scope)
    # An operation of its own, under the one that is current.
    if scope.span_id:
        event["parent_span_id"] = scope.span_id
    event["span_id"] = _ids.new_span_id()
    event["id"] = _ids.new_event_id()
    return event


def _take(event: Event, level: int) -> None:
    runtime = state.runtime
    if runtime is not None:
        runtime.take_event(event, here(), max(level, ERROR) if event.get("status") == "error" else level)
