import { watchLoad, type WatchedLoad } from './watch-load';

/** A load whose looks find these counts, one after another; CPU time grows by a second with each. */
function newTestLoad(counts: readonly number[], given: Partial<WatchedLoad> = {}) {
  let looks = 0;
  return {
    events: 100,
    signal: new AbortController().signal,
    check: () => undefined,
    cpu: () => looks,
    done: () => Promise.resolve(counts[Math.min(looks++, counts.length - 1)] ?? 0),
    ...given,
  };
}

describe('watching a load', () => {
  it('counts what comes after the first fifth as warm', async () => {
    expect(await watchLoad(newTestLoad([5, 30, 100]))).toMatchObject({ cpuSeconds: 3, warm: { events: 70, cpuSeconds: 1 } });
  });

  it('has nothing warm where all came at once', async () => {
    expect(await watchLoad(newTestLoad([0, 100]))).toMatchObject({ cpuSeconds: 2, warm: null });
  });

  it('fails when a process has ended', async () => {
    const check = (): void => {
      throw new Error('the enricher ended with 1');
    };
    await expect(watchLoad(newTestLoad([0], { check }))).rejects.toThrow('the enricher ended with 1');
  });

  it('ends at Ctrl-C, and says so whatever that has broken', async () => {
    const interrupted = new AbortController();
    const done = (): Promise<number> => {
      interrupted.abort();
      return Promise.reject(new Error('no connection'));
    };
    await expect(watchLoad(newTestLoad([], { done, signal: interrupted.signal }))).rejects.toThrow('stopped');
    await expect(watchLoad(newTestLoad([0], { signal: interrupted.signal }))).rejects.toThrow('stopped');
  });
});
