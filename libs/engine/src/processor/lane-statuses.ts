import { type Clock } from '@telltale/kernel';
import { type LaneStatus } from './lane-runner';

/** How a lane is, and for how long it has been waiting for something that is down. */
export interface LaneHealth extends LaneStatus {
  /** Milliseconds since it was paused, over all tries; 0 when it is not. */
  readonly pausedMs: number;
}

/** The lanes of a processor as they last reported themselves. */
export function createLaneStatuses({ monotonic }: Pick<Clock, 'monotonic'>) {
  const statuses = new Map<number, { readonly status: LaneStatus; readonly pausedAt: number | null }>();
  return {
    set(status: LaneStatus): void {
      const pausedAt = status.phase === 'paused' ? (statuses.get(status.lane)?.pausedAt ?? monotonic()) : null;
      statuses.set(status.lane, { status, pausedAt });
    },
    remove: (lane: number): void => void statuses.delete(lane),
    all: (): readonly LaneHealth[] =>
      [...statuses.values()].map(({ status, pausedAt }) => ({
        ...status,
        pausedMs: pausedAt === null ? 0 : Math.round(monotonic() - pausedAt),
      })),
  };
}
