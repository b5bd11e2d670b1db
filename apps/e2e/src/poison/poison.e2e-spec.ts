import { encodeLogs, encodeTraces } from '@telltale/adapter-otlp';
import { startStandalone, type Standalone } from '@telltale/app-standalone';
import { TOPICS } from '@telltale/contracts';
import { type LogRecord, type OutputRecord } from '@telltale/streaming';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEvent } from '../harness/event-load';

jest.setTimeout(180_000);
const FUZZED = 10_000;

let seed = 20_261_123;
const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) % below;
const scope = { name: 's', version: '1', attributes: {} };
const span = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), parentSpanId: '', traceState: '', name: 'chat', kind: 3, startMs: Date.now(), endMs: Date.now() + 5, attributes: { 'gen_ai.operation.name': 'chat' }, events: [], links: [], status: { code: 0, message: '' } }; // prettier-ignore
const traces = encodeTraces({ groups: [{ resource: { 'service.name': 'x' }, scope, items: [{ index: 0, item: span }] }] });
const logs = encodeLogs({ groups: [{ resource: { 'service.name': 'x' }, scope, items: [{ index: 0, item: { timeMs: 1, observedMs: 1, severityNumber: 9, severityText: 'INFO', body: 'hello there', attributes: {}, traceId: '', spanId: '', eventName: '' } }] }] }); // prettier-ignore
const native = (value: Buffer | string): OutputRecord => ({
  topic: TOPICS.raw.name,
  key: null,
  value,
  headers: { 'tt-format': 'native', 'tt-encoding': 'json' },
});
const one = JSON.stringify(loadEvent(1, Date.now()));

describe('poison', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-poison-'));
  let running: Standalone;
  const crashes: unknown[] = [];
  beforeAll(async () => {
    running = await startStandalone({
      home,
      port: 0,
      grpcPort: null,
      quiet: true,
      env: {},
      onCrash: (error) => void crashes.push(error),
    });
  });
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const dlq = (): Promise<LogRecord[]> => running.broker.newest(TOPICS.dlq.name, 1_000_000);
  async function refusedOf(records: readonly OutputRecord[]): Promise<LogRecord[]> {
    const before = (await dlq()).length;
    await running.broker.produce(records);
    await running.caughtUp();
    return (await dlq()).slice(before);
  }
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${running.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json', ...init.headers },
    });

  it.each<[string, OutputRecord, string]>([
    [
      'truncated protobuf',
      { topic: TOPICS.otlpSpans.name, key: null, value: traces.subarray(0, traces.length - 7) },
      'undecodable',
    ],
    ['logs on the topic of spans', { topic: TOPICS.otlpSpans.name, key: null, value: logs }, 'wrong_format'],
    ['spans on the topic of logs', { topic: TOPICS.otlpLogs.name, key: null, value: traces }, 'wrong_format'],
    ['JSON 100,000 deep', native('['.repeat(100_000) + ']'.repeat(100_000)), 'too_deep'],
    [
      'invalid UTF-8',
      native(Buffer.concat([Buffer.from('{"kind":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])),
      'undecodable',
    ],
    ['a time that is none', native(JSON.stringify({ ...loadEvent(1, 0), ts: 'last tuesday' })), 'bad_timestamp'],
    ['a time before computers', native(JSON.stringify({ ...loadEvent(1, 0), ts: '1931-01-01T00:00:00Z' })), 'bad_timestamp'],
    ['an unknown kind', native(JSON.stringify({ ...loadEvent(1, Date.now()), kind: 'banana' })), 'invalid_field'],
    ['an unknown format', { ...native(one), headers: { 'tt-format': 'morse', 'tt-encoding': 'json' } }, 'unknown_format'],
    [
      'a body encrypted with a key nobody has',
      {
        ...native(Buffer.alloc(64, 7)),
        headers: { 'tt-format': 'native', 'tt-encoding': 'json', 'tt-tenant': 'default', 'tt-encryption-key-id': '2020-01-01' },
      },
      'decryption_failed',
    ],
    ['ten megabytes of one string', native(JSON.stringify('x'.repeat(10_000_000))), 'invalid_field'],
  ])('%s is refused with its reason', async (_, record, reason) => {
    const refused = await refusedOf([record]);
    expect(refused.map(({ headers }) => headers['x-dlq-reason'])).toEqual([reason]);
    expect(refused[0]?.headers['tt-encryption-key-id']).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(crashes).toEqual([]);
  });

  it('refuses one item and takes its neighbors', async () => {
    const good = [loadEvent(11, Date.now()), loadEvent(12, Date.now())];
    const refused = await refusedOf([native(JSON.stringify([good[0], { ...loadEvent(13, 0), ts: 5 }, good[1]]))]);
    expect(refused.map(({ headers }) => headers['x-dlq-reason'])).toEqual(['bad_timestamp']);
    const [seen] = await running.rows.query<{ n: string }>(
      "SELECT count() AS n FROM telltale.events WHERE span_id IN ('span-11', 'span-12')",
    );
    expect(Number(seen?.n)).toBe(2);
  });

  it(`sends each of ${FUZZED} fuzzed bodies to the DLQ with a reason and does not crash`, async () => {
    const bodies = Array.from({ length: FUZZED }, (_, i) =>
      i % 2 === 0
        ? Buffer.from([0xff, ...Array.from({ length: 1 + random(200) }, () => random(256))])
        : Buffer.from(one.slice(0, 1 + random(one.length - 1))),
    );
    const refused = await refusedOf(
      bodies.map((body, i) =>
        i % 5 === 0
          ? { topic: TOPICS.otlpSpans.name, key: null, value: Buffer.concat([Buffer.from([0xff]), body]) }
          : native(body),
      ),
    );
    expect(refused).toHaveLength(FUZZED);
    expect(refused.every(({ headers }) => (headers['x-dlq-reason'] ?? '') !== '')).toBe(true);
    expect(crashes).toEqual([]);
    expect((await ask('/readyz')).status).toBe(200);
  });

  it('answers 413 to ten megabytes at the receiver, and 400 to what cannot be read', async () => {
    expect((await ask('/v1/events', { method: 'POST', body: JSON.stringify([{ x: 'y'.repeat(10_000_000) }]) })).status).toBe(413);
    expect(
      (
        await ask('/v1/traces', {
          method: 'POST',
          body: traces.subarray(0, traces.length - 7),
          headers: { 'content-type': 'application/x-protobuf' },
        })
      ).status,
    ).toBe(400);
    expect((await ask('/v1/events', { method: 'POST', body: '{"kind":' })).status).toBe(400);
  });

  it('lists what was refused by reason, and replays it: the body goes through the pipeline again as it first came', async () => {
    const before = await dlq();
    const newest = before.at(-1);
    const { headers: first = {} } = newest ?? {};
    const reason = first['x-dlq-reason'] ?? '';
    const id = `${newest?.partition}-${newest?.offset}`;
    const list = (await (await ask('/api/dlq?limit=5')).json()) as {
      total: number;
      by_reason: Record<string, number>;
      dead_letters: { id: string; reason: string }[];
    };
    expect(list.dead_letters).toHaveLength(5);
    expect(list.dead_letters[0]).toMatchObject({ id, reason });
    expect(Object.values(list.by_reason).reduce((sum, count) => sum + count, 0)).toBe(list.total);
    expect(list.by_reason[reason]).toBeGreaterThan(0);

    const response = await ask('/api/dlq/replay', { method: 'POST', body: JSON.stringify({ ids: [id] }) });
    expect([response.status, await response.json()]).toEqual([202, { replayed: 1, skipped: 0 }]);
    await running.caughtUp();
    const again = (await dlq()).slice(before.length);
    expect(again.map(({ headers }) => headers['x-dlq-reason'])).toEqual([reason]);
    expect(again[0]?.headers).toMatchObject({ 'x-dlq-error': first['x-dlq-error'], 'tt-format': first['tt-format'] });
  });
});
