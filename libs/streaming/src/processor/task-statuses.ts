import { type Clock } from '@telltale/kernel';
import { type TaskStatus } from './task-deps';

/** The state of a task, and how long it has been waiting for a backend. */
export interface TaskHealth extends TaskStatus {
  /** Milliseconds since it was paused, over all retries; 0 when it is not paused. */
  readonly pausedMs: number;
}

/** The last reported status of each task of a processor. */
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
