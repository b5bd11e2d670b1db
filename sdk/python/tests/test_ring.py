"""The flight recorder."""

from __future__ import annotations

import dataclasses
import logging
import threading
import time
from typing import Any

import pytest

import telltale
from telltale import _ring
from telltale._clock import steady
from telltale._ring import Rings, rings

from .conftest import Install
from .fake_gateway import FakeGateway, directive

log = logging.getLogger("app.ring")


@dataclasses.dataclass
class Cart:
    items: list[str]


def test_an_error_sends_what_was_held_first_in_order_and_marked(install: Install, gateway: FakeGateway) -> None:
    install()
    with telltale.session("s"), telltale.turn("t") as turn:
        for n in range(3):
            log.debug("step %d", n)
        with telltale.tool_call("search") as tool:
            log.debug("inside")
        log.error("boom")
        log.debug("after")
        log.error("boom 2")
    with telltale.turn("good"):
        log.debug("never seen")
    telltale.flush(20)
    assert gateway.bodies() == ["step 0", "step 1", "step 2", "inside", "boom", "after", "boom 2"]
    held = [event for event in gateway.named("log") if event.get("from_ring")]
    assert [event["body"] for event in held] == ["step 0", "step 1", "step 2", "inside", "after"]
    assert all(event["trace_id"] == turn.id and event["session_id"] == "s" and event["severity"] == "debug" for event in held)
    assert held[3]["span_id"] == tool.scope.span_id
    assert held[0]["attributes"]["code.function"].startswith("test_an_error") and held[0]["attributes"]["code.file"] == __file__


def test_a_failed_operation_sends_it_too(install: Install, gateway: FakeGateway) -> None:
    install()
    try:
        with telltale.turn("t"):
            log.debug("before")
            raise KeyError("x")
    except KeyError:
        pass
    telltale.flush(20)
    assert gateway.bodies() == ["before"] and gateway.events[0]["from_ring"] is True
    assert gateway.events[-1]["kind"] == "turn"


def test_later_changes_of_arguments_do_not_show(install: Install, gateway: FakeGateway) -> None:
    install()
    state: dict[str, Any] = {"n": 1, "deep": [{"x": 1}]}
    cart = Cart(["tea"])
    with telltale.turn("t"):
        log.debug("state %s", state)
        log.debug("%(n)d", state)
        log.debug("cart %s", cart)
        log.debug("extra", extra={"cart": cart})
        state["n"], state["deep"][0]["x"] = 2, 2
        cart.items.append("milk")
        log.error("boom")
    telltale.flush(20)
    assert gateway.bodies()[:4] == ["state {'n': 1, 'deep': [{'x': 1}]}", "1", "cart Cart(items=['tea'])", "extra"]
    assert gateway.events[3]["attributes"]["cart"] == {"type": "Cart", "items": ["tea"]}


def test_suppressed_arguments_run_no_code_of_the_application(install: Install) -> None:
    install()
    ran: list[str] = []

    class Lazy:
        def __init__(self) -> None:
            self.x = 1

        def __str__(self) -> str:
            ran.append("str")
            return ""

        __repr__ = __str__

    with telltale.turn("t"):
        log.debug("%s %r", Lazy(), [Lazy()])
    assert ran == []


def test_bytes_bound_a_ring_and_what_fell_out_is_reported(install: Install, gateway: FakeGateway) -> None:
    install(ring_bytes=5_000)
    with telltale.turn("t") as turn:
        for n in range(100):
            log.debug("line %03d %s", n, "x" * 100)
        log.debug("huge %s", "y" * 100_000)
        log.debug("last")
        assert turn.scope.ring is not None and turn.scope.ring.bytes <= 5_000
        log.error("boom")
    telltale.flush(20)
    assert gateway.bodies() == ["dropped=101", "last", "boom"]
    assert gateway.events[0]["attributes"]["dropped"] == 101 and gateway.events[0]["trace_id"] == turn.id


def test_age_bounds_a_ring(install: Install, gateway: FakeGateway) -> None:
    install()
    with telltale.turn("t"):
        log.debug("old")
        rings.tidy(2)
        time.sleep(2.1)
        log.debug("new")
        rings.tidy(2)
        log.error("boom")
    telltale.flush(20)
    assert gateway.bodies() == ["dropped=1", "new", "boom"]


@pytest.mark.parametrize(("hours", "left"), [(5, 0), (-5, 2)])
def test_a_wall_clock_that_jumps_makes_no_record_old_and_no_turn_slow(
    install: Install, gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch, hours: int, left: int
) -> None:
    install(slow_turn_s=60, ring_age_s=60)
    true_time_ns, offset_ns, steady_offset = time.time_ns, [0], [0.0]
    monkeypatch.setattr(time, "time_ns", lambda: true_time_ns() + offset_ns[0])
    monkeypatch.setattr(_ring, "steady", lambda: steady() + steady_offset[0])
    ring = rings.new("t")

    def hold() -> None:
        ring.append((time.time_ns(), 100), 100)

    with telltale.turn("t"):
        log.debug("before the jump")
        hold()
        rings.tidy(60)
        offset_ns[0] = hours * 3_600_000_000_000
        hold()
        time.sleep(0.6)
        rings.tidy(60)
        assert len(ring.entries) == 2
        # A minute later they are old. Where the clock was set back nobody can say so, and the bytes bound the ring.
        for _ in range(2):
            steady_offset[0] += 61
            offset_ns[0] += 61_000_000_000
            rings.tidy(60)
        assert len(ring.entries) == left
    telltale.flush(20)
    assert gateway.bodies() == []


def test_all_rings_together_are_bounded() -> None:
    before = rings.max_total_bytes
    try:
        rings.max_total_bytes = 1_000
        old, new = rings.new("a"), rings.new("b")
        new.started_ns = old.started_ns + 1
        for ring in (old, new):
            for _ in range(8):
                ring.append((time.time_ns(), 100), 100)
        rings.tidy(600)
        assert new.bytes == 800 and old.bytes <= 200
    finally:
        rings.max_total_bytes = before


def test_a_turn_that_failed_is_sent_whole(install: Install, gateway: FakeGateway) -> None:
    install()
    with telltale.turn("answer"):
        log.debug("before")
        log.error("boom")
        log.debug("after")
    with telltale.turn("fine"):
        log.debug("not sent")
    telltale.flush(20)
    assert gateway.bodies() == ["before", "boom", "after"]


def test_a_slow_turn_is_sent_before_it_ends(install: Install, gateway: FakeGateway) -> None:
    install(slow_turn_s=0.3)
    with telltale.turn("t"):
        log.debug("early")
        gateway.wait(lambda: "early" in gateway.bodies())
        log.debug("late")
        time.sleep(0.6)
    telltale.flush(20)
    assert gateway.bodies() == ["early", "late"]


def test_turns_that_are_not_kept_are_whole_when_they_fail(install: Install, gateway: FakeGateway) -> None:
    install(keep=1e-9)
    with telltale.turn("t"):
        log.info("sample")
        log.info("stood for")
        log.debug("detail")
        with telltale.tool_call("search"):
            pass
        with telltale.tool_call("search"):
            pass
        log.error("boom")
    telltale.flush(20)
    assert gateway.bodies() == ["sample", "stood for", "detail", "boom"]
    assert [event.get("sampling_weight", 1) for event in gateway.named("log")] == [0, 0, 1, 1]
    assert [(event["sampling_weight"], event.get("from_ring", False)) for event in gateway.named("tool")] == [
        (0, False),
        (0, True),
    ]


def test_negative_feedback_sends_it_after_the_turn_once_and_only_of_that_turn(install: Install, gateway: FakeGateway) -> None:
    install(keep=1e-9)
    turns = []
    for name in ("liked", "disliked"):
        with telltale.session("s"), telltale.turn(name) as turn:
            log.info("first of %s", name)
            log.debug("then of %s", name)
            with telltale.tool_call("search"):
                log.info("last of %s", name)
        turns.append(turn)
    telltale.flush(20)
    before = len(gateway.events)
    telltale.feedback(1, turn_id=turns[0].id)
    telltale.feedback(-1, turn_id=turns[1].id)
    telltale.feedback(-1, turn_id=turns[1].id)
    telltale.flush(20)
    late = [event for event in gateway.events[before:] if event.get("from_ring")]
    # The call of the first turn was sent as the sample of its kind, so that of the second was held.
    assert [event.get("body") or event["kind"] for event in late] == [
        "first of disliked", "then of disliked", "last of disliked", "tool",
    ]  # fmt: skip
    assert [event.get("sampling_weight", 1) for event in late] == [0, 1, 0, 0]
    assert {event["trace_id"] for event in late} == {turns[1].id} and {event["session_id"] for event in late} == {"s"}


def test_ended_turns_are_kept_for_a_while_within_bounds_the_oldest_going_first(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(_ring, "steady", lambda: clock[0])
    rings = Rings()
    rings.max_total_bytes = 1_000

    def end_turn(trace_id: str) -> None:
        ring = rings.new(trace_id)
        ring.append((time.time_ns(), 400), 400)
        rings.retire(ring)

    def kept() -> list[str]:
        return [trace_id for trace_id in "abcd" if rings.of_turn(trace_id)]

    for trace_id in "abc":
        end_turn(trace_id)
        clock[0] += 25
    assert kept() == ["b", "c"]
    clock[0] += 15
    rings.tidy(600)
    assert kept() == ["c"]
    running = rings.new("d")
    running.append((time.time_ns(), 900), 900)
    rings.tidy(600)
    assert [len(ring.entries) for trace_id in "cd" for ring in rings.of_turn(trace_id)] == [0, 1]
    rings.forget_ended()
    assert kept() == ["d"]
    assert rings.suppressed() == (4, 2_100)


def test_without_linger_nothing_is_kept(install: Install, gateway: FakeGateway) -> None:
    install(ring_linger_s=0)
    with telltale.turn("t") as turn:
        log.debug("gone")
    telltale.feedback(-1, turn_id=turn.id)
    telltale.flush(20)
    assert gateway.bodies() == []


def test_negative_feedback_sends_it_while_the_turn_lasts(install: Install, gateway: FakeGateway) -> None:
    install()
    with telltale.turn("t") as turn:
        log.debug("thought")
        telltale.feedback(1)
        telltale.feedback(-1, turn_id=turn.id)
    telltale.flush(20)
    assert gateway.bodies() == ["thought"]


def test_a_boost_with_flush_sends_matching_turns_once(install: Install, gateway: FakeGateway) -> None:
    install(control=True)
    ready, go = threading.Barrier(3), threading.Event()

    def serve(name: str) -> None:
        with telltale.turn(name), telltale.tool_call(name):
            log.debug("in %s", name)
            ready.wait()
            go.wait(10)

    threads = [threading.Thread(target=serve, args=(name,)) for name in ("search", "pay")]
    for thread in threads:
        thread.start()
    ready.wait()
    gateway.wait(lambda: gateway.acks)
    boost = directive("f", target={"tool_name": "search"}, set={"flush": True})
    gateway.set_directives([boost])
    gateway.wait(lambda: gateway.bodies())
    go.set()
    for thread in threads:
        thread.join()
    telltale.flush(20)
    assert gateway.bodies() == ["in search"] and gateway.events[0]["from_ring"] is True


def test_what_is_held_counts_as_suppressed_unless_it_is_sent_after_all() -> None:
    rings = Rings()
    ring = rings.new("t")
    ring.append((1, 100), 100)
    ring.append((2, 100), 100)
    assert rings.suppressed() == (2, 200)
    rings.take(ring)
    assert rings.suppressed() == (0, 0)
    for _ in range(3):
        ring.append((3, 100), 100)
    assert rings.suppressed() == (1, 100)
    rings.linger_s = 0
    rings.retire(ring)
    assert rings.suppressed() == (0, 0)
    rings.give_back(1, 100)
    assert rings.suppressed() == (1, 100)
