import { encodeTraces } from '@telltale/adapter-otlp';
import { type NativeEvent, TOPICS } from '@telltale/contracts';
import { type LogRecord } from '@telltale/streaming';
import { type Random, simulateFleet } from '@telltale/simulator';
import { type StoredTrace } from '../stored-spans';

/** An hour of a fleet. */
const START = Date.UTC(2026, 0, 31, 11);
export const END = START + 3_600_000;
const EVENTS_PER_SECOND = 4;
const MAX_EVENTS_OF_PIECE = 5;
/** So many pieces are sent twice, as by a client that got no answer. */
const SENT_TWICE = 0.05;

const recordOf = (topic: string, value: Buffer | string, format?: string, encoding = 'json'): LogRecord => ({
  topic,
  partition: 0,
  offset: 0,
  key: null,
  value: Buffer.from(value),
  headers: format ? { 'tt-format': format, 'tt-encoding': encoding } : {},
  timestampMs: END,
});

function cutUp<T>(items: readonly T[], random: Random): T[][] {
  const pieces: T[][] = [];
  for (let at = 0; at < items.length;) {
    const size = random.int(1, MAX_EVENTS_OF_PIECE);
    pieces.push(items.slice(at, at + size));
    at += size;
  }
  return pieces;
}

export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Spans of one trace, as the gateway takes them or as a Collector writes them; at a time of its own, as if it had just happened. */
function spanPieces({ spans }: StoredTrace, random: Random): LogRecord[] {
  const offset = START + random.int(0, 3_000_000) - Math.min(...spans.map(({ span }) => span.startMs));
  return cutUp(shuffled(spans, random), random).map((piece) => {
    const body = encodeTraces({
      groups: piece.map(({ span, resource, scope }, index) => ({
        resource,
        scope: { name: scope, version: '', attributes: {} },
        items: [{ index, item: { ...span, startMs: span.startMs + offset, endMs: span.endMs + offset } }],
      })),
    });
    return random.chance(0.5)
      ? recordOf(TOPICS.otlpSpans.name, body)
      : recordOf(TOPICS.raw.name, body, 'otlp-traces', 'protobuf');
  });
}

const conversation = (nth: number, random: Random) => ({
  id: `talk-${nth}`,
  model: 'gpt-4o',
  provider: 'openai',
  service_name: 'desk',
  user_id: `person-${random.int(1, 20)}`,
  ts: START + random.int(0, 3_000_000),
  messages: Array.from({ length: random.int(1, 4) }, (_, i) => [
    { role: 'user', content: `Please cancel order ${nth}-${i}` },
    { role: 'assistant', content: 'It is cancelled.' },
  ]).flat(),
});

/**
 * Requests of a simulated fleet, of stored traces and of conversations, each holding a few events, in an order without meaning. A part of
 * the fleet's events names no session.
 */
export function createPieces(traces: readonly StoredTrace[], random: Random): LogRecord[] {
  const fleet = [...simulateFleet({ seed: 7, start: START, end: END, ratePerSecond: EVENTS_PER_SECOND })];
  const anonymous = (event: NativeEvent): NativeEvent => {
    const { session_id: session, ...rest } = event;
    return session !== undefined && session.charCodeAt(session.length - 1) % 4 === 0 ? rest : event;
  };
  const pieces = [
    ...cutUp(shuffled(fleet.map(anonymous), random), random).map((piece) =>
      recordOf(TOPICS.raw.name, JSON.stringify(piece), 'native'),
    ),
    ...traces.flatMap((trace) => spanPieces(trace, random)),
    ...Array.from({ length: 50 }, (_, i) => recordOf(TOPICS.raw.name, JSON.stringify(conversation(i, random)), 'openai-chat')),
  ];
  return shuffled([...pieces, ...pieces.filter(() => random.chance(SENT_TWICE))], random);
}
