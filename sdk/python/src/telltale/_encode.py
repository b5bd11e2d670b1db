"""JSON that the gateway takes: no NaN, no endless text, no value that cannot be written."""

from __future__ import annotations

import json
import math
from typing import Any

from ._snapshot import Frozen


def _other(value: Any) -> Any:
    if isinstance(value, Frozen):
        return {"type": value.name, **value.fields}
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"<{len(bytes(value))} bytes>"
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {value}"
    return str(value)


_strict = json.JSONEncoder(separators=(",", ":"), allow_nan=False, default=_other, ensure_ascii=False)


def to_json(value: Any) -> str:
    """Compact JSON of any value."""
    try:
        return _strict.encode(value)
    except Exception:
        return _strict.encode(plain(value))


def plain(value: Any, depth: int = 0) -> Any:
    """The same as types that JSON has: for what the encoder refuses (NaN, keys that are no text, circles)."""
    if value is None or isinstance(value, (bool, str)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(value)
    if depth > 30:
        return "…"
    if isinstance(value, dict):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, depth + 1) for item in value]
    try:
        return plain(_other(value), depth + 1)
    except Exception:
        return f"<{type(value).__name__}>"


def to_bytes(event: dict[str, Any]) -> bytes:
    """One line of NDJSON. A lone surrogate, which UTF-8 has no bytes for, becomes a question mark."""
    text = to_json(event)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def shorten(value: Any, most: int) -> Any:
    """Texts no longer than ``most`` characters, with a note of how much is missing."""
    if isinstance(value, str):
        return value if len(value) <= most else f"{value[:most]}… ({len(value) - most} more characters)"
    if isinstance(value, dict):
        return {key: shorten(item, most) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [shorten(item, most) for item in value]
    return value
