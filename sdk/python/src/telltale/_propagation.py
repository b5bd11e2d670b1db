"""W3C trace context and baggage, so that a turn goes on in the next service; and one trace id with OpenTelemetry."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, Optional
from urllib.parse import quote, unquote

from ._scope import NOWHERE, Scope, here

_TRACEPARENT = re.compile(r"^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$")
_HEX32 = re.compile(r"^[0-9a-f]{32}$")
_HEX16 = re.compile(r"^[0-9a-f]{16}$")
_MAX_MEMBERS = 64
_MAX_BYTES = 8192
#: Baggage members that are ours, and the field of a scope each fills.
_OURS = {
    "session.id": "session_id",
    "telltale.llm_call_id": "llm_call_id",
    "telltale.tool_call_id": "tool_call_id",
}


def inject(carrier: Optional[MutableMapping[str, str]] = None, scope: Optional[Scope] = None) -> MutableMapping[str, str]:
    """Writes ``traceparent`` and ``baggage`` of this place into headers; answers the headers."""
    headers: MutableMapping[str, str] = {} if carrier is None else carrier
    place = scope or here()
    if _HEX32.match(place.trace_id) and _HEX16.match(place.span_id):
        headers["traceparent"] = f"00-{place.trace_id}-{place.span_id}-01"
    members: list[str] = []
    size = 0
    ours = [(key, str(getattr(place, field))) for key, field in _OURS.items()]
    for key, value in [*ours, *place.baggage]:
        member = f"{key}={quote(value, safe='!#$&()*+-./:<>?@[]^_`{|}~')}"
        if not value or len(members) >= _MAX_MEMBERS or size + len(member) + 1 > _MAX_BYTES:
            continue
        members.append(member)
        size += len(member) + 1
    if members:
        headers["baggage"] = ",".join(members)
    return headers


def extract(carrier: Mapping[str, Any]) -> Scope:
    """The place that headers name; what is malformed in them is as if it were not there."""
    headers = {str(key).lower(): _text(value) for key, value in carrier.items()}
    scope = here().child() if here() is not NOWHERE else Scope()
    found = _TRACEPARENT.match(headers.get("traceparent", "").strip())
    if found and found[1] != "ff" and not (found[1] == "00" and found[5]) and set(found[2]) != {"0"} and set(found[3]) != {"0"}:
        scope.trace_id, scope.span_id = found[2], found[3]
    others: list[tuple[str, str]] = []
    for member in headers.get("baggage", "")[:_MAX_BYTES].split(",")[:_MAX_MEMBERS]:
        key, found_equals, value = member.split(";")[0].partition("=")
        key, value = key.strip(), unquote(value.strip())
        if not found_equals or not key:
            continue
        if key in _OURS:
            setattr(scope, _OURS[key], value)
        else:
            others.append((key, value))
    scope.baggage = tuple(others)
    return scope


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    if isinstance(value, (list, tuple)):
        return ",".join(_text(item) for item in value)
    return str(value)


def otel_place() -> Optional[tuple[str, str]]:
    """Trace and span id of the OpenTelemetry span that is current, where OpenTelemetry is loaded and one is."""
    trace = sys.modules.get("opentelemetry.trace")
    if trace is None:
        return None
    try:
        context = trace.get_current_span().get_span_context()
        if context.is_valid:
            return f"{context.trace_id:032x}", f"{context.span_id:016x}"
    except Exception:
        return None
    return None


def otel_enter(scope: Scope) -> Any:
    """Makes spans that OpenTelemetry starts from here children of this operation. Answers what ``otel_leave`` needs."""
    if "opentelemetry.sdk.trace" not in sys.modules:
        return None
    if not (_HEX32.match(scope.trace_id) and _HEX16.match(scope.span_id)):
        return None
    try:
        from opentelemetry import context, trace

        place = trace.SpanContext(int(scope.trace_id, 16), int(scope.span_id, 16), False, trace.TraceFlags(1))
        return context.attach(trace.set_span_in_context(trace.NonRecordingSpan(place)))
    except Exception:
        return None


def otel_leave(token: Any) -> None:
    if token is None:
        return
    try:
        # Not ``context.detach``: it logs an error where the context is another one, as at the end of a generator.
        token.var.reset(token)
    except Exception:
        pass
