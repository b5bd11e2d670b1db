"""Logs at a constant rate, an informative line and a debug line a round, and reports each round on standard output.

Its wall clock is STEADY_CLOCK_MS off; `clock <ms>` on standard input sets it again. The end of input ends it.
"""

import json
import logging
import os
import sys
import threading
import time

wall_offset_ns = int(os.environ["STEADY_CLOCK_MS"]) * 1_000_000
true_time, true_time_ns = time.time, time.time_ns
time.time = lambda: true_time() + wall_offset_ns / 1e9
time.time_ns = lambda: true_time_ns() + wall_offset_ns

import telltale  # noqa: E402  (after the clock is ours)

ROUND_S = 0.02
ended = threading.Event()


def listen() -> None:
    global wall_offset_ns
    for line in sys.stdin:
        wall_offset_ns = int(line.split()[1]) * 1_000_000
    ended.set()


def report(**what: object) -> None:
    print(json.dumps(what), flush=True)


telltale.install()
log = logging.getLogger("steady")
threading.Thread(target=listen, daemon=True).start()
rounds, slowest = 0, 0.0
while not ended.is_set():
    rounds += 1
    began = time.perf_counter()
    with telltale.session("steady"), telltale.turn("round"):
        log.info("line %d", rounds)
        log.debug("detail %d", rounds)
    slowest = max(slowest, time.perf_counter() - began)
    report(round=rounds, at=true_time_ns() // 1_000_000)
    ended.wait(ROUND_S)
telltale.flush(30)
stats = telltale.stats()
report(round=rounds, slowest_ms=slowest * 1000, lost=stats["lost"], waiting=stats["waiting"])
