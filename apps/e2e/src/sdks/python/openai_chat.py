"""An agent's loop over OpenAI's chat completions, as an application writes it around a client."""

from scenario import OPENAI_MODEL, OPENAI_TOOLS, QUESTION, own_tool


def _streamed(client, messages):
    options = {"stream": True, "stream_options": {"include_usage": True}}
    calls, text = [], ""
    for chunk in client.chat.completions.create(model=OPENAI_MODEL, messages=messages, tools=OPENAI_TOOLS, **options):
        if not chunk.choices:
            continue
        delta = chunk.choices[0].delta
        text += delta.content or ""
        for call in delta.tool_calls or []:
            if call.id:
                calls.append({"id": call.id, "type": "function", "function": {"name": call.function.name, "arguments": ""}})
            calls[-1]["function"]["arguments"] += call.function.arguments or ""
    return {"role": "assistant", "content": text or None, **({"tool_calls": calls} if calls else {})}


def _whole(client, messages):
    answer = client.chat.completions.create(model=OPENAI_MODEL, messages=messages, tools=OPENAI_TOOLS)
    return answer.choices[0].message.model_dump(exclude_none=True)


def answer(client, streamed, run_tool=own_tool):
    ask = _streamed if streamed else _whole
    messages = [{"role": "user", "content": QUESTION}]
    messages.append(ask(client, messages))
    [call] = messages[-1]["tool_calls"]
    result = run_tool(call["id"], call["function"]["arguments"])
    messages.append({"role": "tool", "tool_call_id": call["id"], "content": result})
    return ask(client, messages)["content"]
