"""Formatters of the standard library's kind, for use with any handler."""

from __future__ import annotations

import datetime
import json
import logging
import sys
import threading
from typing import Any, Optional

from ._records import extras_of
from ._scope import NOWHERE, Scope, current
from ._severity import severity_of

_COLORS = {"trace": "2", "debug": "2", "info": "36", "warn": "33", "error": "31", "fatal": "1;31"}
_KINDS = {"turn": "turn", "llm": "model", "tool": "tool", "chain": "step"}
_OURS = {"telltale_scope", "telltale_event"}


class JSONFormatter(logging.Formatter):
    """One JSON object a line, with the ids of turn, session and calls."""

    def format(self, record: logging.LogRecord) -> str:
        event = getattr(record, "telltale_event", None)
        if event is not None:
            return json.dumps({"ts": _iso(event["ts"] / 1e6), **{k: v for k, v in event.items() if k != "ts"}},
                              default=str, ensure_ascii=False)  # fmt: skip
        scope = scope_of(record)
        line: dict[str, Any] = {
            "ts": _iso(record.created),
            "severity": severity_of(record.levelno),
            "logger": record.name,
            "message": record.getMessage(),
        }
        for field in ("session_id", "trace_id", "span_id", "llm_call_id", "tool_call_id", "user_id"):
            value = getattr(scope, field)
            if value:
                line["turn_id" if field == "trace_id" else field] = value
        line.update({key: value for key, value in extras_of(record).items() if key not in _OURS})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        elif record.exc_text:
            line["exception"] = record.exc_text
        line["code"] = f"{record.filename}:{record.lineno}"
        return json.dumps(line, default=str, ensure_ascii=False)


class ReadableConsoleFormatter(logging.Formatter):
    """A line for people. Within a turn lines hang in a small tree, which the turn's own line closes.

    ``color``: None asks whether standard error is a terminal (``NO_COLOR`` and ``FORCE_COLOR`` count).
    """

    def __init__(self, color: Optional[bool] = None) -> None:
        super().__init__()
        self.color = _is_terminal() if color is None else color
        self._lock = threading.Lock()
        self._open: set[str] = set()

    def opened(self, trace_id: str) -> None:
        with self._lock:
            if len(self._open) > 1000:
                self._open.clear()
            self._open.add(trace_id)

    def format(self, record: logging.LogRecord) -> str:
        event = getattr(record, "telltale_event", None)
        if event is not None:
            return self._operation(event, record.created)
        severity = severity_of(record.levelno)
        scope = scope_of(record)
        branch = self._dim("│ ") if scope.trace_id in self._open else ""
        text = (
            f"{self._dim(_clock(record.created))} {branch}{self._paint(f'{severity.upper():<5}', _COLORS[severity])} "
            f"{self._dim(record.name)} {record.getMessage()}"
        )
        extras = {key: value for key, value in extras_of(record).items() if key not in _OURS}
        if extras:
            text += " " + self._dim(" ".join(f"{key}={value}" for key, value in extras.items()))
        if record.exc_info and not record.exc_text:
            record.exc_text = self.formatException(record.exc_info)
        return f"{text}\n{record.exc_text}" if record.exc_text else text

    def _operation(self, event: dict[str, Any], created: float) -> str:
        is_turn = event["kind"] == "turn"
        failed = event.get("status") == "error"
        inside = event.get("trace_id", "") in self._open
        branch = "" if not inside else "└ " if is_turn else "├ "
        if is_turn:
            with self._lock:
                self._open.discard(event.get("trace_id", ""))
        parts = [_duration(event.get("duration_ms") or 0)]
        usage = event.get("usage") or {}
        if usage:
            parts.append(f"{usage.get('input_tokens', 0)}→{usage.get('output_tokens', 0)} tokens")
        first = event.get("time_to_first_token_ms")
        if first is not None:
            parts.append(f"first after {_duration(first)}")
        cost = (event.get("attributes") or {}).get("cost_usd")
        if cost is not None:
            parts.append(f"${float(cost):.4f}")
        if failed:
            error = event.get("error") or {}
            parts.append(f"{error.get('type', 'error')}: {error.get('message', '')}")
        sign = self._paint("✗" if failed else "✓", "31" if failed else "32")
        name = event.get("name", "")
        chosen = (event.get("decision") or {}).get("chosen")
        label = f"{_KINDS.get(event['kind'], event['kind'])} {name}{f' → {chosen}' if chosen else ''}"
        return f"{self._dim(_clock(created))} {self._dim(branch)}{sign} {label} {self._dim(' · '.join(parts))}"

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.color and text else text

    def _dim(self, text: str) -> str:
        return self._paint(text, "2")


def scope_of(record: logging.LogRecord) -> Scope:
    """Where the record was made, as far as it says so; else where the program is now."""
    scope = getattr(record, "telltale_scope", None)
    return scope if isinstance(scope, Scope) else current.get() or NOWHERE


def _is_terminal() -> bool:
    import os

    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    try:
        return sys.stderr.isatty()
    except Exception:
        return False


def _iso(seconds: float) -> str:
    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _clock(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds).strftime("%H:%M:%S.%f")[:-3]


def _duration(ms: float) -> str:
    return f"{ms:.0f} ms" if ms < 1000 else f"{ms / 1000:.2f} s"
