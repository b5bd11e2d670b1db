import { type OutputRecord, RecordsTooLarge } from '@telltale/streaming';
import { partitionOf } from '@telltale/kernel';
import fc from 'fast-check';
import { CompressionTypes, type Message } from 'kafkajs';
import { createRequire } from 'node:module';
import { CHUNK_BYTES, chunkRecords } from './chunk';

const PARTITIONS = 3;
interface Encoder {
  size(): number;
}
interface ProduceRequest {
  encode(): Promise<Encoder>;
}
const load = createRequire(__filename);
const produceRequest = load('kafkajs/src/protocol/requests/produce/v3/request') as (of: object) => ProduceRequest;
/** Size of the client's whole request for one batch, which is larger than the batch. */
async function writtenBytes(messages: readonly Message[], compression: CompressionTypes): Promise<number> {
  const request = produceRequest({
    acks: -1,
    timeout: 30_000,
    transactionalId: null,
    producerId: 1,
    producerEpoch: 0,
    compression,
    topicData: [{ topic: 'a', partitions: [{ partition: 0, firstSequence: 0, messages }] }],
  });
  return (await request.encode()).size();
}
const LIMIT = 1_048_588;
const chunk = (records: readonly OutputRecord[], limits: readonly number[] = [LIMIT]) => {
  let next = 0;
  let asked = 0;
  return chunkRecords(
    records,
    {
      partitionsOf: () => Promise.resolve(PARTITIONS),
      limitOf: (_, maxAgeMs) => Promise.resolve(limits[maxAgeMs === Infinity ? 0 : ++asked] ?? limits.at(-1) ?? LIMIT),
    },
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

  it('keeps every batch below the limit, loses no record, and keeps the order within a partition', async () => {
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

  it('selects the explicit partition, else partitionOf(key), else distributes records', async () => {
    const [round] = await chunk([
      { topic: 'a', key: 'session-1', value: 'x' },
      { topic: 'a', key: 'session-1', value: 'x', partition: 2 },
      { topic: 'a', key: null, value: 'x' },
      { topic: 'a', key: null, value: 'x' },
    ]);
    expect(round?.[0]?.messages.map(({ partition }) => partition)).toEqual([partitionOf('session-1', PARTITIONS), 2, 0, 1]);
  });

  it('reports every record that is too large for its topic, with topic, size and limit', async () => {
    const refused = chunk(
      [4, 90, 5, 120].map((kilobytes) => ({ topic: 'a', key: null, value: Buffer.alloc(kilobytes * 1_000) })),
      [50_000],
    );
    await expect(refused).rejects.toBeInstanceOf(RecordsTooLarge);
    await expect(refused).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringMatching(/a record for a has 90\d{3} bytes, the topic allows at most 50000/) as string,
      oversized: [
        { index: 1, topic: 'a', limit: 50_000 },
        { index: 3, topic: 'a', limit: 50_000 },
      ],
    });
  });

  it('accepts a record that fits a limit which was raised meanwhile', async () => {
    await expect(chunk([{ topic: 'a', key: null, value: Buffer.alloc(90_000) }], [50_000, 100_000])).resolves.toHaveLength(1);
  });

  it('keeps every batch that the client writes below the limit', async () => {
    const records = fc.array(
      fc.record({
        topic: fc.constant('a'),
        partition: fc.constant(0),
        key: fc.option(fc.string({ unit: 'binary', maxLength: 40 })),
        value: fc.option(
          fc.oneof(
            fc.string({ unit: 'binary', maxLength: 900 }),
            fc.uint8Array({ maxLength: 900 }).map((bytes) => Buffer.from(bytes)),
          ),
        ),
        headers: fc.dictionary(fc.string({ maxLength: 9 }), fc.string({ unit: 'binary', maxLength: 30 }), {
          maxKeys: 4,
          noNullPrototype: true,
        }),
      }),
      { maxLength: 60 },
    );
    const limit = 6_000;
    await fc.assert(
      fc.asyncProperty(records, async (given) => {
        for (const round of await chunk(given, [limit]))
          for (const { messages } of round)
            for (const compression of [CompressionTypes.None, CompressionTypes.GZIP])
              expect(await writtenBytes(messages, compression)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 100 },
    );
  });
});
