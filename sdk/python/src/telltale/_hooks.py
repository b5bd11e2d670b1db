"""Sees the log calls of the application, without changing its loggers, levels or handlers.

The methods of ``logging.Logger`` are replaced by ones that do what they did, and besides: a call that the level of
the logger suppresses goes to the flight recorder (or is sent, if a directive says so), and a record that was handled
is handed to us after the application's own handlers.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._guard import guard, inside
from ._records import HELD, RECORD, error_of, extras_of, is_atomic
from ._ring import rings
from ._scope import NOWHERE, current
from ._severity import ERROR, WARN
from ._snapshot import ATOMIC, snapshot

if TYPE_CHECKING:
    from ._runtime import Runtime

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}
_PLAIN_FIELDS = len(logging.makeLogRecord({}).__dict__)
_OVERHEAD = 180
_originals: dict[str, Any] = {}


def install_hooks(runtime: Runtime) -> None:
    """Replaces the methods once; ``remove_hooks`` gives them back."""
    if _originals:
        remove_hooks()
    logger = logging.Logger
    held = _hold_calls(runtime)
    for name, level in _LEVELS.items():
        _replace(logger, name, _leveled(level, held))
    _replace(logger, "log", _any_level(held))
    _replace(logger, "callHandlers", _call_handlers(runtime, logger.callHandlers))
    _replace(logging.LoggerAdapter, "log", _adapter(held))


def remove_hooks() -> None:
    for key, original in _originals.items():
        owner, _, name = key.partition(".")
        setattr(getattr(logging, owner), name, original)
    _originals.clear()


def _replace(owner: Any, name: str, method: Any) -> None:
    _originals[f"{owner.__name__}.{name}"] = getattr(owner, name)
    # ``findCaller`` skips the frames of this file, as do others that look for the caller of ``logging``.
    method.__code__ = method.__code__.replace(co_filename=logging._srcfile, co_name=name)
    method.__name__ = name
    setattr(owner, name, method)


def _leveled(level: int, held: Callable[..., None]) -> Callable[..., None]:
    def method(self: logging.Logger, msg: Any, *args: Any, **kwargs: Any) -> None:
        if self.isEnabledFor(level):
            self._log(level, msg, args, **kwargs)
        else:
            held(self, level, msg, args, kwargs)

    return method


def _any_level(held: Callable[..., None]) -> Callable[..., None]:
    def method(self: logging.Logger, level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
        if not isinstance(level, int):
            if logging.raiseExceptions:
                raise TypeError("level must be an integer")
            return
        if self.isEnabledFor(level):
            self._log(level, msg, args, **kwargs)
        else:
            held(self, level, msg, args, kwargs)

    return method


def _adapter(held: Callable[..., None]) -> Callable[..., None]:
    def method(self: Any, level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
        if self.isEnabledFor(level):
            msg, kwargs = self.process(msg, kwargs)
            self.logger.log(level, msg, *args, **kwargs)
        elif type(self.logger) is logging.Logger:
            held(self.logger, level, msg, args, {"extra": self.extra} if isinstance(self.extra, dict) else kwargs)

    return method


def _hold_calls(runtime: Runtime) -> Callable[[logging.Logger, int, Any, Any, Any], None]:
    """What is done with a call that the application's level suppresses. Everything it needs is a local of it."""
    verbosity = runtime.verbosity
    outside = rings.outside
    suppressed = rings.suppressed
    manager = logging.root.manager
    atomic, now, frame, place = ATOMIC, time.time_ns, sys._getframe, current.get
    all_rings, busy, nowhere, modules = rings, guard, NOWHERE, sys.modules

    def held(logger: logging.Logger, level: int, msg: Any, args: Any, kwargs: Any) -> None:
        if level >= verbosity.floor or kwargs or type(msg) is not str:
            return slow(logger, level, msg, args, kwargs)
        size = _OVERHEAD + len(msg)
        for arg in args:
            kind = type(arg)
            if kind is str:
                size += len(arg)
            elif kind not in atomic:
                return slow(logger, level, msg, args, kwargs)
        if busy.busy or manager.disable >= level or logger.disabled:
            return None
        scope = place()
        if scope.muted:
            return None
        if scope is nowhere and "opentelemetry.trace" in modules:
            return slow(logger, level, msg, args, kwargs)
        caller = frame(2)
        ring = scope.ring or outside
        # As ``Ring.append``, without the call.
        with all_rings.lock:
            ring.entries.append((now(), size, HELD, scope, logger, level, msg, args, None, caller.f_code, caller.f_lineno))
            suppressed.records += 1
            suppressed.bytes += size
            ring.bytes = held_bytes = ring.bytes + size
            if held_bytes > ring.max_bytes:
                ring.shrink(ring.max_bytes)
        return None

    def slow(logger: logging.Logger, level: int, msg: Any, args: Any, kwargs: Any) -> None:
        if guard.busy or manager.disable >= level or logger.disabled:
            return
        scope = place()
        if scope.muted and level < WARN:
            return
        caller = frame(3)
        with inside():
            try:
                runtime.take_suppressed(logger, level, msg, args, kwargs, scope, caller)
            except Exception as error:
                runtime.failed("log", error)

    return held


def held_entry(logger: logging.Logger, level: int, msg: Any, args: Any, kwargs: Any, scope: Any, caller: Any) -> tuple[Any, ...]:
    """The entry of a suppressed call whose arguments need a copy."""
    size = _OVERHEAD
    if type(msg) is not str:
        msg = snapshot(msg)
    if args and not is_atomic(args):
        args = tuple(snapshot(arg) for arg in args)
    if len(args) == 1 and isinstance(args[0], dict) and args[0]:
        # As ``LogRecord`` does: ``logger.debug("%(name)s", {"name": …})``.
        args = args[0]
    size += _size_of(msg) + sum(_size_of(arg) for arg in (args.values() if isinstance(args, dict) else args))
    kept: Any = None
    if kwargs:
        extra, exc_info = kwargs.get("extra"), kwargs.get("exc_info")
        kept = {}
        if isinstance(extra, dict):
            kept["extra"] = snapshot(extra)
            size += _size_of(kept["extra"])
        if exc_info:
            kept["error"] = error_of(exc_info)
            size += 1000
        for _ in range(int(kwargs.get("stacklevel", 1)) - 1):
            caller = caller.f_back or caller
    return (time.time_ns(), size, HELD, scope, logger, level, msg, args, kept, caller.f_code, caller.f_lineno)


def _size_of(value: Any) -> int:
    """About how many bytes a value is as JSON; no more than a look at it."""
    if isinstance(value, (str, bytes)):
        return len(value)
    if isinstance(value, dict):
        return 8 + sum(len(str(key)) + _size_of(item) for key, item in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return 8 + sum(_size_of(item) for item in value)
    fields = getattr(value, "fields", None) if not isinstance(value, (int, float)) else None
    return 16 + (_size_of(fields) if isinstance(fields, dict) else 0)


size_of = _size_of


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
    size = _OVERHEAD + len(body)
    extras = None
    if len(record.__dict__) > _PLAIN_FIELDS:
        extras = snapshot(extras_of(record))
        size += _size_of(extras) if extras else 0
    error = None
    if record.exc_info:
        error = error_of(record.exc_info)
        size += len(error["stack"]) if error else 0
    return (int(record.created * 1e9), size, RECORD, scope, record, body, extras, error)


def _call_handlers(runtime: Runtime, original: Callable[..., None]) -> Callable[..., None]:
    take = runtime.take_record

    def method(self: logging.Logger, record: logging.LogRecord) -> None:
        if guard.busy:
            original(self, record)
            return
        if record.levelno >= ERROR:
            # Ours first: a handler of the application that raises must not lose an error.
            take(record)
            original(self, record)
        else:
            original(self, record)
            take(record)

    return method
