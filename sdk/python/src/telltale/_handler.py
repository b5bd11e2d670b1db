"""A handler for libraries that do not log through ``logging``'s loggers, such as loguru."""

from __future__ import annotations

import logging

from ._state import state


class TelltaleHandler(logging.Handler):
    """Hands its records to Telltale: ``loguru.logger.add(telltale.TelltaleHandler())``.

    Loggers of ``logging`` need none: ``install`` sees their records by itself.
    """

    def emit(self, record: logging.LogRecord) -> None:
        runtime = state.runtime
        if runtime is not None:
            runtime.take_record(record)
