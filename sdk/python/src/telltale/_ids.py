"""Identifiers: of traces, operations, sessions, events, and of this instance. Made again after a fork."""

from __future__ import annotations

import itertools
import os
import random
import socket

_random = random.Random(os.urandom(16))
_count = itertools.count(1)
_prefix = f"{_random.getrandbits(80):020x}"
_starts = 0


def _name_instance() -> str:
    global _starts
    _starts += 1
    try:
        host = socket.gethostname()
    except OSError:
        host = "unknown"
    return f"{host}/{os.getpid()}/{_random.getrandbits(24):06x}-{_starts}"


instance = _name_instance()


def renew() -> None:
    """After a fork: the child must not repeat the parent's random numbers, nor use its name."""
    global _random, _count, _prefix, instance
    _random = random.Random(os.urandom(16))
    _count = itertools.count(1)
    _prefix = f"{_random.getrandbits(80):020x}"
    instance = _name_instance()


def new_trace_id() -> str:
    return f"{_random.getrandbits(128) or 1:032x}"


def new_span_id() -> str:
    return f"{_random.getrandbits(64) or 1:016x}"


def new_event_id() -> str:
    """Unique without asking the operating system for randomness each time."""
    return f"{_prefix}{next(_count):x}"


def jitter(least: float, most: float) -> float:
    return _random.uniform(least, most)
