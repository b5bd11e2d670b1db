import json

from langfuse import Langfuse, observe, propagate_attributes
from langfuse.openai import OpenAI
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

import openai_chat
from scenario import QUESTION, SESSION, weather

langfuse = Langfuse(public_key="pk-lf-none", secret_key="sk-lf-none", base_url="http://127.0.0.1:9", span_exporter=OTLPSpanExporter())


def run_tool(call_id, arguments):
    with langfuse.start_as_current_observation(name="weather", as_type="tool", input=json.loads(arguments)) as tool:
        result = weather(**json.loads(arguments))
        tool.update(output=result)
    return result


@observe(as_type="agent")
def answer(question, streamed):
    return openai_chat.answer(OpenAI(), streamed, run_tool)


for streamed in (False, True):
    with propagate_attributes(session_id=SESSION):
        print(answer(QUESTION, streamed))
langfuse.flush()
