"""A chat with Gemini whose client runs the tool itself."""

from google import genai
from google.genai import types

from scenario import GEMINI_MODEL, MODEL_URL, QUESTION, weather


def answer(streamed):
    client = genai.Client(api_key="none", http_options=types.HttpOptions(base_url=MODEL_URL))
    config = types.GenerateContentConfig(tools=[weather])
    request = {"model": GEMINI_MODEL, "contents": QUESTION, "config": config}
    if not streamed:
        return client.models.generate_content(**request).text
    return "".join(chunk.text or "" for chunk in client.models.generate_content_stream(**request))
