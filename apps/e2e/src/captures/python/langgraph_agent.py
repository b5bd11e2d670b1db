import asyncio

from langchain.agents import create_agent
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel, FakeMessagesListChatModel
from langchain_core.messages import AIMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode

import telltale
from scenario import MODEL, QUESTION, SESSION, broken, log, weather

telltale.install()
ASKED = {"messages": [{"role": "user", "content": QUESTION}]}
CONFIG = {"configurable": {"thread_id": SESSION}}


def agent(function, streamed=False):
    return create_agent(ChatOpenAI(model=MODEL, streaming=streamed, stream_usage=True), [tool(function)], name="forecaster")


async def asynchronous():
    await agent(weather).ainvoke(ASKED, CONFIG)
    log.info("between turns")
    async for _ in agent(weather, streamed=True).astream(ASKED, CONFIG):
        pass


class Library(BaseRetriever):
    def _get_relevant_documents(self, query, *, run_manager):
        return [Document("Oslo is wet.", id="d1")]


def several_tools_at_once():
    calls = [{"name": "weather", "args": {"city": city}, "id": f"call_{city}"} for city in ("Oslo", "Rome")]
    model = FakeMessagesListChatModel(responses=[AIMessage("both", tool_calls=calls)])
    graph = StateGraph(MessagesState)
    graph.add_node("ask", lambda state: {"messages": [model.invoke(state["messages"])]})
    graph.add_node("tools", ToolNode([tool(weather)]))
    graph.add_edge(START, "ask").add_edge("ask", "tools").add_edge("tools", END)
    graph.compile(name="two cities").invoke(ASKED, CONFIG)


print(agent(weather).invoke(ASKED, CONFIG)["messages"][-1].content)
asyncio.run(asynchronous())
try:
    agent(broken).invoke(ASKED, CONFIG)
except RuntimeError as error:
    print(error)
several_tools_at_once()
ChatPromptTemplate.from_template("{question}").invoke({"question": "a prompt alone is no turn"})
with telltale.session(SESSION), telltale.turn("own turn", input=QUESTION):
    Library().invoke("Oslo")
    chain = ChatPromptTemplate.from_template("{question}") | FakeListChatModel(responses=["It rains."])
    print("".join(piece.content for piece in chain.stream({"question": QUESTION})))
telltale.shutdown(10)
