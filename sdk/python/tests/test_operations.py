"""Turns, calls and where the program is."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import telltale
from telltale._scope import NOWHERE, current

from .conftest import Install
from .fake_gateway import FakeGateway

log = logging.getLogger("app.agent")


def test_a_turn_is_a_tree_of_its_calls(install: Install, gateway: FakeGateway) -> None:
    install()

    @telltale.tool
    def search(query: str, *, most: int = 3) -> list[str]:
        log.info("searching")
        return [query] * most

    with telltale.session("s1"), telltale.turn("answer", input="tea?") as turn:
        with telltale.llm_call("gpt-4o", provider="openai", input=[{"role": "user", "content": "tea?"}]) as call:
            call.first_token()
            call.usage(input_tokens=10, output_tokens=5, cache_read_tokens=4).output("use search")
            call.set(requested_tool_call_ids=["c1"], finish_reasons=["tool_calls"], temperature=0.2)
        assert search("tea") == ["tea"] * 3
        telltale.decision(["search", "ask"], "search", "we know the product")
        turn.set(output="here")
    assert telltale.flush(20)
    [root], [llm], [tool], [chain] = (gateway.named(kind) for kind in ("turn", "llm", "tool", "chain"))
    assert {event["trace_id"] for event in gateway.events} == {turn.id}
    assert {event["session_id"] for event in gateway.events} == {"s1"}
    assert "parent_span_id" not in root
    assert llm["parent_span_id"] == tool["parent_span_id"] == chain["parent_span_id"] == root["span_id"]
    assert root["input"] == "tea?" and root["output"] == "here" and root["status"] == "ok"
    assert llm["usage"] == {"input_tokens": 10, "output_tokens": 5, "cache_read_tokens": 4}
    assert (
        llm["request_model"] == "gpt-4o"
        and llm["requested_tool_call_ids"] == ["c1"]
        and llm["attributes"] == {"temperature": 0.2}
    )
    assert 0 <= llm["time_to_first_token_ms"] <= llm["duration_ms"]
    assert tool["tool"] == {"name": "search", "arguments": {"query": "tea"}, "result": ["tea"] * 3}
    assert chain["decision"] == {"options": ["search", "ask"], "chosen": "search", "why": "we know the product"}
    [line] = gateway.named("log")
    assert line["span_id"] == tool["span_id"] and line["attributes"]["tool_call_id"]


def test_errors_are_reported_and_raised(install: Install, gateway: FakeGateway) -> None:
    install()

    @telltale.tool(name="pay")
    def pay(amount: int) -> None:
        raise ValueError(f"no funds for {amount}")

    with pytest.raises(ValueError), telltale.turn("buy"):
        pay(7)
    telltale.flush(20)
    [tool], [turn] = gateway.named("tool"), gateway.named("turn")
    assert tool["status"] == turn["status"] == "error"
    assert (
        tool["error"]["type"] == "ValueError" and tool["error"]["message"] == "no funds for 7" and "pay" in tool["error"]["stack"]
    )
    assert current.get() is NOWHERE


def test_asyncio_tasks_have_their_own_place(install: Install, gateway: FakeGateway) -> None:
    install()

    @telltale.tool
    async def fetch(n: int) -> int:
        await asyncio.sleep(0.01)
        log.info("fetched %d", n)
        return n

    async def serve(n: int) -> None:
        async with telltale.session(f"s{n}"), telltale.turn("serve"):
            await asyncio.gather(fetch(n), asyncio.to_thread(log.info, "thread %d", n))
            await asyncio.get_running_loop().run_in_executor(None, log.info, "executor %d", n)

    async def main() -> None:
        await asyncio.gather(*(serve(n) for n in range(5)))

    asyncio.run(main())
    telltale.flush(20)
    for n in range(5):
        [turn] = [e for e in gateway.named("turn") if e["session_id"] == f"s{n}"]
        mine = [e for e in gateway.events if e["trace_id"] == turn["trace_id"]]
        assert sorted(e["body"] for e in mine if e["kind"] == "log") == [f"executor {n}", f"fetched {n}", f"thread {n}"]


def test_a_cancelled_task_is_no_error(install: Install, gateway: FakeGateway) -> None:
    install()

    async def main() -> None:
        async def wait() -> None:
            with telltale.turn("wait"):
                await asyncio.sleep(10)

        task = asyncio.create_task(wait())
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    telltale.flush(20)
    [turn] = gateway.named("turn")
    assert turn["status"] == "unset" and turn["attributes"] == {"cancelled": True}


def test_threads_and_executors_start_where_they_were_asked_for(install: Install) -> None:
    install()
    seen: list[str] = []
    with ThreadPoolExecutor(1) as pool, telltale.session("s1"):
        pool.submit(lambda: seen.append(current.get().session_id)).result()
        thread = threading.Thread(target=lambda: seen.append(current.get().session_id))
        thread.start()
        thread.join()
        with telltale.session("s2"):
            pool.submit(lambda: seen.append(current.get().session_id)).result()
        kept = telltale.wrap(lambda: current.get().session_id)
    with ThreadPoolExecutor(1) as other:
        other.submit(lambda: seen.append(current.get().session_id)).result()
    assert seen == ["s1", "s1", "s2", ""] and kept() == "s1"


def test_generators_are_tools_while_they_run_only(install: Install, gateway: FakeGateway) -> None:
    install()

    @telltale.tool
    def count(n: int) -> Iterator[int]:
        for i in range(n):
            log.info("item %d", i)
            yield i

    @telltale.tool
    async def acount(n: int) -> AsyncIterator[int]:
        for i in range(n):
            yield i

    with telltale.turn("t") as turn:
        for _ in count(2):
            assert current.get() is turn.scope
        for _ in count(5):
            break

        async def main() -> list[int]:
            return [i async for i in acount(3)]

        assert asyncio.run(main()) == [0, 1, 2]
    telltale.flush(20)
    results = [event["tool"]["result"] for event in gateway.named("tool")]
    assert [0, 1] in results and [0] in results and [0, 1, 2] in results
    assert all(event["status"] == "ok" for event in gateway.named("tool"))


def test_arguments_are_what_they_were_when_the_call_began(install: Install, gateway: FakeGateway) -> None:
    install()

    @telltale.tool
    def consume(items: list[int]) -> dict[str, int]:
        items.clear()
        return result

    result = {"n": 1}
    with telltale.turn("t"):
        consume([1, 2])
        result["n"] = 99
    telltale.flush(20)
    assert gateway.named("tool")[0]["tool"] == {"name": "consume", "arguments": {"items": [1, 2]}, "result": {"n": 1}}


def test_places_cross_services_by_headers(install: Install, gateway: FakeGateway) -> None:
    install()
    with telltale.session("sesión, 1"), telltale.turn("front") as front:
        headers: dict[str, str] = {"x": "y"}
        telltale.inject(headers)
    assert headers["traceparent"] == f"00-{front.id}-{front.scope.span_id}-01"
    with telltale.turn(
        "back", carrier={"TraceParent": headers["traceparent"], "baggage": headers["baggage"] + ",team=a%20b"}
    ) as back:
        assert back.id == front.id and back.scope.session_id == "sesión, 1"
        assert "team=a%20b" in telltale.inject()["baggage"]
    telltale.flush(20)
    assert gateway.named("turn", "back")[0]["parent_span_id"] == front.scope.span_id


@pytest.mark.parametrize(
    "header",
    ["", "00-" + "0" * 32 + "-" + "1" * 16 + "-01", "ff-" + "a" * 32 + "-" + "1" * 16 + "-01", "00-" + "A" * 32 + "-" + "1" * 16 + "-01",
     "00-" + "a" * 32 + "-" + "0" * 16 + "-01", "00-" + "a" * 32 + "-" + "1" * 16 + "-01-x", "nonsense"],
)  # fmt: skip
def test_malformed_headers_are_ignored(install: Install, header: str) -> None:
    install()
    with telltale.attach({"traceparent": header, "baggage": "=;,,a"}) as place:
        assert place.scope.trace_id == ""


def test_trace_ids_are_shared_with_opentelemetry(install: Install, gateway: FakeGateway) -> None:
    trace = pytest.importorskip("opentelemetry.trace")
    sdk = pytest.importorskip("opentelemetry.sdk.trace")
    tracer = sdk.TracerProvider().get_tracer("t")
    install()
    with tracer.start_as_current_span("outer") as outer:
        log.info("in a span")
        with telltale.turn("inner") as turn:
            assert turn.id == f"{outer.get_span_context().trace_id:032x}"
            with telltale.tool_call("search") as call, tracer.start_as_current_span("db") as db:
                assert f"{db.parent.span_id:016x}" == call.scope.span_id
        assert trace.get_current_span() is outer
    with telltale.turn("alone") as alone, tracer.start_as_current_span("db") as db:
        assert f"{db.get_span_context().trace_id:032x}" == alone.id
    telltale.flush(20)
    assert gateway.named("log")[0]["trace_id"] == turn.id


def test_feedback_reports_and_the_summary(install: Install, gateway: FakeGateway) -> None:
    install()
    with telltale.turn("t") as turn:
        telltale.report("confused", "the user repeats the question")
    telltale.feedback(-1, label="thumbs_down", comment="wrong", turn_id=turn.id)
    telltale.shutdown(3)
    [said] = gateway.named("feedback")
    assert said["score"] == {"name": "user_feedback", "value": -1.0, "label": "thumbs_down"} and said["trace_id"] == turn.id
    assert "confused: the user repeats the question" in gateway.bodies()
    assert any(body.startswith("summary: turns=1") for body in gateway.bodies())


def test_what_before_send_raises_stays_there(install: Install, gateway: FakeGateway) -> None:
    def hook(event: dict[str, Any]) -> Any:
        if event.get("body") == "bad":
            raise RuntimeError("hook")
        if event.get("body") == "drop":
            return None
        event["attributes"]["seen"] = True
        return event

    install(before_send=hook)
    for body in ("good", "bad", "drop"):
        log.warning(body)
    telltale.flush(20)
    assert gateway.bodies() == ["good"] and gateway.events[0]["attributes"]["seen"] is True
    assert telltale.stats()["lost"] == {"before_send_failed": 1, "before_send_dropped": 1}


def test_operations_without_install_do_nothing() -> None:
    with telltale.turn("t"), telltale.llm_call("m") as call:
        call.usage(input_tokens=1)
    telltale.feedback(1)
    telltale.report("x")
    assert telltale.stats() == {"installed": False}


def test_an_operation_ends_once(install: Install, gateway: FakeGateway) -> None:
    install()
    call = telltale.llm_call("m").begin()
    call.leave()
    time.sleep(0.02)
    call.end()
    call.end()
    telltale.flush(20)
    [event] = gateway.named("llm")
    assert event["duration_ms"] >= 20
