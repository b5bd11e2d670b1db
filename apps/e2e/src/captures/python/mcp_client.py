import asyncio
import os
import sys

from langchain_core.tools import tool
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

import telltale
from scenario import QUESTION, SESSION

telltale.install()
SERVER = StdioServerParameters(command=sys.executable, args=[os.path.join(os.path.dirname(__file__), "mcp_server.py")])


async def converse():
    async with stdio_client(SERVER) as (read, write), ClientSession(read, write) as session:
        await session.initialize()

        @tool
        async def weather(city: str) -> str:
            """The weather in a city: one call of the server's tool of that name."""
            return (await session.call_tool("weather", {"city": city})).content[0].text

        @tool
        async def compare(cities: list) -> str:
            """The weather in several cities: calls of another tool."""
            return " | ".join([(await session.call_tool("weather", {"city": city})).content[0].text for city in cities])

        with telltale.session(SESSION), telltale.turn("called by the program", input=QUESTION):
            await session.call_tool("weather", {"city": "Oslo"})
            await session.call_tool("broken", {"city": "Oslo"})
        with telltale.session(SESSION), telltale.turn("as the tool of a framework", input=QUESTION):
            await weather.ainvoke({"type": "tool_call", "name": "weather", "args": {"city": "Oslo"}, "id": "call_1"})
            await compare.ainvoke({"type": "tool_call", "name": "compare", "args": {"cities": ["Oslo", "Rome"]}, "id": "call_2"})


asyncio.run(converse())
telltale.shutdown(10)
