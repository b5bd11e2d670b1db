/** Machines are shared: what takes a second on one takes ten on another, and waiting longer costs only what fails. */
const LEAST_MS = 30_000;

/** Waits until `check` holds, checking every `everyMs`, for `timeoutMs` or half a minute, whichever is longer; fails with the last value. */
export async function eventually<T>(
  what: string,
  check: () => Promise<{ readonly done: boolean; readonly seen: T }>,
  timeoutMs: number,
  everyMs = 200,
): Promise<T> {
  const patienceMs = Math.max(timeoutMs, LEAST_MS);
  const until = Date.now() + patienceMs;
  for (;;) {
    const { done, seen } = await check();
    if (done) return seen;
    if (Date.now() > until) throw new Error(`${what} did not happen within ${patienceMs} ms; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
