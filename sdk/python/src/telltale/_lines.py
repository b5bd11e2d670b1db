"""Log lines as JSON without a dictionary in between: the plain case of ``_records.Writer`` and ``_redact``, faster.

``line`` answers the same bytes' meaning as the long way does (a test compares them), or None where the case is not plain.
"""

from __future__ import annotations

import json
from typing import Any, Optional

from . import _ids
from ._encode import to_json
from ._records import EVENT, HELD, formatted
from ._redact import Redactor
from ._scope import Scope
from ._severity import severity_of
from ._verbosity import Mark

_MAX_KNOWN = 10_000
_text = json.encoder.encode_basestring
_PLACES = ("session_id", "trace_id", "span_id", "user_id", "agent_name")


class LogLines:
    """Writes lines of one process. What repeats (logger, place in the code, resource, scope) is kept as text."""

    def __init__(self, resource: dict[str, str], redactor: Optional[Redactor], max_chars: int) -> None:
        self._resource = to_json({key: value for key, value in resource.items() if value})[1:-1]
        self._redactor = redactor
        self._max_chars = max_chars
        self._heads: dict[tuple[str, int], str] = {}
        self._codes: dict[Any, tuple[Any, str]] = {}
        self._end = ""
        self._end_of = ""

    def line(self, entry: Any, mark: Mark) -> Optional[bytes]:
        form = entry[2]
        if form == EVENT or entry[1] > self._max_chars:
            return None
        if form == HELD:
            ns, _, _, scope, logger, level, msg, args, kwargs, code, number = entry
            if kwargs or logger.filters:
                return None
            name = logger.name
            known = self._codes.get((id(code), number))
            code_text = (
                known[1]
                if known is not None
                else self._code((id(code), number), code, code.co_filename, number, code.co_name, "")
            )
            body = formatted(msg, args)
        else:
            ns, _, _, scope, record, body, extras, error = entry
            if extras or error:
                return None
            name, level = record.name, record.levelno
            key = (record.pathname, record.lineno, record.threadName)
            known = self._codes.get(key)
            code_text = known[1] if known is not None else self._code(
                key, None, record.pathname, record.lineno, record.funcName, record.threadName or ""
            )  # fmt: skip
        if self._redactor is not None:
            body = self._redactor.text(body)
        head = self._heads.get((name, level)) or self._head(name, level)
        ids = scope.json or self._ids(scope)
        text = (
            f'{{"ts":{ns // 1000},"id":"{_ids.new_event_id()}",{head},"body":{_text(body)},'
            f'"attributes":{{"logger":{_text(name)}{code_text}{ids[1]}}}{ids[0]}{_of_mark(mark)}{self._tail()}}}'
        )
        try:
            return text.encode()
        except UnicodeEncodeError:
            return text.encode("utf-8", "replace")

    def _head(self, name: str, level: int) -> str:
        shown = self._redactor.text(name) if self._redactor is not None else name
        text = f'"kind":"log","name":{_text(shown)},"severity":"{severity_of(level)}"'
        if len(self._heads) > _MAX_KNOWN:
            self._heads.clear()
        self._heads[(name, level)] = text
        return text

    def _code(self, key: Any, code: Any, file: str, number: int, function: str, thread: str) -> str:
        said: dict[str, Any] = {"code.file": file, "code.line": number, "code.function": function}
        if thread:
            said["thread.name"] = thread
        text = "," + to_json(said)[1:-1]
        if len(self._codes) > _MAX_KNOWN:
            self._codes.clear()
        # The code object is kept, so that its address stays its own.
        self._codes[key] = (code, text)
        return text

    def _ids(self, scope: Scope) -> tuple[str, str]:
        said = {name: getattr(scope, name) for name in _PLACES if getattr(scope, name)}
        if self._redactor is not None and "agent_name" in said:
            said["agent_name"] = self._redactor.text(said["agent_name"])
        calls = {name: getattr(scope, name) for name in ("llm_call_id", "tool_call_id") if getattr(scope, name)}
        place = "," + to_json(said)[1:-1] if said else ""
        scope.json = found = (place, "," + to_json(calls)[1:-1] if calls else "")
        return found

    def _tail(self) -> str:
        if self._end_of != _ids.instance:
            self._end_of = _ids.instance
            self._end = f',"instance":{_text(_ids.instance)}{"," if self._resource else ""}{self._resource}'
        return self._end


def _of_mark(mark: Mark) -> str:
    text = ""
    if mark.weight != 1.0:
        text += f',"sampling_weight":{mark.weight!r}'
    if mark.level != "normal":
        text += f',"verbosity_level":"{mark.level}"'
    if mark.directive_ids:
        text += f',"directive_ids":{to_json(list(mark.directive_ids))}'
    return text + ',"from_ring":true' if mark.from_ring else text
