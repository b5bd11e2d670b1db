"""What the SDK costs, side by side with structlog + orjson and with OpenTelemetry, in one run.

    pip install structlog orjson opentelemetry-sdk
    python bench/bench.py

Prints one JSON object: nanoseconds of a suppressed debug call, and three ratios (below 1: less than the other).
Rounds alternate between the candidates, and the best of each counts, so that what else runs on the machine does not.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import structlog
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

import telltale

SINK = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    def log_message(self, *args): pass
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200); self.send_header("content-length", "2"); self.end_headers(); self.wfile.write(b"{}")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


class NoExport(SpanExporter):  # type: ignore[misc]
    def export(self, spans: Any) -> SpanExportResult:
        return SpanExportResult.SUCCESS


def per_call(loop: Callable[[int], None], count: int) -> float:
    """Nanoseconds of the caller's thread for each call."""
    gc.collect()
    began = time.thread_time_ns()
    loop(count)
    return (time.thread_time_ns() - began) / count


def per_call_in_all(loop: Callable[[int], None], finish: Callable[[], Any], count: int) -> float:
    """Nanoseconds of all threads for each call, until everything is delivered."""
    gc.collect()
    began = time.process_time_ns()
    loop(count)
    finish()
    return (time.process_time_ns() - began) / count


def structlog_loop() -> Callable[[int], None]:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(serializer=orjson.dumps),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.BytesLoggerFactory(open("/dev/null", "wb")),  # noqa: SIM115
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(
        session_id="s-1", trace_id="4bf92f3577b34da6a3ce929d0e0e4736", span_id="00f067aa0ba902b7"
    )
    log = structlog.get_logger("shop.orders")

    def loop(count: int) -> None:
        for n in range(count):
            log.info("order taken", order="o-1842", items=n, logger="shop.orders")

    return loop


def telltale_loop(log: logging.Logger) -> Callable[[int], None]:
    def loop(count: int) -> None:
        with telltale.session("s-1"), telltale.turn("bench"):
            for n in range(count):
                log.info("order %s taken, %d items", "o-1842", n)

    return loop


def suppressed_loop(log: logging.Logger) -> Callable[[int], None]:
    def loop(count: int) -> None:
        with telltale.session("s-1"), telltale.turn("bench"):
            for n in range(count):
                log.debug("order %s has %d items", "o-1842", n)

    return loop


def span_loops() -> tuple[Callable[[int], None], Callable[[int], None], Callable[[int], None]]:
    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(NoExport()))
    tracer = provider.get_tracer("bench")

    def otel(count: int) -> None:
        for n in range(count):
            with tracer.start_as_current_span(
                "chat gpt-4o",
                attributes={
                    "gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o",
                    "gen_ai.input.messages": "[]",
                },
            ) as span:  # fmt: skip
                span.set_attribute("gen_ai.usage.input_tokens", n)
                span.set_attribute("gen_ai.usage.output_tokens", 7)
                span.set_attribute("gen_ai.output.messages", "fine")
                span.set_attribute("gen_ai.response.model", "gpt-4o")

    def llm(count: int) -> None:
        for n in range(count):
            with telltale.llm_call("gpt-4o", provider="openai", input="[]") as call:
                call.usage(input_tokens=n, output_tokens=7).output("fine")
                call.set(response_model="gpt-4o")

    @telltale.tool
    def search(query: str, most: int) -> str:
        return query

    def tool(count: int) -> None:
        for n in range(count):
            search("tea", n)

    return otel, llm, tool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--verbose", action="store_true", help="also the nanoseconds, on standard error")
    given = parser.parse_args()
    rounds, count = given.rounds, given.count
    sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
    try:
        assert sink.stdout is not None
        url = f"http://127.0.0.1:{sink.stdout.readline().strip()}"
        otel, llm, tool = span_loops()
        loops = {"otel": otel}
        # OpenTelemetry is loaded here, but shares nothing: what its context costs us is not what is compared.
        hidden = {name: sys.modules.pop(name) for name in ("opentelemetry.trace", "opentelemetry.sdk.trace")}
        telltale.install(url=url, service="bench", startup_line=False, console=False, control=False, capture=False,
                         queue_items=10 * count, queue_bytes=2**30)  # fmt: skip
        log = logging.getLogger("shop.orders")
        log.setLevel(logging.INFO)
        other, ours, held = structlog_loop(), telltale_loop(log), suppressed_loop(log)
        best: dict[str, float] = {}

        def note(name: str, value: float) -> None:
            best[name] = min(best.get(name, float("inf")), value)

        for _ in range(rounds):
            note("suppressed", per_call(held, count))
            note("structlog", per_call(other, count))
            note("emitted", per_call(ours, count))
            telltale.flush(60)
            note("structlog_total", per_call_in_all(other, lambda: None, count))
            note("emitted_total", per_call_in_all(ours, lambda: telltale.flush(60), count))
            note("otel", per_call(loops["otel"], count // 5))
            note("llm", per_call(llm, count // 5))
            note("tool", per_call(tool, count // 5))
            telltale.flush(60)
        lost = telltale.stats()["lost"]
        sys.modules.update(hidden)
        telltale.shutdown(5)
    finally:
        sink.kill()
    if given.verbose:
        print(json.dumps({name: round(value) for name, value in best.items()}), lost, file=sys.stderr)
    print(json.dumps({
        "suppressed_ns": round(best["suppressed"]),
        "emitted_vs_structlog": round(best["emitted"] / best["structlog"], 2),
        "total_cpu_vs_structlog": round(best["emitted_total"] / best["structlog_total"], 2),
        "span_vs_otel": round(max(best["llm"], best["tool"]) / best["otel"], 2),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
