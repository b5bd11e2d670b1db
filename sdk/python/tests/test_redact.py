"""The rules that all SDKs share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from telltale._redact import redact_event, redactor

RULES = Path(__file__).parents[2] / "rules"
SHIPPED = Path(__file__).parents[1] / "src" / "telltale" / "sdk-rules.json"
VECTORS: dict[str, list[dict[str, Any]]] = (
    json.loads((RULES / "vectors.json").read_text("utf-8")) if RULES.exists() else {"texts": [], "values": [], "long": []}
)


@pytest.mark.skipif(not RULES.exists(), reason="not in the repository")
def test_the_shipped_rules_are_those_of_the_repository() -> None:
    assert SHIPPED.read_bytes() == (RULES / "sdk-rules.json").read_bytes()


@pytest.mark.parametrize("case", VECTORS["texts"], ids=lambda case: str(case["name"]))
def test_texts(case: dict[str, Any]) -> None:
    assert redactor().text(case["input"]) == case["output"]
    assert redactor().text(case["output"]) == case["output"]


@pytest.mark.parametrize("case", VECTORS["values"], ids=lambda case: str(case["name"]))
def test_values(case: dict[str, Any]) -> None:
    assert redactor().value(case["input"]) == case["output"]
    assert redactor().value(case["output"]) == case["output"]


@pytest.mark.parametrize("case", VECTORS["long"], ids=lambda case: str(case["name"]))
def test_long_texts(case: dict[str, Any]) -> None:
    text, masked = ("".join(piece * often for piece, often in case[side]) for side in ("input", "output"))
    assert redactor().text(text) == masked


def test_an_event_keeps_its_ids_and_loses_its_secrets() -> None:
    event = {
        "kind": "tool", "trace_id": "a" * 32, "user_id": "mia@example.com", "name": "login",
        "tool": {"name": "login", "arguments": {"password": "hunter2hunter2", "note": "to mia@example.com", "n": 3}},
        "attributes": {"code.file": "/a/b.py", "api_key": "abcdefgh12345678"},
    }  # fmt: skip
    masked = redact_event(event)
    assert masked["tool"] == {"name": "login", "arguments": {"password": "[SECRET]", "note": "to [EMAIL]", "n": 3}}
    assert masked["attributes"] == {"code.file": "/a/b.py", "api_key": "[SECRET]"}
    assert masked["user_id"] == "mia@example.com" and masked["trace_id"] == "a" * 32
