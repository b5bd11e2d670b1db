"""Whether this thread is inside our own code: what is logged there is not taken, or it would go round for ever."""

from __future__ import annotations

import threading


class _Guard(threading.local):
    busy: bool = False


guard = _Guard()


class inside:
    """``with inside():`` marks the thread as ours."""

    __slots__ = ("before",)

    def __enter__(self) -> None:
        self.before = guard.busy
        guard.busy = True

    def __exit__(self, *exc: object) -> None:
        guard.busy = self.before
