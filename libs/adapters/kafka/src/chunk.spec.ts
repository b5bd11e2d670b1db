import { type OutputRecord } from '@telltale/engine';
import { partitionOf } from '@telltale/kernel';
import fc from 'fast-check';
import { CHUNK_BYTES, chunkRecords } from './chunk';

const PARTITIONS = 3;
const chunk = (records: readonly OutputRecord[]) => {
  let next = 0;
  return chunkRecords(
    records,
    () => Promise.resolve(PARTITIONS),
    () => next++,
  );
};

describe('chunkRecords', () => {
  const records = fc.array(
    fc.record({
      topic: fc.constantFrom('a', 'b'),
      key: fc.option(fc.string({ maxLength: 8 })),
      value: fc.integer({ min: 0, max: 600_000 }).map((bytes) => Buffer.alloc(bytes)),
    }),
    { maxLength: 20 },
  );

  it('keeps every batch below the limit, loses nothing, and keeps the order within a partition', async () => {
    await fc.assert(
      fc.asyncProperty(records, async (given) => {
        const numbered = given.map((record, i) => ({ ...record, headers: { i: `${i}` } }));
        const seen = new Map<string, number[]>();
        for (const round of await chunk(numbered)) {
          for (const { topic, messages } of round) {
            const bytes = new Map<number, number>();
            for (const { partition = -1, value, headers } of messages) {
              bytes.set(partition, (bytes.get(partition) ?? 0) + (value?.length ?? 0));
              const slot = `${topic}/${partition}`;
              seen.set(slot, [...(seen.get(slot) ?? []), Number(headers?.['i'])]);
            }
            for (const size of bytes.values()) expect(size).toBeLessThanOrEqual(CHUNK_BYTES);
          }
        }
        const all = [...seen.values()].flat();
        expect(all.sort((x, y) => x - y)).toEqual(given.map((_, i) => i));
        for (const order of seen.values()) expect(order).toEqual([...order].sort((x, y) => x - y));
      }),
      { numRuns: 30 },
    );
  });

  it('puts a key where partitionOf says, an explicit partition where it says, and spreads the rest', async () => {
    const [round] = await chunk([
      { topic: 'a', key: 'session-1', value: 'x' },
      { topic: 'a', key: 'session-1', value: 'x', partition: 2 },
      { topic: 'a', key: null, value: 'x' },
      { topic: 'a', key: null, value: 'x' },
    ]);
    expect(round?.[0]?.messages.map(({ partition }) => partition)).toEqual([partitionOf('session-1', PARTITIONS), 2, 0, 1]);
  });

  it('refuses a record no broker takes', async () => {
    await expect(chunk([{ topic: 'a', key: null, value: Buffer.alloc(1_100_000) }])).rejects.toMatchObject({ code: 'too_large' });
  });
});
