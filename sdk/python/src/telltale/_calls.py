"""Calls of models and of tools."""

from __future__ import annotations

import time
from typing import Any, Optional

from . import _ids
from ._operations import Operation
from ._scope import Scope
from ._snapshot import snapshot

_USAGE = (
    "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens", "reasoning_tokens",
    "cache_write_1h_tokens", "input_audio_tokens", "input_image_tokens", "output_audio_tokens", "output_image_tokens",
)  # fmt: skip


class LlmCall(Operation):
    """One call of a model."""

    kind = "llm"

    def __init__(self, model: str = "", *, provider: str = "", input: Any = None, name: str = "", call_id: str = "",
                 **fields: Any) -> None:  # fmt: skip
        super().__init__(name or (f"chat {model}" if model else "llm"), input=input, **fields)
        if model:
            self._fields["request_model"] = model
        if provider:
            self._fields["provider"] = provider
        self._model = model
        self._call_id = call_id

    def _make_scope(self, here: Scope) -> Scope:
        scope = super()._make_scope(here)
        scope.model = self._model
        scope.llm_call_id = self._call_id or _ids.new_span_id()
        return scope

    def first_token(self) -> None:
        """The first piece of a streamed answer has come; later calls do nothing."""
        if "time_to_first_token_ms" not in self._fields:
            self._fields["time_to_first_token_ms"] = (time.perf_counter_ns() - self._began) / 1e6

    def usage(self, **counts: Optional[int]) -> LlmCall:
        """Tokens, by the names of the event contract: ``input_tokens`` (cached ones included), ``output_tokens`` …"""
        for name, count in counts.items():
            if count is None:
                continue
            if name in _USAGE and isinstance(count, int) and count >= 0:
                self._usage[name] = count
            else:
                self._attributes[f"usage.{name}"] = count
        return self

    def output(self, value: Any) -> LlmCall:
        return self.set(output=value)


class ToolCall(Operation):
    """One call of a tool."""

    kind = "tool"

    def __init__(self, name: str, arguments: Any = None, *, call_id: str = "", **fields: Any) -> None:
        super().__init__(name, **fields)
        self._tool["name"] = name
        if call_id:
            self._tool["call_id"] = call_id
        if arguments is not None:
            self._tool["arguments"] = snapshot(arguments)
        self._call_id = call_id

    def _make_scope(self, here: Scope) -> Scope:
        scope = super()._make_scope(here)
        scope.tool_name = self.name
        scope.tool_call_id = self._call_id or _ids.new_span_id()
        return scope

    def result(self, value: Any) -> ToolCall:
        if value is not None:
            self._tool["result"] = snapshot(value)
        return self
