export interface Program {
  readonly script: string;
  readonly library: string;
  readonly environment: 'clients' | 'gateways';
  /** What is stored of it. */
  readonly trees: readonly string[];
}
const of = (library: string, script: string, environment: Program['environment'], trees: readonly string[]): Program => ({
  library,
  script,
  environment,
  trees,
});
export const PROGRAMS: readonly Program[] = [
  of('LangGraph', 'langgraph_agent', 'clients', []),
  of('OpenAI Agents SDK', 'openai_agents', 'clients', []),
  of('Pydantic AI', 'pydantic_agent', 'clients', []),
  of('LiteLLM', 'litellm_calls', 'gateways', []),
  of('MCP', 'mcp_client', 'clients', []),
];
