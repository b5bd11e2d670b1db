import { type Clock, messageOf } from '@telltale/kernel';
import { type Broker, type GroupMembership } from '../ports/broker';
import { type Logger, type Metrics } from '../ports/metrics';
import { type RowStore } from '../ports/row-store';
import { type Tracer } from '../ports/tracer';
import { type Encryptor } from '../ports/encryptor';
import { type Topology } from '../service/define-service';
import { createConsumerLag } from './consumer-lag';
import { createDlqLimit } from './dlq-limit';
import { type BatchLimits } from './task-deps';
import { runTask } from './task-runner';
import { createTaskStatuses, type TaskHealth } from './task-statuses';
import { type Failpoint } from './failpoint';

export interface ProcessorDeps {
  readonly topology: Topology;
  readonly broker: Broker;
  readonly rows: RowStore;
  readonly encryptor: Encryptor;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Absent: batches leave no traces. */
  readonly tracer?: Tracer | null;
  readonly limits: BatchLimits;
  readonly failpoint: Failpoint;
  /** Called for a bug or a permanent loss of the group: the process should exit; nothing was committed. */
  readonly onCrash: (error: unknown) => void;
}

export interface StreamProcessor {
  start(): Promise<void>;
  /** Stops polling, finishes the current batches within `deadlineMs`, cancels the rest, leaves the group. Idempotent. */
  drain(deadlineMs: number): Promise<void>;
  readonly tasks: () => readonly TaskHealth[];
}

const DLQ_LIMIT = { ratio: 0.5, window: 1_000 };

/** Joins the consumer group of a service and runs every task it is assigned. */
export function createStreamProcessor(deps: ProcessorDeps): StreamProcessor {
  const draining = new AbortController();
  const terminated = new AbortController();
  const statuses = createTaskStatuses(deps.clock);
  const running = new Set<Promise<void>>();
  let membership: GroupMembership | null = null;
  let drained: Promise<void> | null = null;
  const { topology, clock } = deps;
  const lag = createConsumerLag(deps);

  async function drainOnce(deadlineMs: number): Promise<void> {
    draining.abort();
    const inTime = new AbortController();
    const all = Promise.all(running).then(() => inTime.abort());
    await clock.sleep(deadlineMs, inTime.signal);
    terminated.abort();
    await all;
    await membership?.leave();
  }

  return {
    async start() {
      membership = await deps.broker.join({
        groupId: topology.groupId,
        topics: topology.inputs,
        onRebalance: () => deps.metrics.count('telltale_rebalances_total', { service: topology.name }),
        onAssigned: async (assignment) => {
          if (draining.signal.aborted) return assignment.release();
          const work = runTask(assignment, {
            ...deps,
            dlqLimit: createDlqLimit(DLQ_LIMIT),
            draining: draining.signal,
            terminated: terminated.signal,
            onStatus: (status) => {
              statuses.set(status);
              deps.metrics.set(
                'telltale_task_stalled',
                { service: topology.name, partition: String(status.partition) },
                status.phase === 'paused' ? 1 : 0,
              );
              lag.tick();
            },
            onPending: (records) => {
              lag.pending(assignment.partition, records);
              lag.tick();
            },
          })
            .catch((error: unknown) => {
              deps.logger.error('task_crashed', {
                service: topology.name,
                partition: assignment.partition,
                error: messageOf(error),
              });
              deps.onCrash(error);
            })
            .finally(() => {
              statuses.remove(assignment.partition);
              lag.forget(assignment.partition);
            });
          running.add(work);
          await work;
          running.delete(work);
          await assignment.release();
        },
      });
      membership.failed.catch((error: unknown) => {
        if (!draining.signal.aborted) deps.onCrash(error);
      });
    },
    drain: (deadlineMs) => (drained ??= drainOnce(deadlineMs)),
    tasks: () => statuses.all(),
  };
}
