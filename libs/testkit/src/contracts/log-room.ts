import { type TopicSpec } from '@telltale/contracts';
import { type EventLog, type LaneLease, type LaneOffsets, type LogRecord } from '@telltale/engine';

export interface TestLog {
  readonly log: EventLog;
  /** Another handle on the same log, as another process would have. */
  second(): Promise<EventLog>;
  cleanup(): Promise<void>;
}

export const WAIT_MS = 20_000;
export const LIMITS = { maxRecords: 10_000, maxBytes: 64 * 1024 * 1024, waitMs: 500 };
let unique = 0;

export const topic = (name: string, partitions: number, cleanup: 'delete' | 'compact' = 'delete'): TopicSpec => ({
  name,
  cleanup,
  partitions,
  retentionMs: 3_600_000,
  key: '',
  about: '',
  format: 'json',
  writtenBy: [],
  readBy: [],
});

export const text = (records: readonly LogRecord[]): string[] => records.map(({ value }) => value?.toString() ?? '');
export const settle = (offsets: Readonly<Record<string, number>>, metadata = ''): LaneOffsets =>
  new Map(Object.entries(offsets).map(([name, offset]) => [name, { offset, metadata }]));

/** Topics, members and waits for tests over one log; `log` is asked for anew each time. */
export function createLogRoom(theLog: () => EventLog) {
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

  /** Joins and hands out lanes as they come; a lane is held until its test lets go of it. */
  async function member(handle: EventLog, groupId: string, topics: readonly string[]) {
    const leases: LaneLease[] = [];
    const waiting: (() => void)[] = [];
    const letGo = new AbortController();
    const returned = new Map<LaneLease, AbortController>();
    const membership = await handle.join({
      groupId,
      topics,
      onLane: (lease) => {
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
    const until = async (what: string, found: () => LaneLease[], count: number): Promise<LaneLease[]> => {
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
    const mine = (): LaneLease[] => leases.filter((lease) => !lease.lost.aborted && !returned.get(lease)?.signal.aborted);
    let left: Promise<void> | null = null;
    const leave = (): Promise<void> => {
      letGo.abort();
      return (left ??= membership.leave());
    };
    leaving.push(leave);
    return {
      lanes: (count: number) => until('lanes', mine, count),
      lane: async (): Promise<LaneLease> => {
        const lease = (await until('a lane', mine, 1))[0] as LaneLease;
        for (const name of lease.topics) lease.seek(name, (await lease.committed()).get(name)?.offset ?? 0);
        return lease;
      },
      owned: mine,
      /** Is done with a lane, as a runner is that was fenced. */
      giveBack: (lease: LaneLease): void => returned.get(lease)?.abort(),
      leave,
    };
  }
  async function pollAll(lease: LaneLease, count: number): Promise<LogRecord[]> {
    const out: LogRecord[] = [];
    const deadline = Date.now() + WAIT_MS;
    while (out.length < count && Date.now() < deadline) out.push(...(await lease.poll(LIMITS)));
    return out;
  }
  /** A commit is final at once but may be seen a moment later, except by a new owner after its fence. */
  async function committedIs(
    lease: LaneLease,
    input: string,
    expected: { readonly offset: number; readonly metadata: string },
  ): Promise<void> {
    const deadline = Date.now() + WAIT_MS;
    const look = async () => (await lease.committed()).get(input);
    let seen = await look();
    while (Date.now() < deadline && JSON.stringify(seen) !== JSON.stringify(expected)) seen = await look();
    expect(seen).toEqual(expected);
  }
  /** Likewise for what a transaction wrote. */
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
