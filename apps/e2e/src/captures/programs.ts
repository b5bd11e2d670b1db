/** A Python program that a framework runs, and what is stored of it: its turns, and below each what `trees.ts` writes of its operations. */
export interface Program {
  readonly script: string;
  readonly library: string;
  readonly environment: 'clients' | 'gateways';
  readonly trees: readonly string[];
}

const ASKED = 'What is the weather in Oslo?';
const ANSWERED = 'It rains in Oslo.';
const DOWN = 'failed: the station of Oslo is down';
const ARGUMENTS = '{"city":"Oslo"}';
const RESULT = '{"sky": "rain", "city": "Oslo"}';
const OPENAI = 'llm openai gpt-4o-mini-2024-07-18 1371+211 in/out';

const below = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
/** The model asks for the weather, the tool says it, the model answers. */
const exchange = (llm: string, call: string): string[] => [
  `${llm}, asks for ${call}`,
  `tool weather ${ARGUMENTS} -> ${RESULT} ${call}, tied`,
  '  log looking at Oslo',
  llm,
];
const WHOLE = exchange(OPENAI, 'call_weather_1');
const STREAMED = exchange(`${OPENAI}, first token`, 'call_weather_2');
const FAILED = [`${OPENAI}, asks for call_weather_1`, `tool weather ${ARGUMENTS} ->  call_weather_1, tied ${DOWN}`];
const turn = (name: string, answer: string, operations: readonly string[]): string[] => [
  `turn ${name}: ${ASKED} -> ${answer}`,
  ...below(operations),
];

const LANGGRAPH = [
  ...turn('forecaster', ANSWERED, WHOLE),
  ...turn('forecaster', ANSWERED, WHOLE),
  'log between turns',
  ...turn('forecaster', ANSWERED, STREAMED),
  ...turn('forecaster', ` ${DOWN}`, FAILED),
  ...turn('two cities', 'both', [
    'llm fakemessageslistchatmodel FakeMessagesListChatModel 14+14 estimated in/out, asks for call_Oslo call_Rome',
    `tool weather ${ARGUMENTS} -> ${RESULT} call_Oslo, tied`,
    '  log looking at Oslo',
    'tool weather {"city":"Rome"} -> {"sky": "rain", "city": "Rome"} call_Rome, tied',
    '  log looking at Rome',
  ]),
  ...turn('own turn', '', ['retrieval Library', 'llm fakelistchatmodel FakeListChatModel 14+3 estimated in/out, first token']),
];

const agent = (name: string, operations: readonly string[]): string[] => [`agent ${name}`, ...below(operations)];
const AGENTS = [
  ...turn('Agent workflow', ANSWERED, agent('forecaster', WHOLE)),
  ...turn('Agent workflow', ANSWERED, agent('forecaster', STREAMED)),
  ...turn(
    'Agent workflow',
    ANSWERED,
    agent('forecaster', [
      `${OPENAI}, asks for call_weather_1`,
      // What the SDK tells the model, and what was raised.
      `tool weather ${ARGUMENTS} -> An error occurred while running the tool. Please try again. call_weather_1, tied ${DOWN}`,
      OPENAI,
    ]),
  ),
  ...turn('own turn', '', [
    ...agent('front', ['guardrail polite', 'llm  dispatcher-1 7+3 in/out, asks for call_handoff', 'chain handoff to forecaster']),
    ...agent('forecaster', [OPENAI]),
  ]),
];

/** Pydantic AI's own model for tests asks for each tool with made-up arguments, and counts words. */
const withoutClient = (first: number, last: number): string[] =>
  agent('forecaster', [
    `llm test test 56+${first} in/out, asks for pyd_ai_tool_call_id__weather`,
    'tool weather {"city":"a"} -> {"sky": "rain", "city": "a"} pyd_ai_tool_call_id__weather, tied',
    '  log looking at a',
    `llm test test 62+${last} in/out`,
  ]);
const PYDANTIC_AI = [
  ...turn('forecaster', ANSWERED, WHOLE),
  ...turn('forecaster', ANSWERED, STREAMED),
  ...turn('forecaster', ` ${DOWN}`, FAILED),
  ...turn('own turn', '', withoutClient(5, 17)),
  ...turn('own turn, streamed', '', withoutClient(0, 20)),
];

/** The program runs the tool itself, in an operation that has the id under which the model asked for it. */
const dispatched = (llm: string, call: string): string[] => [
  `${llm}, asks for ${call}`,
  `tool dispatch  ->  ${call}, tied`,
  `  tool weather ${ARGUMENTS} -> ${RESULT}, tied`,
  '    log looking at Oslo',
  llm,
];
const LITELLM_STREAM = 'llm openai gpt-4o-mini 1371+211 in/out, first token';
const ANTHROPIC = 'llm anthropic claude-sonnet-4-5 1371+211 in/out';
const LITELLM = [
  ...turn('whole', ANSWERED, dispatched(OPENAI, 'call_weather_1')),
  ...turn('streamed', ANSWERED, dispatched(LITELLM_STREAM, 'call_weather_2')),
  ...turn('asynchronous', ANSWERED, dispatched(OPENAI, 'call_weather_1')),
  ...turn('asynchronous, streamed', ANSWERED, dispatched(LITELLM_STREAM, 'call_weather_2')),
  ...turn('without a client', ANSWERED, dispatched(ANTHROPIC, 'call_weather_1')),
  ...turn('without a client, streamed', ANSWERED, dispatched(`${ANTHROPIC}, first token`, 'call_weather_2')),
  ...turn('without a client, asynchronous, streamed', ANSWERED, dispatched(`${ANTHROPIC}, first token`, 'call_weather_2')),
  ...turn('failing', ` ${DOWN}`, [
    `${OPENAI}, asks for call_weather_1`,
    `tool dispatch  ->  call_weather_1, tied ${DOWN}`,
    `  tool weather ${ARGUMENTS} -> , tied ${DOWN}`,
  ]),
  ...turn('embedding', '', [
    'embedding openai text-embedding-3-small 1371+0 in',
    'embedding openai text-embedding-3-small 10+0 in',
    'llm  nobody/knows 0+0 in failed: litellm.BadRequestError: LLM Provider NOT provided.',
  ]),
];

const MCP = [
  ...turn('called by the program', '', [
    `tool weather of weather-station ${ARGUMENTS} -> {"result":"rain in Oslo"}`,
    `tool broken of weather-station ${ARGUMENTS} -> Error executing tool broken failed: Error executing tool broken`,
  ]),
  ...turn('as the tool of a framework', '', [
    `tool weather of weather-station ${ARGUMENTS} -> rain in Oslo call_1`,
    'tool compare {"cities":["Oslo","Rome"]} -> rain in Oslo | rain in Rome call_2',
    `  tool weather of weather-station ${ARGUMENTS} -> {"result":"rain in Oslo"}`,
    '  tool weather of weather-station {"city":"Rome"} -> {"result":"rain in Rome"}',
  ]),
];

export const PROGRAMS: readonly Program[] = [
  { library: 'LangGraph', script: 'langgraph_agent', environment: 'clients', trees: LANGGRAPH },
  { library: 'OpenAI Agents SDK', script: 'openai_agents', environment: 'clients', trees: AGENTS },
  { library: 'Pydantic AI', script: 'pydantic_agent', environment: 'clients', trees: PYDANTIC_AI },
  { library: 'LiteLLM', script: 'litellm_calls', environment: 'gateways', trees: LITELLM },
  { library: 'MCP', script: 'mcp_client', environment: 'clients', trees: MCP },
];
