import { type Metrics } from '@telltale/streaming';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { METRICS, type MetricSpec } from './catalog';

export interface PrometheusMetrics extends Metrics {
  /** The text exposition format. */
  expose(): Promise<string>;
  readonly contentType: string;
}

/** Metrics of the catalog; throws for an unknown name, which is a bug. */
export function createMetrics(): PrometheusMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, spec] of Object.entries<MetricSpec>(METRICS)) {
    const common = { name, help: `${spec.help} (${spec.unit})`, labelNames: [...spec.labels], registers: [registry] };
    if (spec.type === 'counter') counters.set(name, new Counter(common));
    else if (spec.type === 'gauge') gauges.set(name, new Gauge(common));
    else histograms.set(name, new Histogram({ ...common, buckets: [...(spec.buckets ?? [])] }));
  }
  const known = <T>(metrics: Map<string, T>, name: string): T => {
    const metric = metrics.get(name);
    if (!metric) throw new TypeError(`metric ${name} is not in the catalog (libs/platform/telemetry)`);
    return metric;
  };
  return {
    count: (name, labels, by = 1) => known(counters, name).inc(labels, by),
    set: (name, labels, value) => known(gauges, name).set(labels, value),
    observe: (name, labels, value) => known(histograms, name).observe(labels, value),
    expose: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
