"""LangChain and LangGraph, by a callback handler that each of their runs gets (``register_configure_hook``).

Parents come from the context in which a run is, else from the tree of runs. What ends asynchronously ends in a task of
its own, where the context of its beginning cannot be set back: ``Scope.after`` says where the program is then.
"""

from __future__ import annotations

import contextvars
import importlib
from typing import Any, Optional

from .._once import FrameworkCall, FrameworkTool
from .._operations import Operation
from .._scope import Scope, current, here
from ._runs import last_text, open_run, quietly, text_of

_SESSION = ("thread_id", "session_id", "conversation_id")
_MAX_RUNS = 10_000
_registered: list[Any] = []


def patch() -> list[str]:
    hooks = importlib.import_module("langchain_core.tracers.context")
    if not _registered:
        handler = _handler_class()()
        variable: Any = contextvars.ContextVar("telltale_langchain", default=handler)
        hooks.register_configure_hook(variable, True)
        _registered.append(variable)
    return ["callbacks of every run"]


def unpatch() -> None:
    hooks: list[Any] = importlib.import_module("langchain_core.tracers.context")._configure_hooks
    hooks[:] = [hook for hook in hooks if hook[0] not in _registered]
    _registered.clear()


def _handler_class() -> Any:
    base: Any = importlib.import_module("langchain_core.callbacks.base").BaseCallbackHandler

    class TelltaleCallbacks(base):  # type: ignore[misc]
        #: In the context of the run, not in a thread beside it.
        run_inline = True

        def __init__(self) -> None:
            self._runs = Runs()

        def __copy__(self) -> Any:
            return self

        def __deepcopy__(self, memo: Any) -> Any:
            return self

        def on_chain_start(self, serialized: Any, inputs: Any, **run: Any) -> None:
            quietly(self._runs.chain, serialized, inputs, run)

        def on_chain_end(self, outputs: Any, *, run_id: Any, **run: Any) -> None:
            quietly(self._runs.end, run_id, outputs)

        def on_chain_error(self, error: BaseException, *, run_id: Any, **run: Any) -> None:
            quietly(self._runs.end, run_id, None, error)

        def on_tool_start(self, serialized: Any, input_str: str, **run: Any) -> None:
            quietly(self._runs.tool, serialized, input_str, run)

        def on_tool_end(self, output: Any, *, run_id: Any, **run: Any) -> None:
            quietly(self._runs.end, run_id, output)

        def on_tool_error(self, error: BaseException, *, run_id: Any, **run: Any) -> None:
            quietly(self._runs.end, run_id, None, error)

        def on_retriever_start(self, serialized: Any, query: str, **run: Any) -> None:
            quietly(self._runs.retriever, serialized, query, run)

        def on_retriever_end(self, documents: Any, *, run_id: Any, **run: Any) -> None:
            quietly(self._runs.end, run_id, documents)

        def on_retriever_error(self, error: BaseException, *, run_id: Any, **run: Any) -> None:
            quietly(self._runs.end, run_id, None, error)

        def on_chat_model_start(self, serialized: Any, messages: Any, **run: Any) -> None:
            quietly(self._runs.model, serialized, messages, run)

        def on_llm_start(self, serialized: Any, prompts: Any, **run: Any) -> None:
            quietly(self._runs.model, serialized, prompts, run)

        def on_llm_new_token(self, token: str, *, run_id: Any, **run: Any) -> None:
            quietly(self._runs.token, run_id)

        def on_llm_end(self, response: Any, *, run_id: Any, **run: Any) -> None:
            quietly(self._runs.end, run_id, response)

        def on_llm_error(self, error: BaseException, *, run_id: Any, **run: Any) -> None:
            quietly(self._runs.end, run_id, None, error)

    return TelltaleCallbacks


class Retrieval(Operation):
    kind = "retrieval"


class Run:
    """A run of LangChain: its operation, if it has one of its own, and the place of what is in it."""

    __slots__ = ("before", "messages", "operation", "scope")

    def __init__(self, scope: Scope, operation: Optional[Operation] = None, messages: Any = None) -> None:
        self.scope = scope
        self.operation = operation
        self.messages = messages
        #: The place around it, where ``scope`` is one that only this run has.
        self.before: Optional[Scope] = None


class Runs:
    """The runs that are open."""

    def __init__(self) -> None:
        self._open: dict[Any, Run] = {}

    def _place(self, parent_id: Any) -> Scope:
        """Where a run is: the context says it best, but for one that does not know the run around it."""
        place, parent = here(), self._open.get(parent_id)
        return parent.scope if parent is not None and parent.scope.trace_id != place.trace_id else place

    def _add(self, run: dict[str, Any], one: Run) -> None:
        if len(self._open) >= _MAX_RUNS:
            # Runs that never ended, as of generators that nobody finished.
            self._open.pop(next(iter(self._open)), None)
        self._open[run["run_id"]] = one

    def chain(self, serialized: Any, inputs: Any, run: dict[str, Any]) -> None:
        parent_id = run.get("parent_run_id")
        place = self._place(parent_id)
        if parent_id is not None or place.muted:
            if place.trace_id:
                self._add(run, Run(place))
            return
        if run.get("run_type") in ("prompt", "parser"):
            # Alone they are no work that anybody asked for.
            return
        metadata = run.get("metadata") or {}
        session = next((str(metadata[key]) for key in _SESSION if metadata.get(key)), "")
        if place.trace_id:
            # The application's turn: this is what happens in it, and nothing of its own.
            inside = Run(place)
            if session and not place.session_id:
                inside.scope, inside.before = place.child(), place
                inside.scope.session_id = session
                current.set(inside.scope)
            self._add(run, inside)
            return
        name = str(run.get("name") or _name_of(serialized) or "chain")
        agent, user = str(metadata.get("lc_agent_name") or ""), str(metadata.get("user_id") or "")
        turn = open_run(name, session_id=session, user_id=user, agent_name=agent, otel=False, input=_said(inputs, "user"))
        self._add(run, Run(turn.scope, turn))

    def tool(self, serialized: Any, text: str, run: dict[str, Any]) -> None:
        given, name = run.get("inputs"), _name_of(serialized) or str(run.get("name") or "tool")
        call_id = run.get("tool_call_id") or ""
        tool = FrameworkTool(name, given if given is not None else text, call_id=str(call_id))
        tool.begin(self._place(run.get("parent_run_id")), otel=False)
        self._add(run, Run(tool.scope, tool))

    def retriever(self, serialized: Any, query: str, run: dict[str, Any]) -> None:
        retrieval = Retrieval(_name_of(serialized) or str(run.get("name") or "retriever"), input=query)
        retrieval.begin(self._place(run.get("parent_run_id")), otel=False)
        self._add(run, Run(retrieval.scope, retrieval))

    def model(self, serialized: Any, messages: Any, run: dict[str, Any]) -> None:
        metadata, params = run.get("metadata") or {}, run.get("invocation_params") or {}
        model = metadata.get("ls_model_name") or params.get("model") or params.get("model_name") or _name_of(serialized)
        call = FrameworkCall(str(model or ""), provider=str(metadata.get("ls_provider") or ""))
        call.library = "langchain"
        call.set(temperature=metadata.get("ls_temperature"), request_max_tokens=metadata.get("ls_max_tokens"))
        call.watch(self._place(run.get("parent_run_id")))
        self._add(run, Run(call.scope, call, messages))

    def token(self, run_id: Any) -> None:
        run = self._open.get(run_id)
        if run is not None and isinstance(run.operation, FrameworkCall):
            run.operation.first_token()

    def end(self, run_id: Any, output: Any, error: Optional[BaseException] = None) -> None:
        run = self._open.pop(run_id, None)
        if run is None:
            return
        if run.before is not None:
            run.scope.after = run.before
        operation = run.operation
        if operation is None:
            return
        if error is not None and any(kind.__name__ == "GraphBubbleUp" for kind in type(error).__mro__):
            # LangGraph waits for a person, or goes on elsewhere: nothing failed.
            operation.set(interrupted=True)
            error = None
        try:
            if isinstance(operation, FrameworkCall):
                if not operation.is_elsewhere:
                    _tell_model(operation, run.messages, output)
            elif isinstance(operation, FrameworkTool):
                _tell_tool(operation, output)
            elif isinstance(operation, Retrieval):
                operation.set(output=[_document(one) for one in output or []])
            elif output is not None:
                operation.set(output=_said(output, "assistant"))
        finally:
            operation.end(error)


def _name_of(serialized: Any) -> str:
    found = serialized if isinstance(serialized, dict) else {}
    path = found.get("id")
    return str(found.get("name") or (path[-1] if isinstance(path, list) and path else ""))


def _said(value: Any, role: str) -> Any:
    """What a chain was asked or answers, where its values are those of a conversation."""
    messages = value.get("messages") if isinstance(value, dict) else value
    if isinstance(messages, (list, tuple)) or hasattr(messages, "content"):
        found = [_message(one) for one in (messages if isinstance(messages, (list, tuple)) else [messages])]
        if role == "assistant":
            # A graph answers with its state, in which what was said before is, too.
            asked = [index for index, one in enumerate(found) if isinstance(one, dict) and one.get("role") == "user"]
            found = found[asked[-1] + 1 :] if asked else found
        return last_text(found, role) or found or None
    return value


def _message(message: Any) -> Any:
    """A message of LangChain as chat completions write it."""
    if isinstance(message, tuple) and len(message) == 2:
        return {"role": message[0], "content": message[1]}
    if not hasattr(message, "content"):
        return message
    kind = str(getattr(message, "type", ""))
    role = {"human": "user", "ai": "assistant", "AIMessageChunk": "assistant"}.get(kind, kind.replace("MessageChunk", "").lower())
    said: dict[str, Any] = {"role": role, "content": message.content}
    calls = getattr(message, "tool_calls", None)
    if calls:
        said["tool_calls"] = [
            {"id": one.get("id"), "type": "function", "function": {"name": one.get("name"), "arguments": one.get("args")}}
            for one in calls
        ]
    if getattr(message, "tool_call_id", None):
        said["tool_call_id"] = message.tool_call_id
    return said


def _document(document: Any) -> Any:
    text = getattr(document, "page_content", None)
    if text is None:
        return document
    return {"id": getattr(document, "id", None), "content": text, "metadata": getattr(document, "metadata", None)}


def _tell_tool(tool: FrameworkTool, output: Any) -> None:
    content = getattr(output, "content", None)
    tool.result(output if content is None else content)
    call_id = getattr(output, "tool_call_id", None)
    if call_id and "call_id" not in tool._tool:
        tool._tool["call_id"] = str(call_id)
    if getattr(output, "status", "") == "error":
        tool.fail(text_of(content) or "error")


def _tell_model(call: FrameworkCall, messages: Any, response: Any) -> None:
    first = messages[0] if isinstance(messages, list) and messages else messages
    call.set(input=[_message(one) for one in first] if isinstance(first, list) else first)
    generations = [one for some in getattr(response, "generations", None) or [] for one in some]
    found = [message for message in (getattr(one, "message", None) for one in generations) if message is not None]
    if not found:
        call.set(output=[text for text in (getattr(one, "text", None) for one in generations) if text] or None)
        return
    call.set(output=[_message(one) for one in found])
    asked = [str(one["id"]) for message in found for one in getattr(message, "tool_calls", None) or [] if one.get("id")]
    usage = getattr(found[0], "usage_metadata", None) or {}
    if usage.get("total_cost") == 0:
        # How LangChain marks what came from its cache: no model was asked.
        call.is_elsewhere = True
    ins, outs = usage.get("input_token_details") or {}, usage.get("output_token_details") or {}
    call.usage(
        input_tokens=usage.get("input_tokens"), output_tokens=usage.get("output_tokens"),
        cache_read_tokens=ins.get("cache_read"), cache_write_tokens=ins.get("cache_creation"),
        input_audio_tokens=ins.get("audio"), output_audio_tokens=outs.get("audio"), reasoning_tokens=outs.get("reasoning"),
    )  # fmt: skip
    answer = getattr(found[0], "response_metadata", None) or {}
    reason = answer.get("finish_reason") or answer.get("stop_reason")
    call.set(
        response_model=answer.get("model_name") or answer.get("model"),
        response_id=answer.get("id"),
        finish_reasons=[str(reason)] if reason else None,
        requested_tool_call_ids=asked or None,
    )
