/** Waits until `check` holds, checking every `everyMs`; fails with the last value. */
export async function eventually<T>(
  what: string,
  check: () => Promise<{ readonly done: boolean; readonly seen: T }>,
  timeoutMs: number,
  everyMs = 200,
): Promise<T> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const { done, seen } = await check();
    if (done) return seen;
    if (Date.now() > until) throw new Error(`${what} did not happen within ${timeoutMs} ms; last seen: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
