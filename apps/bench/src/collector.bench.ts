import { randomBytes } from 'node:crypto';
import { PARTITIONS, withBenchStores } from './bench-stores';
import { type CollectorMode } from './collector-config';
import { fillSpans, measureCollector } from './collector-load';
import { requireCollector } from './collector-process';
import { measureEnrichers } from './enricher-load';
import { perCore, warmPerCore } from './enricher.bench';
import { type Watched } from './watch-load';

const EVENTS = 200_000;

const figuresOf = (name: string, events: number, run: Watched & { readonly peakMb: number }): Record<string, number> => ({
  [`${name}_spans_per_second_per_core`]: perCore(events, run.cpuSeconds),
  [`${name}_spans_per_second`]: Math.round(events / run.seconds),
  [`${name}_peak_mb`]: run.peakMb,
});

/**
 * An OpenTelemetry Collector beside our enricher: the same records of one topic, the same ClickHouse, one after the other. CPU time is that of
 * the process that is measured, its start included; that of broker and store counts for neither. The enricher goes first, as its events
 * would else be old ones.
 */
export async function benchCollector({
  collector,
  modes,
  events = EVENTS,
  signal,
}: {
  readonly collector?: string;
  readonly modes: readonly CollectorMode[];
  readonly events?: number;
  readonly signal: AbortSignal;
}): Promise<Record<string, number | string>> {
  const { path, version } = requireCollector(collector);
  const figures = await withBenchStores(async (stores) => {
    const bytesPerSpan = await fillSpans(stores.broker, events, signal);
    const enricher = await measureEnrichers(stores, { events, processes: 1, masterKey: randomBytes(32), signal });
    const warm = warmPerCore(enricher);
    const found = {
      ...figuresOf('enricher_same_topic', events, enricher),
      // Not of a Collector: it has no compiler to warm up, and reads so far ahead of its rows that they do not tell what it has done.
      ...(warm !== null && { enricher_same_topic_warm_spans_per_second_per_core: warm }),
    };
    for (const mode of modes) {
      const run = await measureCollector(stores, { path, mode, events, signal });
      const ratio = Number((run.cpuSeconds / enricher.cpuSeconds).toFixed(2));
      Object.assign(found, figuresOf(`collector_${mode}`, events, run), { [`collector_${mode}_cpu_ratio`]: ratio });
    }
    return { ...found, collector_bytes_per_span: Math.round(bytesPerSpan), collector_how: `${events} spans, ${PARTITIONS} partitions; ${version}; Node ${process.version}; ${stores.how}` }; // prettier-ignore
  });
  return typeof figures === 'string' ? { collector: figures } : figures;
}
