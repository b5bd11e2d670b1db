"""OpenAI's client: chat completions, responses and embeddings, synchronous and asynchronous."""

from __future__ import annotations

import importlib
from typing import Any
from urllib.parse import urlsplit

from .._calls import LlmCall
from ._client import given, number, patch_method, plain, unpatch_methods


def patch() -> list[str]:
    done: list[str] = []
    for module, classes, methods, begin, answer in (
        ("chat.completions.completions", ("Completions", "AsyncCompletions"), ("create", "parse"), _chat, ChatAnswer),
        ("responses.responses", ("Responses", "AsyncResponses"), ("create", "parse"), _response, ResponseAnswer),
        ("embeddings", ("Embeddings", "AsyncEmbeddings"), ("create",), _embedding, EmbeddingAnswer),
    ):
        try:
            found = importlib.import_module(f"openai.resources.{module}")
        except ImportError:
            continue
        for name in classes:
            owner = getattr(found, name, None)
            done += [patch_method(owner, method, begin, answer) for method in methods if hasattr(owner, method)]
    if not done:
        raise RuntimeError("this version has none of the classes that are known")
    return done


def unpatch() -> None:
    unpatch_methods("openai")


def _provider(resource: Any) -> str:
    host = urlsplit(str(getattr(getattr(resource, "_client", None), "base_url", ""))).hostname or ""
    if host.endswith("openai.azure.com"):
        return "azure.ai.openai"
    for name, provider in (("groq.com", "groq"), ("deepseek.com", "deepseek"), ("x.ai", "x_ai"), ("mistral.ai", "mistral_ai")):
        if host == name or host.endswith("." + name):
            return provider
    return "openai"


def _chat(resource: Any, kwargs: dict[str, Any]) -> LlmCall:
    said = given(kwargs, "model", "messages", "tools", "temperature", "top_p", "seed", "service_tier", "reasoning_effort")
    limits = given(kwargs, "max_completion_tokens", "max_tokens")
    call = LlmCall(str(said.pop("model", "")), provider=_provider(resource), input=plain(said.pop("messages", None)))
    if "tools" in said:
        call.set(tools=plain(said.pop("tools")))
    return call.set(request_max_tokens=next(iter(limits.values()), None), **said)


def _response(resource: Any, kwargs: dict[str, Any]) -> LlmCall:
    said = given(kwargs, "model", "input", "instructions", "tools", "temperature", "top_p", "max_output_tokens", "service_tier")
    call = LlmCall(str(said.pop("model", "")), provider=_provider(resource), input=plain(said.pop("input", None)))
    return call.set(request_max_tokens=said.pop("max_output_tokens", None), **plain(said))


def _embedding(resource: Any, kwargs: dict[str, Any]) -> LlmCall:
    said = given(kwargs, "model", "input", "dimensions")
    model = str(said.pop("model", ""))
    call = LlmCall(model, provider=_provider(resource), input=said.pop("input", None), name=f"embeddings {model}")
    call.kind = "embedding"
    return call.set(**said)


def _tell_usage(call: LlmCall, usage: Any) -> None:
    if usage is None:
        return
    ins = "prompt_tokens" if hasattr(usage, "prompt_tokens") else "input_tokens"
    outs = "completion_tokens" if hasattr(usage, "completion_tokens") else "output_tokens"
    call.usage(
        input_tokens=number(usage, ins),
        output_tokens=number(usage, outs),
        cache_read_tokens=number(usage, f"{ins}_details", "cached_tokens"),
        input_audio_tokens=number(usage, f"{ins}_details", "audio_tokens"),
        reasoning_tokens=number(usage, f"{outs}_details", "reasoning_tokens"),
        output_audio_tokens=number(usage, f"{outs}_details", "audio_tokens"),
    )


class ChatAnswer:
    """Choices, put together from their pieces."""

    def __init__(self) -> None:
        self.model = self.id = ""
        self.usage: Any = None
        self.messages: dict[int, dict[str, Any]] = {}
        self.reasons: dict[int, str] = {}

    def whole(self, answer: Any) -> None:
        self._head(answer)
        for choice in getattr(answer, "choices", None) or []:
            self.messages[choice.index] = plain(choice.message)
            if choice.finish_reason:
                self.reasons[choice.index] = choice.finish_reason

    def _head(self, answer: Any) -> None:
        self.model = getattr(answer, "model", "") or self.model
        self.id = getattr(answer, "id", "") or self.id
        self.usage = getattr(answer, "usage", None) or self.usage

    def piece(self, piece: Any) -> bool:
        self._head(piece)
        has = False
        for choice in getattr(piece, "choices", None) or []:
            message = self.messages.setdefault(choice.index, {"role": "assistant", "content": ""})
            if choice.finish_reason:
                self.reasons[choice.index] = choice.finish_reason
            delta = choice.delta
            if delta is None:
                continue
            text = getattr(delta, "content", None) or ""
            message["content"] += text
            has = has or bool(text)
            for part in getattr(delta, "tool_calls", None) or []:
                has = True
                calls: list[dict[str, Any]] = message.setdefault("tool_calls", [])
                while len(calls) <= part.index:
                    calls.append({"id": "", "type": "function", "function": {"name": "", "arguments": ""}})
                one = calls[part.index]
                one["id"] = part.id or one["id"]
                if part.function is not None:
                    one["function"]["name"] += part.function.name or ""
                    one["function"]["arguments"] += part.function.arguments or ""
        return has

    def tell(self, call: LlmCall) -> None:
        _tell_usage(call, self.usage)
        messages = [self.messages[index] for index in sorted(self.messages)]
        asked = [str(one["id"]) for message in messages for one in message.get("tool_calls") or [] if one.get("id")]
        call.set(
            response_model=self.model or None,
            response_id=self.id or None,
            output=messages or None,
            finish_reasons=[self.reasons[index] for index in sorted(self.reasons)] or None,
            requested_tool_call_ids=asked or None,
        )


class ResponseAnswer:
    """A response, which the last event of a stream holds as a whole."""

    def __init__(self) -> None:
        self.response: Any = None
        self.problem = ""

    def whole(self, answer: Any) -> None:
        self.response = answer

    def piece(self, piece: Any) -> bool:
        self.response = getattr(piece, "response", None) or self.response
        kind = str(getattr(piece, "type", ""))
        if kind == "error":
            self.problem = str(getattr(piece, "message", "error"))
        return kind.endswith(".delta")

    def tell(self, call: LlmCall) -> None:
        answer = self.response
        if self.problem:
            call.fail(self.problem)
        if answer is None:
            return
        _tell_usage(call, getattr(answer, "usage", None))
        output = plain(getattr(answer, "output", None)) or []
        asked = [str(one["call_id"]) for one in output if isinstance(one, dict) and one.get("call_id")]
        call.set(
            response_model=getattr(answer, "model", None),
            response_id=getattr(answer, "id", None),
            output=output or None,
            finish_reasons=[str(answer.status)] if getattr(answer, "status", None) else None,
            requested_tool_call_ids=asked or None,
        )
        if getattr(answer, "status", "") == "failed":
            call.fail(str(getattr(getattr(answer, "error", None), "message", "failed")))


class EmbeddingAnswer:
    """Vectors are not kept, only how many there were."""

    def __init__(self) -> None:
        self.answer: Any = None

    def piece(self, piece: Any) -> bool:
        return False

    def whole(self, answer: Any) -> None:
        self.answer = answer

    def tell(self, call: LlmCall) -> None:
        call.usage(input_tokens=number(self.answer, "usage", "prompt_tokens"))
        call.set(response_model=getattr(self.answer, "model", None), vectors=len(getattr(self.answer, "data", None) or []))
