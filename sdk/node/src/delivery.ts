import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { createBackoff } from './backoff';
import { type Cancel, type Clock, holdOpen } from './clock';
import { type LossCounts, type Losses } from './losses';
import { createQueue } from './queue';
import { type Rank } from './severity';
import { type Answer, retryAfterMs, type Transport } from './transport';

const MAX_BATCH_ITEMS = 500;
const MAX_BATCH_BYTES = 1_000_000;
/** Below this, compressing costs more than it saves. */
const MIN_GZIP_BYTES = 1_024;
const FULL_SHARE = 0.5;
const SLICE_MS = 5;
const HURRIED_WAIT_MS = 250;
const LOSS_REPORT_MS = 10_000;
const compress = promisify(gzip);

export interface Outgoing {
  /** The line to send, or null where it is not to be sent (its loss is counted by then). */
  serialize(): string | null;
}

export interface DeliverySettings {
  readonly queueItems: number;
  readonly queueBytes: number;
  readonly flushIntervalMs: number;
  readonly requestTimeoutMs: number;
}

export interface Delivery {
  push(item: Outgoing, rank: Rank, bytes: number): void;
  /** Sends what is queued; false when not all was sent in time. */
  flush(timeoutMs: number): Promise<boolean>;
  readonly pending: number;
  readonly sent: number;
  /** Stops; what is still queued is lost, and counted. */
  close(): void;
}

interface Deps {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly losses: Losses;
  /** The line that reports what was lost. */
  reportOf(counts: LossCounts): string;
  onProblem(text: string): void;
}

type Outcome = 'done' | 'halve' | { readonly waitMs: number | null };

export function createDelivery(settings: DeliverySettings, deps: Deps): Delivery {
  const { transport, clock, losses } = deps;
  const queue = createQueue<Outgoing>(settings.queueItems, settings.queueBytes, () => losses.add('queue_full'));
  const backoff = createBackoff(500, 30_000, clock);
  let inFlight = 0;
  let sent = 0;
  let timer: Cancel | null = null;
  let wake: () => void = () => undefined;
  let isRunning = false;
  let isClosed = false;
  let isHurried = false;
  let lossesReportedAt = -Infinity;
  let idle: ((isEmpty: boolean) => void)[] = [];
  const stopped = new AbortController();

  const isDue = (): boolean => queue.size >= MAX_BATCH_ITEMS || queue.bytes >= MAX_BATCH_BYTES * FULL_SHARE;

  function schedule(): void {
    if (isClosed || isRunning) return;
    if (isDue()) {
      timer?.();
      timer = clock.after(0, () => void run());
    } else timer ??= clock.after(settings.flushIntervalMs, () => void run());
  }

  async function run(): Promise<void> {
    timer?.();
    timer = null;
    if (isRunning || isClosed) return;
    isRunning = true;
    try {
      while (!isClosed) {
        const lines = await nextLines();
        if (lines.length === 0) break;
        await deliver(lines);
      }
    } catch (error) {
      losses.add('unserializable', inFlight);
      deps.onProblem(`a batch was lost: ${error instanceof Error ? error.message : 'unknown'}`);
    } finally {
      inFlight = 0;
      isRunning = false;
    }
    if (queue.size > 0) schedule();
    else for (const tell of idle.splice(0)) tell(true);
  }

  /** The next batch; none where nothing is queued. */
  async function nextLines(): Promise<string[]> {
    const lines: string[] = [];
    while (lines.length === 0) {
      const items = queue.take(MAX_BATCH_ITEMS, MAX_BATCH_BYTES);
      if (items.length === 0) break;
      inFlight = items.length;
      await serializeInto(lines, items);
      inFlight = lines.length;
    }
    const isReportDue = clock.mono() - lossesReportedAt >= LOSS_REPORT_MS;
    const lost = (lines.length > 0 && isReportDue) || isHurried ? losses.takeNew() : null;
    if (lost) {
      lossesReportedAt = clock.mono();
      lines.push(deps.reportOf(lost));
    }
    return lines;
  }

  /** Other work of the application has its turn in between. */
  async function serializeInto(lines: string[], items: readonly Outgoing[]): Promise<void> {
    let since = clock.mono();
    for (const item of items) {
      const line = item.serialize();
      if (line !== null) lines.push(line);
      if (clock.mono() - since < SLICE_MS) continue;
      await setImmediate();
      since = clock.mono();
    }
  }

  async function deliver(lines: readonly string[]): Promise<void> {
    const text = Buffer.from(`${lines.join('\n')}\n`);
    const isLarge = text.length >= MIN_GZIP_BYTES;
    const body = isLarge ? await compress(text) : text;
    while (!isClosed) {
      const outcome = await attempt(lines.length, body, isLarge);
      if (outcome === 'done') {
        backoff.reset();
        return;
      }
      if (outcome === 'halve') {
        if (lines.length === 1) {
          losses.add('too_large');
          return;
        }
        const middle = Math.ceil(lines.length / 2);
        await deliver(lines.slice(0, middle));
        await deliver(lines.slice(middle));
        return;
      }
      await pause(outcome.waitMs ?? backoff.next());
    }
    losses.add('shutdown', lines.length);
  }

  async function attempt(count: number, body: Buffer, isGzip: boolean): Promise<Outcome> {
    let answer: Answer;
    try {
      answer = await transport.call({
        method: 'POST',
        path: '/v1/events',
        headers: { 'content-type': 'application/x-ndjson', ...(isGzip ? { 'content-encoding': 'gzip' } : {}) },
        body,
        timeoutMs: settings.requestTimeoutMs,
        signal: stopped.signal,
      });
    } catch (error) {
      if (!isClosed) deps.onProblem(`events cannot be sent: ${error instanceof Error ? error.message : 'unknown'}`);
      return { waitMs: null };
    }
    return outcomeOf(answer, count);
  }

  function outcomeOf(answer: Answer, count: number): Outcome {
    const { status } = answer;
    if (status >= 200 && status < 300) {
      const rejected = Math.min(count, rejectedIn(answer.body));
      if (rejected > 0) {
        losses.add('refused', rejected);
        deps.onProblem(`the gateway refused ${rejected} of ${count} events`);
      }
      sent += count - rejected;
      return 'done';
    }
    if (status === 413) return 'halve';
    // A key can be made valid, a path can come back: what is queued waits for that, within its bounds.
    if (status === 401 || status === 403 || status === 404 || status === 408 || status === 429 || status >= 500) {
      deps.onProblem(`events cannot be sent: the gateway answers ${status}`);
      return { waitMs: retryAfterMs(answer, clock.now()) };
    }
    losses.add('refused', count);
    deps.onProblem(`the gateway refused ${count} events with ${status}`);
    return 'done';
  }

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = clock.after(isHurried ? Math.min(ms, HURRIED_WAIT_MS) : ms, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });

  return {
    get pending() {
      return queue.size + inFlight;
    },
    get sent() {
      return sent;
    },
    push(item, rank, bytes) {
      if (isClosed) {
        losses.add('shutdown');
        return;
      }
      queue.push(item, rank, bytes);
      schedule();
    },
    async flush(timeoutMs) {
      if (isClosed || (queue.size === 0 && inFlight === 0)) return true;
      const { over, cancel } = holdOpen(timeoutMs);
      isHurried = true;
      wake();
      let isEmpty = false;
      const empty = new Promise<void>((resolve) => {
        idle.push((all) => {
          isEmpty = all;
          resolve();
        });
      });
      void run();
      await Promise.race([empty, over]);
      cancel();
      isHurried = false;
      return isEmpty;
    },
    close() {
      if (isClosed) return;
      isClosed = true;
      losses.add('shutdown', queue.size);
      timer?.();
      wake();
      stopped.abort();
      for (const tell of idle) tell(false);
      idle = [];
    },
  };
}

function rejectedIn(body: string): number {
  try {
    const { rejected } = JSON.parse(body) as { rejected?: unknown };
    return typeof rejected === 'number' && rejected > 0 ? rejected : 0;
  } catch {
    return 0;
  }
}
