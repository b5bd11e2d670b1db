import { type ReadableSpan, type SpanExporter, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { type Clock } from '@telltale/kernel';
import { type Logger, type Metrics } from '@telltale/streaming';

const EXPORT_EVERY_MS = 5_000;
const MAX_EXPORTED_SPANS = 512;
/** What is left at shutdown may take this long to be sent. */
const CLOSE_MS = 2_000;

interface SpanQueueOptions {
  readonly exporter: SpanExporter;
  readonly maxSpans: number;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Where spans wait to be exported. */
export interface SpanQueue extends SpanProcessor {
  /** Whether this many spans fit; where they do not, they count as dropped. */
  admits(spans: number): boolean;
  drop(why: 'queue_full' | 'failed', spans: number): void;
}

/** The class or code of an error: its message may quote the address with what stands in it. */
function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { readonly code?: unknown; readonly name?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? String(code) : typeof name === 'string' ? name : 'unknown';
}

/**
 * A bounded queue and one export at a time. Instead of the SDK's `BatchSpanProcessor`, which keeps what it dropped to itself, and takes a
 * trace in part where it has no room for all of it.
 */
export function createSpanQueue({ exporter, maxSpans, clock, metrics, logger }: SpanQueueOptions): SpanQueue {
  let waiting: ReadableSpan[] = [];
  let exporting = 0;
  let isGivenUp = false;
  const closing = new AbortController();
  const count = (outcome: string, by: number): void => metrics.count('telltale_trace_spans_total', { outcome }, by);

  async function exportSome(): Promise<void> {
    const spans = waiting.splice(0, MAX_EXPORTED_SPANS);
    exporting = spans.length;
    const error = await new Promise<unknown>((resolve) =>
      exporter.export(spans, (result) => resolve(result.code === 0 ? null : (result.error ?? 'failed'))),
    ).catch((thrown: unknown) => thrown);
    exporting = 0;
    if (isGivenUp) return;
    if (error === null) return count('exported', spans.length);
    count('export_failed', spans.length);
    logger.warn('trace_export_failed', { code: codeOf(error), spans: spans.length });
  }
  async function exportWaiting(): Promise<void> {
    while (waiting.length > 0) await exportSome();
  }
  let running: Promise<void> | null = null;
  const exportAll = (): Promise<void> => (running ??= exportWaiting().finally(() => (running = null)));
  async function follow(): Promise<void> {
    while (!closing.signal.aborted) {
      await clock.sleep(EXPORT_EVERY_MS, closing.signal);
      await exportAll();
    }
  }
  const following = follow();

  return {
    admits(spans) {
      if (waiting.length + exporting + spans <= maxSpans) return true;
      count('queue_full', spans);
      return false;
    },
    drop: count,
    onStart: () => undefined,
    onEnd: (span) => void waiting.push(span),
    forceFlush: exportAll,
    async shutdown() {
      closing.abort();
      const sent = new AbortController();
      await Promise.race([following.then(() => sent.abort()), clock.sleep(CLOSE_MS, sent.signal)]);
      const left = waiting.length + exporting;
      if (left > 0) count('export_failed', left);
      isGivenUp = left > 0;
      waiting = [];
      await exporter.shutdown();
    },
  };
}
