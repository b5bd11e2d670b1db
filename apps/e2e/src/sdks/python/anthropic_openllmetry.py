from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor

from scenario import own_turn, tracing

AnthropicInstrumentor().instrument(tracer_provider=tracing())
import anthropic_messages

for streamed in (False, True):
    with own_turn(streamed):
        print(anthropic_messages.answer(streamed))
