"""The bounded queue between the application and the sender: the oldest of the lowest severity gives way."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from ._severity import INFO, WARN
from ._verbosity import Mark

#: An entry as in ``_ring``, and what is said of how it came to be sent.
Item = tuple[int, Any, Mark]  # (order, entry, mark)


class Losses:
    """Counts what did not arrive, by reason."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._new: dict[str, int] = {}
        self.total: dict[str, int] = {}

    def add(self, reason: str, count: int = 1) -> None:
        if count <= 0:
            return
        with self._lock:
            self._new[reason] = self._new.get(reason, 0) + count
            self.total[reason] = self.total.get(reason, 0) + count

    def take(self) -> dict[str, int]:
        """Losses nobody was reported of yet."""
        with self._lock:
            new, self._new = self._new, {}
        return new

    def give_back(self, counts: dict[str, int]) -> None:
        """The report did not arrive either; tell them again later."""
        with self._lock:
            for reason, count in counts.items():
                self._new[reason] = self._new.get(reason, 0) + count


class Queue:
    """Three fifos by severity, each oldest first. Bounded in items and in bytes (as estimated when they came in)."""

    def __init__(self, max_items: int, max_bytes: int, batch_items: int, losses: Losses) -> None:
        self._lock = threading.RLock()
        self._fifos: tuple[deque[Item], ...] = (deque(), deque(), deque())
        self._order = 0
        self.max_items = max_items
        self.max_bytes = max_bytes
        self.batch_items = batch_items
        self.items = 0
        self.bytes = 0
        self.losses = losses
        #: Set when a batch is full, and by whoever wants the sender to hurry.
        self.wake = threading.Event()

    def put(self, level: int, entry: Any, mark: Mark) -> None:
        """Never blocks for longer than it takes to append; never raises."""
        size: int = entry[1]
        with self._lock:
            self._order += 1
            fifo = 2 if level >= WARN else 1 if level >= INFO else 0
            self._fifos[fifo].append((self._order, entry, mark))
            self.items += 1
            self.bytes += size
            if self.items > self.max_items or self.bytes > self.max_bytes:
                self._make_room()
        if self.items >= self.batch_items and not self.wake.is_set():
            self.wake.set()

    def _make_room(self) -> None:
        while self.items and (self.items > self.max_items or self.bytes > self.max_bytes):
            fifo = next(fifo for fifo in self._fifos if fifo)
            _, entry, _ = fifo.popleft()
            self.items -= 1
            self.bytes -= entry[1]
            self.losses.add("queue_full")

    def take(self, most_items: int, most_bytes: int) -> list[Item]:
        """The next records in the order they came, whatever their fifo."""
        batch: list[Item] = []
        size = 0
        with self._lock:
            while self.items and len(batch) < most_items and size < most_bytes:
                fifo = min((fifo for fifo in self._fifos if fifo), key=lambda one: one[0][0])
                item = fifo.popleft()
                self.items -= 1
                self.bytes -= item[1][1]
                size += item[1][1]
                batch.append(item)
        return batch
