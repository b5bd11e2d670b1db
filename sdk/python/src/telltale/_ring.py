"""The flight recorder: records that are not sent wait here, a ring for each turn, until something goes wrong."""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from collections.abc import Iterator
from typing import Any

#: A held record: when it was made (ns), its size, and what ``_records`` needs to write it.
Entry = tuple[Any, ...]


class Suppressed:
    """What was not sent since somebody asked last."""

    __slots__ = ("bytes", "records")

    def __init__(self) -> None:
        self.records = 0
        self.bytes = 0

    def take(self) -> tuple[int, int]:
        """The counts, which start anew. A flush may have taken more back than was counted since; that is carried on."""
        with rings.lock:
            records, size = max(0, self.records), max(0, self.bytes)
            self.records -= records
            self.bytes -= size
        return records, size


class Ring:
    """Held records of one turn, oldest first, within a number of bytes. ``append`` is also inlined in ``_hooks``."""

    __slots__ = (
        "__weakref__", "bytes", "dropped", "entries", "max_bytes", "started_ns", "trace_id", "triggers",
    )  # fmt: skip

    def __init__(self, max_bytes: int, trace_id: str = "") -> None:
        self.entries: deque[Entry] = deque()
        self.bytes = 0
        self.dropped = 0
        self.max_bytes = max_bytes
        self.trace_id = trace_id
        self.started_ns = time.time_ns()
        #: Names of triggers that have flushed it, so that none does twice.
        self.triggers: set[str] = set()

    def append(self, entry: Entry, size: int) -> None:
        with rings.lock:
            self.entries.append(entry)
            self.bytes += size
            rings.suppressed.records += 1
            rings.suppressed.bytes += size
            if self.bytes > self.max_bytes:
                self.shrink(self.max_bytes)

    def shrink(self, most: int) -> None:
        """Drops the oldest until no more than ``most`` bytes are held. A record that is larger than that is not held."""
        while self.entries and self.bytes > most:
            self.bytes -= self.entries.popleft()[1]
            self.dropped += 1

    def expire(self, before_ns: int) -> None:
        with rings.lock:
            while self.entries and self.entries[0][0] < before_ns:
                self.bytes -= self.entries.popleft()[1]
                self.dropped += 1

    def take(self) -> tuple[list[Entry], int]:
        """All that is held, oldest first, and how many were dropped from it; the ring is empty then."""
        with rings.lock:
            entries, dropped = list(self.entries), self.dropped
            self.entries.clear()
            rings.suppressed.records -= len(entries)
            rings.suppressed.bytes -= self.bytes
            self.bytes = self.dropped = 0
        return entries, dropped

    def clear(self) -> None:
        with rings.lock:
            self.entries.clear()
            self.bytes = self.dropped = 0


class Rings:
    """All rings of the process. One lock for all: it is held for moments only, and made anew after a fork."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.suppressed = Suppressed()
        self._known: weakref.WeakSet[Ring] = weakref.WeakSet()
        #: Of records outside of turns.
        self.outside = Ring(256 * 1024)
        self.max_bytes = 256 * 1024
        self.max_total_bytes = 32 * 1024 * 1024

    def new(self, trace_id: str) -> Ring:
        ring = Ring(self.max_bytes, trace_id)
        with self.lock:
            self._known.add(ring)
        return ring

    def forget(self, ring: Ring) -> None:
        ring.clear()
        with self.lock:
            self._known.discard(ring)

    def all(self) -> Iterator[Ring]:
        with self.lock:
            known = [self.outside, *self._known]
        return iter(known)

    def tidy(self, max_age_s: float) -> None:
        """Ages out what is too old, and keeps the sum of all rings within bounds: the oldest turns give way."""
        before = time.time_ns() - int(max_age_s * 1e9)
        known = sorted(self.all(), key=lambda ring: ring.started_ns, reverse=True)
        left = self.max_total_bytes
        for ring in known:
            ring.expire(before)
            with self.lock:
                ring.shrink(max(0, left))
            left -= ring.bytes

    def renew(self) -> None:
        """After a fork: what the parent held stays the parent's."""
        self.lock = threading.RLock()
        self.suppressed = Suppressed()
        for ring in self.all():
            ring.entries = deque()
            ring.bytes = ring.dropped = 0


rings = Rings()
