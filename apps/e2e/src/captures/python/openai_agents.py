import asyncio

import telltale
from scenario import MODEL, QUESTION, SESSION, broken, weather

telltale.install()

from agents import (  # noqa: E402
    Agent, GuardrailFunctionOutput, InputGuardrail, Model, ModelResponse, RunConfig, Runner, Usage, function_tool, generation_span,
    set_trace_processors,
)  # fmt: skip
from openai.types.responses import ResponseFunctionToolCall  # noqa: E402

set_trace_processors([])  # OpenAI's own exporter sends to OpenAI.
CONFIG = RunConfig(group_id=SESSION)
forecaster = Agent(name="forecaster", model=MODEL, tools=[function_tool(weather)])
failing = Agent(name="forecaster", model=MODEL, tools=[function_tool(broken)])


class Dispatcher(Model):
    """A model behind no client: it hands everything to the forecaster, and reports its calls to the SDK as models of other providers do."""

    async def get_response(self, system_instructions, input, *args, **kwargs):
        with generation_span(model="dispatcher-1", input=input) as span:
            call = ResponseFunctionToolCall(arguments="{}", call_id="call_handoff", name="transfer_to_forecaster", type="function_call")
            span.span_data.output = [call.model_dump()]
            span.span_data.usage = {"input_tokens": 7, "output_tokens": 3}
            return ModelResponse(output=[call], usage=Usage(requests=1, input_tokens=7, output_tokens=3), response_id=None)

    def stream_response(self, *args, **kwargs):
        raise NotImplementedError


def polite(context, agent, input):
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered=False)


async def converse():
    print((await Runner.run(forecaster, QUESTION, run_config=CONFIG)).final_output)
    run = Runner.run_streamed(forecaster, QUESTION, run_config=CONFIG)
    async for _ in run.stream_events():
        pass
    await Runner.run(failing, QUESTION, run_config=CONFIG)
    guardrail = InputGuardrail(guardrail_function=polite, name="polite", run_in_parallel=False)
    front = Agent(name="front", model=Dispatcher(), handoffs=[forecaster], input_guardrails=[guardrail])
    with telltale.session(SESSION), telltale.turn("own turn", input=QUESTION):
        await Runner.run(front, QUESTION)


asyncio.run(converse())
telltale.shutdown(10)
