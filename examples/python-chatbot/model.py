"""A model server that answers from a script, in the form of OpenAI's chat completions. No key, no network."""

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: By what the user says: the tools that the model asks for, one after the other, and then its answer.
SCRIPT = {
    "where is order A-17?": ([("find_order", {"order_id": "A-17"}), ("track_parcel", {"order_id": "A-17"})], "It is in Lisbon."),
    "anything against rain?": ([("search_products", {"text": "rain"}), ("price_of", {"product": "raincoat"})], "A raincoat, for 59."),
    "cancel order A-17": ([("find_order", {"order_id": "A-17"}), ("cancel_order", {"order_id": "A-17"})], "It has been sent already."),
}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        said = next(message["content"] for message in reversed(asked["messages"]) if message["role"] == "user")
        done = sum(message["role"] == "tool" for message in asked["messages"])
        calls, answer = SCRIPT[said]
        message = {"role": "assistant", "content": answer}
        if done < len(calls):
            name, arguments = calls[done]
            function = {"name": name, "arguments": json.dumps(arguments)}
            message = {"role": "assistant", "content": "", "tool_calls": [{"id": f"call_{done}", "type": "function", "function": function}]}
        usage = {"prompt_tokens": 400 + 60 * done, "completion_tokens": 12}
        body = json.dumps({"model": asked["model"], "choices": [{"message": message}], "usage": usage}).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def start():
    """The address of a server that runs as long as the program does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def chat(url, model, messages):
    request = urllib.request.Request(
        f"{url}/v1/chat/completions",
        json.dumps({"model": model, "messages": messages}).encode(),
        {"content-type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
