"""An agent's loop over Gemini's generateContent, as an application writes it around a client."""

import json

from google import genai
from google.genai import types

from scenario import GEMINI_MODEL, MODEL_URL, PARAMETERS, QUESTION, own_tool

WEATHER = types.FunctionDeclaration(name="weather", description="The weather in a city.", parameters_json_schema=PARAMETERS)
CONFIG = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[WEATHER])])


def answer(streamed):
    client = genai.Client(api_key="none", http_options=types.HttpOptions(base_url=MODEL_URL))

    def ask(contents):
        request = {"model": GEMINI_MODEL, "contents": contents, "config": CONFIG}
        if not streamed:
            return client.models.generate_content(**request).candidates[0].content.parts
        chunks = list(client.models.generate_content_stream(**request))
        return [part for chunk in chunks for part in chunk.candidates[0].content.parts]

    contents = [types.Content(role="user", parts=[types.Part(text=QUESTION)])]
    asked = ask(contents)
    call = asked[0].function_call
    result = own_tool(call.id, json.dumps(call.args))
    response = types.FunctionResponse(id=call.id, name=call.name, response=json.loads(result))
    contents += [types.Content(role="model", parts=asked), types.Content(role="user", parts=[types.Part(function_response=response)])]
    return "".join(part.text or "" for part in ask(contents))
