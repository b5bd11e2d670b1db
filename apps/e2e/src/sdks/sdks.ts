import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An SDK or instrumentation, and the script beside this file that runs it. */
export interface Sdk {
  readonly name: string;
  /** A file in `python/` without its ending. */
  readonly script: string;
  /** The packages that make its spans; their versions are those of its environment. */
  readonly packages: readonly string[];
  readonly api: 'openai' | 'anthropic' | 'gemini';
  /** Packages that cannot be installed beside each other have environments of their own. */
  readonly environment: 'clients' | 'gateways';
  /** Who makes the span of the tool. */
  readonly toolSpan: 'SDK' | 'application';
  /** What its page says of how it is set up. */
  readonly setUp: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const REQUIREMENTS = {
  clients: join(__dirname, '..', 'clients', 'requirements.txt'),
  gateways: join(__dirname, 'requirements-gateways.txt'),
} as const;

export const SDKS: readonly Sdk[] = [
  {
    name: 'OpenAI, OpenInference',
    script: 'openai_openinference',
    packages: ['openai', 'openinference-instrumentation-openai'],
    api: 'openai',
    environment: 'clients',
    toolSpan: 'application',
    setUp: '`using_session`; streamed with `include_usage`',
  },
  {
    name: 'OpenAI, OpenLLMetry',
    script: 'openai_openllmetry',
    packages: ['openai', 'opentelemetry-instrumentation-openai'],
    api: 'openai',
    environment: 'clients',
    toolSpan: 'application',
    setUp: '`session.id` on the root span of the application; streamed with `include_usage`',
  },
  {
    name: 'OpenAI Agents, OpenInference',
    script: 'openai_agents_openinference',
    packages: ['openai-agents', 'openinference-instrumentation-openai-agents'],
    api: 'openai',
    environment: 'clients',
    toolSpan: 'SDK',
    setUp: '`using_session`; Responses API',
  },
  {
    name: 'Anthropic, OpenInference',
    script: 'anthropic_openinference',
    packages: ['anthropic', 'openinference-instrumentation-anthropic'],
    api: 'anthropic',
    environment: 'clients',
    toolSpan: 'application',
    setUp: '`using_session`',
  },
  {
    name: 'Anthropic, OpenLLMetry',
    script: 'anthropic_openllmetry',
    packages: ['anthropic', 'opentelemetry-instrumentation-anthropic'],
    api: 'anthropic',
    environment: 'clients',
    toolSpan: 'application',
    setUp: '`session.id` on the root span of the application',
  },
  {
    name: 'Google GenAI, OpenInference',
    script: 'gemini_openinference',
    packages: ['google-genai', 'openinference-instrumentation-google-genai'],
    api: 'gemini',
    environment: 'clients',
    toolSpan: 'application',
    setUp: '`using_session`',
  },
  {
    name: 'Google GenAI, OpenTelemetry',
    script: 'gemini_opentelemetry',
    packages: ['google-genai', 'opentelemetry-instrumentation-google-genai'],
    api: 'gemini',
    environment: 'gateways',
    toolSpan: 'application',
    setUp:
      '`session.id` on the root span of the application; `OTEL_SEMCONV_STABILITY_OPT_IN` is `gen_ai_latest_experimental`, `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is `SPAN_ONLY`',
    env: {
      OTEL_SEMCONV_STABILITY_OPT_IN: 'gen_ai_latest_experimental',
      OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'SPAN_ONLY',
    },
  },
  {
    name: 'LangGraph, OpenInference',
    script: 'langgraph_openinference',
    packages: ['langgraph', 'langchain', 'langchain-openai', 'openinference-instrumentation-langchain'],
    api: 'openai',
    environment: 'clients',
    toolSpan: 'SDK',
    setUp: '`thread_id` in the metadata of the run',
  },
  {
    name: 'LangSmith, OpenTelemetry export',
    script: 'langsmith_otel',
    packages: ['langsmith', 'openai'],
    api: 'openai',
    environment: 'clients',
    toolSpan: 'SDK',
    setUp: '`wrap_openai`, `traceable`; `session_id` in the metadata of the run',
  },
  {
    name: 'Langfuse',
    script: 'langfuse_openai',
    packages: ['langfuse', 'openai'],
    api: 'openai',
    environment: 'clients',
    toolSpan: 'SDK',
    setUp: '`langfuse.openai`, `observe`, `propagate_attributes`; an OTLP exporter as its `span_exporter`',
  },
  {
    name: 'MLflow tracing',
    script: 'mlflow_openai',
    packages: ['mlflow-tracing', 'openai'],
    api: 'openai',
    environment: 'clients',
    toolSpan: 'SDK',
    setUp: '`mlflow.openai.autolog`, `mlflow.trace`; `session.id` set on the root span: the metadata of a trace is not exported',
    // Without one it opens a database, for which mlflow-tracing lacks a package; nothing is sent there.
    env: { MLFLOW_TRACKING_URI: 'http://127.0.0.1:9' },
  },
  {
    name: 'Pydantic AI',
    script: 'pydantic_ai_agent',
    packages: ['pydantic-ai-slim'],
    api: 'openai',
    environment: 'clients',
    toolSpan: 'SDK',
    setUp: '`conversation_id`',
  },
  {
    name: 'Strands',
    script: 'strands_agent',
    packages: ['strands-agents'],
    api: 'openai',
    environment: 'gateways',
    toolSpan: 'SDK',
    setUp: '`session.id` in `trace_attributes`; it always streams',
  },
  {
    name: 'LiteLLM, `otel` callback',
    script: 'litellm_otel',
    packages: ['litellm'],
    api: 'openai',
    environment: 'gateways',
    toolSpan: 'application',
    setUp:
      '`USE_OTEL_LITELLM_REQUEST_SPAN=true`; `litellm_parent_otel_span` and `session.id` of the application’s root span; streamed with `include_usage`',
    env: { USE_OTEL_LITELLM_REQUEST_SPAN: 'true', LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
  },
];

/** The version that the environment of an SDK pins. */
export function versionOf({ environment }: Sdk, name: string): string {
  const lines = readFileSync(REQUIREMENTS[environment], 'utf8').split('\n');
  const pinned = lines.map((line) => /^([\w-]+)(?:\[[\w,-]+\])?==(\S+)$/.exec(line)).find((found) => found?.[1] === name);
  if (!pinned?.[2]) throw new Error(`${REQUIREMENTS[environment]} pins no version of ${name}`);
  return pinned[2];
}
