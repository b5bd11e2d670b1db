"""One call is reported once, though a framework and a client see it; and where a program is after callbacks in other contexts."""

from __future__ import annotations

import asyncio
import contextvars
import importlib.util
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import telltale
from telltale._once import FrameworkCall, FrameworkTool, open_call, open_tool
from telltale._scope import NOWHERE, here
from telltale.capture import capture_status
from telltale.capture._runs import open_run

from .conftest import Install
from .fake_gateway import FakeGateway
from .test_capture import QUESTION, anthropic_client, model, openai_client

__all__ = ["model"]


def events(gateway: FakeGateway, kind: str) -> list[dict[str, Any]]:
    assert telltale.flush(20)
    assert telltale.stats()["lost"] == {}
    return gateway.named(kind)


def test_a_client_reports_the_call_that_a_framework_sees_too(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    with telltale.turn("t") as turn:
        seen = FrameworkCall("gpt-4o").watch()
        assert open_call() is seen and here() is turn.scope
        openai_client(model).chat.completions.create(model="gpt-4o", messages=QUESTION)
        seen.usage(input_tokens=20).end()
    [event] = events(gateway, "llm")
    assert event["usage"]["output_tokens"] == 9 and event["parent_span_id"] == turn.scope.span_id


def test_all_frameworks_around_a_call_leave_it_to_the_client(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    outer = FrameworkCall("a").watch()
    inner = FrameworkCall("b").watch()
    anthropic_client(model).messages.create(model="claude-3-5-sonnet", messages=QUESTION, max_tokens=9)
    inner.end()
    outer.end()
    assert [event["provider"] for event in events(gateway, "llm")] == ["anthropic"]


def test_a_framework_reports_what_no_client_does(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    FrameworkCall("local-model", provider="mine").watch().usage(input_tokens=3).end()
    streaming = FrameworkCall("local-model").watch()
    streaming.first_token()
    # Another call, that the program makes while it reads the answer of the first.
    openai_client(model).chat.completions.create(model="gpt-4o", messages=QUESTION)
    streaming.end()
    assert [event["request_model"] for event in events(gateway, "llm")] == ["local-model", "gpt-4o", "local-model"]


def test_a_call_that_fails_before_its_client_is_the_frameworks(install: Install, gateway: FakeGateway) -> None:
    install(capture=True)
    FrameworkCall("gpt-4o").watch().end(ValueError("no messages"))
    [event] = events(gateway, "llm")
    assert event["status"] == "error" and event["error"]["message"] == "no messages"


def test_a_reported_function_is_no_second_tool(install: Install, gateway: FakeGateway) -> None:
    install()

    @telltale.tool
    def search(query: str) -> str:
        return f"tea for {query}"

    @telltale.tool
    async def later(query: str) -> str:
        return query

    with FrameworkTool("search", {"query": "mia"}, call_id="c1") as tool:
        assert open_tool() is tool
        tool.result(search("mia"))
        search("a call of its own")
    with FrameworkTool("later", {"query": "mia"}) as tool:
        tool.result(asyncio.run(later("mia")))
    search("outside")
    reported = [(one["tool"]["name"], one["tool"].get("call_id", ""), one["tool"]["result"]) for one in events(gateway, "tool")]
    assert reported == [
        ("search", "", "tea for a call of its own"), ("search", "c1", "tea for mia"), ("later", "", "mia"),
        ("search", "", "tea for outside"),
    ]  # fmt: skip


def test_what_a_function_keeps_to_itself_its_framework_does_not_tell(install: Install, gateway: FakeGateway) -> None:
    install()

    @telltale.tool(record=False)
    def search(query: str) -> str:
        return "private"

    with FrameworkTool("search", {"query": "private"}) as tool:
        tool.result(search("private"))
    [event] = events(gateway, "tool")
    assert event["tool"] == {"name": "search"}


def test_a_run_alone_is_a_turn_and_within_a_turn_an_agent(install: Install, gateway: FakeGateway) -> None:
    install()
    open_run("alone", session_id="s-1").end()
    with telltale.turn("own") as turn:
        open_run("inside", session_id="s-2", agent_name="inside").end()
    assert [(event["name"], event.get("session_id")) for event in events(gateway, "turn")] == [("alone", "s-1"), ("own", None)]
    [agent] = events(gateway, "agent")
    assert agent["parent_span_id"] == turn.scope.span_id and agent["agent_name"] == "inside" and agent["session_id"] == "s-2"


def test_what_ends_in_another_context_is_over_where_it_began(install: Install, gateway: FakeGateway) -> None:
    install()
    logger = logging.getLogger("app.after")
    logger.setLevel(logging.DEBUG)
    turn = open_run("first", otel=False)
    contextvars.copy_context().run(turn.end)
    logger.warning("after")
    logger.debug("after, held")
    assert here() is NOWHERE and telltale.current_place()["turn_id"] == ""
    second = open_run("second")
    second.end()
    assert second.scope.trace_id != turn.scope.trace_id
    assert telltale.flush(20)
    assert "trace_id" not in next(event for event in gateway.events if event.get("body") == "after")


@pytest.mark.parametrize("way", ["parsed", "streamed", "unread"])
def test_a_response_that_is_streamed_by_the_client(install: Install, gateway: FakeGateway, model: str, way: str) -> None:
    install(capture=True)
    asked = {"model": "gpt-4o", "messages": QUESTION, "stream": way == "streamed"}
    with openai_client(model).chat.completions.with_streaming_response.create(**asked) as response:
        if way == "streamed":
            assert len(list(response.parse())) == 6
        elif way == "parsed":
            assert response.parse().id == "chatcmpl-1" and response.parse().id == "chatcmpl-1"
    [event] = events(gateway, "llm")
    assert event.get("usage", {}).get("input_tokens") == {"parsed": 20, "streamed": 5, "unread": None}[way]
    assert ("body" in event.get("attributes", {})) == (way == "unread")


def test_a_response_that_is_streamed_asynchronously(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)

    async def main() -> None:
        completions = openai_client(model, "AsyncOpenAI").chat.completions
        asked = {"model": "gpt-4o", "messages": QUESTION, "stream": True}
        async with completions.with_streaming_response.create(**asked) as response:
            async for _ in await response.parse():
                break

    asyncio.run(main())
    [event] = events(gateway, "llm")
    assert event["status"] == "ok" and event["response_model"] == "gpt-4o"


def test_frameworks_that_are_not_there(install: Install) -> None:
    install(capture=True)
    status = capture_status()
    assert set(status) == {"openai", "anthropic", "langchain_core", "agents", "pydantic_ai", "litellm", "mcp"}
    absent = [name for name in status if importlib.util.find_spec(name) is None]
    assert {status[name] for name in absent} <= {"not patched, because it is not installed"}


OWN_PACKAGE = """
import telltale, telltale.capture
telltale.install(url="http://127.0.0.1:9", control=False, startup_line=False, exit_timeout_s=0.1)
import agents
print(telltale.capture.capture_status()["agents"])
"""


def test_a_package_of_the_program_that_is_called_agents_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "__init__.py").write_text("")
    env = {"PYTHONPATH": f"{Path(__file__).parents[1] / 'src'}:{tmp_path}", "PATH": "/usr/bin"}
    run = subprocess.run([sys.executable, "-c", OWN_PACKAGE], env=env, capture_output=True, text=True, timeout=60)
    assert run.stdout.startswith("not patched, because "), run.stderr
