/** Metrics of series over all services of a tenant, and the metric of the series of services that they are of. */
const NARROW: ReadonlyMap<string, string> = new Map([
  ['provider.duration', 'operation.duration'],
  ['provider.error_ratio', 'operation.error_ratio'],
  ['tenant.operation.duration', 'operation.duration'],
  ['tenant.operation.error_ratio', 'operation.error_ratio'],
  ['tenant.turn.count', 'turn.count'],
  ['tenant.turn.cost', 'turn.cost'],
  ['tenant.turn.unhelped', 'turn.unhelped'],
]);

export const isWideMetric = (metric: string): boolean => NARROW.has(metric);

/** The metric that services have of the same thing: `turn.count` of `tenant.turn.count`. Any other metric is its own. */
export const narrowMetricOf = (metric: string): string => NARROW.get(metric) ?? metric;

const NAMED_ALIKE: ReadonlySet<string> = new Set(['tool', 'mcp', 'retrieval', 'rerank', 'embedding']);

/** Whether the name of an operation of this kind says what is called, whichever service calls it. */
export const isNamedAlike = (kind: string): boolean => NAMED_ALIKE.has(kind);
