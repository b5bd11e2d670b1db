"""The real clients against a model server that answers from a script."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import telltale
from telltale.capture import capture_status

from .conftest import Install
from .fake_gateway import FakeGateway

openai = pytest.importorskip("openai")
anthropic = pytest.importorskip("anthropic")

CALL = {"id": "call_1", "type": "function", "function": {"name": "search", "arguments": '{"q":"tea"}'}}
CHAT = {
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-4o-2024-08-06",
    "choices": [{"index": 0, "finish_reason": "tool_calls", "message": {"role": "assistant", "content": "let me see", "tool_calls": [CALL]}}],
    "usage": {"prompt_tokens": 20, "completion_tokens": 9, "total_tokens": 29, "prompt_tokens_details": {"cached_tokens": 8},
              "completion_tokens_details": {"reasoning_tokens": 4}},
}  # fmt: skip
CHUNKS: list[dict[str, Any]] = [
    {"choices": [{"index": 0, "delta": {"role": "assistant", "content": ""}}]},
    {"choices": [{"index": 0, "delta": {"content": "Hel"}}]},
    {"choices": [{"index": 0, "delta": {"content": "lo"}}]},
    {
        "choices": [
            {"index": 0, "delta": {"tool_calls": [{"index": 0, "id": "c9", "function": {"name": "pay", "arguments": "{"}}]}}
        ]
    },
    {"choices": [{"index": 0, "delta": {"tool_calls": [{"index": 0, "function": {"arguments": "}"}}]}, "finish_reason": "stop"}]},
    {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}},
]
MESSAGE: dict[str, Any] = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-3-5-sonnet-20241022", "stop_reason": "tool_use",
    "stop_sequence": None,
    "content": [{"type": "text", "text": "one moment"}, {"type": "tool_use", "id": "toolu_1", "name": "search", "input": {"q": "tea"}}],
    "usage": {"input_tokens": 10, "output_tokens": 6, "cache_read_input_tokens": 3, "cache_creation_input_tokens": 2},
}  # fmt: skip
EVENTS: list[dict[str, Any]] = [
    {"type": "message_start", "message": {**MESSAGE, "content": [], "stop_reason": None, "usage": {"input_tokens": 10, "output_tokens": 1}}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hel"}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "lo"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "delta": {"stop_reason": "end_turn", "stop_sequence": None}, "usage": {"output_tokens": 7}},
    {"type": "message_stop"},
]  # fmt: skip
RESPONSE: dict[str, Any] = {
    "id": "resp_1", "object": "response", "created_at": 1, "model": "gpt-4o", "status": "completed", "parallel_tool_calls": True,
    "tool_choice": "auto", "tools": [],
    "output": [{"type": "function_call", "id": "f", "call_id": "call_7", "name": "search", "arguments": "{}", "status": "completed"}],
    "usage": {"input_tokens": 4, "output_tokens": 3, "total_tokens": 7, "input_tokens_details": {"cached_tokens": 1},
              "output_tokens_details": {"reasoning_tokens": 2}},
}  # fmt: skip


def sse(items: list[dict[str, Any]], named: bool) -> bytes:
    head = {"id": "chatcmpl-2", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o"}
    if named:
        return "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in items).encode()
    return ("".join(f"data: {json.dumps({**head, **one})}\n\n" for one in items) + "data: [DONE]\n\n").encode()


class Model(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        pass

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        status, kind = 200, "application/json"
        if asked.get("model") == "missing":
            status, body = 404, b'{"error":{"message":"no such model","type":"not_found"}}'
        elif self.path.endswith("/messages"):
            kind, body = ("text/event-stream", sse(EVENTS, True)) if asked.get("stream") else (kind, json.dumps(MESSAGE).encode())
        elif self.path.endswith("/responses"):
            body = json.dumps(RESPONSE).encode()
        elif self.path.endswith("/embeddings"):
            data = [{"object": "embedding", "index": 0, "embedding": [0.1, 0.2]}]
            usage = {"prompt_tokens": 3, "total_tokens": 3}
            body = json.dumps({"object": "list", "model": "emb", "data": data, "usage": usage}).encode()
        else:
            kind, body = ("text/event-stream", sse(CHUNKS, False)) if asked.get("stream") else (kind, json.dumps(CHAT).encode())
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def model() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


QUESTION: Any = [{"role": "user", "content": "tea?"}]


def openai_client(model: str, kind: str = "OpenAI") -> Any:
    return getattr(openai, kind)(api_key="k", base_url=f"{model}/v1", max_retries=0)


def anthropic_client(model: str, kind: str = "Anthropic") -> Any:
    return getattr(anthropic, kind)(api_key="k", base_url=model, max_retries=0)


def only(gateway: FakeGateway, kind: str = "llm") -> dict[str, Any]:
    assert telltale.flush(20)
    assert telltale.stats()["lost"] == {}
    [event] = gateway.named(kind)
    return event


def test_openai_chat(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    with telltale.turn("t") as turn:
        answer = openai_client(model).chat.completions.create(model="gpt-4o", messages=QUESTION, max_tokens=50, temperature=0)
    assert answer.choices[0].message.content == "let me see"
    event = only(gateway)
    assert event["parent_span_id"] == turn.scope.span_id and event["provider"] == "openai" and event["input"] == QUESTION
    assert (
        event["request_model"] == "gpt-4o"
        and event["response_model"] == "gpt-4o-2024-08-06"
        and event["request_max_tokens"] == 50
    )
    assert event["usage"] == {"input_tokens": 20, "output_tokens": 9, "cache_read_tokens": 8, "reasoning_tokens": 4}
    assert event["requested_tool_call_ids"] == ["call_1"] and event["finish_reasons"] == ["tool_calls"]
    assert event["output"][0]["content"] == "let me see" and event["attributes"]["temperature"] == 0


def test_openai_raw_response_as_frameworks_ask_for_it(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    raw = openai_client(model).chat.completions.with_raw_response.create(model="gpt-4o", messages=QUESTION)
    assert raw.parse().id == "chatcmpl-1"
    assert only(gateway)["usage"]["input_tokens"] == 20


def test_openai_stream(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    with telltale.turn("t") as turn:
        stream = openai_client(model).chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True)
        assert isinstance(stream, openai.Stream) and telltale.current_place()["span_id"] == turn.scope.span_id
        assert len(list(stream)) == len(CHUNKS)
    event = only(gateway)
    assert event["output"] == [
        {"role": "assistant", "content": "Hello", "tool_calls": [{"id": "c9", "type": "function", "function": {"name": "pay", "arguments": "{}"}}]}
    ]  # fmt: skip
    assert event["usage"] == {"input_tokens": 5, "output_tokens": 2} and event["finish_reasons"] == ["stop"]
    assert 0 < event["time_to_first_token_ms"] <= event["duration_ms"]


def test_a_stream_that_is_left_early_ends_all_the_same(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    with openai_client(model).chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True) as stream:
        next(stream)
        next(stream)
    assert only(gateway)["output"] == [{"role": "assistant", "content": "Hel"}]


def test_errors_are_reported_and_raised(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    with pytest.raises(openai.NotFoundError):
        openai_client(model).chat.completions.create(model="missing", messages=QUESTION)
    event = only(gateway)
    assert (
        event["status"] == "error"
        and event["error"]["type"] == "openai.NotFoundError"
        and "no such model" in event["error"]["message"]
    )


def test_openai_asynchronous(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)

    async def main() -> None:
        client = openai_client(model, "AsyncOpenAI")
        await client.chat.completions.create(model="gpt-4o", messages=QUESTION)
        stream = await client.chat.completions.create(model="gpt-4o", messages=QUESTION, stream=True)
        assert len([chunk async for chunk in stream]) == len(CHUNKS)

    asyncio.run(main())
    telltale.flush(20)
    assert [event["usage"]["input_tokens"] for event in gateway.named("llm")] == [20, 5]


def test_openai_responses_and_embeddings(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    client = openai_client(model)
    client.responses.create(model="gpt-4o", input="tea?", instructions="be kind")
    client.embeddings.create(model="emb", input=["tea"])
    event = only(gateway)
    assert (
        event["requested_tool_call_ids"] == ["call_7"] and event["input"] == "tea?" and event["finish_reasons"] == ["completed"]
    )
    assert event["usage"] == {"input_tokens": 4, "output_tokens": 3, "cache_read_tokens": 1, "reasoning_tokens": 2}
    embedding = only(gateway, "embedding")
    assert embedding["usage"] == {"input_tokens": 3} and embedding["attributes"]["vectors"] == 1 and "output" not in embedding


def test_anthropic_message(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)
    anthropic_client(model).messages.create(model="claude-3-5-sonnet", messages=QUESTION, max_tokens=99, system="be kind")
    event = only(gateway)
    assert event["provider"] == "anthropic" and event["request_max_tokens"] == 99 and event["finish_reasons"] == ["tool_use"]
    assert event["usage"] == {"input_tokens": 15, "output_tokens": 6, "cache_read_tokens": 3, "cache_write_tokens": 2}
    assert event["requested_tool_call_ids"] == ["toolu_1"] and event["input"][0] == {"role": "system", "content": "be kind"}


@pytest.mark.parametrize("way", ["create", "stream"])
def test_anthropic_streams(install: Install, gateway: FakeGateway, model: str, way: str) -> None:
    install(capture=True)
    messages = anthropic_client(model).messages
    if way == "create":
        assert len(list(messages.create(model="claude-3-5-sonnet", messages=QUESTION, max_tokens=9, stream=True))) == len(EVENTS)
    else:
        with messages.stream(model="claude-3-5-sonnet", messages=QUESTION, max_tokens=9) as stream:
            assert "".join(stream.text_stream) == "Hello"
    event = only(gateway)
    assert event["output"][0]["content"][0]["text"] == "Hello" and event["usage"]["output_tokens"] == 7
    assert (
        event["usage"]["input_tokens"] == 10 and event["finish_reasons"] == ["end_turn"] and event["time_to_first_token_ms"] > 0
    )


def test_anthropic_asynchronous(install: Install, gateway: FakeGateway, model: str) -> None:
    install(capture=True)

    async def main() -> None:
        messages = anthropic_client(model, "AsyncAnthropic").messages
        await messages.create(model="claude-3-5-sonnet", messages=QUESTION, max_tokens=9)
        async with messages.stream(model="claude-3-5-sonnet", messages=QUESTION, max_tokens=9) as stream:
            assert "".join([text async for text in stream.text_stream]) == "Hello"

    asyncio.run(main())
    telltale.flush(20)
    assert [event["usage"]["output_tokens"] for event in gateway.named("llm")] == [6, 7]


def test_clients_are_given_back(install: Install) -> None:
    from openai.resources.chat.completions import Completions

    before = Completions.create
    install(capture=True)
    assert capture_status()["openai"].startswith("patched: openai ") and capture_status()["anthropic"].startswith(
        "patched: anthropic "
    )
    assert Completions.create is not before
    telltale.shutdown(0.5)
    assert Completions.create is before


LATE = """
import telltale, telltale.capture
telltale.install(url="http://127.0.0.1:9", control=False, startup_line=False, exit_timeout_s=0.1)
print(telltale.capture.capture_status()["openai"])
import openai
print(telltale.capture.capture_status()["openai"])
"""


def test_a_client_that_is_imported_later_is_patched_then() -> None:
    env = {"PYTHONPATH": str(Path(__file__).parents[1] / "src"), "PATH": "/usr/bin"}
    run = subprocess.run([sys.executable, "-c", LATE], env=env, capture_output=True, text=True, timeout=60)
    first, second = run.stdout.splitlines()
    assert first == "not patched yet, because it is not imported yet" and second.startswith("patched: openai "), run.stderr


logging.getLogger("httpx").setLevel(logging.WARNING)
