import { type Clock, isFenced, messageOf } from '@telltale/kernel';
import { type Broker, type GroupMembership, type LogRecord, type OutputRecord, type TaskAssignment } from '../ports/broker';
import { type Logger } from '../ports/metrics';
import { retryTransient } from '../processor/backoff';
import { createOffsetTracker } from './offset-tracker';

export interface WorkerOptions {
  readonly broker: Pick<Broker, 'join'>;
  readonly groupId: string;
  readonly topic: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Records of a task that may be between the first that is not done and the last that was begun. */
  readonly maxSpan: number;
  /** Called for a bug or a permanent loss of the group. */
  readonly onCrash: (error: unknown) => void;
  /** Works on one record and answers what it comes to. Called again for a record whose answer was not written. */
  readonly work: (record: LogRecord) => Promise<readonly OutputRecord[]>;
}

export interface Worker {
  start(): Promise<void>;
  /** Begins nothing more, waits for what is under way and writes what it came to, then leaves the group. */
  stop(): Promise<void>;
}

const POLL_WAIT_MS = 1_000;
const POLL_BYTES = 4 * 1024 * 1024;

/**
 * A consumer group that works on records side by side and out of order: what one record waits for keeps no other from being done. The
 * outputs of a record and the mark that it is done are one transaction, so each record is worked on at least once and counts once.
 */
export function createWorker(options: WorkerOptions): Worker {
  const { broker, groupId, topic, clock, logger, maxSpan, work, onCrash } = options;
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let membership: GroupMembership | null = null;

  async function runTask(assignment: TaskAssignment): Promise<void> {
    const { partition, lost } = assignment;
    const retry = {
      clock,
      caller: `${groupId}/${partition}`,
      signal: lost,
      onRetry: (error: string) =>
        logger.warn('worker_retries', { group: groupId, partition, error, runbook: 'docs/runbooks/backend-unreachable.md' }),
    };
    const committed = await retryTransient(() => assignment.committed(), retry);
    const position = committed?.get(topic);
    if (!position) return;
    const tracker = createOffsetTracker(position);
    assignment.seek(topic, position.offset);
    const underWay = new Set<Promise<void>>();
    let outputs: OutputRecord[] = [];
    let isDirty = false;
    let writing: Promise<void> | null = null;
    let failure: { readonly error: unknown } | null = null;

    async function writeAll(): Promise<void> {
      while (isDirty && !lost.aborted) {
        const batch = outputs;
        outputs = [];
        isDirty = false;
        await retryTransient(() => assignment.transact(batch, new Map([[topic, tracker.committed()]])), retry);
      }
    }
    /** One transaction at a time; what comes to an end meanwhile is in the next. */
    function write(): void {
      writing ??= writeAll()
        .catch((error: unknown) => void (failure ??= { error }))
        .finally(() => (writing = null));
    }

    function begin(record: LogRecord): void {
      if (!tracker.begin(record.offset)) return;
      const job = work(record)
        .then((made) => {
          outputs.push(...made);
          tracker.finish(record.offset);
          isDirty = true;
          write();
        })
        .catch((error: unknown) => void (failure ??= { error }))
        .finally(() => underWay.delete(job));
      underWay.add(job);
    }

    while (!lost.aborted && !stopping.signal.aborted && !failure) {
      const room = maxSpan - tracker.span();
      if (room <= 0) {
        await Promise.race(underWay);
        continue;
      }
      const records = await assignment.poll({ maxRecords: room, maxBytes: POLL_BYTES, waitMs: POLL_WAIT_MS });
      for (const record of records) begin(record);
    }
    if (!lost.aborted) await Promise.all(underWay);
    while (writing) await writing;
    if (failure) throw (failure as { readonly error: unknown }).error;
  }

  return {
    async start() {
      membership = await broker.join({
        groupId,
        topics: [topic],
        onAssigned: async (assignment) => {
          if (stopping.signal.aborted) return assignment.release();
          const task = runTask(assignment)
            .catch((error: unknown) => {
              // Another owner has the task: what was under way here is done again there.
              if (isFenced(error) || assignment.lost.aborted) return;
              logger.error('worker_crashed', { group: groupId, partition: assignment.partition, error: messageOf(error) });
              onCrash(error);
            })
            .finally(() => assignment.release());
          running.add(task);
          await task;
          running.delete(task);
        },
      });
      membership.failed.catch((error: unknown) => {
        if (!stopping.signal.aborted) onCrash(error);
      });
    },
    async stop() {
      stopping.abort();
      await Promise.allSettled(running);
      await membership?.leave();
    },
  };
}
