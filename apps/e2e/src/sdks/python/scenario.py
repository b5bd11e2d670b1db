"""What the agents here share: a conversation of two turns, the second of them streamed where the SDK streams. In each a model is asked, it asks
for a tool, the tool runs, and the model answers. Spans go where OpenTelemetry's own variables say."""

import json
import os
from contextlib import contextmanager

MODEL_URL = os.environ["MODEL_URL"]
SESSION = os.environ["SESSION_ID"]
QUESTION = "What is the weather in Oslo?"
OPENAI_MODEL = "gpt-4o-mini"
ANTHROPIC_MODEL = "claude-sonnet-4-5"
GEMINI_MODEL = "gemini-2.5-flash"
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
OPENAI_TOOLS = [{"type": "function", "function": {"name": "weather", "description": "The weather in a city.", "parameters": PARAMETERS}}]

os.environ.setdefault("OPENAI_API_KEY", "none")
os.environ.setdefault("OPENAI_BASE_URL", f"{MODEL_URL}/v1")


def weather(city: str) -> str:
    """The weather in a city."""
    return json.dumps({"sky": "rain", "city": city})


def tracing():
    """OpenTelemetry's SDK as any application sets it up."""
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider()
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    return provider


@contextmanager
def own_turn(streamed: bool):
    """The application's own span around a turn; it names the session."""
    from opentelemetry import trace

    with trace.get_tracer("agent").start_as_current_span("answer", attributes={"session.id": SESSION}):
        yield


def own_tool(call_id: str, arguments: str) -> str:
    """The application's own span of a tool, where the SDK does not run tools itself; by the GenAI conventions."""
    from opentelemetry import trace

    attributes = {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "weather",
        "gen_ai.tool.call.id": call_id,
        "gen_ai.tool.call.arguments": arguments,
    }
    with trace.get_tracer("agent").start_as_current_span("execute_tool weather", attributes=attributes) as span:
        result = weather(**json.loads(arguments))
        span.set_attribute("gen_ai.tool.call.result", result)
    return result
