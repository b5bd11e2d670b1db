"""What Telltale says of itself."""

from __future__ import annotations

import time
from typing import Any

from . import _ids
from ._propagation import inject
from ._scope import here
from ._state import state
from .capture import capture_status


def current_place() -> dict[str, str]:
    """The ids of where the program is: ``session_id``, ``turn_id``, ``llm_call_id``, ``tool_call_id``, ``span_id``."""
    scope = here()
    return {
        "session_id": scope.session_id,
        "turn_id": scope.trace_id,
        "span_id": scope.span_id,
        "llm_call_id": scope.llm_call_id,
        "tool_call_id": scope.tool_call_id,
        "traceparent": inject({}, scope).get("traceparent", ""),
    }


def stats() -> dict[str, Any]:
    """Counts since the start: what was delivered, what was lost and why, what waits."""
    runtime = state.runtime
    if runtime is None:
        return {"installed": False}
    return {
        "installed": True,
        "instance": _ids.instance,
        "delivered": runtime.sender.delivered,
        "waiting": runtime.queue.items,
        "lost": dict(runtime.losses.total),
        "last_problem": runtime.sender.last_problem,
        "set_hash": runtime.verbosity.set_hash,
        "directives": len(runtime.verbosity.directives),
        "control": runtime.control.mode if runtime.control is not None else "off",
        "control_problem": runtime.control.last_problem if runtime.control is not None else "",
        "acks_sent": runtime.keeper.acks_sent if runtime.keeper is not None else 0,
        **runtime.totals,
    }


def selftest(timeout: float = 10.0) -> dict[str, Any]:
    """Sends a record, sees directives, acknowledges; answers what worked, and for each library whether it is patched."""
    runtime = state.runtime
    if runtime is None:
        return {"ok": False, "problem": "not installed: call telltale.install() first", "capture": capture_status()}
    until = time.monotonic() + timeout
    before = runtime.sender.delivered
    runtime.note("telltale selftest", {"selftest": True})
    runtime.queue.wake.set()
    sent = runtime.flush(timeout) and runtime.sender.delivered > before
    seen = acked = runtime.control is None
    while not (seen and acked) and time.monotonic() < until:
        seen = seen or bool(runtime.verbosity.set_hash)
        acked = acked or (runtime.keeper is not None and runtime.keeper.acks_sent > 0)
        time.sleep(0.05)
    problems = {
        "sends": "" if sent else runtime.sender.last_problem or "nothing was delivered in time",
        "sees": "" if seen else (runtime.control.last_problem if runtime.control else "") or "no directives came in time",
        "acks": "" if acked else "no acknowledgement was taken in time",
    }
    checks = {name: "ok" if not problem else f"failed: {problem}" for name, problem in problems.items()}
    return {"ok": sent and seen and acked, **checks, "capture": capture_status(), "url": runtime.settings.url}
