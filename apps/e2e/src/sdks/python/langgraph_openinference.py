from langchain.agents import create_agent
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from openinference.instrumentation.langchain import LangChainInstrumentor

from scenario import OPENAI_MODEL, QUESTION, SESSION, tracing, weather

LangChainInstrumentor().instrument(tracer_provider=tracing())
asked = {"messages": [{"role": "user", "content": QUESTION}]}
for streamed in (False, True):
    graph = create_agent(ChatOpenAI(model=OPENAI_MODEL, streaming=streamed, stream_usage=True), [tool(weather)])
    config = {"configurable": {"thread_id": SESSION}, "metadata": {"thread_id": SESSION}}
    print(graph.invoke(asked, config)["messages"][-1].content)
