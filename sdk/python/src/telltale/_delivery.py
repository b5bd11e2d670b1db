"""The sender: a thread that takes batches from the queue, sends them, and tries again until they have arrived."""

from __future__ import annotations

import json
import threading
import time
from typing import Optional, Union

from ._batch import Encoder, pack
from ._config import Settings
from ._guard import guard
from ._ids import jitter
from ._kafka import KafkaTransport
from ._queue import Losses, Queue
from ._records import Writer
from ._spill import Spill, records_in
from ._transport import Answer, Transport

_FIRST_WAIT_S, _MOST_WAIT_S, _MOST_RETRY_AFTER_S = 0.5, 30.0, 120.0
_HEADERS = {"content-type": "application/x-ndjson", "content-encoding": "gzip"}


class Sender:
    """Owns the connection for events. One batch is on its way at a time; what waits behind it is bounded by the queue."""

    def __init__(self, settings: Settings, queue: Queue, writer: Writer, losses: Losses) -> None:
        self.settings = settings
        self.queue = queue
        self.losses = losses
        self.encoder = Encoder(settings, writer, losses)
        self.delivered = 0
        self.last_problem = ""
        self._reset()

    def _reset(self) -> None:
        settings = self.settings
        self.transport: Union[Transport, KafkaTransport] = (
            KafkaTransport(settings)
            if settings.kafka_brokers
            else Transport(settings.url, settings.api_key, settings.timeout_s)
        )
        self.spill = Spill(self.settings.spill_dir, self.settings.spill_bytes, self.losses) if self.settings.spill_dir else None
        self._thread: Optional[threading.Thread] = None
        self._stopping = False
        #: Held while a batch is taken and sent, so that ``flush`` may send from another thread at exit.
        self._sending = threading.Lock()
        self._deadline: Optional[float] = None
        self._reachable = True
        #: When to try what is on disk again, and how long to wait after that.
        self._spilled_at, self._spilled_wait = 0.0, _FIRST_WAIT_S

    def renew(self, losses: Losses) -> None:
        self.losses = self.encoder.losses = losses
        self.delivered = 0
        self._reset()

    def start(self) -> None:
        if self._thread is None:
            thread = threading.Thread(target=self._run, name="telltale-sender", daemon=True)
            thread.start()
            self._thread = thread

    def stop(self) -> None:
        self._stopping = True
        self.queue.wake.set()

    def _run(self) -> None:
        guard.busy = True
        if self.spill is not None:
            self.spill.recover()
        while not self._stopping:
            self.queue.wake.wait(self.settings.flush_interval_s)
            self.queue.wake.clear()
            try:
                self._drain()
            except Exception as error:
                self.losses.add("sdk_error")
                self.last_problem = f"{type(error).__name__}: {error}"
                time.sleep(1.0)

    def _drain(self) -> None:
        """Sends until nothing waits."""
        while not self._stopping:
            with self._sending:
                if self._reachable or time.monotonic() >= self._spilled_at:
                    self._send_spilled()
                items = self.queue.take(self.settings.batch_items, self.settings.batch_bytes)
                if not items:
                    return
                self._deliver(self.encoder.lines(items))

    def flush(self, timeout: float) -> bool:
        """Waits until all that was queued is sent; from this thread where the sender has none."""
        until = time.monotonic() + max(0.0, timeout)
        self._deadline = until
        try:
            if self._thread is None or not self._thread.is_alive():
                before, guard.busy = guard.busy, True
                try:
                    self._drain()
                finally:
                    guard.busy = before
            while time.monotonic() < until:
                if self.idle():
                    break
                self.queue.wake.set()
                time.sleep(0.005)
            spilled = self.spill is not None and not self._reachable
            return self.idle() and not spilled
        finally:
            self._deadline = None

    def idle(self) -> bool:
        """Nothing waits and nothing is on its way. The queue is asked last: a batch leaves it before it is busy no more."""
        return self.queue.items == 0 and not self._sending.locked() and self.queue.items == 0

    def _deliver(self, lines: list[bytes]) -> None:
        """Tries until the lines have arrived, were refused finally, or are on disk."""
        if not lines:
            return
        body = pack(lines)
        wait = _FIRST_WAIT_S
        while not self._stopping:
            answer = self._post(body)
            self._reachable = answer is not None and answer.status < 500 and answer.status != 429
            if answer is not None and self._settled(answer, lines):
                return
            if self.spill is not None and self.spill.write(body, len(lines)):
                self._pause(min(wait, 5.0))
                return
            if self._deadline is not None and time.monotonic() >= self._deadline and self._thread is None:
                break
            asked = answer.retry_after() if answer is not None else None
            self._pause(min(asked, _MOST_RETRY_AFTER_S) if asked is not None else jitter(wait / 2, wait))
            wait = min(wait * 2, _MOST_WAIT_S)
        self.losses.add("stopped", len(lines))

    def _settled(self, answer: Answer, lines: list[bytes]) -> bool:
        """Whether there is nothing more to be done about these lines."""
        status = answer.status
        if 200 <= status < 300:
            rejected = _rejected(answer)
            self.losses.add("rejected", rejected)
            self.delivered += len(lines) - rejected
            self.last_problem = f"{rejected} rejected: {_said(answer)}" if rejected else ""
            return True
        self.last_problem = f"HTTP {status}: {_said(answer)}"
        if status in (408, 421, 425, 429) or status >= 500:
            return False
        if status == 413 and len(lines) > 1:
            half = len(lines) // 2
            self._deliver(lines[:half])
            self._deliver(lines[half:])
            return True
        reason = {401: "unauthorized", 403: "unauthorized", 413: "too_large"}.get(status, "refused")
        self.losses.add(reason, len(lines))
        if reason == "unauthorized":
            self._pause(1.0)
        return True

    def _post(self, body: bytes) -> Optional[Answer]:
        timeout = self.settings.timeout_s
        if self._deadline is not None:
            timeout = max(0.2, min(timeout, self._deadline - time.monotonic()))
        try:
            return self.transport.request("POST", "/v1/events", body, _HEADERS, timeout)
        except Exception as error:
            self.transport.close()
            self.last_problem = f"{type(error).__name__}: {error}"
            return None

    def _send_spilled(self) -> None:
        """Sends what is on disk before anything newer, as long as the gateway takes it."""
        while self.spill is not None and not self._stopping:
            found = self.spill.oldest()
            if found is None:
                return
            name, body = found
            answer = self._post(body)
            if answer is None or answer.status in (408, 421, 425, 429) or answer.status >= 500:
                self.spill.put_back(name)
                self._reachable = False
                self._spilled_at = time.monotonic() + jitter(self._spilled_wait / 2, self._spilled_wait)
                self._spilled_wait = min(self._spilled_wait * 2, _MOST_WAIT_S)
                return
            self.spill.sent(name)
            self._reachable, self._spilled_wait = True, _FIRST_WAIT_S
            if answer.status < 300:
                rejected = _rejected(answer)
                self.losses.add("rejected", rejected)
                self.delivered += records_in(name) - rejected
            else:
                self.losses.add("refused", records_in(name))

    def _pause(self, seconds: float) -> None:
        """Waits; ``stop`` ends it, and a flush shortens it to its time."""
        until = time.monotonic() + seconds
        while not self._stopping and time.monotonic() < until:
            if self._deadline is not None:
                time.sleep(0.1)
                return
            time.sleep(min(0.1, max(0.0, until - time.monotonic())))


def _rejected(answer: Answer) -> int:
    try:
        return int(json.loads(answer.body).get("rejected") or 0)
    except Exception:
        return 0


def _said(answer: Answer) -> str:
    return answer.body[:300].decode("utf-8", "replace")
