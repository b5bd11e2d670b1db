import { type NativeEvent } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { type Logger, type Metrics, type Trace, type Tracer } from '@telltale/streaming';
import { eventOfLine, eventsOfTrace, type LogLine, type NewId } from './report-events';
import { createTokenBucket } from './token-bucket';

const SEND_EVERY_MS = 5_000;
const CLOSE_MS = 2_000;
const MAX_QUEUED_EVENTS = 2_000;
const MAX_SENT_EVENTS = 500;
/** Of one process, whatever its load: what bounds reports even where they would be mistaken for the work of others. */
const TRACES_PER_SECOND = 10;
const LINES_PER_SECOND = 10;
const BURST_SECONDS = 5;

/** What a gateway answered: its status, and the tenant that the key was of. */
export interface SendAnswer {
  readonly status: number;
  readonly tenant: string | null;
}
/** Hands a body (JSON, native events) to a gateway. */
export type SendReports = (body: string, signal: AbortSignal) => Promise<SendAnswer>;

export interface SelfReportsOptions {
  readonly tenant: string;
  /** The name of the process, of whose log lines that name no service are. */
  readonly process: string;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Where it says what goes wrong with itself; never reported. */
  readonly logger: Logger;
  readonly newId: NewId;
}

/** Reports of own work, sent through a gateway like the events of anybody. */
export interface SelfReports extends Tracer {
  /** The logger, with its lines reported, too: info and above. */
  tap(logger: Logger): Logger;
  /** From now on reports are sent; what has been reported so far is waiting. */
  start(send: SendReports): void;
  /** Sends what is left once, for a limited time. */
  close(): Promise<void>;
}

/**
 * Work that served only the tenant of the reports is not reported, so reports of reports do not follow; and there is a rate for each
 * process. It neither waits nor throws: what is too much, or is not taken, is gone and counted.
 */
export function createSelfReports({ tenant, process, clock, metrics, logger, newId }: SelfReportsOptions): SelfReports {
  const mayTrace = createTokenBucket(clock, TRACES_PER_SECOND, TRACES_PER_SECOND * BURST_SECONDS);
  const mayLog = createTokenBucket(clock, LINES_PER_SECOND, LINES_PER_SECOND * BURST_SECONDS);
  const closing = new AbortController();
  /** Traces by service and name that had no room since the last one that had: it stands for them. */
  const skipped = new Map<string, number>();
  let waiting: NativeEvent[] = [];
  let isWrong = false;
  let sendReports: SendReports | null = null;
  let following: Promise<void> = Promise.resolve();
  const count = (outcome: string, by = 1): void => metrics.count('telltale_self_reports_total', { outcome }, by);

  function put(events: readonly NativeEvent[]): void {
    if (waiting.length + events.length > MAX_QUEUED_EVENTS) return count('queue_full', events.length);
    waiting.push(...events);
  }

  function record(trace: Trace): void {
    if (isWrong || closing.signal.aborted) return;
    if (!trace.servesOthersThan(tenant)) return count('own_work');
    const series = `${trace.service} ${trace.name}`;
    const before = skipped.get(series) ?? 0;
    if (!mayTrace()) {
      skipped.set(series, before + 1);
      return count('rate_limited');
    }
    skipped.delete(series);
    put(eventsOfTrace(trace, 1 + before, newId));
  }

  function line(severity: LogLine['severity'], message: string, fields: LogLine['fields'] = {}): void {
    if (isWrong || closing.signal.aborted) return;
    if (!mayLog()) return count('rate_limited');
    put([eventOfLine({ severity, message, fields, at: clock.now() }, process)]);
  }

  /** Whether they were taken. They are sent once: sent again they might be there twice, and newer ones come. */
  async function sendSome(send: SendReports): Promise<boolean> {
    const events = waiting.splice(0, MAX_SENT_EVENTS);
    let answer: SendAnswer | null = null;
    try {
      answer = await send(JSON.stringify(events), AbortSignal.timeout(SEND_EVERY_MS));
    } catch {
      // Nobody answered in time.
    }
    const isTaken = answer !== null && answer.status >= 200 && answer.status < 300;
    count(isTaken ? 'sent' : 'not_taken', events.length);
    if (!isTaken) logger.warn('self_reports_not_taken', { status: answer?.status ?? 'no answer', events: events.length });
    if (isTaken && answer?.tenant !== tenant) {
      isWrong = true;
      waiting = [];
      const fix = 'give TELLTALE_WATCH_ITSELF_KEY a key of the tenant TELLTALE_WATCH_ITSELF; no more are sent';
      logger.error('self_reports_of_another_tenant', { tenant: answer?.tenant ?? 'unknown', wanted: tenant, fix });
    }
    return isTaken;
  }
  async function sendAll(): Promise<void> {
    while (sendReports && waiting.length > 0 && (await sendSome(sendReports)));
  }
  async function follow(): Promise<void> {
    while (!closing.signal.aborted) {
      await clock.sleep(SEND_EVERY_MS, closing.signal);
      await sendAll();
    }
  }

  return {
    record,
    tap: (inner) => ({
      debug: inner.debug,
      info(message, fields) {
        inner.info(message, fields);
        line('info', message, fields);
      },
      warn(message, fields) {
        inner.warn(message, fields);
        line('warn', message, fields);
      },
      error(message, fields) {
        inner.error(message, fields);
        line('error', message, fields);
      },
    }),
    start(send) {
      sendReports = send;
      following = follow();
    },
    async close() {
      closing.abort();
      const sent = new AbortController();
      await Promise.race([following.then(() => sent.abort()), clock.sleep(CLOSE_MS, sent.signal)]);
      if (waiting.length > 0) count('not_taken', waiting.length);
      waiting = [];
    },
  };
}
