"""Common to all frameworks: a run that stands alone is a turn, and what was said in messages is found in one way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Optional, TypeVar

from .._operations import Operation, Turn
from .._scope import here
from .._state import state

T = TypeVar("T")


def quietly(function: Callable[..., T], *args: Any, **kwargs: Any) -> Optional[T]:
    """What the function answers; None where nothing is installed or it fails, which the application never sees."""
    runtime = state.runtime
    if runtime is None:
        return None
    try:
        return function(*args, **kwargs)
    except Exception as error:
        runtime.failed("capture", error)
        return None


def open_run(name: str, *, session_id: str = "", user_id: str = "", agent_name: str = "", otel: bool = True,
             **fields: Any) -> Operation:  # fmt: skip
    """Begins the run of an agent: a turn where none is open, else a part of that turn."""
    place = here()
    if place.ring is None and not place.trace_id:
        return Turn(
            name, session_id=place.session_id or session_id, user_id=place.user_id or user_id, agent_name=agent_name, **fields
        ).begin(otel=otel)
    return AgentRun(name, session_id, agent_name, **fields).begin(otel=otel)


class AgentRun(Operation):
    """The run of an agent inside a turn."""

    kind = "agent"

    def __init__(self, name: str, session_id: str, agent_name: str, **fields: Any) -> None:
        super().__init__(name, **fields)
        self._given = (session_id, agent_name)

    def _make_scope(self, here: Any) -> Any:
        scope = super()._make_scope(here)
        session_id, agent_name = self._given
        scope.session_id = scope.session_id or session_id
        scope.agent_name = agent_name or scope.agent_name
        return scope


def text_of(content: Any) -> str:
    """The text of a message's content, which is a text or a list of parts."""
    if isinstance(content, str):
        return content
    texts = []
    for part in content if isinstance(content, (list, tuple)) else []:
        text = part if isinstance(part, str) else part.get("text") if isinstance(part, dict) else getattr(part, "text", None)
        if isinstance(text, str):
            texts.append(text)
    return "\n".join(texts)


def last_text(messages: Any, *roles: str) -> Optional[str]:
    """What was said last, of messages as dicts."""
    for message in reversed(messages if isinstance(messages, list) else []):
        if isinstance(message, dict) and message.get("role") in roles and text_of(message.get("content")):
            return text_of(message.get("content"))
    return None
