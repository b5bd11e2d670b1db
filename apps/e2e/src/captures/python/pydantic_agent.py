import asyncio

import telltale
from scenario import MODEL, QUESTION, SESSION, broken, weather

telltale.install()

from pydantic_ai import Agent  # noqa: E402
from pydantic_ai.models.test import TestModel  # noqa: E402

forecaster = Agent(f"openai-chat:{MODEL}", name="forecaster", tools=[weather])
failing = Agent(f"openai-chat:{MODEL}", name="forecaster", tools=[broken])


async def streamed():
    async with forecaster.run_stream(QUESTION, conversation_id=SESSION) as run:
        return await run.get_output()


async def streamed_without_client():
    async with forecaster.run_stream(QUESTION, model=TestModel()) as run:
        return await run.get_output()


print(forecaster.run_sync(QUESTION, conversation_id=SESSION).output)
print(asyncio.run(streamed()))
try:
    failing.run_sync(QUESTION, conversation_id=SESSION)
except RuntimeError as error:
    print(error)
with telltale.session(SESSION), telltale.turn("own turn", input=QUESTION):
    forecaster.run_sync(QUESTION, model=TestModel())
with telltale.session(SESSION), telltale.turn("own turn, streamed", input=QUESTION):
    asyncio.run(streamed_without_client())
telltale.shutdown(10)
