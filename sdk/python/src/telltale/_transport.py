"""HTTP to the gateway: one connection that is kept, proxies of the environment, every wait bounded."""

from __future__ import annotations

import base64
import email.utils
import http.client
import ssl
import time
import urllib.request
from typing import Optional
from urllib.parse import unquote, urlsplit

from ._version import SDK_NAME, __version__

_MAX_ANSWER = 8 * 1024 * 1024


class Answer:
    """What the gateway said."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def retry_after(self) -> Optional[float]:
        """Seconds to wait, from a number or a date."""
        value = self.headers.get("retry-after", "").strip()
        if not value:
            return None
        try:
            return max(0.0, float(value))
        except ValueError:
            pass
        try:
            return max(0.0, email.utils.parsedate_to_datetime(value).timestamp() - time.time())
        except (TypeError, ValueError):
            return None


class Transport:
    """Requests to one base URL. Not for several threads at once: each thread has its own."""

    def __init__(self, url: str, api_key: str, timeout_s: float) -> None:
        self.parts = urlsplit(url)
        self.timeout_s = timeout_s
        self.headers = {"user-agent": f"{SDK_NAME}/{__version__}", "accept-encoding": "identity"}
        if api_key:
            self.headers["authorization"] = f"Bearer {api_key}"
        self._connection: Optional[http.client.HTTPConnection] = None

    def request(self, method: str, path: str, body: Optional[bytes] = None, headers: Optional[dict[str, str]] = None,
                timeout_s: Optional[float] = None) -> Answer:  # fmt: skip
        """One request. A kept connection that the other side has closed meanwhile is opened again, once."""
        for attempt in (0, 1):
            fresh = self._connection is None
            try:
                response = self.open(method, path, body, headers, timeout_s)
                data = response.read(_MAX_ANSWER)
                if response.will_close or response.length:
                    self.close()
                return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, data)
            except (http.client.HTTPException, OSError) as error:
                self.close()
                if fresh or attempt or isinstance(error, TimeoutError):
                    raise
        raise AssertionError("unreachable")

    def open(self, method: str, path: str, body: Optional[bytes] = None, headers: Optional[dict[str, str]] = None,
             timeout_s: Optional[float] = None) -> http.client.HTTPResponse:  # fmt: skip
        """Sends a request and answers the response, of which only the head is read."""
        timeout = timeout_s or self.timeout_s
        connection = self._connection
        if connection is None:
            connection = self._connection = self._connect(timeout)
        connection.timeout = timeout
        if connection.sock is not None:
            connection.sock.settimeout(timeout)
        target = self.parts.path.rstrip("/") + path
        if getattr(connection, "_telltale_absolute", False):
            target = f"{self.parts.scheme}://{self.parts.netloc}{target}"
        connection.request(method, target, body, {**self.headers, **(headers or {})})
        return connection.getresponse()

    def _connect(self, timeout: float) -> http.client.HTTPConnection:
        host, port, secure = self.parts.hostname or "", self.parts.port, self.parts.scheme == "https"
        proxy = None if urllib.request.proxy_bypass(host) else urllib.request.getproxies().get(self.parts.scheme)
        if proxy:
            return _through(urlsplit(proxy if "//" in proxy else f"http://{proxy}"), host, port, secure, timeout)
        if secure:
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
        return http.client.HTTPConnection(host, port, timeout=timeout)

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except Exception:
                pass


def _through(proxy: object, host: str, port: Optional[int], secure: bool, timeout: float) -> http.client.HTTPConnection:
    parts = proxy
    headers: dict[str, str] = {}
    username = getattr(parts, "username", None)
    if username:
        pair = f"{unquote(username)}:{unquote(getattr(parts, 'password', None) or '')}"
        headers["proxy-authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    via, via_port = getattr(parts, "hostname", None) or "", getattr(parts, "port", None) or 8080
    if secure:
        connection = http.client.HTTPSConnection(via, via_port, timeout=timeout, context=ssl.create_default_context())
        connection.set_tunnel(host, port or 443, headers)
        return connection
    plain = http.client.HTTPConnection(via, via_port, timeout=timeout)
    plain._telltale_absolute = True  # type: ignore[attr-defined]
    return plain
