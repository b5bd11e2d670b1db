"""Carries the place of the program into threads and executors, where context variables do not go by themselves."""

from __future__ import annotations

import concurrent.futures
import functools
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from ._scope import NOWHERE, current, here, reset

T = TypeVar("T")
_originals: dict[str, Any] = {}


def wrap(function: Callable[..., T]) -> Callable[..., T]:
    """The function, to be run somewhere else as if it were here."""
    scope = here()
    if scope is NOWHERE:
        return function

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> T:
        before = current.get()
        token = current.set(scope)
        try:
            return function(*args, **kwargs)
        finally:
            reset(token, before)

    return run


def wrap_executor(executor: Any) -> Any:
    """Makes one executor carry the place, where ``install(threads=False)`` leaves executors alone."""
    submit = executor.submit

    @functools.wraps(submit)
    def carried(function: Any, /, *args: Any, **kwargs: Any) -> Any:
        return submit(wrap(function), *args, **kwargs)

    executor.submit = carried
    return executor


def install_threads() -> None:
    """Threads and thread pools start where they were asked for, from now on."""
    if _originals:
        return
    start = _originals["start"] = threading.Thread.start
    submit: Any = concurrent.futures.ThreadPoolExecutor.submit
    _originals["submit"] = submit

    @functools.wraps(start)
    def carried_start(self: threading.Thread) -> None:
        if current.get() is not NOWHERE:
            self.run = wrap(self.run)  # type: ignore[method-assign]
        start(self)

    @functools.wraps(submit)
    def carried_submit(self: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        return submit(self, wrap(function), *args, **kwargs)

    threading.Thread.start = carried_start  # type: ignore[method-assign]
    concurrent.futures.ThreadPoolExecutor.submit = carried_submit  # type: ignore[method-assign]


def remove_threads() -> None:
    if _originals:
        threading.Thread.start = _originals["start"]  # type: ignore[method-assign]
        concurrent.futures.ThreadPoolExecutor.submit = _originals["submit"]  # type: ignore[method-assign]
        _originals.clear()
