"""From queued items to the bytes of a request: event, hook of the application, redaction, JSON, gzip."""

from __future__ import annotations

import gzip
from typing import Any, Optional

from ._config import Settings
from ._encode import shorten, to_bytes
from ._lines import LogLines
from ._queue import Item, Losses
from ._records import Event, Writer
from ._redact import redact_event, redactor


class Encoder:
    """Writes lines of NDJSON. What fails for one record loses that one only."""

    def __init__(self, settings: Settings, writer: Writer, losses: Losses) -> None:
        self.settings = settings
        self.writer = writer
        self.losses = losses
        rules = redactor() if settings.redact else None
        self._fast = LogLines(writer.resource, rules, settings.max_value_chars) if settings.before_send is None else None

    def lines(self, items: list[Item]) -> list[bytes]:
        found: list[bytes] = []
        for _, entry, mark in items:
            line = self._line(entry, mark)
            if line is None:
                continue
            found.append(line)
            for one in mark.charged:
                one.bytes += len(line)
                if one.limits is not None:
                    one.limits.correct(len(line) - mark.size)
        return found

    def _line(self, entry: Any, mark: Any) -> Optional[bytes]:
        try:
            line = self._fast.line(entry, mark) if self._fast is not None else None
            if line is not None:
                return line
            event = self.writer.event(entry, mark)
        except Exception:
            self.losses.add("encode_failed")
            return None
        if event is None:
            self.losses.add("filtered")
            return None
        event = self._asked(event)
        if event is None:
            return None
        try:
            if entry[1] > self.settings.max_value_chars:
                event = shorten(event, self.settings.max_value_chars)
            if self.settings.redact:
                event = redact_event(event)
        except Exception:
            # Rather lost than sent with what should have been masked.
            self.losses.add("redaction_failed")
            return None
        try:
            return to_bytes(event)
        except Exception:
            self.losses.add("encode_failed")
            return None

    def _asked(self, event: Event) -> Optional[Event]:
        """What ``before_send`` makes of it. A hook that raises, or answers something else, drops that event."""
        hook = self.settings.before_send
        if hook is None:
            return event
        try:
            answer = hook(event)
        except Exception:
            self.losses.add("before_send_failed")
            return None
        if answer is None:
            self.losses.add("before_send_dropped")
            return None
        if not isinstance(answer, dict):
            self.losses.add("before_send_failed")
            return None
        return answer


def pack(lines: list[bytes]) -> bytes:
    """The body of a request."""
    return gzip.compress(b"\n".join(lines) + b"\n", compresslevel=1)
