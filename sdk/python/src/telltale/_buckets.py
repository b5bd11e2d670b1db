"""Token buckets: how much a directive may add, or let through."""

from __future__ import annotations

from typing import Optional


class Bucket:
    """Holds at most ``capacity``, refilled at ``per_s`` each second; full at the start."""

    __slots__ = ("at", "capacity", "level", "per_s")

    def __init__(self, per_s: float, capacity: float, now: float) -> None:
        self.per_s = per_s
        self.capacity = capacity
        self.level = capacity
        self.at = now

    def refill(self, now: float) -> None:
        if now > self.at:
            self.level = min(self.capacity, self.level + (now - self.at) * self.per_s)
            self.at = now


class Limits:
    """``records_per_s`` and ``bytes_per_min`` of one directive. Neither: no limit."""

    __slots__ = ("bytes", "records")

    def __init__(self, records_per_s: Optional[float], bytes_per_min: Optional[float], now: float) -> None:
        self.records = None if records_per_s is None else Bucket(records_per_s, max(1.0, records_per_s), now)
        self.bytes = None if bytes_per_min is None else Bucket(bytes_per_min / 60.0, bytes_per_min, now)

    def room(self, size: int, now: float) -> bool:
        """Whether one more record of this size is within the limits."""
        if self.records is not None:
            self.records.refill(now)
            if self.records.level < 1.0:
                return False
        if self.bytes is not None:
            self.bytes.refill(now)
            if self.bytes.level < size:
                return False
        return True

    def take(self, size: int) -> None:
        if self.records is not None:
            self.records.level -= 1.0
        if self.bytes is not None:
            self.bytes.level -= size

    def correct(self, difference: int) -> None:
        """What was sent is larger or smaller than was thought when it was let through."""
        if self.bytes is not None:
            self.bytes.level -= difference
