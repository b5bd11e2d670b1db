"""Sees the log calls of the application, without changing its loggers, levels or handlers.

The methods of ``logging.Logger`` are replaced by ones that do what they did, and besides: a call that the level of
the logger suppresses goes to the flight recorder (or is sent, if a directive says so), and a record that was handled
is handed to us too. A call that nobody else would handle is taken without making a ``LogRecord`` of it.
"""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ._entries import OVERHEAD
from ._guard import guard, inside
from ._records import HELD
from ._ring import rings
from ._scope import NOWHERE, current, here
from ._severity import ERROR, WARN
from ._snapshot import ATOMIC

if TYPE_CHECKING:
    from ._runtime import Runtime

_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}
_Slow = Callable[[logging.Logger, int, Any, Any, Any], None]
_originals: dict[str, Any] = {}


def install_hooks(runtime: Runtime) -> None:
    """Replaces the methods once; ``remove_hooks`` gives them back."""
    if _originals:
        remove_hooks()
    logger = logging.Logger
    slow = _take_slowly(runtime)
    direct = _take_directly(runtime)
    for name, level in _LEVELS.items():
        _replace(logger, name, _leveled(runtime, level, slow, direct))
    _replace(logger, "log", _any_level(slow))
    _replace(logger, "callHandlers", _call_handlers(runtime, logger.callHandlers))
    _replace(logging.LoggerAdapter, "log", _adapter(slow))


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


def _leveled(runtime: Runtime, level: int, slow: _Slow, direct: Callable[..., bool]) -> Callable[..., None]:
    """``debug``, ``info`` … Everything that a suppressed call needs is a local, and nothing is called that need not be."""
    verbosity, outside, all_rings = runtime.verbosity, rings.outside, rings
    manager, atomic, now, frame, plain_logger = _disabling(), ATOMIC, time.time_ns, sys._getframe, logging.Logger
    place, nowhere, modules, busy, overhead = current.get, NOWHERE, sys.modules, guard, OVERHEAD
    may_be_direct = level < WARN

    def method(self: logging.Logger, msg: Any, *args: Any, **kwargs: Any) -> None:
        # What ``isEnabledFor`` answers, which has it from here mostly.
        enabled = self._cache.get(level) if self.__class__ is plain_logger else None  # type: ignore[attr-defined]
        if enabled is None or self.disabled:
            enabled = self.isEnabledFor(level)
        if enabled:
            if may_be_direct and not kwargs and direct(self, level, msg, args):
                return
            self._log(level, msg, args, **kwargs)
            return
        if level >= verbosity.floor or kwargs or type(msg) is not str:
            slow(self, level, msg, args, kwargs)
            return
        size = overhead + len(msg)
        for arg in args:
            kind = type(arg)
            if kind is str:
                size += len(arg)
            elif kind not in atomic:
                slow(self, level, msg, args, kwargs)
                return
        if busy.busy or manager._disable >= level or self.disabled:
            return
        scope = place()
        if scope.after is not None or (scope is nowhere and "opentelemetry.trace" in modules):
            slow(self, level, msg, args, kwargs)
            return
        if scope.muted:
            return
        caller = frame(1)
        ring = scope.ring or outside
        # As ``Ring.append``, without the call.
        ring.entries.append((now(), size, HELD, scope, self, level, msg, args, None, caller.f_code, caller.f_lineno))
        ring.bytes = size = ring.bytes + size
        if size > ring.max_bytes:
            all_rings.shrink(ring)

    return method


class _Disabling:
    """``logging.disable``'s level where ``logging`` does not keep it under the name that is fast to read."""

    @property
    def _disable(self) -> int:
        return logging.root.manager.disable


def _disabling() -> Any:
    manager = logging.root.manager
    return manager if isinstance(getattr(manager, "_disable", None), int) else _Disabling()


def _take_directly(runtime: Runtime) -> Callable[[logging.Logger, int, Any, Any], bool]:
    """A call that the level lets through, but that no handler, filter or factory of the application is waiting for."""
    verbosity, console, queue, plain_record = runtime.verbosity, runtime.console, runtime.queue, logging.LogRecord
    atomic, now, frame, place, overhead, plain_logger = ATOMIC, time.time_ns, sys._getframe, current.get, OVERHEAD, logging.Logger

    def direct(logger: logging.Logger, level: int, msg: Any, args: Any) -> bool:
        if console.writes or not verbosity.simple or type(msg) is not str or logger.filters or guard.busy:
            return False
        if type(logger) is not plain_logger or logging.getLogRecordFactory() is not plain_record or not runtime.started:
            return False
        above: Any = logger
        while above is not None:
            if above.handlers:
                return False
            above = above.parent if above.propagate else None
        size = overhead + len(msg)
        for arg in args:
            kind = type(arg)
            if kind is str:
                size += len(arg)
            elif kind not in atomic:
                return False
        scope = place()
        if scope.after is not None:
            return False
        if scope.muted:
            return True
        if not scope.trace_id and "opentelemetry.trace" in sys.modules:
            return False
        caller = frame(2)
        entry = (now(), size, HELD, scope, logger, level, msg, args, None, caller.f_code, caller.f_lineno)
        if level >= verbosity.min_severity:
            queue.put(level, entry, verbosity.plain)
        else:
            (scope.ring or rings.outside).append(entry, size)
        return True

    return direct


def _take_slowly(runtime: Runtime) -> _Slow:
    """A suppressed call whose arguments need a copy, or that a directive may want."""
    manager = logging.root.manager

    def slow(logger: logging.Logger, level: int, msg: Any, args: Any, kwargs: Any) -> None:
        if guard.busy or manager.disable >= level or logger.disabled:
            return
        scope = here()
        if scope.muted and level < WARN:
            return
        caller = sys._getframe(2)
        with inside():
            try:
                runtime.take_suppressed(logger, level, msg, args, kwargs, scope, caller)
            except Exception as error:
                runtime.failed("log", error)

    return slow


def _any_level(slow: _Slow) -> Callable[..., None]:
    def method(self: logging.Logger, level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
        if not isinstance(level, int):
            if logging.raiseExceptions:
                raise TypeError("level must be an integer")
            return
        if self.isEnabledFor(level):
            self._log(level, msg, args, **kwargs)
        else:
            slow(self, level, msg, args, kwargs)

    return method


def _adapter(slow: _Slow) -> Callable[..., None]:
    def method(self: Any, level: int, msg: Any, *args: Any, **kwargs: Any) -> None:
        if self.isEnabledFor(level):
            msg, kwargs = self.process(msg, kwargs)
            self.logger.log(level, msg, *args, **kwargs)
        elif isinstance(self.logger, logging.Logger):
            slow(self.logger, level, msg, args, {"extra": self.extra} if isinstance(self.extra, dict) else kwargs)

    return method


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
