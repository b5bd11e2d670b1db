import { runEnrichers } from './enricher-load';
import { type BenchInput } from './bench-events';
import { type Watched } from './watch-load';

const EVENTS = 100_000;
/** Long enough that start and first compilation do not decide. */
const LONG_EVENTS = 400_000;

export const perCore = (events: number, cpuSeconds: number): number => Math.round(events / cpuSeconds);

/** Events per CPU second once warm; null where too few came after. */
export const warmPerCore = ({ warm }: Watched): number | null => (warm ? perCore(warm.events, warm.cpuSeconds) : null);

/** One process of the enricher with a backlog in each of two tasks. */
export async function benchEnricher({
  input,
  long,
  signal,
}: {
  readonly input: BenchInput;
  readonly long: boolean;
  readonly signal: AbortSignal;
}): Promise<Record<string, number | string>> {
  const events = long ? LONG_EVENTS : EVENTS;
  const run = await runEnrichers({ events, input, tenants: 1, names: 3, processes: 1, signal });
  if (typeof run === 'string') return { enricher_events_per_second_per_core: run };
  const warm = warmPerCore(run);
  return {
    enricher_events_per_second_per_core: perCore(events, run.cpuSeconds),
    ...(warm !== null && { enricher_warm_events_per_second_per_core: warm }),
    enricher_start_cpu_seconds: Number(run.startCpuSeconds.toFixed(2)),
    enricher_events_per_second: Math.round(events / run.seconds),
    enricher_peak_mb: run.peakMb,
    enricher_gc_share: Number(run.gcShare.toFixed(3)),
    enricher_bytes_per_event: Math.round(run.bytesPerEvent),
    enricher_how: run.how,
  };
}
