import { exploreOf } from './explore-link';
import { type Panel } from './panel';
import {
  EVENTS,
  literal,
  MEASURES,
  rankingSql,
  type Scope,
  seriesSql,
  type Source,
  TURNS,
  UNHELPED,
  whereOf,
  WINDOWS,
} from './panel-sql';
import { serviceOf } from './overview';
import { countWords, named, printable } from './words';

/** A series that an incident is about. */
export interface Moved {
  readonly series: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly direction: string;
  readonly summary: string;
}
/** What sets the affected turns apart, as far as it is known. */
export interface Cause {
  readonly values: readonly { readonly dimension: string; readonly value: string }[];
  /** `<kind> <name>` of the operation where it happens. */
  readonly operation: string | null;
  readonly measure: string | null;
  readonly sentence: string;
}

const MOST_MOVED = 4;
const COUNT = 'sum(count) * 60 / $__interval_s';
const MEAN = 'sum(sum) / nullIf(sum(count), 0)';

interface Drawn {
  readonly unit: Panel['unit'];
  readonly words: string;
  readonly values: Readonly<Record<string, string>>;
}
const ERRORS: Drawn = { unit: 'share', words: 'the share that fails', values: { failed: 'sum(errors) / nullIf(sum(count), 0)' } };
const TIME: Drawn = { unit: 'ms', words: 'how long it takes', values: { mean: MEAN, p95: 'max(p95)' } };
const DRAWN: readonly (readonly [RegExp, Drawn])[] = [
  [/\.error_ratio$/, ERRORS],
  [/\.(duration|time_to_first_token)$/, TIME],
  [/\.(unhelped|cache_read_share)$/, { unit: 'share', words: 'the share', values: { share: MEAN } }],
  [/\.cost$/, { unit: 'usd', words: 'what one costs', values: { mean: 'sum(sum) / 1e9 / nullIf(sum(count), 0)' } }],
  [/\.tokens$/, { unit: 'tokens', words: 'how many tokens one takes', values: { mean: MEAN } }],
  [/\.count$/, { unit: 'per_minute', words: 'how many there are', values: { times: COUNT } }],
];
const OTHER: Drawn = { unit: 'score', words: 'its mean', values: { mean: MEAN } };
const drawnOf = (metric: string): Drawn => DRAWN.find(([pattern]) => pattern.test(metric))?.[1] ?? OTHER;

const subjectOf = (dimensions: Moved['dimensions']): string =>
  printable(Object.values(dimensions).filter((value) => value !== '').map(named).join(' · '), 140) || 'everything'; // prettier-ignore

/** A series as it went. Series of errors are those of what fails: their windows have another metric of the same family. */
function movedPanel(tenant: string, { series, metric, dimensions, direction, summary }: Moved): Panel {
  const { unit, words, values } = drawnOf(metric);
  const family = metric.slice(0, metric.indexOf('.') + 1);
  const { service_name: service = '', kind = '', name = '' } = dimensions;
  return {
    id: `series-${series}`,
    title: `How did ${metric} of ${subjectOf(dimensions)} go?`,
    why: `The incident is about it: ${words} went ${direction === 'down' ? 'down' : 'up'}. ${summary}`,
    form: unit === 'per_minute' ? 'bar' : 'line',
    unit,
    sql: seriesSql({ source: WINDOWS, where: whereOf({ tenant, services: [] }, WINDOWS, `startsWith(metric, ${literal(family)})`, `series_id = ${literal(series)}`), values }),
    ...(service !== '' && { service }),
    open: exploreOf({ tenant, services: service === '' ? [] : [service] }, { filters: kind === '' ? {} : { kind, ...(name !== '' && { name }) } }),
  };
} // prettier-ignore

const pairIn = (map: string, value: string): string => `has(arrayMap((k, v) -> concat(k, '=', v), mapKeys(${map}), mapValues(${map})), ${literal(value)})`; // prettier-ignore
const listed = (column: string) => (value: string) => `has(${column}, ${literal(value)})`;
const equal = (column: string) => (value: string) => `${column} = ${literal(value)}`;
/** Whether a turn has a value, by the dimension of the cause. */
const HAS: Readonly<Record<string, (value: string) => string>> = {
  version: (value) => `(service_version = ${literal(value)} OR concat(service_name, ' ', service_version) = ${literal(value)})`,
  release: equal('release'),
  region: equal('region'),
  environment: equal('deployment_environment'),
  service: equal('service_name'),
  intent: equal('intent'),
  language: equal('language'),
  user: equal('user_id'),
  prompt_version: listed('prompt_versions'),
  model: listed('models'),
  provider: listed('providers'),
  tool: listed('tools'),
  agent: listed('agents'),
  fingerprint: listed('error_fingerprints'),
  template: listed('log_template_ids'),
  flag: (value) => pairIn('feature_flags', value),
  dimension: (value) => pairIn('dimensions', value),
};

const BAD: Readonly<Record<string, readonly [string, string, Panel['unit']]>> = {
  errors: ['What share of turns fails', "sumIf(sampling_weight, status = 'error' OR outcome = 'error') / nullIf(sum(sampling_weight), 0)", 'share'],
  abandoned: ['What share of turns is abandoned', "sumIf(sampling_weight, outcome = 'abandoned') / nullIf(sum(sampling_weight), 0)", 'share'],
  unhelped: ['What share of turns ends without what was asked for', `sumIf(sampling_weight, ${UNHELPED}) / nullIf(sumIf(sampling_weight, outcome != 'unknown'), 0)`, 'share'],
  retries: ['What share of turns calls something again', 'sumIf(sampling_weight, retries > 0) / nullIf(sum(sampling_weight), 0)', 'share'],
  cost: ['What does a turn cost', MEASURES.usdEach, 'usd'],
  calls: ['How many calls does a turn make', "avg(arraySum(mapValues(calls)))", 'score'],
  tokens: ['How many tokens does a turn take', 'avg(ifNull(usage_input_uncached, 0) + ifNull(usage_cache_read, 0) + ifNull(usage_output, 0))', 'tokens'],
  first_token: ['How long until the first token (p95)', 'quantileTDigest(0.95)(time_to_first_token_ms)', 'ms'],
  cache: ['What share of the input is read from a cache', 'avg(cache_read_share)', 'share'],
  duration: ['How long does a turn take (p95)', MEASURES.p95, 'ms'],
}; // prettier-ignore

/** The turns that the cause affects beside all others. */
function affectedPanels(scope: Scope, { values, operation, measure, sentence }: Cause): Panel[] {
  const conditions = values.flatMap(({ dimension, value }) => HAS[dimension]?.(value) ?? []);
  const [title, expression, unit] = BAD[measure ?? ''] ?? BAD['duration'] ?? ['', '1', 'score'];
  const label = values.map(({ dimension, value }) => `${dimension} ${named(value)}`).join(' and ');
  const by = `if(${conditions.join(' AND ')}, 'affected', 'all others')`;
  const where = whereOf(scope, TURNS);
  const panelOf = (id: string, asked: string, value: string, of: Panel['unit'], form: Panel['form']): Panel => ({
    id, title: `${asked}, with ${label} and without?`, why: `${printable(sentence, 400)} Affected are turns with ${label}.`, form, unit: of,
    sql: seriesSql({ source: TURNS, where, by, values: { value } }), ...serviceOf(scope), open: { page: 'turns', params: { ...serviceOf(scope) } },
  }); // prettier-ignore
  const of = operation === null ? [] : operationPanel(scope, operation);
  if (conditions.length === 0 || conditions.length < values.length) return of;
  return [panelOf('affected', title, expression, unit, 'line'), panelOf('affected-traffic', 'How many turns a minute', MEASURES.perMinute, 'per_minute', 'bar'), ...of];
} // prettier-ignore

function operationPanel(scope: Scope, operation: string): Panel[] {
  const [kind = '', ...rest] = operation.split(' ');
  const name = rest.join(' ');
  const where = whereOf(scope, EVENTS, `kind = ${literal(kind)}`, `(name = ${literal(name)} OR tool_name = ${literal(name)})`);
  return [
    {
      id: 'operation',
      title: `How long does ${named(operation)} take, and how often does it fail?`,
      why: 'It is the operation within the turn where it happens.',
      form: 'line',
      unit: 'ms',
      sql: seriesSql({ source: EVENTS, where, values: { median: MEASURES.p50, p95: MEASURES.p95 } }),
      ...serviceOf(scope),
      open: exploreOf(scope, { filters: { kind }, by: 'name', measure: 'duration_ms', aggregation: 'p95' }),
    },
    {
      id: 'operation-failed',
      title: `What share of ${named(operation)} fails?`,
      why: 'What fails is called again, and its callers wait.',
      form: 'line',
      unit: 'share',
      sql: seriesSql({ source: EVENTS, where, values: { failed: MEASURES.failed } }),
      ...serviceOf(scope),
      open: exploreOf(scope, { filters: { kind, status: 'error' }, by: 'name' }),
    },
  ];
}

const DEPLOYS: Source = { from: 'telltale.deploys', time: 'at' };
function deployPanel(scope: Scope, deploys: number): Panel[] {
  if (deploys === 0) return [];
  return [
    {
      id: 'deploys',
      title: 'What was deployed around it?',
      why: `${countWords(deploys, 'change')} of its services near the onset; what changed just before is looked at first.`,
      form: 'table',
      unit: 'count',
      sql: rankingSql({ source: DEPLOYS, where: whereOf(scope, DEPLOYS), by: { first_at: 'at', service: 'service_name', kind: 'kind', change: 'version' }, values: { reports: 'count()' }, order: 'first_at DESC, service, change' }),
      ...serviceOf(scope),
      open: { page: 'incidents', params: {} },
    },
  ];
} // prettier-ignore

/** What an incident needs looked at first: what moved, whom it affects, what changed. */
export const incidentPanels = (scope: Scope, moved: readonly Moved[], cause: Cause | null, deploys: number): Panel[] => [
  ...(cause ? affectedPanels(scope, cause) : []),
  ...moved.slice(0, MOST_MOVED).map((one) => movedPanel(scope.tenant, one)),
  ...deployPanel(scope, deploys),
];
