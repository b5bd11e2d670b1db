"""A gateway as far as an SDK sees one: takes events and acknowledgements, gives directives in all three ways."""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Optional
from urllib.parse import parse_qs, urlsplit

#: Answers instead of the usual one: status, headers, body; None for the usual one.
Override = Callable[[str, str], Optional[tuple[int, dict[str, str], bytes]]]


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def directive(id: str, *, ttl: float = 60.0, now: Optional[datetime] = None, **fields: Any) -> dict[str, Any]:
    at = now or datetime.now(timezone.utc)
    return {
        "id": id, "class": "boost", "priority": 0, "version": 1, "target": {}, "set": {"min_severity": "debug"},
        "reason": "test", "issued_by": "test", "evidence": {}, "issued_at": iso(at),
        "expires_at": iso(at + timedelta(seconds=ttl)), **fields,
    }  # fmt: skip


class FakeGateway:
    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.requests: list[tuple[str, str, dict[str, str], int]] = []
        self.acks: list[dict[str, Any]] = []
        self.streams = 0
        self.changed = threading.Condition()
        self.override: Optional[Override] = None
        self.honor_wait = True
        self._set: Any = {}
        self._closing = False
        self.set_directives([])
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                gateway._get(self)

            def do_POST(self) -> None:
                gateway._post(self)

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False

            def handle_error(self, request: Any, address: Any) -> None:
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def close(self) -> None:
        self._closing = True
        with self.changed:
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()

    # --- directives

    def set_directives(self, directives: list[dict[str, Any]], **answer: Any) -> str:
        """Gives this full set from now on; answers its hash."""
        text = json.dumps(directives, sort_keys=True, default=str)
        set_hash = hashlib.sha256(text.encode()).hexdigest()[:16]
        with self.changed:
            self._set = {"set_hash": set_hash, "directives": directives, **answer}
            self.changed.notify_all()
        return str(self._set["set_hash"])

    def answer(self) -> dict[str, Any]:
        return {"now": iso(datetime.now(timezone.utc)), **self._set}

    # --- requests

    def _overridden(self, request: Any) -> bool:
        if self.override is None:
            return False
        found = self.override(request.command, request.path)
        if found is None:
            return False
        status, headers, body = found
        self._send(request, status, headers, body)
        return True

    def _send(self, request: Any, status: int, headers: dict[str, str], body: bytes) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name, value)
        if status != 304:
            request.send_header("content-length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)

    def _post(self, request: Any) -> None:
        body = request.rfile.read(int(request.headers.get("content-length", 0)))
        self.requests.append((request.command, request.path, dict(request.headers.items()), len(body)))
        if self._overridden(request):
            return
        if request.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        lines = [json.loads(line) for line in body.decode().split("\n") if line.strip()]
        with self.changed:
            (self.acks if request.path.startswith("/v1/acks") else self.events).extend(lines)
            self.changed.notify_all()
        self._send(request, 200, {"content-type": "application/json"},
                   json.dumps({"accepted": len(lines), "rejected": 0, "errors": []}).encode())  # fmt: skip

    def _get(self, request: Any) -> None:
        self.requests.append((request.command, request.path, dict(request.headers.items()), 0))
        if self._overridden(request):
            return
        query = parse_qs(urlsplit(request.path).query)
        if query.get("stream") == ["1"]:
            self._stream(request)
            return
        known = request.headers.get("if-none-match", "").strip('"')
        wait = float(query["wait"][0].rstrip("s")) if "wait" in query and self.honor_wait else 0.0
        until = time.monotonic() + wait
        with self.changed:
            while known == self._set["set_hash"] and time.monotonic() < until and not self._closing:
                self.changed.wait(0.1)
            same = known == self._set["set_hash"]
        etag = {"etag": f'"{self._set["set_hash"]}"', "content-type": "application/json"}
        self._send(request, 304 if same else 200, etag, b"" if same else json.dumps(self.answer()).encode())

    def _stream(self, request: Any) -> None:
        self.streams += 1
        request.send_response(200)
        request.send_header("content-type", "text/event-stream")
        request.send_header("connection", "close")
        request.end_headers()
        sent: Any = None
        try:
            while not self._closing:
                with self.changed:
                    if sent is self._set:
                        self.changed.wait(0.1)
                    current, answer = self._set, self.answer()
                if sent is not current:
                    sent = current
                    data = json.dumps(answer)
                    request.wfile.write(f"event: directives\nid: {current['set_hash']}\ndata: {data}\n\n".encode())
                else:
                    request.wfile.write(b": still here\n\n")
                request.wfile.flush()
                if self.streams < 0:
                    return
        except OSError:
            return

    # --- waiting

    def wait(self, found: Callable[[], Any], timeout: float = 20.0) -> Any:
        """The first true answer of ``found``, or AssertionError after ``timeout`` seconds."""
        until = time.monotonic() + timeout
        with self.changed:
            while True:
                answer = found()
                if answer:
                    return answer
                if time.monotonic() >= until:
                    raise AssertionError(
                        f"did not come in {timeout} s; events: {[e.get('body') or e.get('name') for e in self.events]}"
                    )
                self.changed.wait(0.02)

    def bodies(self) -> list[str]:
        return [event["body"] for event in self.events if event["kind"] == "log"]

    def named(self, kind: str, name: str = "") -> list[dict[str, Any]]:
        return [event for event in self.events if event["kind"] == kind and (not name or event.get("name") == name)]
