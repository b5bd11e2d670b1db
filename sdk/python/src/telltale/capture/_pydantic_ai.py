"""Pydantic AI: each run of an agent gets a capability that sees the run, its model's calls and its tools."""

from __future__ import annotations

import functools
import importlib
import inspect
from typing import Any, Optional

from .._once import FrameworkCall, FrameworkTool
from .._operations import Operation
from ._runs import open_run, quietly, text_of

#: Exceptions by which a tool says that its result comes later, or that it needs somebody's consent.
_NOT_NOW = ("CallDeferred", "ApprovalRequired", "SkipToolExecution")
_originals: dict[str, Any] = {}


def patch() -> list[str]:
    agent: Any = importlib.import_module("pydantic_ai").Agent
    if _originals:
        return ["Agent.iter"]
    original = agent.iter
    if "capabilities" not in inspect.signature(original).parameters:
        raise RuntimeError("this version has no capabilities of a run; a newer one does")
    capability = _capability_class()

    @functools.wraps(original)
    def iter_with_capture(self: Any, *args: Any, **kwargs: Any) -> Any:
        added = quietly(capability)
        if added is not None:
            kwargs["capabilities"] = [*(kwargs.get("capabilities") or ()), added]
        return original(self, *args, **kwargs)

    _originals["iter"] = original
    agent.iter = iter_with_capture
    return ["Agent.iter"]


def unpatch() -> None:
    if _originals:
        importlib.import_module("pydantic_ai").Agent.iter = _originals.pop("iter")


def _capability_class() -> Any:
    base: Any = importlib.import_module("pydantic_ai.capabilities").AbstractCapability

    class TelltaleCapture(base):  # type: ignore[misc]
        id = "telltale"
        #: Nothing of it goes into a workflow that is stored and resumed.
        _safe_at_runtime = True

        def __init__(self) -> None:
            self._call: Optional[FrameworkCall] = None
            self._request: Any = None

        async def wrap_run(self, ctx: Any, *, handler: Any) -> Any:
            run = None if getattr(ctx, "realtime", False) else quietly(_begin_run, ctx)
            if run is None:
                return await handler()
            try:
                result = await handler()
            except BaseException as error:
                run.end(error)
                raise
            quietly(_tell_run, run, result)
            run.end()
            return result

        async def before_model_request(self, ctx: Any, request_context: Any) -> Any:
            # Here, because what this sets in the context reaches the task that opens a stream, too.
            self._request, self._call = request_context, quietly(_begin_call, request_context)
            return request_context

        async def wrap_model_request(self, ctx: Any, *, request_context: Any, handler: Any) -> Any:
            response: Any = None
            failed: Optional[BaseException] = None
            try:
                response = await handler(request_context)
                return response
            except BaseException as error:
                failed = error
                raise
            finally:
                call, self._call = self._call, None
                if call is not None:
                    quietly(_tell_call, call, self._request, response)
                    call.end(failed)

        async def wrap_tool_execute(self, ctx: Any, *, call: Any, tool_def: Any, args: Any, handler: Any) -> Any:
            tool = quietly(_begin_tool, call, args)
            if tool is None:
                return await handler(args)
            try:
                result = await handler(args)
            except BaseException as error:
                if type(error).__name__ in _NOT_NOW:
                    tool.set(deferred=type(error).__name__)
                    tool.end()
                else:
                    tool.end(error)
                raise
            quietly(tool.result, _plain(result))
            tool.end()
            return result

    return TelltaleCapture


def _begin_run(ctx: Any) -> Operation:
    agent = str(getattr(getattr(ctx, "agent", None), "name", None) or "agent")
    prompt = getattr(ctx, "prompt", None)
    session = str(getattr(ctx, "conversation_id", None) or "")
    return open_run(agent, session_id=session, agent_name=agent, input=text_of(prompt) or _plain(prompt))


def _tell_run(run: Operation, result: Any) -> None:
    run.set(output=_plain(getattr(result, "output", None)))


def _begin_tool(call: Any, args: Any) -> FrameworkTool:
    return FrameworkTool(str(call.tool_name), _plain(args), call_id=str(call.tool_call_id or "")).begin()


def _begin_call(request: Any) -> FrameworkCall:
    model, settings = request.model, request.model_settings or {}
    call = FrameworkCall(str(model.model_name), provider=str(model.system or ""))
    call.library = "pydantic_ai"
    return call.set(temperature=settings.get("temperature"), request_max_tokens=settings.get("max_tokens")).watch()


def _tell_call(call: FrameworkCall, request: Any, response: Any) -> None:
    if call.is_elsewhere:
        return
    params = request.model_request_parameters
    tools = [
        {"name": one.name, "description": one.description, "parameters": one.parameters_json_schema}
        for one in [*params.function_tools, *params.output_tools]
    ]
    call.set(input=[said for one in request.messages for said in _messages(one)], tools=tools or None)
    if response is None:
        return
    usage = response.usage
    also = ("cache_read_tokens", "cache_write_tokens", "input_audio_tokens")
    counts = {name: getattr(usage, name, None) or None for name in also}
    reasoning = (getattr(usage, "details", None) or {}).get("reasoning_tokens")
    call.usage(input_tokens=usage.input_tokens, output_tokens=usage.output_tokens, reasoning_tokens=reasoning, **counts)
    asked = [str(part.tool_call_id) for part in response.parts if part.part_kind == "tool-call"]
    reason = getattr(response, "finish_reason", None)
    call.set(
        output=_messages(response),
        response_model=getattr(response, "model_name", None),
        response_id=getattr(response, "provider_response_id", None),
        finish_reasons=[str(reason)] if reason else None,
        requested_tool_call_ids=asked or None,
    )


def _messages(message: Any) -> list[dict[str, Any]]:
    """A message of Pydantic AI, whose parts are of several roles, as chat completions write it."""
    if getattr(message, "kind", "") == "response":
        return [_answer(message)]
    said: list[dict[str, Any]] = []
    for part in message.parts:
        kind = part.part_kind
        if kind == "system-prompt":
            said.append({"role": "system", "content": part.content})
        elif kind in ("tool-return", "retry-prompt") and getattr(part, "tool_name", None):
            said.append({"role": "tool", "tool_call_id": part.tool_call_id, "content": _plain(part.content)})
        else:
            content = getattr(part, "content", None)
            said.append({"role": "user", "content": text_of(content) or _plain(content)})
    if getattr(message, "instructions", None):
        said.insert(0, {"role": "system", "content": message.instructions})
    return said


def _answer(message: Any) -> dict[str, Any]:
    texts = [part.content for part in message.parts if part.part_kind == "text"]
    calls = [
        {"id": part.tool_call_id, "type": "function", "function": {"name": part.tool_name, "arguments": part.args}}
        for part in message.parts
        if part.part_kind == "tool-call"
    ]
    answer: dict[str, Any] = {"role": "assistant", "content": "".join(texts)}
    return {**answer, "tool_calls": calls} if calls else answer


def _plain(value: Any) -> Any:
    dump = getattr(value, "model_dump", None)
    return dump(mode="json") if callable(dump) else value
