import { HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { native, newTestEnricher, record, T } from './enrich.fixture';
import { MAX_QUESTION_ITEMS, type StoredEvent, type StoredQuestion } from './stored-events';

const old = (id: string, of: Record<string, unknown> = {}) => native({ id, ts: T - HOUR_MS - 1, ...of });

/** A task over tables that have these events. */
function newTestBackfill(stored: readonly StoredEvent[]) {
  const asked: StoredQuestion[] = [];
  const enricher = newTestEnricher({
    storedEvents: (question) => {
      asked.push(question);
      return Promise.resolve(stored);
    },
  });
  const run = async (...values: unknown[]) => {
    const effects = await enricher.runLater(values.map((value, offset) => record(value, { offset })));
    return { ids: enricher.events(effects).map(({ id }) => id), measures: enricher.measures(effects), counts: effects.counts };
  };
  return { run, asked };
}

describe('a backfill', () => {
  it('adds neither events nor measures of what the tables have from an earlier arrival', async () => {
    const { run, asked } = newTestBackfill([{ id: 'a', receivedAt: T - MINUTE_MS }]);
    const { ids, measures, counts } = await run(old('a'), old('b'));
    expect({ ids, counts }).toMatchObject({ ids: ['b'], counts: { dropped_stored: 1 } });
    expect(measures.every(({ count }) => count === 1)).toBe(true);
    const minute = Math.floor((T - HOUR_MS - 1) / MINUTE_MS) * MINUTE_MS;
    expect(asked).toEqual([{ tenant: 'acme', events: [{ id: 'a', minute }, { id: 'b', minute }], sessions: [] }]); // prettier-ignore
  });

  it('comes to the same when its range is repeated, and its own rows are in the tables by then', async () => {
    const first = await newTestBackfill([]).run(old('a'), old('b'));
    const again = await newTestBackfill([{ id: 'a', receivedAt: T }, { id: 'b', receivedAt: T }]).run(old('a'), old('b')); // prettier-ignore
    expect(again).toEqual(first);
  });

  it('does not ask for what comes while it happens', async () => {
    const { run, asked } = newTestBackfill([]);
    await run(native({ id: 'now' }));
    expect(asked).toEqual([]);
  });

  it.each([
    ['long', 32],
    ['short', 1],
  ])('asks in questions of bounded size, of events with %s ids', async (_, chars) => {
    const { run, asked } = newTestBackfill([]);
    await run(...Array.from({ length: 3_000 }, (_, i) => old(`${i}`.padStart(chars, '0'))));
    expect(asked.reduce((sum, { events }) => sum + events.length, 0)).toBe(3_000);
    for (const { events } of asked) expect(events.length).toBeLessThanOrEqual(MAX_QUESTION_ITEMS);
  });
});
