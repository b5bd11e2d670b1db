import { type Clock, messageOf } from '@telltale/kernel';
import { type EventLog, type GroupMembership } from '../ports/event-log';
import { type Log, type Metrics } from '../ports/metrics';
import { type RowStore } from '../ports/row-store';
import { type Seal } from '../ports/seal';
import { type Stage } from '../stage';
import { createFuse } from './fuse';
import { runLane, type LaneLimits } from './lane-runner';
import { createLaneStatuses, type LaneHealth } from './lane-statuses';
import { type Probe } from './probe';

export interface ProcessorDeps {
  readonly stage: Stage;
  readonly events: EventLog;
  readonly rows: RowStore;
  readonly seal: Seal;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limits: LaneLimits;
  readonly probe: Probe;
  /** A bug or the loss of the group for good: the process should end, nothing was committed. */
  readonly onCrash: (error: unknown) => void;
}

export interface StreamProcessor {
  start(): Promise<void>;
  /** Stops intake, finishes the ranges at hand within `deadlineMs`, abandons what is left, leaves the group. Idempotent. */
  drain(deadlineMs: number): Promise<void>;
  readonly lanes: () => readonly LaneHealth[];
}

const FUSE = { ratio: 0.5, window: 1_000 };

/** Joins a stage to its group and runs every lane it is given. */
export function createStreamProcessor(deps: ProcessorDeps): StreamProcessor {
  const draining = new AbortController();
  const terminated = new AbortController();
  const statuses = createLaneStatuses(deps.clock);
  const running = new Set<Promise<void>>();
  let membership: GroupMembership | null = null;
  let drained: Promise<void> | null = null;
  const { stage, clock } = deps;

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
      membership = await deps.events.join({
        groupId: stage.groupId,
        topics: stage.inputs,
        onLane: async (lease) => {
          if (draining.signal.aborted) return lease.release();
          const work = runLane(lease, {
            ...deps,
            fuse: createFuse(FUSE),
            draining: draining.signal,
            terminated: terminated.signal,
            onStatus: (status) => {
              statuses.set(status);
              deps.metrics.set(
                'telltale_lane_paused',
                { service: stage.name, lane: String(status.lane) },
                status.phase === 'paused' ? 1 : 0,
              );
            },
          })
            .catch((error: unknown) => {
              deps.log.error('lane_crashed', { service: stage.name, lane: lease.lane, error: messageOf(error) });
              deps.onCrash(error);
            })
            .finally(() => statuses.remove(lease.lane));
          running.add(work);
          await work;
          running.delete(work);
          await lease.release();
        },
      });
      membership.failed.catch((error: unknown) => {
        if (!draining.signal.aborted) deps.onCrash(error);
      });
    },
    drain: (deadlineMs) => (drained ??= drainOnce(deadlineMs)),
    lanes: () => statuses.all(),
  };
}
