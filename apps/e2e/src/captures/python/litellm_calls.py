import asyncio
import json

import litellm
from litellm import completion

import telltale
from scenario import MODEL, MODEL_URL, QUESTION, SESSION, TOOLS, broken, weather

telltale.install()
weather, broken = telltale.tool(weather), telltale.tool(broken)
OPENAI = {"model": f"openai/{MODEL}", "tools": TOOLS, "api_base": f"{MODEL_URL}/v1"}
#: Asked without a client of the provider's.
ANTHROPIC = {"model": "anthropic/claude-sonnet-4-5", "tools": TOOLS, "api_base": MODEL_URL, "api_key": "none"}
STREAM = {"stream": True, "stream_options": {"include_usage": True}}


def ask(messages, request):
    answer = completion(messages=messages, **request)
    return litellm.stream_chunk_builder(list(answer), messages=messages) if request.get("stream") else answer


async def ask_asynchronously(messages, request):
    answer = await litellm.acompletion(messages=messages, **request)
    return litellm.stream_chunk_builder([piece async for piece in answer], messages=messages) if request.get("stream") else answer


def turn(name, request, ask=ask, tool=weather):
    with telltale.session(SESSION), telltale.turn(name, input=QUESTION) as turn:
        messages = [{"role": "user", "content": QUESTION}]
        asked = ask(messages, request).choices[0].message
        [call] = asked.tool_calls
        with telltale.tool_call("dispatch", call_id=call.id):
            result = tool(**json.loads(call.function.arguments))
        messages += [asked.model_dump(exclude_none=True), {"role": "tool", "tool_call_id": call.id, "content": result}]
        turn.set(output=ask(messages, request).choices[0].message.content)


turn("whole", OPENAI)
turn("streamed", {**OPENAI, **STREAM})
turn("asynchronous", OPENAI, lambda *asked: asyncio.run(ask_asynchronously(*asked)))
turn("asynchronous, streamed", {**OPENAI, **STREAM}, lambda *asked: asyncio.run(ask_asynchronously(*asked)))
turn("without a client", ANTHROPIC)
turn("without a client, streamed", {**ANTHROPIC, **STREAM})
turn("without a client, asynchronous, streamed", {**ANTHROPIC, **STREAM}, lambda *asked: asyncio.run(ask_asynchronously(*asked)))
try:
    turn("failing", OPENAI, tool=broken)
except RuntimeError as error:
    print(error)
with telltale.session(SESSION), telltale.turn("embedding", input=QUESTION):
    litellm.embedding(model="openai/text-embedding-3-small", input=[QUESTION], api_base=f"{MODEL_URL}/v1")
    litellm.embedding(model="openai/text-embedding-3-small", input=[QUESTION], mock_response=[0.1, 0.2])
    try:
        litellm.completion(model="nobody/knows", messages=[{"role": "user", "content": QUESTION}])
    except Exception as error:
        print(type(error).__name__)
telltale.shutdown(10)
