import os

os.environ.update(LANGSMITH_TRACING="true", LANGSMITH_OTEL_ENABLED="true", LANGSMITH_OTEL_ONLY="true", LANGSMITH_API_KEY="none")
import json

from langsmith import Client, traceable
from langsmith.wrappers import wrap_openai
from openai import OpenAI

import openai_chat
from scenario import QUESTION, SESSION, tracing, weather

provider = tracing()
client = Client(tracing_mode="otel")


@traceable(run_type="tool", name="weather", client=client)
def run(city):
    return weather(city)


@traceable(name="forecaster", client=client)
def answer(question, streamed):
    return openai_chat.answer(wrap_openai(OpenAI()), streamed, lambda call_id, arguments: run(**json.loads(arguments)))


for streamed in (False, True):
    print(answer(QUESTION, streamed, langsmith_extra={"metadata": {"session_id": SESSION}}))
client.flush()
provider.force_flush()
