// Programs that send a first turn. first-event.e2e-spec runs them as the page shows them, or sees that they are those of docs/INTEGRATIONS.md, which
// quickstarts.e2e-spec runs.

export interface Snippet {
  readonly id: string;
  readonly name: string;
  /** What is to be installed before, in a terminal; nothing where that is nothing. */
  readonly install?: string;
  readonly language: 'sh' | 'python' | 'js';
  readonly code: string;
  readonly note: string;
}

/** What every way needs in the terminal first. `url` is where this page came from: the standalone, which takes events at the same address. */
export const exportsFor = (url: string): string => `export TELLTALE_URL=${url} TELLTALE_API_KEY=$(cat .telltale/api-key)`;

const CURL = `AT=$(date -u +%FT%TZ); ID=hello-$(date +%s)
curl "$TELLTALE_URL/v1/events" -H "x-telltale-key: $TELLTALE_API_KEY" -H "content-type: application/json" -d '[
  {"kind": "turn", "id": "'$ID'", "trace_id": "'$ID'", "span_id": "'$ID'", "session_id": "s-1", "user_id": "mia", "service_name": "hello",
   "ts": "'$AT'", "duration_ms": 900, "status": "ok", "input": "Where is order A-17?", "output": "It is in Lisbon."},
  {"kind": "llm", "id": "'$ID'-1", "trace_id": "'$ID'", "span_id": "'$ID'-1", "parent_span_id": "'$ID'", "session_id": "s-1", "service_name": "hello",
   "ts": "'$AT'", "duration_ms": 800, "status": "ok", "provider": "openai", "request_model": "gpt-4o-mini", "usage": {"input_tokens": 120, "output_tokens": 8}}
]'
`;

const PYTHON = `import logging
import telltale

telltale.install(service="quick-logging")
log = logging.getLogger("shop")

with telltale.session("s-1", user_id="mia"), telltale.turn("answer", input="Where is order A-17?") as turn:
    log.debug("looking among %d orders", 17)  # stays in memory; sent with an error, or while a directive asks for it
    log.info("order found", extra={"order": "A-17"})
    turn.set(output="It is in Lisbon.")
`;

const NODE = `import { init, llmCall, tool, turn } from '@telltale/sdk';

init({ service: 'hello' });
const find = tool('find_order', async (id) => \`\${id} is in Lisbon\`);

const input = 'Where is order A-17?';
await turn({ name: 'answer', session_id: 's-1', user_id: 'mia', input }, async () => {
  const found = await find('A-17');
  return llmCall({ provider: 'openai', model: 'gpt-4o-mini', input: found }, async (call) => {
    call.set({ usage: { input_tokens: 120, output_tokens: 8 } }); // in place of a real call of a model
    return 'It is in Lisbon.';
  });
});
`;

const OTEL = `from openai import OpenAI
from openinference.instrumentation.openai import OpenAIInstrumentor
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
OpenAIInstrumentor().instrument(tracer_provider=provider)
tracer = provider.get_tracer("shop")
with tracer.start_as_current_span("answer", attributes={"session.id": "s-1", "user.id": "mia"}):
    with tracer.start_as_current_span("weather", attributes={"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "weather"}):
        weather = "rain in Oslo"
    messages = [{"role": "system", "content": weather}, {"role": "user", "content": "Do I need an umbrella in Oslo?"}]
    print(OpenAI().chat.completions.create(model="gpt-4o-mini", messages=messages).choices[0].message.content)
`;

export const SNIPPETS: readonly Snippet[] = [
  {
    id: 'curl',
    name: 'curl',
    language: 'sh',
    code: CURL,
    note: 'A turn with one call of a model, as JSON. Anything that speaks HTTP can send this.',
  },
  {
    id: 'python',
    name: 'Python',
    install: 'pip install ./sdk/python',
    language: 'python',
    code: PYTHON,
    note: 'Clients of OpenAI and Anthropic, LangGraph, Pydantic AI and others are captured by install as well.',
  },
  {
    id: 'node',
    name: 'Node',
    install: '(cd sdk/node && npm pack) && npm install ./sdk/node/telltale-sdk-0.1.0.tgz',
    language: 'js',
    code: NODE,
    note: 'A module (.mjs). wrapOpenAI, wrapAnthropic and wrapModel record the calls of those clients.',
  },
  {
    id: 'otel',
    name: 'OpenTelemetry',
    install: `pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http openinference-instrumentation-openai openai
export OTEL_SERVICE_NAME=quick-otel OTEL_EXPORTER_OTLP_ENDPOINT=$TELLTALE_URL OTEL_EXPORTER_OTLP_HEADERS="x-telltale-key=$TELLTALE_API_KEY"`,
    language: 'python',
    code: OTEL,
    note: 'The two variables are all that an SDK of OpenTelemetry in any language needs; this is Python with OpenInference.',
  },
];
