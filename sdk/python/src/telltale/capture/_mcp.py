"""Model Context Protocol: ``ClientSession.call_tool``, which all clients of a server's tools go through."""

from __future__ import annotations

import functools
import importlib
from typing import Any, Optional

from .._calls import ToolCall
from .._once import covering_tool
from ._client import plain
from ._runs import quietly, text_of

_patched: dict[str, Any] = {}


def patch() -> list[str]:
    owner: Any = importlib.import_module("mcp.client.session").ClientSession
    if not _patched:
        _patched.update(call_tool=owner.call_tool, initialize=owner.initialize)
        owner.call_tool, owner.initialize = _reporting(owner.call_tool), _remembering(owner.initialize)
    return ["ClientSession.call_tool"]


def unpatch() -> None:
    owner = importlib.import_module("mcp.client.session").ClientSession
    for name, original in _patched.items():
        setattr(owner, name, original)
    _patched.clear()


def _remembering(original: Any) -> Any:
    """Sessions do not keep in all versions what their server is called."""

    @functools.wraps(original)
    async def initialize(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = await original(self, *args, **kwargs)
        quietly(setattr, self, "_telltale_server", getattr(result, "server_info", None) or getattr(result, "serverInfo", None))
        return result

    return initialize


def _reporting(original: Any) -> Any:
    @functools.wraps(original)
    async def call_tool(self: Any, name: str, arguments: Any = None, *args: Any, **kwargs: Any) -> Any:
        outer = quietly(covering_tool, name, prefixed=True)
        call = outer or quietly(_begin, name, arguments)
        if call is None:
            return await original(self, name, arguments, *args, **kwargs)
        error: Optional[BaseException] = None
        try:
            result = await original(self, name, arguments, *args, **kwargs)
            quietly(_tell, call, self, name, result)
            return result
        except BaseException as raised:
            error = raised
            raise
        finally:
            if outer is None:
                call.end(error)

    return call_tool


def _begin(name: str, arguments: Any) -> ToolCall:
    call = ToolCall(name, arguments)
    call.begin()
    return call


def _tell(call: ToolCall, session: Any, name: str, result: Any) -> None:
    call.set(**{"mcp.tool.name": name, "mcp.server.name": _server_name(session)})
    if "result" not in call._tool:
        structured = getattr(result, "structured_content", None) or getattr(result, "structuredContent", None)
        content = getattr(result, "content", None)
        call.result(plain(structured) if structured else text_of(content) or plain(content))
    if getattr(result, "is_error", False) or getattr(result, "isError", False):
        call.fail(text_of(getattr(result, "content", None)) or "the server says that it failed")


def _server_name(session: Any) -> Optional[str]:
    server = getattr(session, "server_info", None) or getattr(session, "_telltale_server", None)
    name = getattr(server, "name", None)
    return name if isinstance(name, str) else None
