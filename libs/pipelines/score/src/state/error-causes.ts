import { type Channel } from '@telltale/domain-detector';
import { hierarchyDepth } from '@telltale/domain-incident';
import { MINUTE_MS } from '@telltale/kernel';
import { type OpenAnomaly } from '../anomaly';
import { type Series } from './series';

/** What rises within this time rises together. */
const TOGETHER_MS = 10 * MINUTE_MS;
/** Metrics that say how much fails by their value, rather than by a share of errors. */
const COUNTS_OF_ERRORS: ReadonlySet<string> = new Set(['error.count', 'log.count', 'log.template']);

interface OpenErrors {
  readonly series: Series;
  readonly channel: Channel;
  readonly anomaly: OpenAnomaly;
}

/**
 * The open anomalies of errors by service, so that one that follows from another can name it: turns and error logs fail because an operation
 * does, an agent because its tool does. What is closer to the cause is less deep in the hierarchy of incidents.
 */
export interface ErrorCauses {
  /** Open anomalies of the series may have changed. */
  follow(series: Series): void;
  /** The anomaly that explains one of `series`, or ''. */
  causeOf(series: Series, channel: Channel, anomaly: OpenAnomaly): string;
  /** Those that one of `series` explains and that name no other. */
  effectsOf(series: Series, channel: Channel, anomaly: OpenAnomaly): OpenErrors[];
}

function errorsIn({ metric, anomalies }: Series): (readonly [Channel, OpenAnomaly])[] {
  if (anomalies.size === 0) return [];
  return [...anomalies].filter(
    ([channel, { peak }]) => peak.direction > 0 && channel === (COUNTS_OF_ERRORS.has(metric) ? 'value' : 'errors'),
  );
}

const serviceOf = ({ tenant, dimensions }: Series): string => JSON.stringify([tenant, dimensions['service_name'] ?? null]);
const areTogether = (a: OpenAnomaly, b: OpenAnomaly): boolean => Math.abs(a.startedAt - b.startedAt) <= TOGETHER_MS;

export function createErrorCauses(): ErrorCauses {
  const services = new Map<string, Set<Series>>();

  /** Those of the service that began at about the same time. */
  function* besides(series: Series, anomaly: OpenAnomaly): Generator<OpenErrors> {
    for (const other of services.get(serviceOf(series)) ?? [])
      for (const [channel, found] of errorsIn(other))
        if (other !== series && areTogether(found, anomaly)) yield { series: other, channel, anomaly: found };
  }
  const isOfErrors = (series: Series, channel: Channel): boolean => errorsIn(series).some(([own]) => own === channel);

  return {
    follow(series) {
      const key = serviceOf(series);
      const own = services.get(key);
      if (errorsIn(series).length > 0) {
        if (own) own.add(series);
        else services.set(key, new Set([series]));
      } else if (own?.delete(series) && own.size === 0) services.delete(key);
    },
    causeOf(series, channel, anomaly) {
      if (!isOfErrors(series, channel)) return '';
      const depth = hierarchyDepth(series);
      const rise = ({ anomaly: { peak } }: OpenErrors): number => peak.value - peak.expected;
      const [cause] = [...besides(series, anomaly)]
        .filter(({ series: other }) => hierarchyDepth(other) < depth)
        .sort((a, b) => hierarchyDepth(a.series) - hierarchyDepth(b.series) || rise(b) - rise(a));
      return cause ? cause.anomaly.parentAnomalyId || cause.anomaly.id : '';
    },
    effectsOf(series, channel, anomaly) {
      if (!isOfErrors(series, channel)) return [];
      const depth = hierarchyDepth(series);
      return [...besides(series, anomaly)].filter(
        ({ series: other, anomaly: found }) => found.parentAnomalyId === '' && hierarchyDepth(other) > depth,
      );
    },
  };
}
