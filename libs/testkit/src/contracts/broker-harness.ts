import { type TopicSpec } from '@telltale/contracts';
import { type Broker, type TaskAssignment, type TaskOffsets, type LogRecord } from '@telltale/streaming';

export interface TestBroker {
  readonly broker: Broker;
  /** Another handle on the same broker, as another process would have. */
  second(): Promise<Broker>;
  cleanup(): Promise<void>;
}

export const WAIT_MS = 20_000;
export const LIMITS = { maxRecords: 10_000, maxBytes: 64 * 1024 * 1024, waitMs: 500 };
let unique = 0;

export const topic = (name: string, partitions: number, cleanupPolicy: 'delete' | 'compact' = 'delete'): TopicSpec => ({
  name,
  cleanupPolicy,
  partitions,
  retentionMs: 3_600_000,
  key: '',
  about: '',
  format: 'json',
  externalProducers: [],
  externalConsumers: [],
});

export const text = (records: readonly LogRecord[]): string[] => records.map(({ value }) => value?.toString() ?? '');
export const committedOffsets = (offsets: Readonly<Record<string, number>>, metadata = ''): TaskOffsets =>
  new Map(Object.entries(offsets).map(([name, offset]) => [name, { offset, metadata }]));

/** Topics, members and waits for tests over one broker. */
export function createHarness(theLog: () => Broker) {
  const leaving: (() => Promise<void>)[] = [];

  async function room(partitions = 1) {
    const id = `contract-${process.pid}-${unique++}`;
    const names = { id, input: `${id}-in`, output: `${id}-out`, state: `${id}-state` };
    await theLog().ensureTopics([
      topic(names.input, partitions),
      topic(names.output, partitions),
      topic(names.state, partitions, 'compact'),
    ]);
    return names;
  }

  /** Joins a group and returns tasks as they are assigned; a task is kept until its test releases it. */
  async function member(handle: Broker, groupId: string, topics: readonly string[]) {
    const leases: TaskAssignment[] = [];
    const waiting: (() => void)[] = [];
    const letGo = new AbortController();
    const returned = new Map<TaskAssignment, AbortController>();
    const membership = await handle.join({
      groupId,
      topics,
      onAssigned: (lease) => {
        leases.push(lease);
        const back = new AbortController();
        returned.set(lease, back);
        waiting.splice(0).forEach((wake) => wake());
        return new Promise((resolve) => {
          for (const signal of [lease.lost, letGo.signal, back.signal]) {
            if (signal.aborted) resolve();
            signal.addEventListener('abort', () => resolve(), { once: true });
          }
        });
      },
    });
    const until = async (what: string, found: () => TaskAssignment[], count: number): Promise<TaskAssignment[]> => {
      const deadline = Date.now() + WAIT_MS;
      while (found().length < count) {
        if (Date.now() > deadline) throw new Error(`${what}: ${found().length} of ${count}`);
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          setTimeout(resolve, 50);
        });
      }
      return found();
    };
    const mine = (): TaskAssignment[] => leases.filter((lease) => !lease.lost.aborted && !returned.get(lease)?.signal.aborted);
    let left: Promise<void> | null = null;
    const leave = (): Promise<void> => {
      letGo.abort();
      return (left ??= membership.leave());
    };
    leaving.push(leave);
    return {
      tasks: (count: number) => until('tasks', mine, count),
      task: async (): Promise<TaskAssignment> => {
        const lease = (await until('a task', mine, 1))[0] as TaskAssignment;
        for (const name of lease.topics) lease.seek(name, (await lease.committed()).get(name)?.offset ?? 0);
        return lease;
      },
      owned: mine,
      /** Releases a task, as a fenced runner does. */
      giveBack: (lease: TaskAssignment): void => returned.get(lease)?.abort(),
      leave,
    };
  }
  async function pollAll(lease: TaskAssignment, count: number): Promise<LogRecord[]> {
    const out: LogRecord[] = [];
    const deadline = Date.now() + WAIT_MS;
    while (out.length < count && Date.now() < deadline) out.push(...(await lease.poll(LIMITS)));
    return out;
  }
  /** A commit is final at once, but may become visible slightly later, except to a new owner after fencing. */
  async function committedIs(
    lease: TaskAssignment,
    input: string,
    expected: { readonly offset: number; readonly metadata: string },
  ): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    const look = async () => (await lease.committed()).get(input);
    let seen = await look();
    while (Date.now() < deadline && JSON.stringify(seen) !== JSON.stringify(expected)) seen = await look();
    expect(seen).toEqual(expected);
  }
  /** The same for the outputs of a transaction. */
  async function newestIs(name: string, limit: number, expected: readonly string[]): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    let seen = text(await theLog().newest(name, limit));
    while (Date.now() < deadline && seen.length < expected.length) seen = text(await theLog().newest(name, limit));
    expect(seen).toEqual(expected);
  }
  const produce = (to: string, values: readonly string[], partition = 0): Promise<void> =>
    theLog().produce(values.map((value) => ({ topic: to, partition, key: null, value })));

  return {
    room,
    member,
    pollAll,
    committedIs,
    newestIs,
    produce,
    async leaveAll(): Promise<void> {
      for (const leave of leaving.splice(0)) await leave();
    },
  };
}
