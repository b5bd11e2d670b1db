from opentelemetry.instrumentation.google_genai import GoogleGenAiSdkInstrumentor

from scenario import own_turn, tracing

GoogleGenAiSdkInstrumentor().instrument(tracer_provider=tracing())
import gemini_generate

for streamed in (False, True):
    with own_turn(streamed):
        print(gemini_generate.answer(streamed))
