import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { MINUTE_MS } from '@telltale/kernel';
import { MAX_QUESTION_ITEMS } from '@telltale/pipeline-enrich';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storedEventsIn } from '@telltale/query';

jest.setTimeout(120_000);

const received = '2026-11-20T00:00:00.000Z';
const rowOf = (id: string, ts: string, more: object = {}): string =>
  JSON.stringify({
    tenant: 'acme', id, kind: 'tool', name: 'search', ts, received_at: received, expires_on: '2126-11-20', status: 'ok', sampling_weight: 1, ingest_format: 'native', ...more,
  }); // prettier-ignore
const minuteOf = (ts: string): number => Math.floor(Date.parse(ts) / MINUTE_MS) * MINUTE_MS;

/** Runs over tables with these rows. */
async function withRows(
  stored: readonly string[],
  run: (ask: ReturnType<typeof storedEventsIn>) => Promise<void>,
): Promise<void> {
  const path = mkdtempSync(join(tmpdir(), 'telltale-stored-'));
  const rows = createChdbRowStore({ path });
  try {
    await rows.migrate('apply');
    await rows.insert({ table: 'events', rows: stored, token: 't', comment: 'test' });
    await run(storedEventsIn(rows));
  } finally {
    await rows.close();
    rmSync(path, { recursive: true, force: true });
  }
}

it('asks for as many events and sessions as one question may hold', () =>
  withRows([rowOf('e7', '2026-11-20T00:00:07.000Z')], async (ask) => {
    const minute = minuteOf('2026-11-20T00:00:07.000Z');
    const events = Array.from({ length: MAX_QUESTION_ITEMS }, (_, i) => ({ id: `e${i}`, minute }));
    const sessions = Array.from({ length: MAX_QUESTION_ITEMS }, (_, i) => `s${i}`);
    expect(await ask({ tenant: 'acme', events, sessions })).toEqual([{ id: 'e7', receivedAt: Date.parse(received) }]);
    expect(await ask({ tenant: 'other', events, sessions })).toEqual([]);
  }));

it('finds an event in its own minute only, wherever the minutes of the others are', () =>
  withRows(
    [rowOf('a', '2026-11-20T00:00:07.000Z'), rowOf('b', '2026-11-20T00:05:07.000Z'), rowOf('zero', '1970-01-01T00:00:01.000Z')],
    async (ask) => {
      const [first, second] = [minuteOf('2026-11-20T00:00:00Z'), minuteOf('2026-11-20T00:05:00Z')];
      const idsOf = async (...events: { id: string; minute: number }[]): Promise<string[]> =>
        (await ask({ tenant: 'acme', events, sessions: [] })).map(({ id }) => id).sort();
      expect(await idsOf({ id: 'a', minute: first }, { id: 'b', minute: second })).toEqual(['a', 'b']);
      expect(await idsOf({ id: 'a', minute: second }, { id: 'b', minute: first })).toEqual([]);
      expect(await idsOf({ id: 'zero', minute: 0 }, { id: 'a', minute: minuteOf('1950-01-01T00:00:00Z') }, { id: "o'b\\", minute: 2 ** 45 })).toEqual(['zero']); // prettier-ignore
    },
  ));

it('finds all of a conversation whose times were made at arrival, and no other session', () =>
  withRows(
    [
      rowOf('a', '2026-11-20T00:00:07.000Z', { session_id: 's1', ingest_format: 'openai-chat' }),
      rowOf('b', '2026-11-20T00:00:07.000Z', { session_id: 's1' }),
      rowOf('c', '2026-11-20T00:00:07.000Z', { session_id: 's2', ingest_format: 'openai-chat' }),
    ],
    async (ask) => {
      const found = await ask({ tenant: 'acme', events: [], sessions: ['s1'] });
      expect(found).toEqual([{ id: 'a', receivedAt: Date.parse(received) }]);
    },
  ));
