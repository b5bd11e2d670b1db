import { TOPICS, type NativeEvent } from '@telltale/contracts';
import { type OutputRecord } from '@telltale/streaming';

const KINDS = ['llm', 'tool', 'turn'] as const;
/** So many events after each other are one turn. */
export const EVENTS_OF_TURN = 8;

/** Event number `i` of a load: everything in it follows from its number and `start`. */
export function loadEvent(i: number, start: number): NativeEvent {
  const kind = KINDS[i % KINDS.length] ?? 'tool';
  const turn = Math.floor(i / EVENTS_OF_TURN);
  return {
    kind,
    id: `load-${i}`,
    ts: start + i * 5,
    service_name: `service-${i % 3}`,
    name: `${kind}-${i % 5}`,
    session_id: `session-${turn % 50}`,
    trace_id: `turn-${turn}`,
    span_id: `span-${i}`,
    duration_ms: 100 + (i % 37) * 10,
    status: i % 11 === 0 ? 'error' : 'ok',
    ...(i % 11 === 0 ? { error: { type: 'TimeoutError', message: `took too long (${i})` } } : {}),
    ...(kind === 'llm'
      ? { provider: 'openai', request_model: 'gpt-4o', usage: { input_tokens: 100 + (i % 9), output_tokens: 10 + (i % 7) } }
      : {}),
    ...(kind === 'tool' ? { tool: { name: `tool-${i % 5}`, arguments: { n: i } } } : {}),
  };
}

/** Records [from, to) of the load for the raw topic, ten events each. */
export function loadRecords(from: number, to: number, start: number, partitions: number): OutputRecord[] {
  const records: OutputRecord[] = [];
  for (let i = from; i < to; i += 10) {
    const events = Array.from({ length: Math.min(10, to - i) }, (_, k) => loadEvent(i + k, start));
    records.push({
      topic: TOPICS.raw.name,
      partition: (i / 10) % partitions,
      key: null,
      value: JSON.stringify(events),
      headers: {
        'tt-format': 'native',
        'tt-encoding': 'json',
        'tt-tenant': 'default',
        'tt-received-at': new Date(start).toISOString(),
      },
    });
  }
  return records;
}
