import { type Metrics, type OutputRecord } from '@telltale/streaming';
import { DAY_MS } from '@telltale/kernel';
import { systemClock } from '@telltale/platform-telemetry';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStorage } from './storage';

const MB = 1024 * 1024;
const RETENTION_MS = 3_600_000;
const spec = (name: string, cleanupPolicy: 'delete' | 'compact' = 'delete') => ({ name, cleanupPolicy, retentionMs: RETENTION_MS, key: '', about: '', format: 'json' as const, partitions: 1, externalProducers: [], externalConsumers: [] }); // prettier-ignore
const batch = (topic: string, count: number, bytes: number): OutputRecord[] =>
  Array.from({ length: count }, () => ({ topic, key: null, value: Buffer.alloc(bytes, 'x') }));

let path: string;
let ahead: number;
let counted: Record<string, number>;
const clock = { ...systemClock, now: () => systemClock.now() + ahead };
const metrics: Metrics = {
  count: (name, labels, by = 1) => {
    const key = [name.replace('telltale_embedded_log_', ''), ...Object.values(labels)].join(' ');
    counted[key] = (counted[key] ?? 0) + by;
  },
  observe: () => undefined,
  set: () => undefined,
};
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'telltale-size-'));
  ahead = 0;
  counted = {};
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

async function opened(maxBytes: number) {
  const storage = openStorage(path, clock, { maxBytes, metrics });
  await storage.ensureTopics([spec('in'), spec('small'), spec('state', 'compact')], 1);
  const fence = await storage.fence('g', 0, ['in']);
  const settle = (offset: number) => storage.transact(fence, [], new Map([['in', { offset, metadata: '' }]]), () => undefined);
  const unread = (from: number) => storage.read('in', 0, from, { maxRecords: 1e6, maxBytes: Infinity });
  return { storage, settle, unread, fileBytes: () => statSync(join(path, 'data.mdb')).size };
}

describe('the size of the log', () => {
  it('stays at its limit while consumers keep up, who miss nothing; small topics are kept complete', async () => {
    const { storage, settle, unread, fileBytes } = await opened(8 * MB);
    await storage.produce(batch('small', 5, 500));
    let read = 0;
    let early = 0;
    for (let round = 0; round < 40; round++) {
      await storage.produce(batch('in', 500, 300));
      await storage.produce(batch('in', 10, 90_000));
      const records = unread(read);
      expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 510 }, (_, i) => read + i));
      await settle((read += records.length));
      if (round === 19) early = fileBytes();
    }
    expect([early < 16 * MB, fileBytes() < 1.25 * early]).toEqual([true, true]);
    expect(storage.endOf('in', 0) - storage.startOf('in', 0)).toBe(read - (counted['removed_total in size'] ?? 0));
    expect(counted['removed_total in size']).toBeGreaterThan(10_000);
    expect(storage.read('small', 0, 0, { maxRecords: 10, maxBytes: MB })).toHaveLength(5);
    await storage.close();
  });

  it.each([['has committed', true], ['has joined and committed nothing', false]])(
    'removes nothing that a group that %s has not read, rejects new records with the reason, and accepts them once it has',
    async (_, hasCommitted) => {
      const { storage, settle, unread } = await opened(4 * MB);
      await storage.produce(batch('in', 10, 1_000));
      const start = hasCommitted ? 10 : 0;
      if (hasCommitted) await settle(start);
      let taken = 10;
      const fill = async () => {
        for (;;) {
          await storage.produce(batch('in', 10, 20_000));
          taken += 10;
        }
      };
      await expect(fill()).rejects.toMatchObject({
        code: 'log_full',
        message: expect.stringMatching(/EMBEDDED_LOG_MAX_BYTES allows 4 MB, and the group g has not read \d+ records of in:/) as string,
      });
      expect(unread(start)).toHaveLength(taken - start);
      expect(counted['refused_total']).toBe(10);
      // Tasks and compacted topics may still write: without them nothing would ever be read.
      await storage.produce([{ topic: 'state', key: 'k', value: 'v' }]);
      ahead = 2 * RETENTION_MS;
      expect(await storage.prune()).toBe(0);
      await settle(taken);
      await storage.produce(batch('in', 10, 20_000));
      expect(storage.startOf('in', 0)).toBeGreaterThan(start);
      await storage.close();
    },
  ); // prettier-ignore

  it('removes everything past its retention in one run, however much it is, and reuses its pages', async () => {
    const { storage, settle, fileBytes } = await opened(1e9);
    const fill = async () => {
      for (let i = 0; i < 4; i++) await storage.produce(batch('in', 3_000, 500));
      await settle(storage.endOf('in', 0));
    };
    await fill();
    const first = fileBytes();
    for (let round = 0; round < 3; round++) {
      ahead += 2 * RETENTION_MS;
      expect(await storage.prune()).toBe(12_000);
      await fill();
    }
    expect(fileBytes()).toBeLessThan(1.5 * first);
    await storage.close();
  });

  it('keeps only the newest record of a key, and removes a deleted key after a day', async () => {
    const { storage } = await opened(1e9);
    const put = (key: string, value: string | null): OutputRecord => ({ topic: 'state', key, value });
    await storage.produce([put('a', '1'), put('a', '2'), put('b', '1'), put('c', '1')]);
    await storage.produce([put('a', '3'), put('b', null), put('c', null)]);
    await storage.produce([put('c', '2')]);
    const kept = () => storage.newest('state', 0, 10).map(({ key, value }) => [key, value?.toString() ?? null]);
    expect(kept()).toEqual([['a', '3'], ['b', null], ['c', '2']]); // prettier-ignore
    ahead = DAY_MS + 1_000;
    await storage.prune();
    expect(kept()).toEqual([['a', '3'], ['c', '2']]); // prettier-ignore
    expect([...storage.latestOf('state', 0)].map(([key, value]) => [key, value.toString()])).toEqual([['a', '3'], ['c', '2']]); // prettier-ignore
    await storage.close();
  });
});
