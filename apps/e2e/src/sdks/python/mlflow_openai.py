import json

import mlflow
from mlflow.entities import SpanType
from openai import OpenAI

import openai_chat
from scenario import QUESTION, SESSION, weather

mlflow.openai.autolog()


@mlflow.trace(name="weather", span_type=SpanType.TOOL)
def run(city):
    return weather(city)


@mlflow.trace(name="forecaster", span_type=SpanType.AGENT)
def answer(question, streamed):
    mlflow.get_current_active_span().set_attribute("session.id", SESSION)
    return openai_chat.answer(OpenAI(), streamed, lambda call_id, arguments: run(**json.loads(arguments)))


for streamed in (False, True):
    print(answer(QUESTION, streamed))
mlflow.flush_trace_async_logging()
