import { narrowMetricOf } from '@telltale/contracts';

/** What of turns is asked about. */
export const MEASURES = ['duration', 'errors', 'cost', 'unhelped', 'abandoned', 'calls', 'retries', 'tokens', 'first_token', 'cache', 'traffic'] as const; // prettier-ignore
export type Measure = (typeof MEASURES)[number];

export type Direction = 'up' | 'down';

/** Which turns of whom. */
export interface Scope {
  readonly service?: string | undefined;
  readonly environment?: string | undefined;
  /** `<kind> <name>`: only turns that call it, by its own time and failures. */
  readonly operation?: string | undefined;
  readonly model?: string | undefined;
  readonly provider?: string | undefined;
  readonly fingerprint?: string | undefined;
}

export interface Subject {
  readonly measure: Measure;
  readonly direction: Direction;
  readonly scope: Scope;
}

const BY_METRIC: Readonly<Record<string, Measure>> = {
  'turn.duration': 'duration',
  'version.duration': 'duration',
  'operation.duration': 'duration',
  'turn.error_ratio': 'errors',
  'version.error_ratio': 'errors',
  'operation.error_ratio': 'errors',
  'error.count': 'errors',
  'turn.cost': 'cost',
  'llm.cost': 'cost',
  'llm.tokens': 'tokens',
  'turn.calls': 'calls',
  'turn.unhelped': 'unhelped',
  'turn.count': 'traffic',
  'llm.time_to_first_token': 'first_token',
  'llm.cache_read_share': 'cache',
};

/** The measure of turns that a series is about; null where turns do not hold it, such as scores and logs. */
export function subjectOfSeries(
  metric: string,
  dimensions: Readonly<Record<string, string>>,
  direction: Direction,
): Subject | null {
  const measure = BY_METRIC[narrowMetricOf(metric)];
  if (measure === undefined) return null;
  const {
    kind,
    name,
    service_name: service,
    deployment_environment: environment,
    error_fingerprint: fingerprint,
    provider,
  } = dimensions;
  const model = dimensions['model'] ?? dimensions['response_model'] ?? dimensions['request_model'];
  const operation = narrowMetricOf(metric).startsWith('operation.') && kind && name ? `${kind} ${name}` : undefined;
  return {
    measure,
    direction,
    scope: { service, environment, operation, model, fingerprint, ...(provider !== undefined && { provider }) },
  };
}

const NUMBERS: Partial<Record<Measure, string>> = {
  duration: 'duration_ms',
  cost: 'cost_nano_usd',
  calls: 'arraySum(mapValues(calls))',
  tokens: 'ifNull(usage_input_uncached, 0) + ifNull(usage_cache_read, 0) + ifNull(usage_cache_write, 0) + ifNull(usage_output, 0) + ifNull(usage_reasoning, 0)',
  first_token: 'time_to_first_token_ms',
  cache: 'cache_read_share',
}; // prettier-ignore

/** The number that bad turns have too much (or too little) of; null where turns are bad or not. */
export const numberIn = ({ measure, scope }: Subject): string | null =>
  measure === 'duration' && scope.operation !== undefined ? 'self_time_ms[{operation:String}]' : (NUMBERS[measure] ?? null);

/** Whether a turn is bad, where no threshold is needed. */
export function badCondition({ measure, scope }: Subject): string {
  switch (measure) {
    case 'errors':
      if (scope.fingerprint !== undefined) return 'has(error_fingerprints, {fingerprint:String})';
      return scope.operation === undefined
        ? "(status = 'error' OR outcome = 'error')"
        : 'arrayExists(e -> e.callee = {operation:String} AND e.errors > 0, edges)';
    case 'unhelped':
      return "outcome IN ('error', 'abandoned', 'transferred', 'refused')";
    case 'abandoned':
      return "outcome = 'abandoned'";
    case 'retries':
      return 'retries > 0';
    default:
      return '0';
  }
}

/** Turns that the question is about. */
export function scopeCondition({ measure, scope }: Subject): string {
  const { service, environment, operation, model, provider } = scope;
  return [
    ...(service === undefined ? [] : ['service_name = {service:String}']),
    ...(environment === undefined ? [] : ['deployment_environment = {environment:String}']),
    ...(operation === undefined
      ? []
      : ['(arrayExists(e -> e.callee = {operation:String}, edges) OR mapContains(self_time_ms, {operation:String}))']),
    ...(provider === undefined ? [] : ['has(providers, {provider:String})']),
    ...(model === undefined ? [] : ['has(models, {model:String})']),
    ...(measure === 'unhelped' ? ["outcome != 'unknown'"] : []),
    ...(['cost', 'first_token', 'cache'].includes(measure) ? [`${NUMBERS[measure] ?? ''} IS NOT NULL`] : []),
  ].join(' AND ');
}

export const scopeParams = ({ scope }: Subject): Record<string, string> =>
  Object.fromEntries(Object.entries(scope).filter((entry): entry is [string, string] => entry[1] !== undefined));

/** Words for a person. */
export const BAD_TURNS: Readonly<Record<Measure, string>> = {
  duration: 'slow turns',
  errors: 'failing turns',
  cost: 'expensive turns',
  unhelped: 'turns without an answer',
  abandoned: 'abandoned turns',
  calls: 'turns with many calls',
  retries: 'turns with retries',
  tokens: 'turns with many tokens',
  first_token: 'turns that begin to answer late',
  cache: 'turns that read little from the cache',
  traffic: 'turns since the onset',
};
