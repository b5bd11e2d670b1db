"""Telltale: what an agent did, in detail where it deviates.

import telltale

telltale.install(service="shop", api_key="…")
with telltale.session("s-1"), telltale.turn("answer", input=question):
    ...
"""

from ._calls import LlmCall, ToolCall
from ._formatters import JSONFormatter, ReadableConsoleFormatter
from ._handler import TelltaleHandler
from ._install import flush, install, shutdown
from ._operations import Operation, Turn
from ._propagation import inject
from ._say import attach, decision, feedback, mute, report, session
from ._scope import Scope
from ._status import current_place, selftest, stats
from ._threads import wrap, wrap_executor
from ._tools import tool
from ._version import __version__

turn = Turn
llm_call = LlmCall
tool_call = ToolCall
operation = Operation

__all__ = [
    "JSONFormatter", "LlmCall", "Operation", "ReadableConsoleFormatter", "Scope", "TelltaleHandler", "ToolCall", "Turn",
    "__version__", "attach", "current_place", "decision", "feedback", "flush", "inject", "install", "llm_call", "mute",
    "operation", "report", "selftest", "session", "shutdown", "stats", "tool", "tool_call", "turn", "wrap",
    "wrap_executor",
]  # fmt: skip
