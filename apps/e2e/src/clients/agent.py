"""An agent of one turn, seen by OpenTelemetry's Python SDK: it asks a model, which asks for a tool, and answers.

Arguments: protocol (http or grpc), instrumentor (openinference or openllmetry), URL of the OTLP receiver, its key, URL of the model.
"""

import json
import sys

from openai import OpenAI
from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

protocol, instrumentor, receiver, key, model = sys.argv[1:6]
headers = {"authorization": f"Bearer {key}"}
if protocol == "http":
    from opentelemetry.exporter.otlp.proto.http import Compression
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    exporter = OTLPSpanExporter(endpoint=f"{receiver}/v1/traces", headers=headers, compression=Compression.Gzip)
else:
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter

    exporter = OTLPSpanExporter(endpoint=receiver, headers=headers, insecure=True)

provider = TracerProvider(resource=Resource.create({"service.name": f"py-{protocol}-{instrumentor}"}))
provider.add_span_processor(BatchSpanProcessor(exporter))
trace.set_tracer_provider(provider)
if instrumentor == "openinference":
    from openinference.instrumentation.openai import OpenAIInstrumentor
else:
    from opentelemetry.instrumentation.openai import OpenAIInstrumentor
OpenAIInstrumentor().instrument(tracer_provider=provider)

client = OpenAI(base_url=f"{model}/v1", api_key="none")
tracer = trace.get_tracer("agent")
tools = [{"type": "function", "function": {"name": "weather", "parameters": {"type": "object", "properties": {}}}}]
messages = [{"role": "user", "content": "What is the weather in Oslo?"}]

with tracer.start_as_current_span("answer", attributes={"session.id": "python-session", "user.id": "mia"}) as turn:
    asked = client.chat.completions.create(model="gpt-4o-mini", messages=messages, tools=tools).choices[0].message
    call = asked.tool_calls[0]
    with tracer.start_as_current_span(
        "execute_tool weather",
        attributes={
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": call.function.name,
            "gen_ai.tool.call.id": call.id,
            "gen_ai.tool.call.arguments": call.function.arguments,
            "gen_ai.tool.call.result": json.dumps({"sky": "rain"}),
        },
    ):
        result = json.dumps({"sky": "rain"})
    messages += [asked.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.id, "content": result}]
    client.chat.completions.create(model="gpt-4o-mini", messages=messages, tools=tools)

provider.force_flush()
provider.shutdown()
print(format(turn.get_span_context().trace_id, "032x"))
