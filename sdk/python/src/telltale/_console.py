"""Output for people and for files: a readable console at INFO, JSON lines at DEBUG."""

from __future__ import annotations

import logging
import sys
from typing import Any, Optional

from ._config import Settings
from ._formatters import JSONFormatter, ReadableConsoleFormatter
from ._records import formatted
from ._scope import Scope


class Console:
    """Writes what the application itself would not show.

    ``auto``: only where the application has no handler for a record, as ``logging.lastResort`` does; so it is quiet as
    soon as the application sets up its own. ``True``: always.
    """

    def __init__(self, settings: Settings) -> None:
        self.mode = settings.console
        self.handler: Optional[logging.Handler] = None
        self.file: Optional[logging.Handler] = None
        #: Whether it may want a record at all: then each is made, as ``logging`` does.
        self.writes = bool(self.mode) or bool(settings.json_file)
        self._last_resort: Optional[logging.Handler] = None
        if self.mode:
            self.handler = _ToStderr()
            self.handler.setLevel(logging.INFO)
            self.handler.setFormatter(ReadableConsoleFormatter())
        if settings.json_file:
            self.file = logging.FileHandler(settings.json_file, encoding="utf-8", delay=True)
            self.file.setFormatter(JSONFormatter())

    def open(self) -> None:
        if self.handler is not None:
            self._last_resort, logging.lastResort = logging.lastResort, None
            # Without a last resort ``logging`` says once that there is no handler.
            self._warned, logging.root.manager.emittedNoHandlerWarning = (
                logging.root.manager.emittedNoHandlerWarning, True,
            )  # fmt: skip

    def close(self) -> None:
        if self._last_resort is not None:
            logging.lastResort = self._last_resort
            logging.root.manager.emittedNoHandlerWarning = self._warned
        if self.file is not None:
            self.file.close()

    def _wants(self, logger_name: str, level: int) -> bool:
        if self.handler is None or level < logging.INFO:
            return False
        return self.mode is True or not _has_handlers(logger_name)

    def record(self, record: logging.LogRecord, scope: Scope) -> None:
        if self.handler is not None and record.levelno >= 20 and self._wants(record.name, record.levelno):
            record.__dict__["telltale_scope"] = scope
            self.handler.handle(record)
            record.__dict__.pop("telltale_scope", None)
        if self.file is not None:
            record.__dict__["telltale_scope"] = scope
            self.file.handle(record)
            record.__dict__.pop("telltale_scope", None)

    def suppressed(self, logger: Any, entry: Any) -> None:
        """A log call of INFO or above that only the root's default level suppresses."""
        ns, _, _, scope, _, level, msg, args, kwargs, code, line = entry
        if not self._wants(logger.name, level):
            return
        record = logging.LogRecord(logger.name, level, code.co_filename, line, formatted(msg, args), (), None, code.co_name)
        record.created = ns / 1e9
        if kwargs and kwargs.get("error"):
            record.exc_text = kwargs["error"]["stack"]
        self.record(record, scope)

    def event(self, event: dict[str, Any]) -> None:
        """An operation that ended: a branch of its turn's tree."""
        if event["kind"] in ("log", "feedback"):
            return
        if self.handler is not None and (self.mode is True or not logging.root.handlers):
            self._write(self.handler, event)
        if self.file is not None:
            self._write(self.file, event)

    def opened(self, scope: Scope) -> None:
        formatter = self.handler.formatter if self.handler is not None else None
        if isinstance(formatter, ReadableConsoleFormatter):
            formatter.opened(scope.trace_id)

    def _write(self, handler: logging.Handler, event: dict[str, Any]) -> None:
        level = logging.ERROR if event.get("status") == "error" else logging.INFO
        record = logging.LogRecord("telltale", level, "", 0, str(event.get("name", "")), (), None)
        record.__dict__["telltale_event"] = event
        handler.handle(record)


class _ToStderr(logging.StreamHandler[Any] if sys.version_info >= (3, 11) else logging.StreamHandler):  # type: ignore[misc,unused-ignore]
    """Writes to what ``sys.stderr`` is now, as ``logging.lastResort`` does."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> Any:
        return sys.stderr

    def handleError(self, record: logging.LogRecord) -> None:
        """A console that cannot be written to is no trouble of the application."""


def _has_handlers(name: str) -> bool:
    return logging.getLogger(name).hasHandlers() if name != "root" else bool(logging.root.handlers)
