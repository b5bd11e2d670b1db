"""Anthropic's client: messages, synchronous and asynchronous, also in the form of ``stream``."""

from __future__ import annotations

import importlib
from typing import Any

from .._calls import LlmCall
from ._client import given, number, patch_method, plain, unpatch_methods


def patch() -> list[str]:
    found = importlib.import_module("anthropic.resources.messages.messages")
    done = []
    for name in ("Messages", "AsyncMessages"):
        owner = getattr(found, name)
        done += [patch_method(owner, method, _begin, Answer) for method in ("create", "parse") if hasattr(owner, method)]
    streaming = importlib.import_module("anthropic.lib.streaming._messages")
    _patch_managers(streaming, found)
    return [*done, "Messages.stream", "AsyncMessages.stream"]


def _patch_managers(streaming: Any, found: Any) -> None:
    """``stream`` asks for the raw stream only when its manager is entered: that request is the call."""
    from . import _client

    for owner_name, manager_name in (("Messages", "MessageStreamManager"), ("AsyncMessages", "AsyncMessageStreamManager")):
        owner, manager = getattr(found, owner_name), getattr(streaming, manager_name)
        original = owner.stream
        if getattr(original, "_telltale", False):
            continue
        _client.patch_manager(owner, original, f"_{manager.__name__}__api_request", _begin, Answer)


def unpatch() -> None:
    unpatch_methods("anthropic")


def _begin(resource: Any, kwargs: dict[str, Any]) -> LlmCall:
    said = given(kwargs, "model", "messages", "system", "tools", "temperature", "top_p", "top_k", "max_tokens", "service_tier")
    messages = plain(said.pop("messages", None))
    system = said.pop("system", None)
    if system is not None and isinstance(messages, list):
        messages = [{"role": "system", "content": plain(system)}, *messages]
    call = LlmCall(str(said.pop("model", "")), provider="anthropic", input=messages)
    return call.set(request_max_tokens=said.pop("max_tokens", None), **plain(said))


class Answer:
    """A message, put together from the events of its stream."""

    def __init__(self) -> None:
        self.model = self.id = self.reason = ""
        self.counts: dict[str, int] = {}
        self.blocks: dict[int, dict[str, Any]] = {}

    def whole(self, answer: Any) -> None:
        self._head(answer)
        self.blocks = dict(enumerate(plain(getattr(answer, "content", None)) or []))

    def _head(self, message: Any) -> None:
        self.model = getattr(message, "model", "") or self.model
        self.id = getattr(message, "id", "") or self.id
        self.reason = getattr(message, "stop_reason", "") or self.reason
        self._count(getattr(message, "usage", None))

    def _count(self, usage: Any) -> None:
        for name in ("input_tokens", "output_tokens", "cache_read_input_tokens", "cache_creation_input_tokens"):
            count = number(usage, name)
            if count is not None:
                self.counts[name] = count
        hour = number(usage, "cache_creation", "ephemeral_1h_input_tokens")
        if hour is not None:
            self.counts["hour"] = hour

    def piece(self, piece: Any) -> bool:
        kind = getattr(piece, "type", "")
        if kind == "message_start":
            self._head(piece.message)
        elif kind == "content_block_start":
            self.blocks[piece.index] = plain(piece.content_block)
        elif kind == "content_block_delta":
            self._add(self.blocks.setdefault(piece.index, {"type": "text"}), piece.delta)
            return True
        elif kind == "message_delta":
            self.reason = getattr(piece.delta, "stop_reason", "") or self.reason
            self._count(getattr(piece, "usage", None))
        return False

    @staticmethod
    def _add(block: dict[str, Any], delta: Any) -> None:
        for name, field in (("text", "text"), ("thinking", "thinking"), ("partial_json", "partial_json")):
            text = getattr(delta, name, None)
            if isinstance(text, str):
                block[field] = str(block.get(field) or "") + text

    def tell(self, call: LlmCall) -> None:
        import json

        blocks = [dict(self.blocks[index]) for index in sorted(self.blocks)]
        for block in blocks:
            text = block.pop("partial_json", None)
            if text is not None:
                try:
                    block["input"] = json.loads(text)
                except ValueError:
                    block["input"] = text
        counts = self.counts
        read, written = counts.get("cache_read_input_tokens", 0), counts.get("cache_creation_input_tokens", 0)
        if "input_tokens" in counts:
            # Anthropic counts what a cache gave or took apart; the contract counts it in.
            hour = counts.get("hour", 0)
            call.usage(
                input_tokens=counts["input_tokens"] + read + written, cache_read_tokens=read,
                cache_write_tokens=max(0, written - hour), cache_write_1h_tokens=hour or None,
            )  # fmt: skip
        call.usage(output_tokens=counts.get("output_tokens"))
        call.set(
            response_model=self.model or None,
            response_id=self.id or None,
            output=[{"role": "assistant", "content": blocks}] if blocks else None,
            finish_reasons=[self.reason] if self.reason else None,
            requested_tool_call_ids=[str(one["id"]) for one in blocks if one.get("type") == "tool_use"] or None,
        )
