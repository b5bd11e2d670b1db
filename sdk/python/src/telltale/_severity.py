"""Severities of the protocol, and how the levels of the standard library map to them."""

from __future__ import annotations

TRACE, DEBUG, INFO, WARN, ERROR, FATAL = 5, 10, 20, 30, 40, 50

SEVERITIES: dict[str, int] = {
    "trace": TRACE,
    "debug": DEBUG,
    "info": INFO,
    "warn": WARN,
    "error": ERROR,
    "fatal": FATAL,
}


def severity_of(level: int) -> str:
    """The severity of a level of ``logging``; a level between two is the lower one."""
    if level >= FATAL:
        return "fatal"
    if level >= ERROR:
        return "error"
    if level >= WARN:
        return "warn"
    if level >= INFO:
        return "info"
    return "debug" if level >= DEBUG else "trace"
