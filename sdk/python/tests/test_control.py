"""Directives arrive, are obeyed and acknowledged, and end."""

from __future__ import annotations

import logging
import time
from typing import Any, Optional

import telltale

from .conftest import Install
from .fake_gateway import FakeGateway, directive

log = logging.getLogger("app.control")


def applied(gateway: FakeGateway, set_hash: str) -> list[dict[str, Any]]:
    return [ack for ack in gateway.acks if ack["set_hash"] == set_hash and ack["status"] == "applied"]


def test_a_slice_is_boosted_and_falls_back_by_itself(install: Install, gateway: FakeGateway) -> None:
    runtime = install(control=True)

    @telltale.tool
    def search(q: str) -> str:
        log.debug("searching %s", q)
        return q

    @telltale.tool
    def pay() -> None:
        log.debug("paying")

    with telltale.turn("t1"):
        search("a")
    boost = directive(
        "d1", ttl=3.0, target={"service_name": "shop", "tool_name": "search"}, set={"min_severity": "debug", "content": "full"}
    )
    set_hash = gateway.set_directives([boost])
    gateway.wait(lambda: applied(gateway, set_hash))
    with telltale.turn("t2"):
        search("b")
        pay()
    telltale.flush(20)
    [event] = gateway.named("log")
    assert event["body"] == "searching b" and event["directive_ids"] == ["d1"] and event["verbosity_level"] == "debug"
    time.sleep(3.1)
    with telltale.turn("t3"):
        search("c")
    telltale.flush(20)
    assert gateway.bodies() == ["searching b"] and runtime.verbosity.simple


def test_acknowledgements_count_hits_bytes_and_what_was_suppressed(install: Install, gateway: FakeGateway) -> None:
    install(control=True)
    gateway.wait(lambda: gateway.acks)
    first = gateway.acks[0]
    assert first["instance"] == telltale.stats()["instance"] and first["sdk"]["name"] == "telltale-python"
    assert first["service_name"] == "shop" and first["error"] == "" and first["directives"] == []
    set_hash = gateway.set_directives([directive("d", target={"logger": "app.control"})])
    gateway.wait(lambda: applied(gateway, set_hash))
    for n in range(4):
        log.debug("sent %d", n)
    for n in range(3):
        logging.getLogger("app.other").debug("held %d", n)
    telltale.flush(20)
    again = gateway.set_directives([directive("d", version=2, target={"logger": "app.control"})])
    [ack] = gateway.wait(lambda: applied(gateway, again))
    assert ack["directives"][0]["id"] == "d" and ack["directives"][0]["hits"] == 4 and ack["directives"][0]["bytes"] > 400
    assert ack["suppressed"]["records"] == 3 and ack["suppressed"]["bytes"] > 300


def test_counts_wait_for_the_next_acknowledgement_when_one_fails(install: Install, gateway: FakeGateway) -> None:
    runtime = install(control=True)
    set_hash = gateway.set_directives([directive("d")])
    gateway.wait(lambda: applied(gateway, set_hash))
    log.debug("x")

    def no_acks(method: str, path: str) -> Optional[tuple[int, dict[str, str], bytes]]:
        return (503, {}, b"{}") if path == "/v1/acks" else None

    gateway.override = no_acks
    asked = len([r for r in gateway.requests if r[1] == "/v1/acks"])
    runtime.keeper.reported(set_hash, "applied", "")
    gateway.wait(lambda: [r for r in gateway.requests if r[1] == "/v1/acks"][asked:])
    time.sleep(0.2)
    gateway.override = None
    before = len(gateway.acks)
    runtime.keeper.reported(set_hash, "applied", "")
    gateway.wait(lambda: gateway.acks[before:])
    assert gateway.acks[-1]["directives"][0]["hits"] == 1


def test_last_counts_of_a_directive_that_ended_are_reported_at_once(install: Install, gateway: FakeGateway) -> None:
    install(control=True)
    set_hash = gateway.set_directives([directive("short", ttl=4.0), directive("gone", target={"logger": "app.none"})])
    gateway.wait(lambda: applied(gateway, set_hash))
    log.debug("x")
    telltale.flush(20)
    gateway.wait(lambda: [a for a in gateway.acks if [d for d in a["directives"] if d["id"] == "short" and d["hits"] == 1]])
    # Not the empty set: that may have been acknowledged at the start.
    again = gateway.set_directives([directive("next")])
    [ack] = gateway.wait(lambda: applied(gateway, again))
    assert sorted(one["id"] for one in ack["directives"]) == ["gone", "next", "short"]


def test_a_malformed_set_keeps_the_former_and_says_which_field(install: Install, gateway: FakeGateway) -> None:
    install(control=True)
    good = gateway.set_directives([directive("good")])
    gateway.wait(lambda: applied(gateway, good))
    bad = gateway.set_directives([directive("good"), directive("bad", set={"keep": 7})])
    [ack] = gateway.wait(lambda: [ack for ack in gateway.acks if ack["status"] == "failed"])
    assert ack["set_hash"] == bad and ack["error"].startswith("directives.1.set.keep must be")
    log.debug("still boosted")
    telltale.flush(20)
    assert gateway.bodies() == ["still boosted"]


def test_a_stream_that_ends_is_opened_again(install: Install, gateway: FakeGateway) -> None:
    install(control=True)
    gateway.wait(lambda: gateway.acks)
    gateway.streams = -10
    set_hash = gateway.set_directives([directive("d")])
    gateway.wait(lambda: applied(gateway, set_hash))
    gateway.wait(lambda: gateway.streams > -10)


def test_a_gateway_without_room_is_polled_without_waiting(install: Install, gateway: FakeGateway) -> None:
    def no_room(method: str, path: str) -> Optional[tuple[int, dict[str, str], bytes]]:
        return (429, {}, b'{"error":{"code":"overloaded"}}') if "stream=1" in path or "wait=" in path else None

    gateway.override = no_room
    set_hash = gateway.set_directives([directive("d")])
    install(control=True)
    gateway.wait(lambda: applied(gateway, set_hash))
    assert telltale.stats()["control"] == "poll"
    assert not any("wait=" in request[1] for request in gateway.requests)


def test_a_gateway_without_streams_is_polled(install: Install, gateway: FakeGateway) -> None:
    def no_streams(method: str, path: str) -> Optional[tuple[int, dict[str, str], bytes]]:
        return (503, {}, b'{"error":{"code":"unavailable"}}') if "stream=1" in path else None

    gateway.override = no_streams
    install(control=True)
    gateway.wait(lambda: gateway.acks)
    assert telltale.stats()["control"] == "long_poll"
    gateway.wait(lambda: any("wait=25s" in request[1] for request in gateway.requests))
    set_hash = gateway.set_directives([directive("d")])
    gateway.wait(lambda: applied(gateway, set_hash))
    log.debug("boosted")
    telltale.flush(20)
    assert gateway.bodies() == ["boosted"]


def test_a_gateway_that_does_not_wait_is_polled_slowly(install: Install, gateway: FakeGateway) -> None:
    def no_streams(method: str, path: str) -> Optional[tuple[int, dict[str, str], bytes]]:
        return (503, {}, b"{}") if "stream=1" in path else None

    gateway.override, gateway.honor_wait = no_streams, False
    install(control=True)
    gateway.wait(lambda: telltale.stats()["control"] == "poll")
    time.sleep(0.5)
    assert sum("/v1/control" in request[1] for request in gateway.requests) <= 4


def test_no_directives_without_permission_but_records_all_the_same(install: Install, gateway: FakeGateway) -> None:
    gateway.override = lambda method, path: (403, {}, b"{}") if "/v1/control" in path else None
    install(control=True)
    log.warning("x")
    telltale.flush(20)
    time.sleep(0.3)
    assert gateway.bodies() == ["x"] and sum("/v1/control" in request[1] for request in gateway.requests) == 1
    assert "403" in telltale.stats()["control_problem"] and gateway.acks == []


def test_directives_end_when_the_gateway_is_gone(install: Install, gateway: FakeGateway) -> None:
    runtime = install(control=True, exit_timeout_s=0.1)
    set_hash = gateway.set_directives([directive("d", ttl=4.0)])
    gateway.wait(lambda: applied(gateway, set_hash))
    gateway.close()
    assert not runtime.verbosity.simple
    time.sleep(4.3)
    assert runtime.verbosity.simple


def test_content_that_is_restricted_leaves_neither_at_once_nor_by_the_ring(install: Install, gateway: FakeGateway) -> None:
    install(control=True)
    changes = {"content": "metadata"}
    restricted = {**directive("r", set=changes, limits={"records_per_s": 0.001}), "class": "restrict"}
    set_hash = gateway.set_directives([restricted])
    gateway.wait(lambda: applied(gateway, set_hash))
    log.info("takes the one that is let through")
    with telltale.turn("t", input="12345"):
        with telltale.tool_call("search", {"q": "a"}) as call:
            call.result("abc")
        log.error("boom")
    telltale.flush(20)
    [tool] = gateway.named("tool")
    assert tool["from_ring"] is True and tool["tool"] == {"name": "search"}
    assert tool["attributes"] == {"tool_arguments.length": 9, "tool_result.length": 3}
    line = gateway.named("log")[-1]
    assert line["body"] == "boom" and line["verbosity_level"] == "metadata" and line["directive_ids"] == ["r"]


def test_selftest_sends_sees_and_acknowledges(install: Install, gateway: FakeGateway) -> None:
    install(control=True)
    result = telltale.selftest(5)
    assert result["ok"] and result["sends"] == result["sees"] == result["acks"] == "ok"
    assert "telltale selftest" in gateway.bodies()


def test_selftest_says_what_is_wrong(install: Install) -> None:
    install(url="http://127.0.0.1:9", control=True, exit_timeout_s=0.1)
    result = telltale.selftest(0.6)
    assert not result["ok"] and "Refused" in result["sends"] and result["sees"].startswith("failed")
