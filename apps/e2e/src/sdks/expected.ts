import { type Findings } from './findings';

const ALL: Findings = {
  calls: 'yes',
  model: 'yes',
  tokens: 'yes',
  cached: 'yes',
  reasoning: 'yes',
  cost: 'yes',
  messages: 'yes',
  request: 'yes',
  tool: 'yes',
  exchange: 'yes',
  tied: 'yes',
  session: 'yes',
  firstToken: 'yes',
};

/** What is known of each SDK, by its script. */
export const EXPECTED: Readonly<Record<string, Findings>> = {
  openai_openinference: ALL,
  openai_openllmetry: ALL,
  openai_agents_openinference: ALL,
  anthropic_openinference: { ...ALL, reasoning: '–' },
  anthropic_openllmetry: { ...ALL, reasoning: '–' },
  gemini_openinference: ALL,
  gemini_opentelemetry: ALL,
  langgraph_openinference: ALL,
  langsmith_otel: ALL,
  langfuse_openai: ALL,
  mlflow_openai: ALL,
  pydantic_ai_agent: ALL,
  strands_agent: ALL,
  litellm_otel: ALL,
};
