import { type Clock } from '@telltale/kernel';
import { type TaskStatus } from './task-deps';

/** How a task is, and for how long it has been waiting for something that is down. */
export interface TaskHealth extends TaskStatus {
  /** Milliseconds since it was paused, over all tries; 0 when it is not. */
  readonly pausedMs: number;
}

/** The tasks of a processor as they last reported themselves. */
export function createTaskStatuses({ monotonic }: Pick<Clock, 'monotonic'>) {
  const statuses = new Map<number, { readonly status: TaskStatus; readonly pausedAt: number | null }>();
  return {
    set(status: TaskStatus): void {
      const pausedAt = status.phase === 'paused' ? (statuses.get(status.partition)?.pausedAt ?? monotonic()) : null;
      statuses.set(status.partition, { status, pausedAt });
    },
    remove: (partition: number): void => void statuses.delete(partition),
    all: (): readonly TaskHealth[] =>
      [...statuses.values()].map(({ status, pausedAt }) => ({
        ...status,
        pausedMs: pausedAt === null ? 0 : Math.round(monotonic() - pausedAt),
      })),
  };
}
