import { encodeTraces } from '@telltale/adapter-otlp';
import { TOPICS, type NativeEvent, type OtlpSpan } from '@telltale/contracts';
import { bodyFormOf, type Encryptor, type OutputRecord } from '@telltale/streaming';

/** Whole traces of eight. */
const PER_RECORD = 48;
const WORDS =
  'the traveller asks whether the morning flight can be changed without a fee because a meeting moved and the agent looks up the booking then explains the fare rules in plain words'.split(
    ' ',
  );
const text = (seed: number, words: number): string =>
  Array.from({ length: words }, (_, i) => WORDS[(seed * 17 + i * 5 + ((i * seed) % 7)) % WORDS.length]).join(' ');

export type BenchInput = 'native' | 'otlp';

/** What the events are like. */
export interface BenchLoad {
  /** native: JSON events, not encrypted. otlp: traces as protobuf, encrypted, as a gateway writes them. */
  readonly input: BenchInput;
  readonly tenants: number;
  /** Services, and tools of each; one model. A service has three series, and one for each of its tools. */
  readonly names: number;
}
const PLAIN: BenchLoad = { input: 'native', tenants: 1, names: 3 };

/** Times of the events are within so many ms of the start. Well under ten minutes, behind which events count as a backfill. */
export const BENCH_SPAN_MS = 60_000;

const TRACE = 8;
const toolOf = (i: number, names: number): string =>
  names <= 3 ? 'search_flights' : `search_flights_${(Math.imul(i, 0x9e3779b1) >>> 8) % names}`;

/** An event of 1–2 KB: LLM calls with messages and usage, tool calls with arguments and results. */
export function benchEvent(i: number, start: number, { names }: Pick<BenchLoad, 'names'> = PLAIN): NativeEvent {
  const common = {
    id: `bench-${i}`,
    ts: start + (i % BENCH_SPAN_MS),
    service_name: `bot-${i % names}`,
    session_id: `session-${i % 2_000}`,
    trace_id: `turn-${i >> 3}`,
    span_id: `op-${i}`,
    duration_ms: 50 + (i % 900),
    attributes: { region: 'eu-west', build: `${i % 5}` },
  };
  if (i % 3 === 0) {
    const name = toolOf(i, names);
    return {
      ...common,
      kind: 'tool',
      name,
      tool: {
        name,
        call_id: `call-${i}`,
        arguments: { from: 'AMS', to: 'LIS', date: '2026-12-01', note: text(i, 40) },
        result: text(i + 1, 130),
      },
    };
  }
  return {
    ...common,
    kind: 'llm',
    name: 'chat gpt-4o',
    provider: 'openai',
    request_model: 'gpt-4o',
    response_model: 'gpt-4o-2024-08-06',
    usage: { input_tokens: 900 + (i % 300), cache_read_tokens: 300, output_tokens: 120 + (i % 80) },
    input: [{ role: 'user', content: text(i, 110) }],
    output: [{ role: 'assistant', content: text(i + 3, 80) }],
    finish_reasons: ['stop'],
  };
}

const hex = (i: number, digits: number): string => (i + 1).toString(16).padStart(digits, '0');

/** The same event as a span of OpenTelemetry's GenAI conventions. */
function benchSpan(i: number, start: number, names: number): OtlpSpan {
  const startMs = start + (i % BENCH_SPAN_MS);
  const message = (role: string, content: string): string => JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
  const common = { 'gen_ai.conversation.id': `session-${i % 2_000}`, 'cloud.region': 'eu-west', build: `${i % 5}` };
  const tool = toolOf(i, names);
  const attributes: OtlpSpan['attributes'] =
    i % 3 === 0
      ? { ...common, 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool, 'gen_ai.tool.call.id': `call-${i}`, 'gen_ai.tool.call.arguments': JSON.stringify({ from: 'AMS', to: 'LIS', date: '2026-12-01', note: text(i, 40) }), 'gen_ai.tool.call.result': text(i + 1, 130) }
      : { ...common, 'gen_ai.operation.name': 'chat', 'gen_ai.provider.name': 'openai', 'gen_ai.request.model': 'gpt-4o', 'gen_ai.response.model': 'gpt-4o-2024-08-06', 'gen_ai.response.id': `chatcmpl-${i}`, 'gen_ai.usage.input_tokens': 900 + (i % 300), 'gen_ai.usage.output_tokens': 120 + (i % 80), 'gen_ai.usage.cache_read.input_tokens': 300, 'gen_ai.response.finish_reasons': ['stop'], 'gen_ai.input.messages': message('user', text(i, 110)), 'gen_ai.output.messages': message('assistant', text(i + 3, 80)) }; // prettier-ignore
  return {
    traceId: hex(Math.floor(i / TRACE), 32),
    spanId: hex(i, 16),
    parentSpanId: i % TRACE === 0 ? '' : hex(i - (i % TRACE), 16),
    traceState: '',
    name: i % 3 === 0 ? `execute_tool ${tool}` : 'chat gpt-4o',
    kind: 3,
    startMs,
    endMs: startMs + 50 + (i % 900),
    attributes,
    events: [],
    links: [],
    status: { code: 1, message: '' },
  };
}

/** A request of one service: whole traces, as a gateway keeps them together. */
function benchTraces(from: number, count: number, start: number, names: number): Buffer {
  const items = Array.from({ length: count }, (_, index) => ({ index, item: benchSpan(from + index, start, names) }));
  const resource = { 'service.name': `bot-${Math.floor(from / PER_RECORD) % names}`, 'service.version': '1.4.2' };
  return encodeTraces({ groups: [{ resource, scope: { name: 'bench', version: '1', attributes: {} }, items }] });
}

function benchRecord(
  from: number,
  count: number,
  start: number,
  load: BenchLoad,
  encryptor?: Pick<Encryptor, 'encrypt'>,
): OutputRecord & { readonly value: Buffer | string } {
  const tenant = load.tenants === 1 ? {} : { 'tt-tenant': `tenant-${Math.floor(from / PER_RECORD) % load.tenants}` };
  const of = { topic: TOPICS.raw.name, key: `k${from}` };
  if (load.input === 'native') {
    const value = JSON.stringify(Array.from({ length: count }, (_, k) => benchEvent(from + k, start, load)));
    return { ...of, value, headers: { 'tt-format': 'native', 'tt-encoding': 'json', ...tenant } };
  }
  if (!encryptor) throw new TypeError('traces are encrypted: give an encryptor');
  const headers = { 'tt-format': 'otlp-traces', 'tt-encoding': 'protobuf', 'tt-tenant': 'default', ...tenant };
  const traces = benchTraces(from, count, start, load.names);
  const { bytes, keyId } = encryptor.encrypt(headers['tt-tenant'], traces, bodyFormOf(headers));
  return { ...of, value: bytes, headers: { ...headers, 'tt-encryption-key-id': keyId } };
}

/** Events [from, to) as the Collector's Kafka exporter writes them, not encrypted, `PER_RECORD` a record. */
export function collectorRecords(from: number, to: number, start: number): (OutputRecord & { readonly value: Buffer })[] {
  const records = [];
  for (let i = from; i < to; i += PER_RECORD) {
    const value = benchTraces(i, Math.min(PER_RECORD, to - i), start, PLAIN.names);
    records.push({ topic: TOPICS.otlpSpans.name, key: `k${i}`, value });
  }
  return records;
}

/** Records [from, to) for the raw topic, `PER_RECORD` events each. */
export function benchRecords(
  from: number,
  to: number,
  start: number,
  load: BenchLoad = PLAIN,
  encryptor?: Pick<Encryptor, 'encrypt'>,
): { readonly records: OutputRecord[]; readonly bytes: number } {
  const records: OutputRecord[] = [];
  let bytes = 0;
  for (let i = from; i < to; i += PER_RECORD) {
    const record = benchRecord(i, Math.min(PER_RECORD, to - i), start, load, encryptor);
    bytes += record.value.length;
    records.push(record);
  }
  return { records, bytes };
}
