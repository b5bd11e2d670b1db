from scenario import MODEL_URL, OPENAI_MODEL, QUESTION, SESSION, tracing, weather

provider = tracing()
from strands import Agent, tool
from strands.models.openai import OpenAIModel

for streamed in (False, True):
    model = OpenAIModel(client_args={"base_url": f"{MODEL_URL}/v1", "api_key": "none"}, model_id=OPENAI_MODEL)
    agent = Agent(model=model, tools=[tool(weather)], name="forecaster", callback_handler=None, trace_attributes={"session.id": SESSION})
    print(agent(QUESTION))
