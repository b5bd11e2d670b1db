import { nativeEvent, type NativeEvent } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { type Trace } from '@telltale/streaming';
import { silentLogger } from '@telltale/testkit';
import { setImmediate } from 'node:timers/promises';
import { createSelfReports, type SendReports } from './self-reports';

const NOW = 1_764_000_000_000;
const batch = (over: Partial<Trace> = {}): Trace => ({
  service: 'enricher',
  kind: 'consumer',
  name: 'batch',
  from: NOW - 1_000,
  to: NOW,
  attributes: { 'telltale.batch.rows': 3, 'telltale.batch.offsets': ['a=0-3'] },
  parts: [
    { name: 'fetch', from: NOW - 1_000, to: NOW - 100 },
    { name: 'process', from: NOW - 100, to: NOW - 60, parts: [{ name: 'decode', from: NOW - 100, to: NOW - 90 }] },
    { name: 'insert', from: NOW - 60, to: NOW },
  ],
  servesOthersThan: (tenant) => tenant !== 'acme',
  ...over,
});

function newTestReports() {
  const time = { ms: 0 };
  const sleepers = new Set<() => void>();
  const clock: Clock = {
    now: () => NOW + time.ms,
    monotonic: () => time.ms,
    sleep: (_ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        sleepers.add(resolve);
        signal?.addEventListener('abort', () => resolve(), { once: true });
      }),
  };
  const counts: Record<string, number> = {};
  const said: string[] = [];
  let ids = 0;
  const say = (message: string, fields?: object) => void said.push(`${message} ${JSON.stringify(fields)}`);
  const reports = createSelfReports({
    tenant: 'telltale',
    process: 'telltale',
    clock,
    metrics: { count: (_name, { outcome = '' }, by = 1) => void (counts[outcome] = (counts[outcome] ?? 0) + by), observe: () => undefined, set: () => undefined },
    logger: { ...silentLogger, warn: say, error: say },
    newId: (bytes) => (++ids).toString(16).padStart(2 * bytes, '0'),
  }); // prettier-ignore
  const bodies: NativeEvent[][] = [];
  const answers: (Awaited<ReturnType<SendReports>> | Error)[] = [];
  const send: SendReports = (body) => {
    bodies.push(JSON.parse(body) as NativeEvent[]);
    const answer = answers.shift() ?? { status: 200, tenant: 'telltale' };
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  async function pass(ms = 5_000): Promise<void> {
    time.ms += ms;
    await setImmediate();
    for (const wake of [...sleepers]) wake();
    sleepers.clear();
    await setImmediate();
  }
  return { reports, bodies, counts, said, answers, send, pass, time };
}

describe('reports of own work', () => {
  it('are events as producers send them: a turn for a batch from when its records were there, and its phases under it', async () => {
    const { reports, bodies, send, pass, counts } = newTestReports();
    reports.start(send);
    reports.record(batch());
    await pass();
    const events = bodies.flat();
    expect(events.map((event) => nativeEvent.safeParse(event).success)).toEqual([true, true, true]);
    const common = { service_name: 'telltale-enricher', trace_id: events[0]?.trace_id, sampling_weight: 1, status: 'ok' };
    expect(events).toMatchObject([
      { ...common, kind: 'turn', name: 'batch', ts: NOW - 100, duration_ms: 100, attributes: { 'telltale.batch.rows': '3', 'telltale.batch.offsets': '["a=0-3"]' } },
      { ...common, kind: 'chain', name: 'process', duration_ms: 40, parent_span_id: events[0]?.span_id },
      { ...common, kind: 'chain', name: 'insert', duration_ms: 60, parent_span_id: events[0]?.span_id },
    ]);
    expect(counts).toEqual({ sent: 3 });
  }); // prettier-ignore

  it('have the class of an error', async () => {
    const { reports, bodies, send, pass } = newTestReports();
    reports.start(send);
    reports.record(batch({ parts: [], error: 'RangeError' }));
    await pass();
    expect(bodies.flat()).toMatchObject([{ status: 'error', error: { type: 'RangeError' } }]);
  });

  it('are not made of work that served reports only', async () => {
    const { reports, bodies, send, pass, counts } = newTestReports();
    reports.start(send);
    for (let i = 0; i < 1_000; i++) reports.record(batch({ servesOthersThan: (tenant) => tenant !== 'telltale' }));
    await pass();
    expect({ bodies, counts }).toEqual({ bodies: [], counts: { own_work: 1_000 } });
  });

  it('are few whatever happens: a rate bounds them, and those that are made stand for the rest', async () => {
    const { reports, bodies, send, pass, counts } = newTestReports();
    reports.start(send);
    for (let i = 0; i < 1_000; i++) reports.record(batch({ parts: [] }));
    await pass(1_000);
    reports.record(batch({ parts: [] }));
    await pass();
    const weights = bodies.flat().map(({ sampling_weight: weight }) => weight ?? 0);
    expect({ made: weights.length, stoodFor: weights.reduce((sum, weight) => sum + weight, 0) }).toEqual({ made: 51, stoodFor: 1_001 }); // prettier-ignore
    expect(counts).toEqual({ rate_limited: 950, sent: 51 });
  });

  it('that were mistaken for the work of others converge to their rate', async () => {
    const { reports, bodies, send, pass } = newTestReports();
    reports.start(send);
    reports.record(batch({ parts: [] }));
    const rounds: number[] = [];
    for (let round = 0; round < 20; round++) {
      const before = bodies.flat().length;
      await pass();
      const sent = bodies.flat().length - before;
      rounds.push(sent);
      // Each report makes three more of the same kind.
      for (let i = 0; i < 3 * sent; i++) reports.record(batch({ parts: [] }));
    }
    expect(Math.max(...rounds)).toBe(50);
    expect(rounds.slice(-3)).toEqual([50, 50, 50]);
  });

  it('of log lines have their level, message and fields, and not those of debug', async () => {
    const { reports, bodies, send, pass } = newTestReports();
    const written: string[] = [];
    const logger = reports.tap({
      debug: (message) => void written.push(message),
      info: (message) => void written.push(message),
      warn: (message) => void written.push(message),
      error: (message) => void written.push(message),
    });
    reports.start(send);
    logger.debug('looked');
    logger.info('started', { url: 'http://x', services: ['a'] });
    logger.warn('task_stalled', { service: 'scorer', partition: '3' });
    logger.error('http_failed');
    await pass();
    expect(written).toEqual(['looked', 'started', 'task_stalled', 'http_failed']);
    expect(bodies.flat()).toMatchObject([
      { kind: 'log', service_name: 'telltale', severity: 'info', body: 'started', attributes: { url: 'http://x', services: '["a"]' } }, // prettier-ignore
      { kind: 'log', service_name: 'telltale-scorer', severity: 'warn', body: 'task_stalled', attributes: { partition: '3' } },
      { kind: 'log', service_name: 'telltale', severity: 'error', body: 'http_failed' },
    ]);
  });

  it.each([
    ['it is refused', { status: 429, tenant: null }, '429'],
    ['nobody answers', new Error('hunter2'), 'no answer'],
  ])('are gone and counted where %s, and the next ones are sent', async (_what, answer, status) => {
    const { reports, bodies, send, pass, counts, said, answers } = newTestReports();
    answers.push(answer);
    reports.start(send);
    reports.record(batch({ parts: [] }));
    await pass();
    reports.record(batch({ parts: [] }));
    await pass();
    expect(bodies.map(({ length }) => length)).toEqual([1, 1]);
    expect(counts).toEqual({ not_taken: 1, sent: 1 });
    expect(said).toEqual([`self_reports_not_taken ${JSON.stringify({ status: status === '429' ? 429 : status, events: 1 })}`]);
  });

  it('end where the key is of another tenant: work on them could not be known by its tenant', async () => {
    const { reports, bodies, send, pass, said, answers } = newTestReports();
    answers.push({ status: 200, tenant: 'acme' });
    reports.start(send);
    reports.record(batch({ parts: [] }));
    await pass();
    for (let i = 0; i < 10; i++) reports.record(batch({ parts: [] }));
    await pass();
    expect(bodies).toHaveLength(1);
    expect(said).toEqual([expect.stringMatching(/^self_reports_of_another_tenant \{"tenant":"acme","wanted":"telltale"/)]);
  });

  it('wait in a bounded queue until there is a gateway, and go in requests of a bounded size', async () => {
    const { reports, bodies, send, pass, counts, time } = newTestReports();
    const many = Array.from({ length: 60 }, (_, i) => ({ name: `part ${i}`, from: NOW, to: NOW }));
    for (let i = 0; i < 40; i++) {
      reports.record(batch({ parts: many }));
      time.ms += 100;
    }
    expect(counts).toEqual({ queue_full: 8 * 61 });
    reports.start(send);
    await pass();
    expect(bodies.map(({ length }) => length)).toEqual([500, 500, 500, 452]);
  });

  it('are sent once more when it closes, and none after', async () => {
    const { reports, bodies, send } = newTestReports();
    reports.start(send);
    reports.record(batch({ parts: [] }));
    await reports.close();
    reports.record(batch({ parts: [] }));
    await reports.close();
    expect(bodies.map(({ length }) => length)).toEqual([1]);
  });
});
