"""Copies of values that stay what they were when they were logged.

No code of the application runs here: an object is read through its ``__dict__``, never through its ``__str__``
or ``__repr__``, which may query a database.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import fractions
import pathlib
import uuid
from typing import Any

#: Types whose values never change, so that they need no copy.
ATOMIC = frozenset(
    {
        str, int, float, bool, type(None), complex, bytes, datetime.datetime, datetime.date, datetime.time,
        datetime.timedelta, uuid.UUID, decimal.Decimal, fractions.Fraction, pathlib.PosixPath, pathlib.WindowsPath,
        pathlib.PurePosixPath, pathlib.PureWindowsPath, type, range,
    }
)  # fmt: skip
_ATOMIC_BASES = (str, int, float, bytes, enum.Enum, pathlib.PurePath)
_MAX_DEPTH = 12
_MAX_NODES = 20_000
_MAX_OBJECT_DEPTH = 3
_MAX_OBJECT_FIELDS = 40


class Frozen:
    """What an object held when it was logged. It prints as ``Name(field=value)``."""

    __slots__ = ("fields", "name")

    def __init__(self, name: str, fields: dict[str, Any]) -> None:
        self.name = name
        self.fields = fields

    def __repr__(self) -> str:
        if not self.fields:
            return f"<{self.name}>"
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.fields.items())})"


def snapshot(value: Any) -> Any:
    """A copy of ``value`` that later changes do not reach."""
    if type(value) in ATOMIC:
        return value
    try:
        return _copy(value, 0, 0, [_MAX_NODES], set())
    except Exception:
        return Frozen(type(value).__name__, {})


def _copy(value: Any, depth: int, objects: int, left: list[int], above: set[int]) -> Any:
    kind = type(value)
    if kind in ATOMIC or isinstance(value, _ATOMIC_BASES):
        return value
    left[0] -= 1
    if left[0] < 0 or depth > _MAX_DEPTH or id(value) in above:
        return "…"
    above.add(id(value))
    try:
        if isinstance(value, dict):
            return {_key(key): _copy(item, depth + 1, objects, left, above) for key, item in list(value.items())}
        if isinstance(value, (list, tuple)):
            copies = [_copy(item, depth + 1, objects, left, above) for item in list(value)]
            return tuple(copies) if kind is tuple else copies
        if isinstance(value, (set, frozenset)):
            return {_hashable(_copy(item, depth + 1, objects, left, above)) for item in list(value)}
        if isinstance(value, (bytearray, memoryview)):
            return bytes(value)
        if isinstance(value, BaseException):
            return Frozen(kind.__name__, {str(index): _copy(item, depth + 1, objects + 1, left, above)
                                          for index, item in enumerate(value.args)})  # fmt: skip
        return _frozen(value, depth, objects, left, above)
    finally:
        above.discard(id(value))


def _frozen(value: Any, depth: int, objects: int, left: list[int], above: set[int]) -> Frozen:
    name = type(value).__name__
    if objects >= _MAX_OBJECT_DEPTH:
        return Frozen(name, {})
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return Frozen(name, {})
    if type(held) is not dict:
        return Frozen(name, {})
    fields = list(held.items())[:_MAX_OBJECT_FIELDS]
    return Frozen(name, {str(key): _copy(item, depth + 1, objects + 1, left, above) for key, item in fields
                         if not str(key).startswith("_")})  # fmt: skip


def _key(key: Any) -> Any:
    return key if type(key) in ATOMIC else str(key) if isinstance(key, _ATOMIC_BASES) else repr(type(key).__name__)


def _hashable(value: Any) -> Any:
    return value if type(value) in ATOMIC or isinstance(value, (_ATOMIC_BASES, Frozen)) else repr(value)
