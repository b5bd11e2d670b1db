import { createBackoff } from './backoff';
import { type Cancel, type Clock } from './clock';
import { readSet, UnreadableSet } from './directives/read-set';
import { type DirectiveSet } from './directives/directive';
import { createStreamReader } from './sse';
import { retryAfterMs, type Answer, type Transport } from './transport';

/** A comment comes every 15 s: three missed, and nobody is there. */
const SILENCE_MS = 45_000;
const POLL_MS = 10_000;
const WAIT_S = 25;
/** How much later than asked for the gateway may answer. */
const WAIT_MARGIN_MS = 15_000;
/** The gateway has as many streams and waiting polls as it can hold. */
const NO_ROOM = 429;
/** How long a gateway that has no room for streams, or a network that lets none through, is polled instead. */
const POLLING_MS = 120_000;
const TRIES_BEFORE_POLLING = 3;
const MAX_SET_CHARS = 8 * 1024 * 1024;

interface Deps {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  apply(set: DirectiveSet): void;
  /** A set that cannot be read: the former stays. */
  refuse(error: UnreadableSet): void;
  onProblem(text: string): void;
}

/** Hears which directives are in force: by a stream, else by asking. */
export function startControl({ transport, clock, requestTimeoutMs, apply, refuse, onProblem }: Deps): { close(): void } {
  const backoff = createBackoff(1_000, 60_000, clock);
  const closed = new AbortController();
  let hash = '';
  let failures = 0;
  let cancel: Cancel = () => undefined;

  function hear(text: string): void {
    backoff.reset();
    failures = 0;
    try {
      const set = readSet(text);
      hash = set.hash;
      apply(set);
    } catch (error) {
      if (!(error instanceof UnreadableSet)) throw error;
      hash = error.hash || hash;
      refuse(error);
    }
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      cancel = clock.after(ms, resolve);
    });
  const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');

  /** Null when the stream was open, however it ended. */
  async function stream(): Promise<Answer | null> {
    const read = createStreamReader(MAX_SET_CHARS, ({ event, data }) => {
      if (event === 'directives') hear(data);
    });
    const stop = new AbortController();
    const answer = await transport.stream(
      {
        path: '/v1/control?stream=1',
        headers: { accept: 'text/event-stream' },
        signal: AbortSignal.any([closed.signal, stop.signal]),
      },
      SILENCE_MS,
      (text) => {
        try {
          read(text);
        } catch (error) {
          onProblem(`directives cannot be read: ${messageOf(error)}`);
          stop.abort();
        }
      },
    );
    return answer.status === 200 ? null : answer;
  }

  async function poll(isWaiting: boolean): Promise<Answer> {
    const answer = await transport.call({
      method: 'GET',
      path: isWaiting ? `/v1/control?wait=${WAIT_S}s` : '/v1/control',
      headers: hash ? { 'if-none-match': `"${hash}"` } : {},
      timeoutMs: isWaiting ? WAIT_S * 1_000 + WAIT_MARGIN_MS : requestTimeoutMs,
      signal: closed.signal,
    });
    if (answer.status === 200) hear(answer.body);
    return answer;
  }

  /** Asks, and has the gateway wait for a change where it has room for that and does it. */
  async function pollFor(ms: number, hasRoom: boolean): Promise<void> {
    const until = clock.mono() + ms;
    let canWait = hasRoom;
    while (!closed.signal.aborted && clock.mono() < until) {
      const isWaiting = canWait && hash !== '';
      let waitMs: number | null = null;
      try {
        const [began, had] = [clock.mono(), hash];
        const answer = await poll(isWaiting);
        if (answer.status === NO_ROOM || (answer.status === 304 && isWaiting && clock.mono() - began < 1_000)) canWait = false;
        if (answer.status === 304 || answer.status === 200) {
          // A set that names no hash of its own cannot be waited for.
          const isNew = answer.status === 304 || hash !== had;
          waitMs = canWait && isNew ? 200 * clock.random() : POLL_MS * (0.8 + 0.4 * clock.random());
        } else {
          onProblem(`directives cannot be had: the gateway answers ${answer.status}`);
          waitMs = retryAfterMs(answer, clock.now());
        }
      } catch (error) {
        if (!closed.signal.aborted) onProblem(`directives cannot be had: ${messageOf(error)}`);
      }
      await pause(waitMs ?? backoff.next());
    }
  }

  async function follow(): Promise<void> {
    while (!closed.signal.aborted) {
      failures++;
      let refusal: Answer | null = null;
      try {
        refusal = await stream();
        if (refusal) onProblem(`directives cannot be streamed: the gateway answers ${refusal.status}`);
      } catch (error) {
        if (!closed.signal.aborted) onProblem(`directives cannot be streamed: ${messageOf(error)}`);
      }
      if (closed.signal.aborted) return;
      const hasRoom = refusal?.status !== NO_ROOM;
      if (!hasRoom || refusal?.status === 503 || failures >= TRIES_BEFORE_POLLING) await pollFor(POLLING_MS, hasRoom);
      else await pause((refusal && retryAfterMs(refusal, clock.now())) ?? backoff.next());
    }
  }

  follow().catch((error: unknown) => onProblem(`directives are not followed any more: ${messageOf(error)}`));
  return {
    close() {
      closed.abort();
      cancel();
    },
  };
}
