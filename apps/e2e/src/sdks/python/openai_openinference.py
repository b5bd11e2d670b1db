from openai import OpenAI
from openinference.instrumentation import using_session
from openinference.instrumentation.openai import OpenAIInstrumentor

import openai_chat
from scenario import SESSION, own_turn, tracing

OpenAIInstrumentor().instrument(tracer_provider=tracing())
for streamed in (False, True):
    with using_session(SESSION), own_turn(streamed):
        print(openai_chat.answer(OpenAI(), streamed))
