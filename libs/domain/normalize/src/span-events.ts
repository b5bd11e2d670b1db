import { type OtlpAttributes, type OtlpSpanEvent, type OtlpValue } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { parseJson } from './parse-json';

export const EXCEPTIONS: ReadonlySet<string> = new Set([
  'exception',
  'gen_ai.client.operation.exception',
  'gen_ai.execute_tool.exception',
]);
export const EVALUATION = 'gen_ai.evaluation.result';
export const DETAILS = 'gen_ai.client.inference.operation.details';

/** Generation 1 tells each message in an event of its own, the answer's as a choice. */
const MESSAGE = /^gen_ai\.(system|user|assistant|tool)\.message$/;
const CHOICE = 'gen_ai.choice';
/** Generation 0: the whole prompt and the whole completion. */
const G0: ReadonlyMap<string, string> = new Map([
  ['gen_ai.content.prompt', 'gen_ai.prompt'],
  ['gen_ai.content.completion', 'gen_ai.completion'],
]);
const DOCUMENTS: ReadonlySet<string> = new Set(['db.query.result', 'db.search.result']);
/** Events that say when the first part of an answer came: OpenTelemetry's and Vercel's names, and OpenInference's. */
const FIRST_TOKEN: ReadonlySet<string> = new Set([
  'gen_ai.content.first_token',
  'ai.stream.firstChunk',
  'First Token Stream Event',
]);
/** OpenLLMetry and MLflow tell each chunk of a stream; the first says as much, and hundreds would be kept. */
const CHUNK = /^(?:llm\.content\.completion\.chunk|gen_ai\.content\.(?:completion\.)?chunk|mlflow\.chunk\.item\.\d+)$/;

export const isMessageEvent = (name: string): boolean => MESSAGE.test(name) || name === CHOICE;

/** The message an event holds: in its body, in one attribute as JSON, or spread over its attributes. */
export function messageInEvent(name: string, body: OtlpValue, attributes: OtlpAttributes): OtlpValue {
  const whole = parseJson(body ?? attributes['gen_ai.event.content'] ?? attributes['event_body'] ?? null);
  const said = isRecord(whole) ? (whole as OtlpAttributes) : whole === null ? attributes : { content: whole as OtlpValue };
  const message = parseJson(said['message'] ?? null);
  if (name === CHOICE && typeof message === 'string') return { role: 'assistant', content: message };
  if (name === CHOICE && Array.isArray(message))
    return { ...said, message: null, role: 'assistant', content: message as OtlpValue };
  const role = name === CHOICE ? 'assistant' : (MESSAGE.exec(name)?.[1] ?? 'user');
  const calls = parseJson(said['tool_calls'] ?? null);
  const own = { ...said, ...(Array.isArray(calls) ? { tool_calls: calls as OtlpValue } : {}) };
  if (name === CHOICE && isRecord(message)) return { ...own, role, message: { role, ...(message as OtlpAttributes) } };
  return { role, ...own };
}

/** What the events of a span say in attributes' words, and the events that say something else. */
export function readSpanEvents(events: readonly OtlpSpanEvent[]): {
  readonly attributes: OtlpAttributes;
  readonly others: OtlpSpanEvent[];
  readonly firstTokenMs: number | null;
} {
  const attributes: OtlpAttributes = {};
  const input: OtlpValue[] = [];
  const output: OtlpValue[] = [];
  const documents: OtlpValue[] = [];
  const others: OtlpSpanEvent[] = [];
  let firstTokenMs: number | null = null;
  for (const event of events) {
    const g0 = G0.get(event.name);
    const whole = g0 === undefined ? undefined : event.attributes[g0];
    if (g0 !== undefined && whole !== undefined) attributes[g0] = whole;
    else if (event.name === CHOICE) output.push(messageInEvent(event.name, null, event.attributes));
    else if (MESSAGE.test(event.name)) input.push(messageInEvent(event.name, null, event.attributes));
    else if (event.name === DETAILS) Object.assign(attributes, event.attributes);
    else if (DOCUMENTS.has(event.name)) documents.push(event.attributes);
    else {
      const isChunk = CHUNK.test(event.name);
      if (isChunk || FIRST_TOKEN.has(event.name)) firstTokenMs ??= event.timeMs;
      if (!isChunk) others.push(event);
    }
  }
  if (input.length > 0) attributes['gen_ai.input.messages'] ??= input;
  if (output.length > 0) attributes['gen_ai.output.messages'] ??= output;
  if (documents.length > 0) attributes['gen_ai.retrieval.documents'] ??= documents;
  return { attributes, others, firstTokenMs };
}
