import asyncio

from agents import Agent, Runner, function_tool, set_trace_processors
from openinference.instrumentation import using_session
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor

from scenario import OPENAI_MODEL, QUESTION, SESSION, tracing, weather

set_trace_processors([])  # OpenAI's own exporter sends to OpenAI.
OpenAIAgentsInstrumentor().instrument(tracer_provider=tracing())
agent = Agent(name="forecaster", model=OPENAI_MODEL, tools=[function_tool(weather)])


async def converse():
    with using_session(SESSION):
        print((await Runner.run(agent, QUESTION)).final_output)
        run = Runner.run_streamed(agent, QUESTION)
        async for _ in run.stream_events():
            pass
        print(run.final_output)


asyncio.run(converse())
