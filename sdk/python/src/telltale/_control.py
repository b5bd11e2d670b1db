"""Gets directives: an event stream, else long polls, else polls. Reconnects with jitter; never gives up, never hurries."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from typing import Any, Optional

from ._clock import steady
from ._config import Settings
from ._directives import Malformed, parse_set
from ._guard import guard
from ._ids import jitter
from ._transport import Transport
from ._verbosity import Verbosity

#: The gateway says something every 15 s; after three times that the connection is dead.
_READ_TIMEOUT_S = 45.0
_LONG_POLL_S = 25
_POLL_EVERY_S = 10.0
_FIRST_WAIT_S, _MOST_WAIT_S = 0.5, 30.0
_REFUSED_WAIT_S = 60.0
_STREAM_AGAIN_S = 300.0
_STREAM_TRIES = 3
_MAX_EVENT = 8 * 1024 * 1024

#: What is reported of a set that came: hash, status, error.
Reported = Callable[[str, str, str], None]


class Control:
    """A thread that keeps the set of directives up to date."""

    def __init__(
        self, settings: Settings, verbosity: Verbosity, changed: Callable[[list[Any]], None], reported: Reported
    ) -> None:
        self.settings = settings
        self.verbosity = verbosity
        self.changed = changed
        self.reported = reported
        self.mode = "stream"
        self.last_problem = ""
        self.renew()

    def renew(self) -> None:
        self._thread: Optional[threading.Thread] = None
        self._stopped = threading.Event()
        self._wait = _FIRST_WAIT_S
        self._failures = 0
        self._stream_again = 0.0
        self._refused_hash = ""

    def start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="telltale-control", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def _run(self) -> None:
        guard.busy = True
        stopped = self._stopped
        while not stopped.is_set():
            try:
                pause = self._once(stopped)
            except Exception as error:
                self.last_problem = f"{type(error).__name__}: {error}"
                pause = self._back_off()
            stopped.wait(pause)

    def _once(self, stopped: threading.Event) -> float:
        """One connection or one poll; answers how long to wait before the next."""
        if self.mode != "stream" and steady() >= self._stream_again:
            self.mode, self._failures = "stream", 0
        if self.mode == "stream":
            return self._stream(stopped)
        return self._poll()

    def _back_off(self) -> float:
        self._failures += 1
        if self.mode == "stream" and self._failures >= _STREAM_TRIES:
            self._fall_back("long_poll")
        wait = self._wait
        self._wait = min(wait * 2, _MOST_WAIT_S)
        return jitter(wait / 2, wait)

    def _fall_back(self, mode: str) -> None:
        self.mode = mode
        self._stream_again = steady() + _STREAM_AGAIN_S

    def _heard(self) -> None:
        """Data came: only now is the way known to work."""
        self._wait = _FIRST_WAIT_S
        self._failures = 0
        self.last_problem = ""

    # --- event stream

    def _stream(self, stopped: threading.Event) -> float:
        transport = Transport(self.settings.url, self.settings.api_key, _READ_TIMEOUT_S)
        try:
            response = transport.open("GET", "/v1/control?stream=1", None, {"accept": "text/event-stream"}, _READ_TIMEOUT_S)
            if response.status != 200:
                body = response.read(10_000)
                return self._refused(response.status, body, response.getheader("retry-after"))
            if "text/event-stream" not in (response.getheader("content-type") or ""):
                # A gateway, or a proxy before it, that knows no streams.
                self._fall_back("long_poll")
                return 0.0
            self._read_events(response, stopped)
            return self._back_off()
        finally:
            transport.close()

    def _read_events(self, response: Any, stopped: threading.Event) -> None:
        name, size = "message", 0
        data: list[str] = []
        while not stopped.is_set():
            raw = response.readline(_MAX_EVENT + 1)
            if not raw:
                return
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            size += len(raw)
            if size > _MAX_EVENT:
                raise ValueError("an event of the stream is too large")
            if line == "":
                if data and name == "directives":
                    self._heard()
                    self.take("\n".join(data))
                name, data, size = "message", [], 0
                continue
            field, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "":
                size = 0

    def _refused(self, status: int, body: bytes, retry_after: Optional[str]) -> float:
        self.last_problem = f"HTTP {status}: {body[:200].decode('utf-8', 'replace')}"
        if status in (401, 403, 404):
            return jitter(_REFUSED_WAIT_S / 2, _REFUSED_WAIT_S)
        if status == 429:
            # It has no room for streams, nor for polls that wait.
            self._fall_back("poll")
        elif status in (400, 405, 406, 503):
            self._fall_back("long_poll")
        wait = self._back_off()
        try:
            return max(wait, min(float(retry_after or 0), 120.0))
        except ValueError:
            return wait

    # --- polls

    def _poll(self) -> float:
        transport = Transport(self.settings.url, self.settings.api_key, _LONG_POLL_S + 15.0)
        headers = {"if-none-match": f'"{self.verbosity.set_hash}"'} if self.verbosity.set_hash else {}
        path = f"/v1/control?wait={_LONG_POLL_S}s" if self.mode == "long_poll" and headers else "/v1/control"
        began = time.monotonic()
        try:
            answer = transport.request("GET", path, None, headers)
        finally:
            transport.close()
        took = time.monotonic() - began
        if answer.status == 304:
            self._heard()
            if self.mode == "long_poll" and took < 1.0:
                # It does not wait, so we do.
                self.mode = "poll"
            return jitter(0.0, 0.2) if self.mode == "long_poll" else jitter(_POLL_EVERY_S / 2, _POLL_EVERY_S)
        if answer.status == 200:
            self._heard()
            self.take(answer.body.decode("utf-8", "replace"))
            waits = self.mode == "long_poll" and self._refused_hash == ""
            return jitter(0.0, 0.2) if waits else jitter(_POLL_EVERY_S / 2, _POLL_EVERY_S)
        return self._refused(answer.status, answer.body, answer.headers.get("retry-after"))

    # --- a set

    def take(self, text: str) -> None:
        """Applies a full set, or keeps the former and says why."""
        set_hash = ""
        try:
            try:
                answer = json.loads(text)
            except ValueError:
                raise Malformed("the answer is no JSON") from None
            if isinstance(answer, dict) and isinstance(answer.get("set_hash"), str):
                set_hash = answer["set_hash"]
            new = parse_set(answer, steady())
        except Malformed as problem:
            self.last_problem = str(problem)
            if set_hash != self._refused_hash or not set_hash:
                self._refused_hash = set_hash or "?"
                self.reported(set_hash, "failed", str(problem))
            return
        self._refused_hash = ""
        fresh = new.set_hash != self.verbosity.set_hash
        changed = self.verbosity.apply(new)
        if fresh or changed:
            self.reported(new.set_hash, "applied", "")
        self.changed(changed)
