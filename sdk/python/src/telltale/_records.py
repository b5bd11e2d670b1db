"""Turns held entries into native events (what ``POST /v1/events`` takes). Runs on the sender's thread.

An entry begins ``(time in ns, size, form, scope, …)``. Three forms follow:
``HELD``: a log call that the application's level suppresses, as its arguments; ``RECORD``: a ``LogRecord``;
``EVENT``: an event that ``_operations`` made.
"""

from __future__ import annotations

import logging
import traceback
from typing import Any, Optional

from . import _ids
from ._scope import Scope
from ._severity import severity_of
from ._snapshot import ATOMIC
from ._verbosity import FULL, Mark

HELD, RECORD, EVENT = 0, 1, 2
#: Added to the form of an entry in a ring that others stand for: sent after all, it has the weight 0.
STOOD_FOR = 10
Event = dict[str, Any]
_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName", "exc_text"}
_CONTENT_FIELDS = ("input", "output")
_TOOL_CONTENT = (("arguments", "tool_arguments"), ("result", "tool_result"))


class Writer:
    """Makes events of one process: it knows what is the same in all of them."""

    def __init__(self, resource: dict[str, str]) -> None:
        self.resource = {key: value for key, value in resource.items() if value}

    def event(self, entry: Any, mark: Mark) -> Optional[Event]:
        """The event, or None where a filter of the application's logger drops it."""
        form = entry[2]
        if form == EVENT:
            event = self._operation(entry, mark)
        elif form == RECORD:
            event = self._record(entry)
        else:
            held = self._held(entry)
            if held is None:
                return None
            event = held
        event["instance"] = _ids.instance
        event.update(self.resource)
        if mark.weight != 1.0:
            event["sampling_weight"] = mark.weight
        if mark.level != "normal":
            event["verbosity_level"] = mark.level
        if mark.directive_ids:
            event["directive_ids"] = list(mark.directive_ids)
        if mark.from_ring:
            event["from_ring"] = True
        return event

    def _record(self, entry: Any) -> Event:
        ns, _, _, scope, record, body, extras, error = entry
        body = formatted(record.msg, record.args) if body is None else body
        event = self._log(ns, scope, record.name, record.levelno, body)
        attributes = event["attributes"]
        attributes["code.file"] = record.pathname
        attributes["code.line"] = record.lineno
        attributes["code.function"] = record.funcName
        attributes["thread.name"] = record.threadName
        if extras:
            attributes.update(extras)
        if error:
            event["error"] = error
        return event

    def _held(self, entry: Any) -> Optional[Event]:
        ns, _, _, scope, logger, level, msg, args, kwargs, code, line = entry
        extras = kwargs.get("extra") if kwargs else None
        error = kwargs.get("error") if kwargs else None
        if logger.filters:
            record = logging.LogRecord(logger.name, level, code.co_filename, line, msg, args, None, code.co_name)
            for key, value in (extras or {}).items():
                record.__dict__.setdefault(key, value)
            passed = logger.filter(record)
            if not passed:
                return None
            record = passed if isinstance(passed, logging.LogRecord) else record
            msg, args, extras = record.msg, record.args, extras_of(record)
        event = self._log(ns, scope, logger.name, level, formatted(msg, args))
        attributes = event["attributes"]
        attributes["code.file"] = code.co_filename
        attributes["code.line"] = line
        attributes["code.function"] = code.co_name
        if extras:
            attributes.update(extras)
        if error:
            event["error"] = error
        return event

    def _log(self, ns: int, scope: Scope, logger: str, level: int, body: str) -> Event:
        event: Event = {
            "kind": "log",
            "ts": ns // 1000,
            "id": _ids.new_event_id(),
            "name": logger,
            "severity": severity_of(level),
            "body": body,
            "attributes": {"logger": logger},
        }
        add_place(event, scope)
        return event

    def _operation(self, entry: Any, mark: Mark) -> Event:
        event: Event = dict(entry[4])
        return event if mark.content == FULL else self.withheld(event, mark)

    def withheld(self, original: Event, mark: Mark) -> Event:
        """The event without its content, or with the length of it."""
        event = dict(original)
        attributes: dict[str, Any] = dict(event.get("attributes") or {})
        for field in _CONTENT_FIELDS:
            if field in event:
                _withhold(attributes, field, event.pop(field), mark.content)
        tool = event.get("tool")
        if tool:
            event["tool"] = tool = dict(tool)
            for field, column in _TOOL_CONTENT:
                if field in tool:
                    _withhold(attributes, column, tool.pop(field), mark.content)
        event["attributes"] = attributes
        return event


def _withhold(attributes: dict[str, Any], field: str, value: Any, content: int) -> None:
    """Where content is ``metadata`` the length of what is left out is reported, as characters of the text it would be."""
    if content > 0:
        from ._encode import to_json

        attributes[f"{field}.length"] = len(value if isinstance(value, str) else to_json(value))


def add_place(event: Event, scope: Scope) -> None:
    """The ids of where a log line was written."""
    if scope.session_id:
        event["session_id"] = scope.session_id
    if scope.trace_id:
        event["trace_id"] = scope.trace_id
    if scope.span_id:
        event["span_id"] = scope.span_id
    if scope.user_id:
        event["user_id"] = scope.user_id
    if scope.agent_name:
        event["agent_name"] = scope.agent_name
    if scope.llm_call_id:
        event["attributes"]["llm_call_id"] = scope.llm_call_id
    if scope.tool_call_id:
        event["attributes"]["tool_call_id"] = scope.tool_call_id


def formatted(msg: Any, args: Any) -> str:
    """The message with its arguments; where they do not fit, both, rather than nothing."""
    text = msg if type(msg) is str else str(msg)
    if not args:
        return text
    try:
        return str(text % args)
    except Exception:
        return f"{text} {args!r}"


def extras_of(record: logging.LogRecord) -> dict[str, Any]:
    """What ``extra=`` added to a record."""
    return {key: value for key, value in record.__dict__.items() if key not in _STANDARD}


def error_of(exc_info: Any) -> Optional[dict[str, str]]:
    """Type, message and stack of an exception, as text; an exception whose own text fails is named all the same."""
    if exc_info is True:
        import sys

        exc_info = sys.exc_info()
    if isinstance(exc_info, BaseException):
        exc_info = (type(exc_info), exc_info, exc_info.__traceback__)
    if not isinstance(exc_info, tuple) or len(exc_info) != 3 or exc_info[0] is None:
        return None
    kind, error, trace = exc_info
    try:
        message = str(error)
    except Exception:
        message = f"<{kind.__name__}, whose text cannot be read>"
    try:
        stack = "".join(traceback.format_exception(kind, error, trace))
    except Exception:
        stack = ""
    module = getattr(kind, "__module__", "")
    name = kind.__qualname__ if module in ("builtins", "", None) else f"{module}.{kind.__qualname__}"
    return {"type": name, "message": message, "stack": stack}


def is_atomic(args: Any) -> bool:
    """Whether all arguments are of types that never change."""
    return all(type(arg) in ATOMIC for arg in args)
