import { type EventRecord, isNamedAlike, tokensIn, USAGE_BUCKETS } from '@telltale/contracts';

/**
 * One value that an event adds to one series. `dimensions` alternates names and values. `part`: of a series over all services, whose value it
 * is: the service, and the operation where there are several.
 */
export type SeriesValue = (
  metric: string,
  dimensions: readonly string[],
  value: number,
  isError: boolean,
  part?: readonly string[],
) => void;

/** Kinds of operations inside a turn. */
const OPERATIONS: ReadonlySet<string> = new Set([
  'llm', 'tool', 'retrieval', 'embedding', 'rerank', 'agent', 'chain', 'guardrail', 'evaluator', 'mcp',
]); // prettier-ignore

/** Of what went into a call that reports its cache: the share that was read from it, 0 to 1. */
function cacheReadShare({ usage_input_uncached: fresh, usage_cache_read: read, usage_cache_write: write, usage_cache_write_1h: long }: EventRecord): number | null {
  if (read === null) return null;
  const all = read + (fresh ?? 0) + (write ?? 0) + (long ?? 0);
  return all > 0 ? read / all : null;
} // prettier-ignore

/** Whether other services of the tenant than the event's call the same operation. */
export type IsShared = (event: EventRecord) => boolean;

/** Yields the series of an event. This is the only definition of which metrics exist. */
export function seriesOf(event: EventRecord, add: SeriesValue, isShared: IsShared): void {
  const { service_name: service, service_version: version, kind } = event;
  const isError = event.status === 'error';
  if (event.duration_ms !== null && OPERATIONS.has(kind)) {
    const operation = ['kind', kind, 'name', event.name];
    add('operation.duration', ['service_name', service, ...operation], event.duration_ms, isError);
    // Over all services, so that an outage of what several of them call is one anomaly.
    if (isNamedAlike(kind) && isShared(event)) add('tenant.operation.duration', operation, event.duration_ms, isError, [service]);
    if (kind === 'llm' && event.provider)
      add('provider.duration', ['provider', event.provider], event.duration_ms, isError, [service, event.name]);
  }
  if (version && kind !== 'log') add('service.version', ['service_name', service, 'service_version', version], 1, isError);
  if (kind === 'llm' || kind === 'embedding') {
    const model = ['service_name', service, 'model', event.response_model || event.request_model];
    if (event.cost_nano_usd !== null) add('llm.cost', model, event.cost_nano_usd, isError);
    const tokens = tokensIn(event, USAGE_BUCKETS);
    if (tokens !== null) add('llm.tokens', model, tokens, isError);
    const { time_to_first_token_ms: first } = event;
    if (first !== null) add('llm.time_to_first_token', model, first, isError);
    const cached = cacheReadShare(event);
    if (cached !== null) add('llm.cache_read_share', model, cached, isError);
  } else if (kind === 'log') {
    const isBad = event.severity === 'error' || event.severity === 'fatal';
    add('log.count', ['service_name', service, 'severity', event.severity], 1, isBad);
    if (isBad && event.log_template_id)
      add(
        'log.template',
        ['service_name', service, 'severity', event.severity, 'log_template_id', event.log_template_id],
        1,
        true,
      );
  }
  if (isError && event.error_fingerprint)
    add('error.count', ['service_name', service, 'error_fingerprint', event.error_fingerprint], 1, true);
  if (event.score_name !== '' && event.score_value !== null)
    add('score', ['service_name', service, 'score_name', event.score_name], event.score_value, event.score_label === 'fail');
}
