"""Where the program is: session, turn, operation. Kept in a context variable; each record remembers its own."""

from __future__ import annotations

import contextvars
import hashlib
from typing import TYPE_CHECKING, Any, Optional

if TYPE_CHECKING:
    from ._ring import Ring


class Scope:
    """One place in a turn. Never changed once made, but for the caches at its end."""

    __slots__ = (
        "__weakref__", "after", "agent_name", "baggage", "json", "kind", "llm_call_id", "matched", "model", "muted", "name",
        "ring", "session_id", "span_id", "tool_call_id", "tool_name", "trace_hash", "trace_id", "user_id",
    )  # fmt: skip

    def __init__(self, ring: Optional[Ring] = None) -> None:
        self.session_id = ""
        self.trace_id = ""
        self.span_id = ""
        self.llm_call_id = ""
        self.tool_call_id = ""
        self.user_id = ""
        self.agent_name = ""
        self.kind = ""
        self.name = ""
        self.tool_name = ""
        self.model = ""
        self.muted = False
        self.baggage: tuple[tuple[str, str], ...] = ()
        self.ring: Optional[Ring] = ring
        #: Where the program is since this place's operation ended, if that could not be set where it began.
        self.after: Optional[Scope] = None
        #: The ids as ``_lines`` writes them.
        self.json: Optional[tuple[str, str]] = None
        #: Of the trace, see ``trace_hash_of``; -1 while unknown.
        self.trace_hash = -1.0
        #: Directives that match a logger here: ``(version of the set, {logger: directives})``.
        self.matched: Optional[tuple[int, dict[str, Any]]] = None

    def child(self) -> Scope:
        """The same place, to be changed before anyone else sees it."""
        scope = Scope(self.ring)
        for name in _INHERITED:
            setattr(scope, name, getattr(self, name))
        return scope

    def hash(self) -> float:
        """Hash of the trace, else of the session; below 0 when there is neither."""
        found = self.trace_hash
        if found == -1.0:
            key = self.trace_id or self.session_id
            found = self.trace_hash = trace_hash_of(key) if key else -2.0
        return found


_INHERITED = (
    "session_id", "trace_id", "span_id", "llm_call_id", "tool_call_id", "user_id", "agent_name", "kind", "name",
    "tool_name", "model", "muted", "baggage",
)  # fmt: skip

NOWHERE = Scope()
current: contextvars.ContextVar[Scope] = contextvars.ContextVar("telltale_scope", default=NOWHERE)


def here() -> Scope:
    """The current place; not one whose operation ended in another context, as callbacks of asynchronous frameworks do."""
    scope = current.get()
    if scope.after is None:
        return scope
    while scope.after is not None:
        scope = scope.after
    current.set(scope)
    return scope


def trace_hash_of(trace_id: str) -> float:
    """At least 0 and less than 1, the same in every SDK."""
    digest = hashlib.sha256(trace_id.lower().encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:7], "big") / float(1 << 56)


def reset(token: contextvars.Token[Scope], before: Scope) -> bool:
    """Back to the place before; False where this is another context, as when a generator is closed elsewhere."""
    try:
        current.reset(token)
        return True
    except ValueError:
        if current.get() is not NOWHERE:
            current.set(before)
        return False
