"""The application's log goes on as before, and to the gateway."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import telltale
from telltale._ring import rings
from telltale._state import state

from .conftest import Install
from .fake_gateway import FakeGateway

log = logging.getLogger("app.shop")


def test_records_arrive_with_template_arguments_extra_and_place(install: Install, gateway: FakeGateway) -> None:
    install(service_version="1.2", environment="prod")
    with telltale.session("s1", user_id="u1"), telltale.turn("answer") as turn:
        log.warning("stock of %s is %d", "tea", 3, extra={"sku": "T-1"})
    assert telltale.flush(20)
    event = next(e for e in gateway.events if e["kind"] == "log")
    assert event["body"] == "stock of tea is 3" and event["severity"] == "warn"
    assert event["service_name"] == "shop" and event["service_version"] == "1.2" and event["deployment_environment"] == "prod"
    assert event["session_id"] == "s1" and event["trace_id"] == turn.id and event["user_id"] == "u1"
    assert event["attributes"]["sku"] == "T-1" and event["attributes"]["logger"] == "app.shop"
    assert event["attributes"]["code.file"] == __file__ and event["attributes"]["code.function"].startswith("test_records")


def test_handlers_and_levels_of_the_application_stay(install: Install, gateway: FakeGateway) -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(funcName)s %(filename)s %(message)s"))
    log.addHandler(handler)
    log.setLevel(logging.WARNING)
    install()
    log.info("quiet")
    log.warning("loud")
    assert out.getvalue() == f"test_handlers_and_levels_of_the_application_stay {Path(__file__).name} loud\n"
    assert not log.isEnabledFor(logging.INFO)
    assert log.handlers == [handler] and logging.getLogger().handlers == []
    telltale.flush(20)
    assert gateway.bodies() == ["loud"]
    telltale.shutdown()
    assert logging.Logger.info.__module__ == "logging"


def test_info_is_sent_where_nobody_chose_a_level(install: Install, gateway: FakeGateway) -> None:
    logging.getLogger().setLevel(logging.WARNING)
    install()
    log.info("one")
    logging.getLogger("app.quiet").setLevel(logging.ERROR)
    logging.getLogger("app.quiet.http").info("two")
    telltale.flush(20)
    assert gateway.bodies() == ["one"]


def test_logging_disabled_means_no_records(install: Install, gateway: FakeGateway) -> None:
    install()
    logging.disable(logging.CRITICAL)
    log.debug("a")
    log.error("b")
    telltale.flush(20)
    assert gateway.bodies() == [] and not rings.outside.entries


def test_exceptions_come_with_type_and_stack(install: Install, gateway: FakeGateway) -> None:
    install()
    try:
        raise ValueError("no tea")
    except ValueError:
        log.exception("order failed")
    telltale.flush(20)
    error = gateway.events[0]["error"]
    assert error["type"] == "ValueError" and error["message"] == "no tea" and "test_exceptions" in error["stack"]


def test_arguments_that_do_not_fit_are_reported_all_the_same(install: Install, gateway: FakeGateway, capsys: Any) -> None:
    install()
    log.warning("%d apples", "many")
    telltale.flush(20)
    assert "many" in gateway.bodies()[0]


class Hostile:
    def __str__(self) -> str:
        raise RuntimeError("no")

    __repr__ = __str__


def test_hostile_arguments_do_not_reach_the_application(install: Install, gateway: FakeGateway) -> None:
    install()
    logging.getLogger().handlers[:] = []
    log.debug("%s", Hostile())
    log.warning("%s", Hostile())
    log.warning(Hostile())
    log.warning("x", extra={"h": Hostile(), "nan": float("nan"), "keys": {(1, 2): 3}})
    assert telltale.flush(20)
    assert len(gateway.bodies()) == 3
    assert telltale.stats()["lost"] == {}


def test_a_filter_of_the_application_holds_for_suppressed_records(install: Install, gateway: FakeGateway) -> None:
    install()
    log.setLevel(logging.INFO)

    class Filter(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            return "secret" not in record.getMessage()

    log.addFilter(Filter())
    log.debug("a secret")
    log.debug("no matter")
    log.error("boom")
    telltale.flush(20)
    assert gateway.bodies() == ["no matter", "boom"]


def test_mute_silences_all_but_warnings(install: Install, gateway: FakeGateway) -> None:
    install()
    with telltale.mute(), telltale.turn("health"):
        log.info("ping")
        log.debug("ping")
        log.warning("slow ping")
    telltale.flush(20)
    assert gateway.bodies() == ["slow ping"] and gateway.named("turn") == []


def test_disabled_by_the_environment(gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELLTALE_DISABLED", "1")
    assert telltale.install(url=gateway.url) is False
    assert state.runtime is None
    with telltale.turn("t"), telltale.llm_call("m"):
        log.error("x")
    assert telltale.flush() and logging.Logger.info.__module__ == "logging"


def test_wrong_settings_are_named_and_do_no_harm(capsys: pytest.CaptureFixture[str], gateway: FakeGateway) -> None:
    assert telltale.install(url=gateway.url, keep=3, min_severity="loud", api_key="sk-very-secret", colour=1, exit_timeout_s=0.1)
    line = capsys.readouterr().err
    assert "keep must be over 0" in line and "min_severity must be one of" in line and "colour is no setting" in line
    assert "very-secret" not in line and "api_key=set" in line and line.count("\n") == 1


def test_console_shows_info_where_there_is_no_handler(install: Install, gateway: FakeGateway, capsys: Any) -> None:
    logging.getLogger().handlers[:] = []
    install(console="auto")
    with telltale.turn("answer"):
        log.info("hello")
        with telltale.llm_call("gpt", provider="p") as call:
            call.usage(input_tokens=5, output_tokens=7).set(cost_usd=0.25)
    err = capsys.readouterr().err
    assert "│ INFO  app.shop hello" in err and "├ ✓ model chat gpt" in err and "5→7 tokens" in err and "$0.2500" in err
    assert "└ ✓ turn answer" in err and "\x1b" not in err
    logging.basicConfig(stream=io.StringIO(), level=logging.INFO)
    log.info("again")
    assert "again" not in capsys.readouterr().err


def test_json_lines_have_debug_and_ids(install: Install, gateway: FakeGateway, tmp_path: Path) -> None:
    logging.getLogger().setLevel(logging.DEBUG)
    install(json_file=str(tmp_path / "log.jsonl"))
    with telltale.session("s9"), telltale.turn("answer"):
        log.debug("detail", extra={"n": 1})
    telltale.shutdown()
    lines = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert lines[0]["message"] == "detail" and lines[0]["session_id"] == "s9" and lines[0]["n"] == 1
    assert lines[-1]["kind"] == "turn"


def test_a_log_from_inside_our_own_code_does_not_go_round(install: Install, gateway: FakeGateway) -> None:
    def hook(event: dict[str, Any]) -> dict[str, Any]:
        log.error("from the hook")
        return event

    install(before_send=hook)
    log.error("once")
    telltale.flush(20)
    assert gateway.bodies() == ["once"]


def test_a_finalizer_that_logs_while_the_lock_is_held_does_not_block(install: Install, gateway: FakeGateway) -> None:
    runtime = install()

    class Noisy:
        def __del__(self) -> None:
            log.warning("collected")

    done = threading.Event()

    def work() -> None:
        with rings.lock, runtime.queue._lock, runtime.verbosity.lock:
            noisy = Noisy()
            del noisy
            log.debug("held")
        done.set()

    threading.Thread(target=work, daemon=True).start()
    assert done.wait(3)


PROGRAM = """
import logging, os, sys
import telltale
telltale.install(url=sys.argv[1], service="child", startup_line=False, control=False, capture=False)
log = logging.getLogger("app")
if sys.argv[2] == "fork":
    log.warning("parent")
    telltale.flush(20)
    pid = os.fork()
    if pid == 0:
        log.warning("child")
        sys.exit(0)
    os.waitpid(pid, 0)
elif sys.argv[2] == "multiprocessing":
    import multiprocessing
    multiprocessing.set_start_method("fork")
    def work():
        logging.getLogger("app").warning("child")
    log.warning("parent")
    one = multiprocessing.Process(target=work)
    one.start()
    one.join()
else:
    log.warning("last words")
"""


@pytest.mark.parametrize(
    ("mode", "expected"), [("exit", ["last words"]), ("fork", ["child", "parent"]), ("multiprocessing", ["child", "parent"])]
)
def test_nothing_is_lost_at_exit_or_in_forks(gateway: FakeGateway, mode: str, expected: list[str]) -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src")}
    run = subprocess.run([sys.executable, "-c", PROGRAM, gateway.url, mode], env=env, timeout=120, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert sorted(gateway.bodies()) == expected
    assert len({event["instance"] for event in gateway.events}) == len(expected)
    assert len({event["id"] for event in gateway.events}) == len(expected)


def test_exit_is_bounded_when_the_gateway_is_gone() -> None:
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1] / "src"), "TELLTALE_EXIT_TIMEOUT_S": "0.5"}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, "http://127.0.0.1:9", "exit"], env=env, timeout=60, capture_output=True, text=True
    )
    assert run.returncode == 0
