"""What is kept of a log call until it is sent or dropped (the forms are those of ``_records``)."""

from __future__ import annotations

import logging
import time
from typing import Any

from ._records import HELD, RECORD, error_of, extras_of, is_atomic
from ._snapshot import snapshot

#: About how many bytes an event has besides its texts.
OVERHEAD = 180
_PLAIN_FIELDS = len(logging.makeLogRecord({}).__dict__)


def held_entry(logger: logging.Logger, level: int, msg: Any, args: Any, kwargs: Any, scope: Any, caller: Any) -> tuple[Any, ...]:
    """The entry of a suppressed call whose arguments need a copy."""
    if type(msg) is not str:
        msg = snapshot(msg)
    if args and not is_atomic(args):
        args = tuple(snapshot(arg) for arg in args)
    if len(args) == 1 and isinstance(args[0], dict) and args[0]:
        # As ``LogRecord`` does: ``logger.debug("%(name)s", {"name": …})``.
        args = args[0]
    size = OVERHEAD + size_of(msg) + sum(size_of(arg) for arg in (args.values() if isinstance(args, dict) else args))
    kept: Any = None
    if kwargs:
        extra, exc_info = kwargs.get("extra"), kwargs.get("exc_info")
        kept = {}
        if isinstance(extra, dict):
            kept["extra"] = snapshot(extra)
            size += size_of(kept["extra"])
        if exc_info:
            kept["error"] = error_of(exc_info)
            size += 1000
        for _ in range(int(kwargs.get("stacklevel", 1)) - 1):
            caller = caller.f_back or caller
    return (time.time_ns(), size, HELD, scope, logger, level, msg, args, kept, caller.f_code, caller.f_lineno)


def size_of(value: Any) -> int:
    """About how many bytes a value is as JSON; no more than a look at it."""
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, dict):
        return 8 + sum(len(str(key)) + size_of(item) for key, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return 8 + sum(size_of(item) for item in value)
    fields = getattr(value, "fields", None) if not isinstance(value, (int, float)) else None
    return 16 + (size_of(fields) if isinstance(fields, dict) else 0)


def record_entry(record: logging.LogRecord, scope: Any) -> tuple[Any, ...]:
    """The entry of a record that the application's handlers have had."""
    msg, args = record.msg, record.args
    body: Any
    if type(msg) is str and not args:
        body = msg
    else:
        try:
            body = record.getMessage()
        except Exception:
            body = f"{snapshot(msg)} {snapshot(args)!r}"
    size = OVERHEAD + len(body)
    extras = None
    if len(record.__dict__) > _PLAIN_FIELDS:
        extras = snapshot(extras_of(record))
        size += size_of(extras) if extras else 0
    error = None
    if record.exc_info:
        error = error_of(record.exc_info)
        size += len(error["stack"]) if error else 0
    return (int(record.created * 1e9), size, RECORD, scope, record, body, extras, error)
