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

/** What is known to arrive of each SDK, by its script. */
export const EXPECTED: Readonly<Record<string, Findings>> = {
  openai_openinference: ALL,
  openai_openllmetry: { ...ALL, reasoning: 'yes; streamed: not sent' },
  openai_agents_openinference: { ...ALL, tied: 'by name', firstToken: 'not sent' },
  anthropic_openinference: { ...ALL, reasoning: '–' },
  anthropic_openllmetry: { ...ALL, reasoning: '–' },
  gemini_openinference: { ...ALL, tied: 'by name', firstToken: 'not sent' },
  gemini_opentelemetry: ALL,
  langgraph_openinference: { ...ALL, firstToken: 'not sent' },
  langsmith_otel: { ...ALL, tied: 'by name', firstToken: 'not sent' },
  langfuse_openai: { ...ALL, tied: 'by name' },
  mlflow_openai: { ...ALL, request: 'yes; streamed: not sent', tied: 'by name; streamed: not sent' },
  pydantic_ai_agent: ALL,
  strands_agent: { ...ALL, reasoning: 'not sent' },
  litellm_otel: { ...ALL, tied: 'by name', firstToken: 'not sent' },
};
