import { axisOf, hasValue } from './dimensions';
import { exploreOf } from './explore-link';
import { serviceOf } from './overview';
import { type Candidate, type Opened } from './panel';
import { EVENTS, MEASURES, rankingSql, type Scope, seriesSql, whereOf } from './panel-sql';
import { type KindShape, type Shape } from './shape';
import { countWords, shareWords } from './words';

const P95 = { measure: 'duration_ms', aggregation: 'p95' } as const;
type Sum = keyof Omit<KindShape, 'kind'>;

/** Panels for what only some bots have: tools, retrievals, scores, decisions, streams, caches, logs. */
export function kindPanels(scope: Scope, shape: Shape): Candidate[] {
  const sum = (of: Sum, ...kinds: readonly string[]): number =>
    shape.kinds.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind)).reduce((all, kind) => all + kind[of], 0);
  const valuesOf = (name: string): number => shape.dimensions.find((one) => one.name === name)?.distinct ?? 0;
  const whole = Math.max(1, shape.turns.rows, ...shape.kinds.map(({ rows }) => rows));
  const part = (rows: number): number => Math.min(1, rows / whole);
  const axis = (name: string): string => axisOf(name)?.column ?? "''";
  const only = (name: string): string => hasValue(axisOf(name) ?? { of: 'events', words: '', column: "''", field: '' });
  const events = (...more: readonly string[]): string => whereOf(scope, EVENTS, ...more);
  const explore = (by: string, filters: Readonly<Record<string, string>> = {}, measure = {}): Opened =>
    exploreOf(scope, { filters, ...(by !== '' && { by }), ...measure });
  const byIf = (isMany: boolean, column: string) => (isMany ? { by: column } : {});
  const [calls, tokens] = [sum('rows', 'llm', 'embedding'), sum('tokens')];
  const manyModels = valuesOf('model') > 1;
  const byModel = manyModels ? ', by model' : '';

  const candidates: readonly (Candidate | false)[] = [
    valuesOf('tool') > 1 && {
      id: 'tools', title: 'Which tools are called, and how do they fare?',
      why: `${countWords(sum('rows', 'tool'), 'call')} of ${valuesOf('tool')} tools; a slow or failing one shows in every turn that needs it.`,
      form: 'table', unit: 'count', open: explore('tool_name', { kind: 'tool' }), score: 0.5 + 0.2 * part(sum('rows', 'tool')),
      sql: rankingSql({ source: EVENTS, where: events(only('tool')), by: { tool: 'tool_name' }, values: { calls: 'round(sum(sampling_weight))', failed_share: MEASURES.failed, p95_ms: MEASURES.p95, cost_usd: MEASURES.usd }, order: 'calls DESC, tool' }),
    },
    manyModels && {
      id: 'models', title: 'Which models answer, and what do they cost?',
      why: `${valuesOf('model')} models share ${countWords(calls, 'call')}; the same work may be cheaper or faster elsewhere.`,
      form: 'table', unit: 'count', open: explore('response_model', { kind: 'llm' }), score: 0.45 + 0.2 * part(calls),
      sql: rankingSql({ source: EVENTS, where: events(only('model')), by: { model: axis('model') }, values: { calls: 'round(sum(sampling_weight))', failed_share: MEASURES.failed, p95_ms: MEASURES.p95, cost_usd: MEASURES.usd }, order: 'calls DESC, model' }),
    },
    sum('errors') > 0 && {
      id: 'errors', title: 'Which errors come back?',
      why: `${countWords(sum('errors'), 'error')}; those of one class and service usually have one cause.`,
      form: 'table', unit: 'count', open: explore('error_type', { status: 'error' }), score: 0.4 + 0.3 * part(5 * sum('errors')),
      sql: rankingSql({ source: EVENTS, where: events("status = 'error'"), by: { error: "if(error_type = '', '(no class)', error_type)", operation: "concat(kind, ' ', name)" }, values: { times: 'round(sum(sampling_weight))', turns: 'uniqExact(trace_id)' }, order: 'times DESC, error, operation' }),
    },
    shape.services.length > 1 && {
      id: 'services', title: 'How do the services fare beside each other?',
      why: `${shape.services.length} services were seen; their traffic, failures and cost in one look.`,
      form: 'table', unit: 'count', open: explore('service_name'), score: 0.5,
      sql: rankingSql({ source: EVENTS, where: events(), by: { service: 'service_name' }, values: { turns: "round(sumIf(sampling_weight, kind = 'turn'))", events: 'round(sum(sampling_weight))', failed_share: MEASURES.failed, cost_usd: MEASURES.usd }, order: 'turns DESC, events DESC, service' }),
    },
    sum('scored') > 0 && {
      id: 'scores', title: `How good are the answers${valuesOf('score') > 1 ? ', by score' : ''}?`,
      why: `${countWords(sum('scored'), 'score')} of evaluators and people: the mean of each over time.`,
      form: 'line', unit: 'score', open: explore('score_name', {}, { measure: 'score_value', aggregation: 'avg' }), score: 0.6 + 0.2 * part(sum('scored')),
      sql: seriesSql({ source: EVENTS, where: events(only('score'), 'score_value IS NOT NULL'), by: 'score_name', values: { mean: 'sum(score_value * sampling_weight) / sum(sampling_weight)' } }),
    },
    sum('rows', 'retrieval') > 0 && {
      id: 'retrievals', title: 'How long do retrievals take (p95)?',
      why: `${countWords(sum('rows', 'retrieval'), 'retrieval')}; an answer that rests on documents waits for them.`,
      form: 'line', unit: 'ms', open: explore('name', { kind: 'retrieval' }, P95), score: 0.3 + 0.3 * part(sum('rows', 'retrieval')),
      sql: seriesSql({ source: EVENTS, where: events("kind = 'retrieval'"), ...byIf(valuesOf('retrieval') > 1, 'name'), values: { p95: MEASURES.p95 } }),
    },
    sum('streamed') > 0 && {
      id: 'first-token', title: `How long until the first token (p95)${byModel}?`,
      why: `${countWords(sum('streamed'), 'streamed call')}; people see nothing before the first token.`,
      form: 'line', unit: 'ms', open: explore('response_model', { kind: 'llm' }, { measure: 'time_to_first_token_ms', aggregation: 'p95' }), score: 0.3 + 0.25 * part(sum('streamed')),
      sql: seriesSql({ source: EVENTS, where: events('time_to_first_token_ms IS NOT NULL'), ...byIf(manyModels, axis('model')), values: { p95: 'quantileTDigest(0.95)(time_to_first_token_ms)' } }),
    },
    tokens > 0 && {
      id: 'tokens', title: 'How many tokens an hour go in and come out?',
      why: `${countWords(tokens, 'token')}; long prompts cost and slow every call.`,
      form: 'area', unit: 'tokens', open: explore('', { kind: 'llm' }, { measure: 'usage_input_uncached', aggregation: 'sum' }), score: 0.25,
      sql: seriesSql({ source: EVENTS, where: events("kind IN ('llm', 'embedding')"), values: { input: 'sum((ifNull(usage_input_uncached, 0) + ifNull(usage_cache_write, 0)) * sampling_weight) * 3600 / $__interval_s', from_cache: 'sum(ifNull(usage_cache_read, 0) * sampling_weight) * 3600 / $__interval_s', output: 'sum((ifNull(usage_output, 0) + ifNull(usage_reasoning, 0)) * sampling_weight) * 3600 / $__interval_s' } }),
    },
    sum('cached') > 0 && {
      id: 'cache', title: `What share of the input is read from a cache${byModel}?`,
      why: `${shareWords(sum('cached') / Math.max(1, tokens))} of all tokens came from a cache; where it falls, cost rises.`,
      form: 'line', unit: 'share', open: explore('response_model', { kind: 'llm' }, { measure: 'usage_cache_read', aggregation: 'sum' }), score: 0.3,
      sql: seriesSql({ source: EVENTS, where: events("kind = 'llm'"), ...byIf(manyModels, axis('model')), values: { cached: 'sum(ifNull(usage_cache_read, 0)) / nullIf(sum(ifNull(usage_input_uncached, 0) + ifNull(usage_cache_read, 0) + ifNull(usage_cache_write, 0)), 0)' } }),
    },
    sum('decided') > 0 && {
      id: 'decisions', title: 'What do agents decide?',
      why: `${countWords(sum('decided'), 'recorded decision')}; a mix that shifts changes everything after it.`,
      form: 'bar', unit: 'per_minute', open: explore('decision_chosen'), score: 0.3 + 0.2 * part(sum('decided')),
      sql: seriesSql({ source: EVENTS, where: events(only('decision')), by: 'decision_chosen', values: { decisions: MEASURES.perMinute } }),
    },
    sum('warned') > 0 && {
      id: 'logs', title: 'How many warnings and errors are logged a minute?',
      why: `${countWords(sum('warned'), 'line')} of severity warn and above; many bots say there first that something is wrong.`,
      form: 'bar', unit: 'per_minute', open: explore('severity', { kind: 'log' }), score: 0.3 + 0.2 * part(sum('warned')),
      sql: seriesSql({ source: EVENTS, where: events("severity IN ('warn', 'error', 'fatal')"), by: 'severity', values: { lines: MEASURES.perMinute } }),
    },
    sum('unpriced') > 0 && {
      id: 'unpriced', title: 'What share of the calls of models has no price?',
      why: `${Math.round(sum('unpriced')).toLocaleString('en-US')} of ${countWords(calls, 'call')} without one: they are missing from every figure of cost.`,
      form: 'line', unit: 'share', open: explore('response_model', { kind: 'llm' }), score: 0.2 + 0.4 * (sum('unpriced') / Math.max(1, calls)),
      sql: seriesSql({ source: EVENTS, where: events("kind IN ('llm', 'embedding')"), values: { unpriced: 'sumIf(sampling_weight, cost_nano_usd IS NULL) / nullIf(sum(sampling_weight), 0)' } }),
    },
  ]; // prettier-ignore
  return candidates.filter((one) => one !== false).map((one) => ({ ...one, ...serviceOf(scope) }));
}
