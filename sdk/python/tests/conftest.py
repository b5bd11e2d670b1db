"""Fixtures: a gateway, and Telltale installed towards it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import telltale
from telltale._ring import rings
from telltale._runtime import Runtime
from telltale._state import state

from .fake_gateway import FakeGateway

Install = Callable[..., Runtime]


@pytest.fixture(autouse=True)
def clean_logging() -> Iterator[None]:
    """Loggers as they were, whatever a test does to them."""
    root = logging.getLogger()
    level, handlers, disabled = root.level, root.handlers[:], root.manager.disable
    yield
    telltale.shutdown(0.5)
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.disable(disabled)
    for name, logger in list(root.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger) and name.startswith("app"):
            logger.setLevel(logging.NOTSET)
            logger.handlers[:] = []
            logger.filters[:] = []
            logger.propagate = True
    rings.clear(rings.outside)


@pytest.fixture
def gateway() -> Iterator[FakeGateway]:
    one = FakeGateway()
    yield one
    one.close()


@pytest.fixture
def install(gateway: FakeGateway) -> Iterator[Install]:
    def start(**settings: Any) -> Runtime:
        given = {
            "url": gateway.url, "service": "shop", "api_key": "key", "startup_line": False, "flush_interval_s": 0.05,
            "console": False, "capture": False, "control": False, "exit_timeout_s": 0.5, **settings,
        }  # fmt: skip
        assert telltale.install(**given)
        assert state.runtime is not None
        return state.runtime

    yield start
    telltale.shutdown(0.5)
