"""A program that sends to Kafka, and knows no gateway."""

import json
import logging

import telltale

telltale.install()
log = logging.getLogger("tools")
for number in range(20):
    with telltale.session(f"s-{number}"), telltale.turn("answer", input="tea?"):
        with telltale.llm_call("gpt-4o", provider="openai", input="tea?") as call:
            call.usage(input_tokens=12, output_tokens=3).output("use search").set(requested_tool_call_ids=[f"c{number}"])
        with telltale.tool_call("search", {"q": "tea"}, call_id=f"c{number}") as tool:
            log.warning("the shop of mia@example.com is slow")
            tool.result("x" * 60_000)
sent = telltale.flush(30)
print(json.dumps({"sent": sent, **telltale.stats()}))
telltale.shutdown(5)
