"""An agent's loop over Anthropic's messages, as an application writes it around a client."""

import json

from anthropic import Anthropic

from scenario import ANTHROPIC_MODEL, MODEL_URL, PARAMETERS, QUESTION, own_tool

TOOLS = [{"name": "weather", "description": "The weather in a city.", "input_schema": PARAMETERS}]


def answer(streamed):
    client = Anthropic(api_key="none", base_url=MODEL_URL)

    def ask(messages):
        request = {"model": ANTHROPIC_MODEL, "max_tokens": 500, "messages": messages, "tools": TOOLS}
        if not streamed:
            return client.messages.create(**request)
        with client.messages.stream(**request) as stream:
            for _ in stream:
                pass
            return stream.get_final_message()

    messages = [{"role": "user", "content": QUESTION}]
    [call] = ask(messages).content
    result = own_tool(call.id, json.dumps(call.input))
    asked = {"type": "tool_use", "id": call.id, "name": call.name, "input": call.input}
    messages.append({"role": "assistant", "content": [asked]})
    messages.append({"role": "user", "content": [{"type": "tool_result", "tool_use_id": call.id, "content": result}]})
    return ask(messages).content[0].text
