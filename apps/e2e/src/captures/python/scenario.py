"""What the programs here share: a question, a tool that answers it, one that fails, and a scripted model behind ``MODEL_URL``. Records go
where the variables of Telltale's SDK say."""

import json
import logging
import os

MODEL_URL = os.environ["MODEL_URL"]
SESSION = os.environ["SESSION_ID"]
QUESTION = "What is the weather in Oslo?"
MODEL = "gpt-4o-mini"
PARAMETERS = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = [{"type": "function", "function": {"name": "weather", "description": "The weather in a city.", "parameters": PARAMETERS}}]

os.environ.setdefault("OPENAI_API_KEY", "none")
os.environ.setdefault("OPENAI_BASE_URL", f"{MODEL_URL}/v1")
log = logging.getLogger("tools")


def weather(city: str) -> str:
    """The weather in a city."""
    log.info("looking at %s", city)
    return json.dumps({"sky": "rain", "city": city})


def broken(city: str) -> str:
    """The weather in a city."""
    raise RuntimeError(f"the station of {city} is down")


broken.__name__ = "weather"
