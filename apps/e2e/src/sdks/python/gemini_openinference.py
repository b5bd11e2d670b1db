from openinference.instrumentation import using_session
from openinference.instrumentation.google_genai import GoogleGenAIInstrumentor

from scenario import SESSION, own_turn, tracing

GoogleGenAIInstrumentor().instrument(tracer_provider=tracing())
import gemini_generate

for streamed in (False, True):
    with using_session(SESSION), own_turn(streamed):
        print(gemini_generate.answer(streamed))
