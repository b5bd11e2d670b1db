"""A chatbot with 27 tools. `python bot.py` is the program as it was; `python bot.py --telltale` is the same with Telltale installed."""

import json
import logging
import sys

import model
from tools import TOOLS

MODEL = "gpt-4o-mini"
log = logging.getLogger("chatbot")
logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stdout)

if "--telltale" in sys.argv:
    logging.getLogger().handlers.clear()
    import telltale

    telltale.install(service="chatbot", console=True)
    tools = {name: telltale.tool(function) for name, function in TOOLS.items()}
    session, turn, llm_call = telltale.session, telltale.turn, telltale.llm_call
else:
    from contextlib import nullcontext

    tools = TOOLS

    def session(*_, **__):
        return nullcontext()

    turn = llm_call = session


def answer(url, said):
    messages = [{"role": "user", "content": said}]
    while True:
        with llm_call(MODEL, provider="openai", input=messages) as call:
            found = model.chat(url, MODEL, messages)
            message = found["choices"][0]["message"]
            if call:
                call.usage(input_tokens=found["usage"]["prompt_tokens"], output_tokens=found["usage"]["completion_tokens"])
                call.output(message)
        messages.append(message)
        if not message.get("tool_calls"):
            return message["content"]
        for wanted in message["tool_calls"]:
            function = wanted["function"]
            try:
                result = tools[function["name"]](**json.loads(function["arguments"]))
            except Exception as error:
                log.error("tool %s failed: %s", function["name"], error)
                result = f"error: {error}"
            messages.append({"role": "tool", "tool_call_id": wanted["id"], "content": json.dumps(result)})


def main():
    log.info("%d tools are ready", len(tools))
    url = model.start()
    with session("demo-session"):
        for said in model.SCRIPT:
            with turn("answer", input=said) as one:
                reply = answer(url, said)
                if one:
                    one.set(output=reply)
            log.info("%s -> %s", said, reply)


if __name__ == "__main__":
    main()
