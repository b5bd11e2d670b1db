import { type Cancel, type Clock } from './clock';
import { type InForce } from './directives/in-force';
import { type UnreadableSet } from './directives/read-set';
import { type Suppressed } from './pipeline';
import { type Transport } from './transport';

const ACK_MS = 10_000;
/** A timer cannot wait for longer than some weeks. */
const MAX_WAIT_MS = 24 * 3_600_000;

interface Deps {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly inForce: InForce;
  readonly suppressed: Suppressed;
  readonly instance: string;
  readonly service: string;
  readonly sdk: { readonly name: string; readonly version: string };
  readonly requestTimeoutMs: number;
}

interface Ack {
  readonly instance: string;
  readonly sdk: Deps['sdk'];
  readonly service_name: string;
  readonly set_hash: string;
  readonly status: 'applied' | 'failed';
  readonly error: string;
  readonly directives: ReturnType<InForce['takeCounts']>;
  readonly suppressed: { readonly records: number; readonly bytes: number };
}

/** Tells every 10 s, and at once at a change, what was done with directives. */
export interface Acks {
  applied(): void;
  failed(error: UnreadableSet): void;
  /** Tells what is not reported yet. */
  last(): Promise<void>;
  close(): void;
}

export function startAcks({ transport, clock, inForce, suppressed, requestTimeoutMs, ...self }: Deps): Acks {
  let status: { readonly hash: string; readonly error: string } | null = null;
  let timer: Cancel = () => undefined;
  let endTimer: Cancel = () => undefined;
  let telling: Promise<void> | null = null;
  let isDue = false;
  let isClosed = false;

  function next(): Ack | null {
    if (status === null) return null;
    const ack: Ack = {
      instance: self.instance,
      sdk: self.sdk,
      service_name: self.service,
      set_hash: status.hash,
      status: status.error ? 'failed' : 'applied',
      error: status.error,
      directives: inForce.takeCounts(),
      suppressed: { ...suppressed },
    };
    suppressed.records = suppressed.bytes = 0;
    return ack;
  }

  async function tell(): Promise<void> {
    const ack = next();
    if (ack === null) return;
    let isReported = false;
    try {
      const answer = await transport.call({
        method: 'POST',
        path: '/v1/acks',
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(ack)),
        timeoutMs: requestTimeoutMs,
      });
      // What the gateway refuses once it refuses again.
      isReported = answer.status < 500 && answer.status !== 429;
    } catch {
      isReported = false;
    }
    if (isReported) return;
    inForce.putBack(ack.directives);
    suppressed.records += ack.suppressed.records;
    suppressed.bytes += ack.suppressed.bytes;
  }

  function now(): Promise<void> {
    if (isClosed) return Promise.resolve();
    if (telling) {
      isDue = true;
      return telling;
    }
    timer();
    telling = tell().then(() => {
      telling = null;
      if (isClosed) return;
      if (isDue) {
        isDue = false;
        void now();
      } else timer = clock.after(ACK_MS, () => void now());
    });
    return telling;
  }

  /** What a directive did until it ended by itself is reported then. */
  function awaitEnd(): void {
    endTimer();
    const ms = inForce.nextEndMs();
    if (ms === null || isClosed) return;
    endTimer = clock.after(Math.min(ms, MAX_WAIT_MS), () => {
      awaitEnd();
      if (ms <= MAX_WAIT_MS) void now();
    });
  }

  return {
    applied() {
      status = { hash: inForce.hash, error: '' };
      awaitEnd();
      void now();
    },
    failed(error) {
      status = { hash: error.hash, error: error.message };
      void now();
    },
    last: () => (status === null ? Promise.resolve() : now()),
    close() {
      isClosed = true;
      timer();
      endTimer();
    },
  };
}
