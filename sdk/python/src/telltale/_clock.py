"""Clocks, by name, so that tests can set them."""

from __future__ import annotations

import time


def _boot_time() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)  # type: ignore[attr-defined,unused-ignore]


def _pick() -> object:
    """The clock that also counts while the machine sleeps, where there is one: directives must end in time."""
    try:
        _boot_time()
    except Exception:
        return time.monotonic
    return _boot_time


_steady = _pick()


def steady() -> float:
    """Seconds that never go back, whatever the wall clock does."""
    return _steady()  # type: ignore[operator,no-any-return]
