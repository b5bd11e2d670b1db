from openinference.instrumentation import using_session
from openinference.instrumentation.anthropic import AnthropicInstrumentor

from scenario import SESSION, own_turn, tracing

AnthropicInstrumentor().instrument(tracer_provider=tracing())
import anthropic_messages

for streamed in (False, True):
    with using_session(SESSION), own_turn(streamed):
        print(anthropic_messages.answer(streamed))
