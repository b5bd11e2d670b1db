import { fnv1a, type Clock, isTransient, messageOf } from '@telltale/kernel';

/**
 * Delay before retry number `attempt` (from 0): doubles from 100 ms to 5 s, with deterministic jitter over its upper half by a hash of
 * `caller`.
 */
export function backoffMs(attempt: number, caller: string): number {
  const ceiling = Math.min(5_000, 100 * 2 ** attempt);
  return ceiling / 2 + (fnv1a(`${caller}:${attempt}`) % 1000) / 1000 * (ceiling / 2); // prettier-ignore
}

/** Retries `work` while it fails with TransientError, until `signal` aborts; rethrows any other error. Returns null when aborted. */
export async function retryTransient<T>(
  work: () => Promise<T>,
  options: {
    readonly clock: Clock;
    readonly caller: string;
    readonly signal: AbortSignal;
    readonly onRetry: (error: string, attempt: number) => void;
  },
): Promise<T | null> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
      if (options.signal.aborted) return null;
      options.onRetry(messageOf(error), attempt);
      await options.clock.sleep(backoffMs(attempt, options.caller), options.signal);
      if (options.signal.aborted) return null;
    }
  }
}
