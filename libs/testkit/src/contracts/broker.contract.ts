import { partitionOf, FencedError, PermanentError } from '@telltale/kernel';
import { type Broker, RecordsTooLarge } from '@telltale/streaming';
import { eventually } from '../wait';
import { createHarness, LIMITS, committedOffsets, text, topic, WAIT_MS, type TestBroker } from './broker-harness';

const MORE_THAN_ANY_TAKES = 65 * 1024 * 1024;

/** The contract of every broker. Each test has its own topics and group. */
export function describeBroker(name: string, make: () => Promise<TestBroker>): void {
  describe(`event log: ${name}`, () => {
    let test: TestBroker;
    let broker: Broker;
    const { room, member, pollAll, committedIs, newestIs, produce, leaveAll } = createHarness(() => broker);
    beforeAll(async () => {
      test = await make();
      broker = test.broker;
    }, 120_000);
    afterAll(async () => {
      await broker.close();
      await test.cleanup();
    }, 60_000);
    afterEach(leaveAll, 60_000);

    it('creates topics once, with their partitions', async () => {
      const { input, output, state } = await room(3);
      await broker.ensureTopics([topic(input, 5)]);
      const infos = await broker.describe([input, output, state, 'no-such-topic']);
      expect(infos.map(({ partitions }) => partitions.length)).toEqual([3, 3, 3]);
    });

    it('returns records in order with key, headers and bytes, and advances past them', async () => {
      const { id, input } = await room();
      const bytes = Buffer.from([0, 255, 128, 10]);
      await broker.produce([
        { topic: input, partition: 0, key: 'k', value: bytes, headers: { 'tt-format': 'native' } },
        { topic: input, partition: 0, key: null, value: null },
      ]);
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      const records = await pollAll(lease, 2);
      expect(records.map(({ offset, key, value, headers }) => ({ offset, key, value, headers }))).toEqual([
        { offset: 0, key: 'k', value: bytes, headers: { 'tt-format': 'native' } },
        { offset: 1, key: null, value: null, headers: {} },
      ]);
      await produce(input, ['later']);
      expect(text(await pollAll(lease, 1))).toEqual(['later']);
      await reader.leave();
    });

    it('has done with the bytes of records once it has stored them', async () => {
      const { id, input } = await room();
      const value = Buffer.from('as it was sent');
      await broker.produce([{ topic: input, partition: 0, key: 'k', value }]);
      value.fill(0);
      const reader = await member(broker, id, [input]);
      expect(text(await pollAll(await reader.task(), 1))).toEqual(['as it was sent']);
      await reader.leave();
    });

    it('respects the limits of a poll', async () => {
      const { id, input } = await room();
      await produce(
        input,
        Array.from({ length: 20 }, (_, i) => `${i}`),
      );
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      const first = await lease.poll({ maxRecords: 3, maxBytes: 1e6, waitMs: 5_000 });
      expect(text(first)).toEqual(['0', '1', '2']);
      expect(text(await lease.poll({ maxRecords: 2, maxBytes: 1e6, waitMs: 5_000 }))).toEqual(['3', '4']);
      await reader.leave();
    });

    it('selects the partition by partitionOf(key)', async () => {
      const { input } = await room(4);
      const keys = ['a', 'b', 'session-17', 'ü'];
      await broker.produce(keys.map((key) => ({ topic: input, key, value: key })));
      const records = await broker.newest(input, 10);
      expect(Object.fromEntries(records.map(({ key, partition }) => [key, partition]))).toEqual(
        Object.fromEntries(keys.map((key) => [key, partitionOf(key, 4)])),
      );
    });

    it('commits outputs, state and offsets together, with metadata', async () => {
      const { id, input, output, state } = await room();
      await produce(input, ['a', 'b']);
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      expect((await lease.committed()).get(input)).toEqual({ offset: 0, metadata: '' });
      await lease.transact(
        [
          { topic: output, partition: 0, key: null, value: 'out' },
          { topic: state, partition: 0, key: 's', value: '1' },
        ],
        committedOffsets({ [input]: 2 }, '{"end":9,"now":1}'),
      );
      await committedIs(lease, input, { offset: 2, metadata: '{"end":9,"now":1}' });
      await newestIs(output, 5, ['out']);
      expect((await lease.restoreState(state)).get('s')?.toString()).toBe('1');
      expect((await broker.groupOffsets(id, [input])).get(input)).toEqual([{ partition: 0, offset: 2 }]);
      await lease.transact([], committedOffsets({ [input]: 2 }));
      await committedIs(lease, input, { offset: 2, metadata: '' });
      await reader.leave();
    });

    it('has done with the bytes of a transaction once it has taken effect', async () => {
      const { id, input, output, state } = await room();
      await produce(input, ['a']);
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      const value = Buffer.from('as it was');
      const to = (topic: string) => ({ topic, partition: 0, key: 'k', value });
      await lease.transact([to(output), to(state)], committedOffsets({ [input]: 1 }));
      value.fill(0);
      await newestIs(output, 5, ['as it was']);
      expect((await lease.restoreState(state)).get('k')?.toString()).toBe('as it was');
      await reader.leave();
    });

    it('restores the newest value per key and applies deletes', async () => {
      const { id, input, state } = await room();
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      const put = (key: string, value: string | null) => ({ topic: state, partition: 0, key, value });
      await lease.transact([put('a', '1'), put('b', '1'), put('c', '1')], committedOffsets({ [input]: 0 }));
      await lease.transact([put('a', '2'), put('b', null)], committedOffsets({ [input]: 0 }));
      const restored = await lease.restoreState(state);
      expect(Object.fromEntries([...restored].map(([key, value]) => [key, value.toString()]))).toEqual({ a: '2', c: '1' });
      await reader.leave();
    });

    it('reads a range again completely, and continues after it', async () => {
      const { id, input } = await room();
      await produce(input, ['0', '1', '2', '3', '4']);
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      await pollAll(lease, 5);
      expect(text(await lease.readRange(input, 1, 4))).toEqual(['1', '2', '3']);
      expect(text(await pollAll(lease, 1))).toEqual(['4']);
      await reader.leave();
    });

    it('fences the former owner, whose later calls have no effect', async () => {
      const { id, input, output } = await room();
      await produce(input, ['a']);
      const former = await member(broker, id, [input]);
      const old = await former.task();
      const other = await test.second();
      const latter = await member(other, id, [input]);
      await former.leave();
      const now = await latter.task();
      await expect(
        old.transact([{ topic: output, partition: 0, key: null, value: 'zombie' }], committedOffsets({ [input]: 1 })),
      ).rejects.toBeInstanceOf(FencedError);
      expect((await now.committed()).get(input)?.offset).toBe(0);
      await now.transact([{ topic: output, partition: 0, key: null, value: 'owner' }], committedOffsets({ [input]: 1 }));
      await newestIs(output, 5, ['owner']);
      await latter.leave();
      await other.close();
    }, 60_000);

    it('distributes tasks over members, each with the same partition of every topic, and takes over when one leaves', async () => {
      const { id, input, output } = await room(4);
      const extra = `${id}-extra`;
      await broker.ensureTopics([topic(extra, 2)]);
      const first = await member(broker, id, [input, extra]);
      expect((await first.tasks(4)).map(({ topics }) => topics.length).sort()).toEqual([1, 1, 2, 2]);
      const other = await test.second();
      const second = await member(other, id, [input, extra]);
      await second.tasks(2);
      await eventually('the first has two tasks left', () => Promise.resolve({ done: first.owned().length === 2, seen: first.owned().length }), WAIT_MS, 50); // prettier-ignore
      expect([...first.owned(), ...second.owned()].map(({ partition }) => partition).sort()).toEqual([0, 1, 2, 3]);
      await second.leave();
      expect((await first.tasks(4)).map(({ partition }) => partition).sort()).toEqual([0, 1, 2, 3]);
      await first.leave();
      await other.close();
      expect(await broker.newest(output, 1)).toEqual([]);
    }, 60_000);

    it('accepts outputs of many megabytes in one transaction', async () => {
      const { id, input, output } = await room();
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      const value = 'x'.repeat(300_000);
      await lease.transact(
        Array.from({ length: 12 }, () => ({ topic: output, partition: 0, key: null, value })),
        committedOffsets({ [input]: 0 }),
      );
      await newestIs(
        output,
        20,
        Array.from({ length: 12 }, () => value),
      );
      await reader.leave();
    });

    it('returns the last commit of the former owner to the new one', async () => {
      const { id, input } = await room();
      await produce(input, ['a', 'b', 'c']);
      for (let offset = 1; offset <= 3; offset++) {
        const owner = await member(broker, id, [input]);
        const lease = await owner.task();
        expect((await lease.committed()).get(input)?.offset).toBe(offset - 1);
        await lease.transact([], committedOffsets({ [input]: offset }));
        await owner.leave();
      }
    }, 60_000);

    it('rejects a record that is too large together with the others of the call, and continues', async () => {
      const { id, input, output } = await room();
      const large = { topic: output, partition: 0, key: null, value: Buffer.alloc(MORE_THAN_ANY_TAKES) };
      const refused = (index: number) => ({
        constructor: RecordsTooLarge,
        code: 'too_large',
        oversized: [{ index, topic: output }],
      });
      await expect(broker.produce([large])).rejects.toMatchObject(refused(0));
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      const small = { topic: output, partition: 0, key: null, value: 'small' };
      await expect(lease.transact([small, large], committedOffsets({ [input]: 0 }))).rejects.toMatchObject(refused(1));
      await lease.transact([{ ...small, value: 'after' }], committedOffsets({ [input]: 0 }));
      await newestIs(output, 5, ['after']);
      await reader.leave();
    });

    it('returns the intent and its records to a new owner, as the former one saw them', async () => {
      const { id, input, output } = await room();
      await produce(input, ['0', '1', '2', '3']);
      const former = await member(broker, id, [input]);
      const first = await former.task();
      const seen = await pollAll(first, 4);
      await first.transact([], committedOffsets({ [input]: 1 }, '{"end":3,"now":7}'));
      await former.leave();
      const latter = await member(broker, id, [input]);
      const lease = await latter.task();
      expect((await lease.committed()).get(input)).toEqual({ offset: 1, metadata: '{"end":3,"now":7}' });
      expect(await lease.readRange(input, 1, 3)).toEqual(seen.slice(1, 3));
      expect(text(await pollAll(lease, 1))).toEqual(['3']);
      await latter.leave();
      expect(await broker.newest(output, 1)).toEqual([]);
    });

    it('ends a batch at the last record even with transactions in between', async () => {
      const { id, input } = await room();
      const writer = await member(broker, `${id}-writer`, [input]);
      const pen = await writer.task();
      for (const value of ['a', 'b', 'c'])
        await pen.transact([{ topic: input, partition: 0, key: null, value }], committedOffsets({ [input]: 0 }));
      await writer.leave();
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      const records = await pollAll(lease, 3);
      expect(text(records)).toEqual(['a', 'b', 'c']);
      const [from, end] = [records[0]!.offset, records[2]!.offset + 1];
      expect(text(await lease.readRange(input, from, end))).toEqual(['a', 'b', 'c']);
      await reader.leave();
    });

    it('waits for records at most the given time, and returns those that arrive meanwhile', async () => {
      const { id, input } = await room();
      const reader = await member(broker, id, [input]);
      const lease = await reader.task();
      expect(await lease.poll({ ...LIMITS, waitMs: 100 })).toEqual([]);
      const coming = pollAll(lease, 1);
      await produce(input, ['late']);
      expect(text(await coming)).toEqual(['late']);
      await reader.leave();
    });

    it('returns start, end and committed offsets, for lag', async () => {
      const { id, input } = await room(2);
      await produce(input, ['a', 'b'], 1);
      const [info] = await broker.describe([input]);
      expect(info?.partitions).toEqual([
        { partition: 0, start: 0, end: 0 },
        { partition: 1, start: 0, end: 2 },
      ]);
      expect((await broker.groupOffsets(id, [input])).get(input) ?? []).toEqual([]);
    });

    it('reports a missing topic', async () => {
      await expect(broker.produce([{ topic: 'no-such-topic', key: null, value: 'x' }])).rejects.toBeInstanceOf(PermanentError);
    });

    it('tails from the start and from the end', async () => {
      const { input } = await room();
      await produce(input, ['before']);
      const stop = new AbortController();
      const seen: Record<'start' | 'end', string[]> = { start: [], end: [] };
      const tails = (['start', 'end'] as const).map((from) =>
        broker.tail({
          topics: [input],
          from,
          signal: stop.signal,
          onRecords: (records) => void seen[from].push(...text(records)),
        }),
      );
      let sent = 0;
      await eventually('the tail from the end sees what comes', async () => {
        await produce(input, [`live-${sent++}`]);
        return { done: seen.end.length > 0 && seen.start.length > 0, seen };
      }, WAIT_MS); // prettier-ignore
      stop.abort();
      await Promise.all(tails);
      expect(seen.start[0]).toBe('before');
      expect(seen.end[0]).toMatch(/^live-/);
      expect(seen.end).not.toContain('before');
    });

    it('returns the newest records, oldest first', async () => {
      const { input } = await room();
      await produce(input, ['1', '2', '3']);
      expect(text(await broker.newest(input, 2))).toEqual(['2', '3']);
      expect(await broker.newest(input, 0)).toEqual([]);
    });

    it('reads and follows one partition alone where it is asked to', async () => {
      const { input } = await room(3);
      const to = (partition: number, value: string) => broker.produce([{ topic: input, partition, key: 'k', value }]);
      for (const partition of [0, 1, 2]) for (const nth of ['a', 'b']) await to(partition, `${partition}${nth}`);
      expect(text(await broker.newest(input, 2, 1))).toEqual(['1a', '1b']);
      expect(text(await broker.newest(input, 10, 1))).toEqual(['1a', '1b']);
      const stop = new AbortController();
      const seen: string[] = [];
      const tail = broker.tail({ topics: [input], from: 'start', partition: 1, signal: stop.signal, onRecords: (records) => void seen.push(...text(records)) }); // prettier-ignore
      await to(0, '0c');
      await to(1, '1c');
      await eventually('the tail has the partition', () => Promise.resolve({ done: seen.length >= 3, seen }), WAIT_MS);
      stop.abort();
      await tail;
      expect(seen).toEqual(['1a', '1b', '1c']);
    });

    it('says where a topic ends for a task', async () => {
      const { id, input } = await room();
      await produce(input, ['1', '2', '3']);
      const reader = await member(broker, id, [input]);
      const assignment = await reader.task();
      expect(await assignment.endOf(input)).toBe(3);
      expect(text(await assignment.readRange(input, 1, 3))).toEqual(['2', '3']);
      await produce(input, ['4']);
      expect(text(await pollAll(assignment, 1))).toEqual(['4']);
      await reader.leave();
    });

    it('responds to a ping', async () => {
      await expect(broker.ping()).resolves.toBeUndefined();
    });
  });
}
