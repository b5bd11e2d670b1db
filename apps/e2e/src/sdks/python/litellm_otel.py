import litellm
from opentelemetry import trace

from scenario import OPENAI_MODEL, OPENAI_TOOLS, QUESTION, SESSION, own_tool, own_turn, tracing

tracing()
litellm.callbacks = ["otel"]


def ask(messages, streamed):
    # A streamed call is logged in another thread, which does not know the span around it.
    metadata = {"session_id": SESSION, "litellm_parent_otel_span": trace.get_current_span()}
    request = {"model": f"openai/{OPENAI_MODEL}", "messages": messages, "tools": OPENAI_TOOLS, "metadata": metadata}
    if not streamed:
        return litellm.completion(**request).choices[0].message
    chunks = list(litellm.completion(**request, stream=True, stream_options={"include_usage": True}))
    return litellm.stream_chunk_builder(chunks, messages=messages).choices[0].message


for streamed in (False, True):
    with own_turn(streamed):
        messages = [{"role": "user", "content": QUESTION}]
        asked = ask(messages, streamed)
        [call] = asked.tool_calls
        result = own_tool(call.id, call.function.arguments)
        messages += [asked.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.id, "content": result}]
        print(ask(messages, streamed).content)
