import { CliError } from '@telltale/cli';

/** Of the events; the rest counts as warm. */
const WARM_AFTER = 0.2;
const LOOK_EVERY_MS = 100;
/** Without an event more for so long, it is given up. */
const STALLED_MS = 120_000;

export interface WatchedLoad {
  readonly events: number;
  /** Events that are through. */
  readonly done: () => Promise<number>;
  /** CPU seconds of all processes so far. */
  readonly cpu: () => number;
  /** Called before each look; throws when a process has ended. */
  readonly check: () => Promise<void> | void;
  /** Ends the watch with an error. */
  readonly signal: AbortSignal;
}

export interface Watched {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Since a fifth of the events was through; null if the rest came at once with it. */
  readonly warm: { readonly events: number; readonly cpuSeconds: number } | null;
}

/** For whatever takes long: ends it at Ctrl-C. */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw new CliError('stopped', 'run it again; nothing is kept');
}

/** Looks until every event is through. */
export async function watchLoad({ events, done, cpu, check, signal }: WatchedLoad): Promise<Watched> {
  const { systemClock } = await import('@telltale/platform-telemetry');
  const from = systemClock.monotonic();
  let warm: { readonly seen: number; readonly cpu: number } | null = null;
  let lastGain = from;
  async function look(): Promise<number> {
    await check();
    await systemClock.sleep(LOOK_EVERY_MS);
    return done();
  }
  for (let seen = 0; seen < events;) {
    throwIfStopped(signal);
    const before = seen;
    seen = await look().catch((error: unknown) => {
      // Ctrl-C at a terminal ends the other processes as well, and nobody asks what that breaks.
      throwIfStopped(signal);
      throw error;
    });
    if (seen > before) lastGain = systemClock.monotonic();
    else if (systemClock.monotonic() - lastGain > STALLED_MS)
      throw new Error(`${seen} of ${events} events are through, and none more for ${STALLED_MS / 1000} s`);
    if (!warm && seen >= events * WARM_AFTER) warm = { seen, cpu: cpu() };
  }
  const cpuSeconds = cpu();
  return {
    seconds: (systemClock.monotonic() - from) / 1000,
    cpuSeconds,
    warm: warm && warm.seen < events ? { events: events - warm.seen, cpuSeconds: cpuSeconds - warm.cpu } : null,
  };
}
