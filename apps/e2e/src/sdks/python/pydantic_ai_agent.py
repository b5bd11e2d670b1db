import asyncio

from pydantic_ai import Agent, InstrumentationSettings

from scenario import OPENAI_MODEL, QUESTION, SESSION, tracing, weather

Agent.instrument_all(InstrumentationSettings(tracer_provider=tracing()))
agent = Agent(f"openai-chat:{OPENAI_MODEL}", name="forecaster", tools=[weather])


async def streamed_answer():
    async with agent.run_stream(QUESTION, conversation_id=SESSION) as run:
        return await run.get_output()


print(agent.run_sync(QUESTION, conversation_id=SESSION).output)
print(asyncio.run(streamed_answer()))
