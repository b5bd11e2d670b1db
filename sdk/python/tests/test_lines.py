"""The fast way of writing log lines says the same as the long way."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import pytest

from telltale._entries import held_entry, record_entry
from telltale._lines import LogLines
from telltale._records import Writer
from telltale._redact import redact_event, redactor
from telltale._scope import Scope
from telltale._verbosity import Mark

RESOURCE = {"service_name": "shop", "region": "", "deployment_environment": "prod"}
LOGGER = logging.getLogger("app.lines")


def place(**fields: Any) -> Scope:
    scope = Scope()
    for name, value in fields.items():
        setattr(scope, name, value)
    return scope


ENTRIES = [
    held_entry(LOGGER, 10, "plain", (), {}, place(), sys._getframe()),
    held_entry(LOGGER, 30, 'q "%s" \\ %d\n', ("é\u2028\ud800", 3), {}, place(session_id="s", trace_id="t", span_id="x"), sys._getframe()),
    held_entry(LOGGER, 20, "mail mia@example.com password=hunter2x", (), {}, place(agent_name="a", tool_call_id="c", llm_call_id="l"), sys._getframe()),
    held_entry(LOGGER, 20, "%d", ("misfit",), {}, place(user_id="u"), sys._getframe()),
    record_entry(logging.LogRecord("app.lines", 20, "/a/b.py", 7, "n %d", (3,), None, "f"), place(trace_id="t")),
]  # fmt: skip
MARKS = [Mark(), Mark(4.0, "debug", ("a", "b"), 2, True)]


@pytest.mark.parametrize("entry", ENTRIES, ids=range(len(ENTRIES)))
@pytest.mark.parametrize("mark", MARKS, ids=["plain", "marked"])
def test_both_ways_say_the_same(entry: Any, mark: Mark) -> None:
    line = LogLines(RESOURCE, redactor(), 1000).line(entry, mark)
    event = Writer(RESOURCE).event(entry, mark)
    assert line is not None and event is not None
    found, wanted = json.loads(line), json.loads(json.dumps(redact_event(event)).encode("utf-8", "replace"))
    for one in (found, wanted):
        one.pop("id")
        one["body"] = one["body"].replace("\ud800", "?")
    assert found == wanted


def test_what_is_not_plain_goes_the_long_way() -> None:
    lines = LogLines(RESOURCE, None, 500)
    assert lines.line(held_entry(LOGGER, 10, "x" * 600, (), {}, place(), sys._getframe()), Mark()) is None
    assert lines.line(held_entry(LOGGER, 10, "x", (), {"extra": {"a": 1}}, place(), sys._getframe()), Mark()) is None
