"""OpenAI's Agents SDK, by a trace processor: agents, tools, handoffs and guardrails, and calls of models whose clients are not
captured themselves."""

from __future__ import annotations

import functools
import importlib
import json
from typing import Any, Optional

from .._once import FrameworkCall, FrameworkTool, open_tool
from .._operations import Operation
from .._scope import here
from ._client import plain
from ._runs import AgentRun, last_text, open_run, quietly

_MAX_OPEN = 10_000
_ANSWER_FAILURE = "maybe_invoke_function_tool_failure_error_function"
#: The processor, and what is put back.
_installed: dict[str, Any] = {}


def patch() -> list[str]:
    done = ["trace processor", "ToolContext.from_agent_context"]
    if _installed:
        return done
    agents = importlib.import_module("agents")
    processors: Any = importlib.import_module("agents.tracing.provider").SynchronousMultiTracingProcessor
    tool_context: Any = importlib.import_module("agents.tool_context").ToolContext
    processor = _installed["processor"] = _processor_class()()
    agents.add_trace_processor(processor)
    # An application that sets its own processors would take this one away.
    replace = _installed["set_processors"] = processors.set_processors

    @functools.wraps(replace)
    def set_processors(self: Any, given: Any) -> None:
        kept = _installed.get("processor")
        replace(self, [*given, kept] if kept is not None and kept not in given else given)

    processors.set_processors = set_processors
    _patch_failures()
    # What spans do not say: under which id the model asked for a tool.
    make = _installed["from_agent_context"] = tool_context.__dict__["from_agent_context"]

    @functools.wraps(make.__func__)
    def from_agent_context(cls: Any, *args: Any, **kwargs: Any) -> Any:
        quietly(processor.spans.identify, args[1] if len(args) > 1 else kwargs.get("tool_call_id"))
        return make.__func__(cls, *args, **kwargs)

    tool_context.from_agent_context = classmethod(from_agent_context)
    return done


def _patch_failures() -> None:
    """What a tool raised. Where the SDK makes a sentence for the model of it, its spans say that something failed, not what."""
    tools: Any = importlib.import_module("agents.tool")
    answer = getattr(tools, _ANSWER_FAILURE, None)
    if answer is None:
        return
    _installed["answer"] = answer

    @functools.wraps(answer)
    async def answer_failure(*args: Any, **kwargs: Any) -> Any:
        quietly(_fail_tool, kwargs.get("error"), kwargs.get("context"))
        return await answer(*args, **kwargs)

    setattr(tools, _ANSWER_FAILURE, answer_failure)


def _fail_tool(error: Any, context: Any) -> None:
    tool, config = open_tool(), getattr(context, "run_config", None)
    if tool is not None and error is not None and getattr(config, "trace_include_sensitive_data", True):
        tool.fail(error)


def unpatch() -> None:
    if not _installed:
        return
    if "answer" in _installed:
        setattr(importlib.import_module("agents.tool"), _ANSWER_FAILURE, _installed.pop("answer"))
    provider = importlib.import_module("agents.tracing").get_trace_provider()
    processor = _installed.pop("processor")
    importlib.import_module("agents.tool_context").ToolContext.from_agent_context = _installed.pop("from_agent_context")
    processors: Any = importlib.import_module("agents.tracing.provider").SynchronousMultiTracingProcessor
    processors.set_processors = _installed.pop("set_processors")
    found = getattr(provider, "_multi_processor", None)
    if found is not None:
        found.set_processors([one for one in found._processors if one is not processor])


def _processor_class() -> Any:
    base: Any = importlib.import_module("agents.tracing").TracingProcessor

    class TelltaleProcessor(base):  # type: ignore[misc]
        def __init__(self) -> None:
            self.spans = Spans()

        def on_trace_start(self, trace: Any) -> None:
            quietly(self.spans.open_trace, trace)

        def on_trace_end(self, trace: Any) -> None:
            quietly(self.spans.close_trace, trace)

        def on_span_start(self, span: Any) -> None:
            quietly(self.spans.open, span)

        def on_span_end(self, span: Any) -> None:
            quietly(self.spans.close, span)

        def shutdown(self, timeout: Optional[float] = None) -> None:
            pass

        def force_flush(self) -> None:
            pass

    return TelltaleProcessor


class Guardrail(Operation):
    kind = "guardrail"


class Handoff(Operation):
    """Its agents are known when it ends."""


class Spans:
    """The operations of spans that are open, and the turns of traces."""

    def __init__(self) -> None:
        self._operations: dict[str, Operation] = {}
        self._turns: dict[str, Operation] = {}

    def open_trace(self, trace: Any) -> None:
        place = here()
        if place.ring is not None or place.trace_id or place.muted:
            return
        metadata = getattr(trace, "metadata", None) or {}
        session, user = str(getattr(trace, "group_id", None) or ""), str(metadata.get("user_id") or "")
        self._add(self._turns, trace.trace_id, open_run(str(trace.name), session_id=session, user_id=user))

    def close_trace(self, trace: Any) -> None:
        turn = self._turns.pop(trace.trace_id, None)
        if turn is not None:
            turn.end()

    def open(self, span: Any) -> None:
        data = span.span_data
        kind, name = data.type, str(getattr(data, "name", None) or data.type)
        operation: Operation
        if kind == "agent":
            operation = AgentRun(name, "", name).begin()
        elif kind == "function":
            operation = FrameworkTool(name).begin()
        elif kind == "guardrail":
            operation = Guardrail(name).begin()
        elif kind == "handoff":
            operation = Handoff(kind).begin()
        elif kind in ("generation", "response"):
            call = FrameworkCall(str(getattr(data, "model", None) or ""))
            call.library = "agents"
            operation = call.watch()
        else:
            return
        self._add(self._operations, span.span_id, operation)

    @staticmethod
    def _add(where: dict[str, Operation], key: str, operation: Operation) -> None:
        if len(where) >= _MAX_OPEN:
            # Those that never ended.
            where.pop(next(iter(where)), None)
        where[key] = operation

    def identify(self, call_id: Any) -> None:
        """The tool whose span has just begun here was asked for under this id."""
        tool = open_tool()
        if tool is not None and tool.scope is here() and call_id:
            tool.identify(str(call_id))

    def close(self, span: Any) -> None:
        operation = self._operations.pop(span.span_id, None)
        if operation is None:
            return
        data = span.span_data
        try:
            if isinstance(operation, FrameworkTool):
                if data.input is not None and not operation.is_withheld:
                    operation._tool["arguments"] = _parsed(data.input)
                operation.result(plain(data.output))
                if getattr(data, "mcp_data", None) and "mcp.server.name" not in operation._attributes:
                    operation.set(**{"mcp.server.name": data.mcp_data.get("server")})
            elif isinstance(operation, FrameworkCall):
                self._tell_model(operation, span)
            elif isinstance(operation, Guardrail):
                operation.set(triggered=bool(data.triggered))
            elif isinstance(operation, Handoff):
                operation.name = f"handoff to {data.to_agent}"
                operation.set(from_agent=data.from_agent, to_agent=data.to_agent)
            if span.error and operation._error is None:
                details = span.error.get("data") or {}
                operation.fail(details.get("error") or span.error.get("message") or "error")
        finally:
            operation.end()

    def _tell_model(self, call: FrameworkCall, span: Any) -> None:
        data, response = span.span_data, getattr(span.span_data, "response", None)
        asked = [{"role": "user", "content": data.input}] if isinstance(data.input, str) else plain(data.input)
        given = plain(getattr(response, "output", None) if response is not None else getattr(data, "output", None))
        if given and isinstance(given[0], dict) and isinstance(given[0].get("output"), list):
            # Chat completions that are streamed: what they amount to as a response.
            given = given[0]["output"]
        turn = self._turns.get(span.trace_id)
        if turn is not None:
            if "input" not in turn._fields:
                turn.set(input=last_text(asked, "user"))
            turn.set(output=last_text(given, "assistant"))
        if call.is_elsewhere:
            return
        call.set(input=asked, output=given)
        call.set(response_model=getattr(response, "model", None), response_id=getattr(response, "id", None))
        model = getattr(data, "model", None)
        if model and "request_model" not in call._fields:
            call.set(request_model=str(model))
            call.name = f"chat {model}"
        usage = getattr(data, "usage", None) or {}
        call.usage(input_tokens=usage.get("input_tokens"), output_tokens=usage.get("output_tokens"))
        ids = [
            str(one.get("call_id") or one.get("id"))
            for message in given or []
            if isinstance(message, dict)
            for one in [*(message.get("tool_calls") or []), *([message] if message.get("type") == "function_call" else [])]
            if isinstance(one, dict) and (one.get("id") or one.get("call_id"))
        ]
        call.set(requested_tool_call_ids=ids or None)


def _parsed(arguments: Any) -> Any:
    try:
        return json.loads(arguments) if isinstance(arguments, str) else arguments
    except ValueError:
        return arguments
