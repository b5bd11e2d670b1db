import { type Clock } from '@telltale/kernel';
import { type GatewayLimits } from './deps';
import { IngestError } from './ingest-error';

const LOOK_MS = 1_000;
/** A request may be slow this long, whatever the minimum rate. */
const GRACE_MS = 5_000;

/** A request whose body is being received. */
export interface Receiving {
  /** Bytes received so far. */
  received(): number;
  onTooSlow(refusal: IngestError): void;
}

/** Ends requests that take too long, or that come too slowly, to be received. */
export interface Pace {
  /** Returns the function to call once the body is complete. */
  watch(receiving: Receiving): () => void;
}

type Limits = Pick<GatewayLimits, 'requestTimeoutMs' | 'minBytesPerSecond'>;

export function createPace(clock: Clock, { requestTimeoutMs, minBytesPerSecond }: Limits): Pace {
  const startedAt = new Map<Receiving, number>();
  let looking = false;

  function problemOf(elapsedMs: number, received: number): string | null {
    if (elapsedMs >= requestTimeoutMs) return `was not received within ${requestTimeoutMs} ms`;
    if (elapsedMs >= GRACE_MS && received < (minBytesPerSecond * elapsedMs) / 1_000)
      return `comes slower than ${minBytesPerSecond} bytes a second`;
    return null;
  }

  /** One loop for all requests; it runs only while there are requests. */
  async function look(): Promise<void> {
    looking = true;
    while (startedAt.size > 0) {
      await clock.sleep(Math.min(LOOK_MS, requestTimeoutMs));
      const now = clock.monotonic();
      for (const [receiving, started] of startedAt) {
        const problem = problemOf(now - started, receiving.received());
        if (problem === null) continue;
        startedAt.delete(receiving);
        receiving.onTooSlow(
          new IngestError('too_slow', `the body ${problem}; send it in smaller requests, or over a better connection`),
        );
      }
    }
    looking = false;
  }

  return {
    watch(receiving) {
      startedAt.set(receiving, clock.monotonic());
      if (!looking) void look();
      return () => void startedAt.delete(receiving);
    },
  };
}
