"""A server of tools that speaks MCP on standard input and output."""

from mcp.server.mcpserver import MCPServer

server = MCPServer("weather-station")


@server.tool()
def weather(city: str) -> str:
    return f"rain in {city}"


@server.tool()
def broken(city: str) -> str:
    raise RuntimeError(f"the station of {city} is down")


server.run()
