from openai import OpenAI
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

import openai_chat
from scenario import own_turn, tracing

OpenAIInstrumentor().instrument(tracer_provider=tracing())
for streamed in (False, True):
    with own_turn(streamed):
        print(openai_chat.answer(OpenAI(), streamed))
