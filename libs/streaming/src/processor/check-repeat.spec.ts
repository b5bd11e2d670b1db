import { type DedupWindow } from '../ports/row-store';
import { crashAt, newTestBroker, newTestRunner, newTestStore, record, TOPIC } from './task-runner.fixture';

const REMEMBERS: DedupWindow = { table: 'alerts', blocks: 100, seconds: null, inserted: 500, insertedSince: 100 };

/** Runs a batch that crashes between insert and commit, and its repeat; returns what the repeat counted and logged. */
async function repeatedWith(...windows: DedupWindow[]) {
  const log = newTestBroker([record(0), record(1)]);
  const sink = newTestStore();
  sink.windows.push(...windows);
  const counted: string[] = [];
  const errors: unknown[] = [];
  const none = () => undefined;
  const over = {
    metrics: { count: (name: string) => void counted.push(name), observe: none, set: none },
    logger: {
      debug: none,
      info: none,
      warn: none,
      error: (event: string, fields?: unknown) => void errors.push([event, fields]),
    },
  };
  await expect(newTestRunner(log, sink, { ...over, failpoint: crashAt('after_insert') })).rejects.toThrow('crashed');
  expect(errors).toEqual([]);
  await newTestRunner(log, sink, { ...over, at: 61_000 });
  return { errors, exceeded: counted.filter((name) => name === 'telltale_dedup_window_exceeded_total').length, sink };
}

describe('a repeated batch', () => {
  it.each([
    ['as many inserts since as the table remembers', REMEMBERS],
    ['a table without a limit in time', { ...REMEMBERS, insertedSince: 0 }],
    ['less time than the table remembers', { ...REMEMBERS, seconds: 60 }],
    ['another table that has forgotten', { ...REMEMBERS, table: 'events', insertedSince: 500 }],
  ])('logs nothing after %s', async (_, window) => {
    expect(await repeatedWith(window)).toMatchObject({ errors: [], exceeded: 0 });
  });

  it.each([
    ['more inserts since than the table remembers', { ...REMEMBERS, insertedSince: 101 }],
    ['more time than the table remembers', { ...REMEMBERS, seconds: 59 }],
  ])('reports possible duplicate rows after %s, and is repeated anyway', async (_, window) => {
    const { errors, exceeded, sink } = await repeatedWith(REMEMBERS, window);
    expect(exceeded).toBe(1);
    expect(errors).toEqual([
      ['dedup_window_exceeded', expect.objectContaining({ table: 'alerts', age_seconds: 60, positions: { [TOPIC]: { from: 0, end: 2 } } })],
    ]); // prettier-ignore
    expect(sink.tokens.size).toBe(1);
  });

  it('is also repeated when the store cannot report its deduplication windows', async () => {
    const log = newTestBroker([record(0)]);
    const sink = newTestStore();
    await expect(newTestRunner(log, sink, { failpoint: crashAt('after_insert') })).rejects.toThrow('crashed');
    const rows = { ...sink.store, dedupWindows: () => Promise.reject(new Error('no rights')) };
    await newTestRunner(log, sink, { rows });
    expect([sink.tokens.size, log.offset()?.offset]).toEqual([1, 1]);
  });
});
