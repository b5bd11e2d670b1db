import { type OtlpValue } from '@telltale/contracts';
import { CITY, TOKENS } from '../clients/model-answers';
import { ANSWER } from '../clients/fake-model';
import { type Sdk } from './sdks';
import { type SentSpan } from './span-recorder';

export const QUESTION = 'What is the weather in Oslo?';

export interface Row {
  readonly kind: string;
  readonly trace_id: string;
  readonly span_id: string;
  readonly [field: string]: unknown;
}
/** What the system has of one SDK's conversation, and what the SDK sent. */
export interface Observed {
  readonly sdk: Sdk;
  readonly session: string;
  /** Its events, in order of time. */
  readonly events: readonly Row[];
  readonly sessions: readonly string[];
  /** How many calls of models each of its turns counts. */
  readonly counted: readonly number[];
  /** The call of a model that asked for it, by the span of a tool. */
  readonly askers: ReadonlyMap<string, string>;
  readonly spans: readonly SentSpan[];
}

/** `no`: it is in what the SDK sent, and it was not read. `–`: there is nothing to send, or nothing to ask it of. */
export type Cell = 'yes' | 'no' | 'not sent' | 'by name' | 'higher' | 'estimated' | '–' | `${string}; streamed: ${string}`;
export const COLUMNS = {
  calls: 'calls',
  model: 'model',
  tokens: 'tokens',
  cached: 'cached tokens',
  reasoning: 'reasoning tokens',
  cost: 'cost',
  messages: 'messages',
  request: 'tool asked for',
  tool: 'tool’s name',
  exchange: 'tool’s arguments and result',
  tied: 'tool tied to its call',
  session: 'session',
  firstToken: 'time to first token',
} as const;
export type Findings = Readonly<Record<keyof typeof COLUMNS, Cell>>;

/** Of one call, nano-dollars, by the price table. */
const COST: Readonly<Record<Sdk['api'], number>> = { openai: 255_450, anthropic: 4_513_200, gemini: 662_320 };
const MODEL: Readonly<Record<Sdk['api'], string>> = {
  openai: 'gpt-4o-mini',
  anthropic: 'claude-sonnet-4-5',
  gemini: 'gemini-2.5-flash',
};
const CALLS_A_TURN = 2;

/** Every name and value in what was sent, also those inside objects and lists, as one text. */
function textOf(spans: readonly SentSpan[]): string {
  const said = (value: OtlpValue): string => (typeof value === 'string' ? value : JSON.stringify(value));
  const pairs = (attributes: Readonly<Record<string, OtlpValue>>): string[] =>
    Object.entries(attributes).map(([name, value]) => `${name}=${said(value)}`);
  return spans
    .flatMap(({ attributes, events, resource }) => [
      ...pairs(attributes),
      ...pairs(resource),
      ...events.flatMap((event) => [event.name, ...pairs(event.attributes)]),
    ])
    .join('\n');
}
/** Names of attributes and events alone. */
const namesIn = (spans: readonly SentSpan[]): string =>
  spans.flatMap(({ attributes, events }) => [...Object.keys(attributes), ...events.map(({ name }) => name)]).join('\n');
const number = (row: Row, field: string): number => Number(row[field] ?? 0);
const text = (row: Row | undefined, field: string): string => {
  const value = row?.[field];
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
};

interface Turn {
  readonly calls: readonly Row[];
  readonly tools: readonly Row[];
  readonly sent: string;
  readonly toolSent: string;
  readonly names: string;
  /** Whether the call of a model that asked for the tool says so, other than in pieces. */
  readonly requestSent: boolean;
}
const cell = (isRead: boolean, isSent: boolean): Cell => (isRead ? 'yes' : isSent ? 'no' : 'not sent');
const says = (sent: string, count: number): boolean => new RegExp(`\\b${count}\\b`).test(sent);
/** A small number may be anything, such as milliseconds: it counts behind its name. */
const saysReasoning = (sent: string): boolean =>
  new RegExp(`(?:reasoning|thought)[^]{0,80}?\\b${TOKENS.reasoning}\\b`, 'i').test(sent);

function costOf(calls: readonly Row[], expected: number): Cell {
  if (calls.some(({ usage_estimated: isEstimated }) => isEstimated === true)) return 'estimated';
  const costs = calls.map((call) => number(call, 'cost_nano_usd'));
  if (costs.every((cost) => cost === expected)) return 'yes';
  return costs.every((cost) => cost > expected) ? 'higher' : 'no';
}
const isListOf = (messages: string, type: string): boolean =>
  messages.startsWith('[{"role"') && messages.includes(`"type":"${type}"`);

function messagesOf(calls: readonly Row[], sent: string): Cell {
  const question = text(calls[0], 'input');
  const answer = text(calls[1], 'output');
  const isRead = isListOf(question, 'text') && question.includes(QUESTION) && isListOf(answer, 'text') && answer.includes(ANSWER);
  return cell(isRead, sent.includes(QUESTION) && sent.includes(ANSWER));
}

function findingsOfTurn({ calls, tools, sent, toolSent, names, requestSent }: Turn, { sdk, askers }: Observed, isStreamed: boolean): Omit<Findings, 'session'> {
  const every = (is: (call: Row) => boolean): boolean => calls.length === CALLS_A_TURN && calls.every(is);
  const input = (call: Row): number => number(call, 'usage_input_uncached') + number(call, 'usage_cache_read') + number(call, 'usage_cache_write');
  const output = (call: Row): number => number(call, 'usage_output') + number(call, 'usage_reasoning');
  const [tool] = tools;
  const hasId = /call_weather_\d/.test(toolSent);
  const asked = text(calls[0], 'requested_tool_call_ids');
  const isTied = tool !== undefined && askers.get(tool.span_id) === calls[0]?.span_id;
  return {
    calls: calls.length === CALLS_A_TURN ? 'yes' : 'no',
    model: cell(every((call) => text(call, 'request_model').includes(MODEL[sdk.api]) || text(call, 'response_model').includes(MODEL[sdk.api])), sent.includes(MODEL[sdk.api])),
    tokens: cell(every((call) => call['usage_estimated'] !== true && input(call) === TOKENS.input && output(call) === TOKENS.output), says(sent, TOKENS.output) || says(sent, TOKENS.output - TOKENS.reasoning)),
    cached: cell(every((call) => number(call, 'usage_cache_read') === TOKENS.cached), says(sent, TOKENS.cached)),
    reasoning: sdk.api === 'anthropic' ? '–' : cell(every((call) => number(call, 'usage_reasoning') === TOKENS.reasoning), saysReasoning(sent)),
    cost: costOf(calls, COST[sdk.api]),
    messages: messagesOf(calls, sent),
    request: cell(text(calls[0], 'decision_chosen') === 'weather' && isListOf(text(calls[0], 'output'), 'tool_call'), requestSent),
    tool: cell(tools.length === 1 && tool?.['tool_name'] === 'weather', toolSent !== ''),
    exchange: tool ? cell(text(tool, 'tool_arguments').includes(CITY.city) && text(tool, 'tool_result').includes('rain'), toolSent.includes('rain')) : '–',
    tied: !isTied ? cell(false, hasId) : hasId && asked.includes('call_weather_') ? 'yes' : 'by name',
    firstToken: isStreamed ? cell(every((call) => number(call, 'time_to_first_token_ms') > 0 && number(call, 'time_to_first_token_ms') < number(call, 'duration_ms')), /first_?(?:token|chunk)|ttft|completion_start|\bchunk\b/i.test(names)) : '–',
  };
} // prettier-ignore

/** What the system has of an SDK's two turns. */
export function findingsOf(observed: Observed): Findings {
  const { events, spans, session, sessions, counted } = observed;
  const traces = [...new Set(spans.map(({ traceId }) => traceId))];
  const turns = traces.map((trace, nth) => {
    const own = spans.filter(({ traceId }) => traceId === trace);
    const rows = events.filter(({ trace_id }) => trace_id === trace);
    const isTool = ({ name, attributes }: SentSpan): boolean =>
      name.includes('weather') || Object.entries(attributes).some(([key, value]) => /tool.*name|function.*name/.test(key) && !/\d/.test(key) && value === 'weather');
    const toolStart = own.find(isTool)?.startMs ?? 0;
    const asking = own.filter(({ parentSpanId, endMs }) => parentSpanId !== '' && endMs <= toolStart).map((span) => ({ ...span, events: span.events.filter(({ name }) => !name.includes('chunk')) }));
    const turn = { requestSent: /city\W+Oslo/.test(textOf(asking)), calls: rows.filter(({ kind }) => kind === 'llm'), names: namesIn(own), tools: rows.filter(({ kind }) => kind === 'tool'), sent: textOf(own), toolSent: textOf(own.filter(isTool)) };
    return findingsOfTurn(turn, observed, nth === 1);
  }); // prettier-ignore
  const [whole, streamed] = turns;
  if (!whole || !streamed || turns.length > 2) throw new Error(`${observed.sdk.name} sent ${traces.length} traces instead of 2`);
  const both = (name: keyof typeof whole): Cell => {
    if (name === 'firstToken') return streamed[name];
    return whole[name] === streamed[name] ? whole[name] : `${whole[name]}; streamed: ${streamed[name]}`;
  };
  const isInSession = sessions.length === 2 && sessions.every((one) => one === session);
  return {
    calls: counted.every((count) => count === CALLS_A_TURN) ? both('calls') : 'no',
    model: both('model'),
    tokens: both('tokens'),
    cached: both('cached'),
    reasoning: both('reasoning'),
    cost: both('cost'),
    messages: both('messages'),
    request: both('request'),
    tool: both('tool'),
    exchange: both('exchange'),
    tied: both('tied'),
    session: cell(isInSession, textOf(spans).includes(session)),
    firstToken: both('firstToken'),
  };
}
