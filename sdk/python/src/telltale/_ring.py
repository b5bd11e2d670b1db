"""The flight recorder: records that are not sent wait here, a ring for each turn, until something goes wrong."""

from __future__ import annotations

import threading
import time
import weakref
from collections import deque
from typing import Any

from ._clock import steady

#: Ended turns that are kept for what may still be said of them.
_MAX_ENDED = 10_000

#: A held record: when it was made (ns), its size, and what ``_records`` needs to write it.
Entry = tuple[Any, ...]


class Ring:
    """Held records of one turn, oldest first, within a number of bytes. ``append`` is also inlined in ``_hooks``.

    Appending takes no lock: it is most of what the SDK costs. Two threads that append at one time to the ring of one
    turn may miscount its bytes; ``Rings.tidy`` counts again.
    """

    __slots__ = ("__weakref__", "bytes", "dropped", "entries", "max_bytes", "started_ns", "trace_id", "triggers", "went_wrong")

    def __init__(self, max_bytes: int, trace_id: str = "") -> None:
        self.entries: deque[Entry] = deque()
        self.bytes = 0
        self.dropped = 0
        self.max_bytes = max_bytes
        self.trace_id = trace_id
        self.started_ns = time.time_ns()
        #: Names of triggers that have flushed it, so that none does twice.
        self.triggers: set[str] = set()
        #: The turn went wrong: what it still holds at its end is sent, too, so that it is whole.
        self.went_wrong = False

    def append(self, entry: Entry, size: int) -> None:
        self.entries.append(entry)
        self.bytes += size
        if self.bytes > self.max_bytes:
            rings.shrink(self)

    def pop(self) -> tuple[list[Entry], int]:
        """All that is held, oldest first, and its bytes. What is appended meanwhile is held afterwards."""
        found: list[Entry] = []
        size = 0
        for _ in range(len(self.entries)):
            try:
                entry = self.entries.popleft()
            except IndexError:
                break
            found.append(entry)
            size += entry[1]
        self.bytes = max(0, self.bytes - size) if self.entries else 0
        return found, size


class Rings:
    """All rings of the process, and how much of what they held was never sent."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._known: weakref.WeakSet[Ring] = weakref.WeakSet()
        #: Of turns that have ended, in that order: until when each is kept, its bytes then, and the ring.
        self._ended: deque[tuple[float, int, Ring]] = deque()
        self._ended_bytes = 0
        #: Of records outside of turns.
        self.outside = Ring(256 * 1024)
        self.max_bytes = 256 * 1024
        self.max_total_bytes = 32 * 1024 * 1024
        self.linger_s = 60.0
        self._gone = [0, 0]
        self._reported = [0, 0]
        #: What the wall clock said, by the steady one, each time that rings were tidied.
        self._walls: deque[tuple[float, int]] = deque()

    def new(self, trace_id: str) -> Ring:
        ring = Ring(self.max_bytes, trace_id)
        with self.lock:
            self._known.add(ring)
        return ring

    def open(self) -> list[Ring]:
        """Those of turns that go on, and that of records outside of turns."""
        with self.lock:
            return [self.outside, *self._known]

    def ended(self) -> list[Ring]:
        """Those of turns that ended and are still kept, the oldest first."""
        with self.lock:
            return [ring for _, _, ring in self._ended]

    def all(self) -> list[Ring]:
        with self.lock:
            return [*self.open(), *self.ended()]

    def of_turn(self, trace_id: str) -> list[Ring]:
        """Those of a turn, which may have ended; the oldest first."""
        return sorted((ring for ring in self.all() if ring.trace_id == trace_id), key=lambda ring: ring.started_ns)

    def shrink(self, ring: Ring, most: int = -1) -> None:
        """Drops the oldest records, some more than must be, so that not every append has to. ``most``: keep no more."""
        with self.lock:
            limit = ring.max_bytes - ring.max_bytes // 16 if most < 0 else most
            size, dropped, pop = 0, 0, ring.entries.popleft
            try:
                while ring.bytes - size > limit:
                    size += pop()[1]
                    dropped += 1
            except IndexError:
                size = ring.bytes
            ring.bytes -= size
            ring.dropped += dropped
            self._gone[0] += dropped
            self._gone[1] += size

    def _drop_oldest(self, ring: Ring) -> bool:
        try:
            size: int = ring.entries.popleft()[1]
        except IndexError:
            ring.bytes = 0
            return False
        ring.bytes -= size
        ring.dropped += 1
        self._gone[0] += 1
        self._gone[1] += size
        return True

    def take(self, ring: Ring) -> tuple[list[Entry], int]:
        """All that a ring holds, to be sent, and how many were dropped from it; it is empty then."""
        with self.lock:
            found, _ = ring.pop()
            dropped, ring.dropped = ring.dropped, 0
        return found, dropped

    def retire(self, ring: Ring) -> None:
        """The turn has ended: what its ring holds is kept for a while, for feedback that comes late."""
        with self.lock:
            self._known.discard(ring)
            if not ring.entries:
                self.clear(ring)
                return
            self._ended.append((steady() + self.linger_s, ring.bytes, ring))
            self._ended_bytes += ring.bytes
            self.forget_ended(steady())

    def forget_ended(self, now: float = float("inf")) -> None:
        """Lets go of ended turns whose time is over at ``now``, and of the oldest where they are too many or too much."""
        with self.lock:
            ended = self._ended
            while ended and (ended[0][0] <= now or len(ended) > _MAX_ENDED or self._ended_bytes > self.max_total_bytes):
                _, size, ring = ended.popleft()
                self._ended_bytes -= size
                self.clear(ring)

    def clear(self, ring: Ring) -> None:
        with self.lock:
            found, size = ring.pop()
            ring.dropped = 0
            self._gone[0] += len(found)
            self._gone[1] += size

    def tidy(self, max_age_s: float) -> None:
        """Ages out what is too old, and keeps the sum of all rings within bounds: ended turns give way, then the oldest."""
        self.forget_ended(steady())
        before = self._older_than(max_age_s)
        left = self.max_total_bytes
        for ring in [*sorted(self.open(), key=lambda one: one.started_ns, reverse=True), *reversed(self.ended())]:
            with self.lock:
                while ring.entries and ring.entries[0][0] < before and self._drop_oldest(ring):
                    pass
                try:
                    ring.bytes = sum(entry[1] for entry in ring.entries)
                except RuntimeError:
                    # It was appended to meanwhile: counted the next time.
                    pass
            self.shrink(ring, max(0, left))
            left -= ring.bytes

    def _older_than(self, age_s: float) -> int:
        """A time before that of all younger records, whatever was done to the wall clock; 0 while none is known."""
        now = steady()
        self._walls.append((now, time.time_ns()))
        while len(self._walls) > 1 and self._walls[1][0] <= now - age_s:
            self._walls.popleft()
        return min(wall for _, wall in self._walls) if self._walls[0][0] <= now - age_s else 0

    def suppressed(self) -> tuple[int, int]:
        """Records and bytes that were not sent, since this was asked last: those that are gone, and those that still wait.

        What was reported and then sent all the same, because of a trigger, is taken off the next answers.
        """
        with self.lock:
            records, size = self._gone
            for ring in self.all():
                records += len(ring.entries)
                size += ring.bytes
            new = max(0, records - self._reported[0]), max(0, size - self._reported[1])
            self._reported = [self._reported[0] + new[0], self._reported[1] + new[1]]
            return new

    def give_back(self, records: int, size: int) -> None:
        """Nobody heard it: tell it again."""
        with self.lock:
            self._reported = [self._reported[0] - records, self._reported[1] - size]

    def renew(self) -> None:
        """After a fork: what the parent held stays the parent's."""
        self.lock = threading.RLock()
        self._gone, self._reported = [0, 0], [0, 0]
        for ring in self.all():
            ring.entries = deque()
            ring.bytes = ring.dropped = 0
        self._ended.clear()
        self._ended_bytes = 0
        self._walls.clear()


rings = Rings()
