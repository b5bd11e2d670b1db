import { type Clock, PermanentError, TransientError } from '@telltale/kernel';
import { backoffMs, retryTransient } from './backoff';

const down = new TransientError('unavailable', 'down');

/** `work` that fails with these errors and then answers; `abortAt`: the pause during which the caller gives up. */
function newTestRetry(failures: Error[], { abortAt = Infinity } = {}) {
  const stop = new AbortController();
  const slept: number[] = [];
  const reported: [string, number][] = [];
  const clock: Clock = {
    now: () => 0,
    monotonic: () => 0,
    sleep(ms, signal) {
      expect(signal).toBe(stop.signal);
      if (slept.push(ms) === abortAt) stop.abort();
      return Promise.resolve();
    },
  };
  const work = (): Promise<string> => {
    const failure = failures.shift();
    return failure ? Promise.reject(failure) : Promise.resolve('done');
  };
  const onRetry = (error: string, attempt: number): void => void reported.push([error, attempt]);
  return { stop, slept, reported, run: () => retryTransient(work, { clock, caller: 'me', signal: stop.signal, onRetry }) };
}

describe('the pause before a retry', () => {
  it.each([[0, 100], [1, 200], [5, 3_200], [6, 5_000], [60, 5_000]])('number %i is from half of %i ms to all of it, spread over the callers', (attempt, most) => {
    const pauses = Array.from({ length: 3_000 }, (_, i) => backoffMs(attempt, `caller ${i}`));
    const [shortest, longest] = [Math.min(...pauses), Math.max(...pauses)];
    expect([shortest >= most / 2, shortest < most * 0.51, longest > most * 0.99, longest < most]).toEqual([true, true, true, true]);
  }); // prettier-ignore

  it('is the same for a repeat, and another for the next attempt', () => {
    expect(backoffMs(7, 'me')).toBe(backoffMs(7, 'me'));
    expect(backoffMs(7, 'me')).not.toBe(backoffMs(8, 'me'));
  });
});

describe('work that is retried', () => {
  it('is repeated after a pause while it fails for the time being, and each failure is reported', async () => {
    const { run, slept, reported } = newTestRetry([down, down]);
    expect(await run()).toBe('done');
    expect(slept).toEqual([backoffMs(0, 'me'), backoffMs(1, 'me')]);
    expect(reported).toEqual([['down', 0], ['down', 1]]); // prettier-ignore
  });

  it('is not repeated when it fails permanently', async () => {
    const { run, reported } = newTestRetry([new PermanentError('rejected', 'never')]);
    await expect(run()).rejects.toThrow('never');
    expect(reported).toEqual([]);
  });

  it('answers null when its caller gives up during a pause, and is not begun again', async () => {
    const failures = [down, down];
    expect(await newTestRetry(failures, { abortAt: 1 }).run()).toBeNull();
    expect(failures).toHaveLength(1);
  });

  it('answers null without a pause when its caller had given up before it failed', async () => {
    const { run, stop, slept, reported } = newTestRetry([down]);
    stop.abort();
    expect(await run()).toBeNull();
    expect([slept, reported]).toEqual([[], []]);
  });
});
