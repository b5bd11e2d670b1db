import { type Trace } from '@telltale/streaming';
import { createOtlpTracer } from './otlp-tracer';

// A program of its own, for the exporter loads modules in a way that jest has not: exports what the test gives, and says what it counted.
const { endpoint, traces } = JSON.parse(process.argv[2] ?? '') as { endpoint: string; traces: Trace[] };
const counts: Record<string, number> = {};
const lines: string[] = [];
const quiet = (): void => undefined;
const tracer = createOtlpTracer({
  endpoint,
  headers: { authorization: 'Bearer tt_own' },
  serviceName: 'telltale-enricher',
  instance: 'host:1',
  ratio: 1,
  maxQueuedSpans: 100,
  clock: { now: () => Date.now(), monotonic: () => performance.now(), sleep: (ms, signal) => new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  }) },
  random: () => 0.5,
  metrics: { count: (_name, { outcome = '' }, by = 1) => void (counts[outcome] = (counts[outcome] ?? 0) + by), observe: () => undefined, set: () => undefined },
  logger: { debug: quiet, info: quiet, error: quiet, warn: (message, fields) => void lines.push(`${message} ${JSON.stringify(fields)}`) },
}); // prettier-ignore
for (const trace of traces) tracer.record(trace);
void tracer.close().then(() => process.stdout.write(JSON.stringify({ counts, lines })));
