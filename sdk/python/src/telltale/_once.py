"""One call is reported once, though a framework sees it and so does a client or a function below.

Of a model's call the lowest report counts, because a client has the tokens as the provider gave them. Of a tool's call
the highest counts, because a framework has the id under which the model asked for it.
"""

from __future__ import annotations

import contextvars
from typing import Any, Optional, TypeVar

from ._calls import LlmCall, ToolCall
from ._scope import Scope

Call = TypeVar("Call", bound="FrameworkCall")


class FrameworkCall(LlmCall):
    """A call of a model as a framework sees it. Nothing is sent of it where a client below reports the same call."""

    #: Library that opened it.
    library = ""
    #: A client below reports it, or it was answered from a cache.
    is_elsewhere = False
    _outer: Optional[FrameworkCall] = None

    def watch(self: Call, at: Optional[Scope] = None) -> Call:
        """Begins it without being the place: what is below it belongs to what is around it."""
        outer = open_call()
        self.begin(at, otel=False)
        self.leave()
        self._outer = outer
        _call.set(self)
        return self

    @property
    def is_answering(self) -> bool:
        """A part of its answer has come: calls that begin now are others."""
        return "time_to_first_token_ms" in self._fields

    def end(self, error: Optional[BaseException] = None) -> None:
        if self.is_elsewhere:
            self.ended = True
        super().end(error)


class FrameworkTool(ToolCall):
    """A call of a tool as a framework runs it."""

    _covers_another = False
    is_withheld = False

    def begin(self, at: Optional[Scope] = None, *, otel: bool = True) -> FrameworkTool:
        super().begin(at, otel=otel)
        _tool.set(self)
        return self

    def result(self, value: Any) -> ToolCall:
        return self if self.is_withheld else super().result(value)

    def withhold(self) -> None:
        """Leaves arguments and result out."""
        self.is_withheld = True
        self._tool.pop("arguments", None)

    def identify(self, call_id: str) -> None:
        """Says under which id the model asked for it, where that is known only after it began."""
        self._tool["call_id"] = self.scope.tool_call_id = call_id
        self.scope.json = None


_call: contextvars.ContextVar[Optional[FrameworkCall]] = contextvars.ContextVar("telltale_framework_call", default=None)
_tool: contextvars.ContextVar[Optional[FrameworkTool]] = contextvars.ContextVar("telltale_framework_tool", default=None)


def open_call() -> Optional[FrameworkCall]:
    """The innermost call of a framework that is open here and has no answer yet."""
    call = _call.get()
    while call is not None and (call.ended or call.is_answering):
        call = call._outer
    return call


def reported_below() -> None:
    """A call of a model begins here that is reported by itself: the open calls of frameworks around it are the same."""
    call = open_call()
    while call is not None:
        call.is_elsewhere = True
        call = call._outer


def open_tool() -> Optional[FrameworkTool]:
    """The innermost call of a tool by a framework that is open here."""
    tool = _tool.get()
    return None if tool is None or tool.ended else tool


def covering_tool(name: str, *, prefixed: bool = False) -> Optional[FrameworkTool]:
    """The open tool of a framework that a call of ``name`` is the body of. One body a call: a second one is a call of its
    own. ``prefixed``: frameworks put the name of a server before the name of its tool."""
    tool = open_tool()
    if tool is None or tool._covers_another:
        return None
    outer = tool.name
    if outer != name and not (prefixed and outer.endswith(name) and not outer[: -len(name)][-1:].isalnum()):
        return None
    tool._covers_another = True
    return tool
