"""Records arrive once, or it is reported how many did not and why."""

from __future__ import annotations

import logging
import os
import time
from pathlib import Path
from typing import Any, Optional

import pytest

import telltale
from telltale._queue import Losses, Queue
from telltale._severity import DEBUG, ERROR, INFO
from telltale._spill import Spill
from telltale._verbosity import Mark

from .conftest import Install
from .fake_gateway import FakeGateway

log = logging.getLogger("app.delivery")


class Failing:
    """Answers the first ``times`` requests for events with a status."""

    def __init__(self, status: int, times: int, headers: Optional[dict[str, str]] = None, body: bytes = b"{}") -> None:
        self.status, self.left, self.headers, self.body = status, times, headers or {}, body
        self.at: list[float] = []

    def __call__(self, method: str, path: str) -> Optional[tuple[int, dict[str, str], bytes]]:
        if not path.startswith("/v1/events"):
            return None
        self.at.append(time.monotonic())
        if self.left <= 0:
            return None
        self.left -= 1
        return self.status, self.headers, self.body


def test_batches_are_gzipped_ndjson_with_the_key(install: Install, gateway: FakeGateway) -> None:
    install(batch_items=10)
    for n in range(25):
        log.warning("n %d", n)
    assert telltale.flush(20)
    assert gateway.bodies() == [f"n {n}" for n in range(25)]
    headers = {name.lower(): value for name, value in gateway.requests[0][2].items()}
    assert headers["content-type"] == "application/x-ndjson" and headers["content-encoding"] == "gzip"
    assert headers["authorization"] == "Bearer key" and headers["user-agent"].startswith("telltale-python/")
    assert telltale.stats()["delivered"] == 25 and telltale.stats()["lost"] == {}


@pytest.mark.parametrize("status", [429, 500, 503, 408])
def test_passing_trouble_is_tried_again(install: Install, gateway: FakeGateway, status: int) -> None:
    gateway.override = Failing(status, 2)
    install()
    log.warning("kept")
    assert telltale.flush(20)
    assert gateway.bodies() == ["kept"] and telltale.stats()["lost"] == {}


def test_retry_after_is_waited_for(install: Install, gateway: FakeGateway) -> None:
    gateway.override = failing = Failing(429, 1, {"retry-after": "1"})
    install()
    log.warning("kept")
    gateway.wait(lambda: gateway.bodies() == ["kept"])
    assert failing.at[1] - failing.at[0] >= 0.95


def test_a_refused_key_loses_records_by_name(install: Install, gateway: FakeGateway) -> None:
    gateway.override = Failing(401, 1)
    install()
    log.warning("lost")
    telltale.flush(20)
    log.warning("kept")
    telltale.flush(20)
    assert gateway.bodies() == ["kept"] and telltale.stats()["lost"] == {"unauthorized": 1}


def test_a_batch_that_is_too_large_is_halved(install: Install, gateway: FakeGateway) -> None:
    def override(method: str, path: str) -> Optional[tuple[int, dict[str, str], bytes]]:
        return (413, {}, b"{}") if gateway.requests[-1][3] > 700 else None

    gateway.override = override
    install(flush_interval_s=0.3)
    for n in range(20):
        log.warning("n %d %s", n, os.urandom(20).hex())
    log.warning("huge %s", os.urandom(2000).hex())
    telltale.flush(20)
    assert [body.split()[1] for body in gateway.bodies()] == [str(n) for n in range(20)]
    assert telltale.stats()["lost"] == {"too_large": 1}


def test_losses_are_reported_as_a_record(install: Install, gateway: FakeGateway) -> None:
    gateway.override = Failing(200, 1, {}, b'{"accepted":1,"rejected":2}')
    install()
    log.warning("a")
    log.warning("b")
    log.warning("c")
    telltale.flush(20)
    telltale.shutdown(3)
    reported = [event for event in gateway.named("log") if event["body"].startswith("telltale sdk lost 2 records")]
    assert reported and reported[0]["attributes"]["lost.rejected"] == 2 and reported[0]["severity"] == "warn"


def entry(size: int = 100) -> tuple[Any, ...]:
    return (0, size, 2, None, {})


def test_the_oldest_of_the_lowest_severity_gives_way() -> None:
    losses = Losses()
    queue = Queue(4, 10_000, 100, losses)
    for level in (ERROR, DEBUG, INFO, DEBUG, INFO, ERROR):
        queue.put(level, entry(), Mark())
    assert [order for order, _, _ in queue.take(10, 10_000)] == [1, 3, 5, 6]
    assert losses.total == {"queue_full": 2}


def test_the_queue_is_bounded_in_bytes() -> None:
    losses = Losses()
    queue = Queue(1000, 1000, 1000, losses)
    for _ in range(20):
        queue.put(INFO, entry(300), Mark())
    assert queue.items == 3 and queue.bytes == 900 and losses.total == {"queue_full": 17}
    assert len(queue.take(10, 500)) == 2


def seconds_of_warnings() -> float:
    began = time.monotonic()
    for n in range(20_000):
        log.warning("n %d", n)
    return time.monotonic() - began


def test_a_dead_gateway_does_not_slow_the_application(install: Install, gateway: FakeGateway) -> None:
    install(queue_items=1000)
    with_gateway = seconds_of_warnings()
    telltale.shutdown(0)
    install(url="http://127.0.0.1:9", queue_items=1000, exit_timeout_s=0.1)
    # One request that is waited for would take longer than all of these calls.
    assert seconds_of_warnings() < 10 * with_gateway + 1
    stats = telltale.stats()
    assert stats["waiting"] <= 1000 and stats["lost"]["queue_full"] >= 18_000
    assert telltale.flush(0.3) is False


def test_spilled_batches_are_sent_when_the_gateway_is_back(install: Install, gateway: FakeGateway, tmp_path: Path) -> None:
    gateway.override = Failing(503, 2)
    install(spill_dir=str(tmp_path))
    log.warning("one")
    gateway.wait(lambda: list(tmp_path.glob("*.gz")))
    assert oct(next(iter(tmp_path.glob("*.gz"))).stat().st_mode)[-3:] == "600"
    log.warning("two")
    gateway.wait(lambda: sorted(gateway.bodies()) == ["one", "two"])
    gateway.wait(lambda: not list(tmp_path.iterdir()))


def test_a_spill_of_a_process_that_died_is_sent_by_the_next(install: Install, gateway: FakeGateway, tmp_path: Path) -> None:
    install(url="http://127.0.0.1:9", spill_dir=str(tmp_path), exit_timeout_s=0.1, timeout_s=1)
    log.warning("from before")
    gateway.wait(lambda: list(tmp_path.glob("*.gz")))
    telltale.shutdown(0.1)
    left = next(iter(tmp_path.glob("*.gz")))
    left.rename(f"{left}.999999999")
    install(spill_dir=str(tmp_path))
    gateway.wait(lambda: "from before" in gateway.bodies())


def test_the_spill_is_bounded(tmp_path: Path) -> None:
    losses = Losses()
    spill = Spill(str(tmp_path), 250, losses)
    for _ in range(4):
        assert spill.write(b"x" * 100, 7)
    assert len(list(tmp_path.iterdir())) == 2 and losses.total == {"spill_full": 14}


def test_odd_values_are_json(install: Install, gateway: FakeGateway) -> None:
    install()
    with telltale.turn("t", input={1: float("inf"), "b": b"xx", "s": {1}, "lone": "\ud800", "self": None}) as turn:
        loop: list[Any] = []
        loop.append(loop)
        turn.set(output=loop, nan=float("nan"))
    assert telltale.flush(20)
    [event] = gateway.named("turn")
    assert event["input"]["1"] == "inf" and event["input"]["b"] == "<2 bytes>" and event["attributes"]["nan"] == "nan"
    assert telltale.stats()["lost"] == {}


def test_long_texts_are_cut(install: Install, gateway: FakeGateway) -> None:
    install(max_value_chars=1000)
    log.warning("x" * 5000)
    telltale.flush(20)
    assert gateway.bodies()[0].endswith("… (4000 more characters)")
