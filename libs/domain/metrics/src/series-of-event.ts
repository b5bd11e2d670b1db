import { type EventRecord, tokensIn, USAGE_BUCKETS } from '@telltale/contracts';

/** One value that an event adds to one series. `dimensions` alternates names and values. */
export type SeriesValue = (metric: string, dimensions: readonly string[], value: number, isError: boolean) => void;

/** Kinds of operations inside a turn. */
const OPERATIONS: ReadonlySet<string> = new Set([
  'llm', 'tool', 'retrieval', 'embedding', 'rerank', 'agent', 'chain', 'guardrail', 'evaluator', 'mcp',
]); // prettier-ignore

/** Yields the series of an event. This is the only definition of which metrics exist. */
export function seriesOf(event: EventRecord, add: SeriesValue): void {
  const { service_name: service, service_version: version, kind } = event;
  const isError = event.status === 'error';
  if (event.duration_ms !== null && OPERATIONS.has(kind))
    add('operation.duration', ['service_name', service, 'kind', kind, 'name', event.name], event.duration_ms, isError);
  if (version && kind !== 'log') add('service.version', ['service_name', service, 'service_version', version], 1, isError);
  if (kind === 'llm' || kind === 'embedding') {
    const model = ['service_name', service, 'model', event.response_model || event.request_model];
    if (event.cost_nano_usd !== null) add('llm.cost', model, event.cost_nano_usd, isError);
    const tokens = tokensIn(event, USAGE_BUCKETS);
    if (tokens !== null) add('llm.tokens', model, tokens, isError);
  } else if (kind === 'log') {
    const isBad = event.severity === 'error' || event.severity === 'fatal';
    add('log.count', ['service_name', service, 'severity', event.severity], 1, isBad);
    if (isBad && event.log_template_id)
      add('log.template', ['service_name', service, 'log_template_id', event.log_template_id], 1, true);
  }
  if (isError && event.error_fingerprint)
    add('error.count', ['service_name', service, 'error_fingerprint', event.error_fingerprint], 1, true);
  if (event.score_name !== '' && event.score_value !== null)
    add('score', ['service_name', service, 'score_name', event.score_name], event.score_value, event.score_label === 'fail');
}
