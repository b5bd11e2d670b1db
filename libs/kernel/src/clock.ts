/** Time as a dependency. Everything inside the house takes one; only adapters and tests make one. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds from an arbitrary origin that never goes back; for durations. */
  monotonic(): number;
  /** Resolves after `ms`, or as soon as `signal` aborts (it does not reject). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
