import { TOPICS, type NativeEvent } from '@telltale/contracts';
import { type OutputRecord } from '@telltale/streaming';

const PER_RECORD = 50;
const WORDS =
  'the traveller asks whether the morning flight can be changed without a fee because a meeting moved and the agent looks up the booking then explains the fare rules in plain words'.split(
    ' ',
  );
const text = (seed: number, words: number): string =>
  Array.from({ length: words }, (_, i) => WORDS[(seed * 17 + i * 5 + ((i * seed) % 7)) % WORDS.length]).join(' ');

/** An event of 1–2 KB: LLM calls with messages and usage, tool calls with arguments and results. */
export function benchEvent(i: number, start: number): NativeEvent {
  const common = {
    id: `bench-${i}`,
    ts: start + (i % 600_000),
    service_name: `bot-${i % 3}`,
    session_id: `session-${i % 2_000}`,
    trace_id: `turn-${i >> 3}`,
    span_id: `op-${i}`,
    duration_ms: 50 + (i % 900),
    attributes: { region: 'eu-west', build: `${i % 5}` },
  };
  if (i % 3 === 0)
    return {
      ...common,
      kind: 'tool',
      name: 'search_flights',
      tool: {
        name: 'search_flights',
        call_id: `call-${i}`,
        arguments: { from: 'AMS', to: 'LIS', date: '2026-12-01', note: text(i, 40) },
        result: text(i + 1, 130),
      },
    };
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

/** Records [from, to) for the raw topic, 50 events each, plain JSON. */
export function benchRecords(
  from: number,
  to: number,
  start: number,
): { readonly records: OutputRecord[]; readonly bytes: number } {
  const records: OutputRecord[] = [];
  let bytes = 0;
  for (let i = from; i < to; i += PER_RECORD) {
    const value = JSON.stringify(Array.from({ length: Math.min(PER_RECORD, to - i) }, (_, k) => benchEvent(i + k, start)));
    bytes += value.length;
    records.push({ topic: TOPICS.raw.name, key: `k${i}`, value, headers: { 'tt-format': 'native', 'tt-encoding': 'json' } });
  }
  return { records, bytes };
}
