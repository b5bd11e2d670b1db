import { type Dimension, DIMENSIONS, isDimension, type Value } from '@telltale/domain-rootcause';
import { DAY_MS, MINUTE_MS } from '@telltale/kernel';
import { type RowsOf } from '../define/definition';
import { badCondition, scopeCondition, scopeParams, type Subject } from './subject';

// Turns of the two periods as the engine counts them: whether they are bad, whether they came since the onset, and the values they have.

export interface Compared {
  readonly since: number;
  readonly onset: number;
  readonly until: number;
}

/** From this many turns on a sample by hash is looked at. */
const MAX_TURNS = 150_000;
/** Between a dimension and its value. */
const BETWEEN = '\u001f';
const moment = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;
const tags = (dimension: string, list: string): string => `arrayMap(v -> concat('${dimension}', char(31), v), ${list})`;
const tag = (dimension: string, value: string): string => tags(dimension, `[${value}]`);
const pairs = (map: string): string => `arrayMap((k, v) -> concat(k, '=', v), mapKeys(${map}), mapValues(${map}))`;

const PROMPT_LENGTH = "if(max_context_tokens IS NULL, '', multiIf(max_context_tokens < 1000, 'under 1k tokens', max_context_tokens < 4000, '1k to 4k tokens', max_context_tokens < 16000, '4k to 16k tokens', max_context_tokens < 64000, '16k to 64k tokens', 'over 64k tokens'))"; // prettier-ignore
const CACHE_SHARE = "if(cache_read_share IS NULL, '', multiIf(cache_read_share = 0, 'none', cache_read_share < 0.5, 'under a half', 'a half or more'))"; // prettier-ignore
const STAGE = "if(turn_number IS NULL, '', multiIf(turn_number <= 1, 'first turn', turn_number <= 4, 'turn 2 to 4', 'turn 5 or later'))"; // prettier-ignore
const SINCE_DEPLOY = `if(empty({deploys:Array(String)}), '', transform(arrayFirstIndex(m -> dateDiff('minute', arrayMax(arrayFilter(d -> d <= ts, arrayMap(d -> fromUnixTimestamp64Milli(toInt64(d), 'UTC'), {deploys:Array(String)}))), ts) < m, [15, 60, 360, 1440]), [1, 2, 3, 4], ['under 15 min', 'under 1 h', 'under 6 h', 'under 1 d'], 'over 1 d'))`; // prettier-ignore
const KNOWN_USER = `if(user_id = '', '', if(user_id IN (SELECT user_id FROM telltale.turns WHERE tenant = {tenant:String} AND user_id != '' AND first_minute >= ${moment('known_since')} AND first_minute < ${moment('since')} LIMIT 500000), 'returning', 'new'))`; // prettier-ignore
/** A returning user was seen in this time before. */
const KNOWN_MS = 7 * DAY_MS;

/** Values of a turn by dimension. A version belongs to its service where several are looked at. */
const tagsBy = ({ scope }: Subject): Readonly<Record<Dimension, string>> => ({
  version: tag('version', `if(service_version = '', '', ${scope.service === undefined ? "concat(service_name, ' ', service_version)" : 'service_version'})`),
  release: tag('release', 'toString(release)'),
  prompt_version: tags('prompt_version', 'prompt_versions'),
  flag: tags('flag', pairs('feature_flags')),
  model: tags('model', 'models'),
  provider: tags('provider', 'providers'),
  tool: tags('tool', 'tools'),
  agent: tags('agent', 'agents'),
  region: tag('region', 'toString(region)'),
  environment: tag('environment', 'toString(deployment_environment)'),
  service: tag('service', 'toString(service_name)'),
  intent: tag('intent', 'toString(intent)'),
  language: tag('language', "if(language = 'und', '', toString(language))"),
  user: tag('user', 'user_id'),
  user_cohort: tag('user_cohort', KNOWN_USER),
  dimension: tags('dimension', pairs('dimensions')),
  prompt_length: tag('prompt_length', PROMPT_LENGTH),
  cache_share: tag('cache_share', CACHE_SHARE),
  since_deploy: tag('since_deploy', SINCE_DEPLOY),
  session_stage: tag('session_stage', STAGE),
  fingerprint: tags('fingerprint', 'error_fingerprints'),
  template: tags('template', 'log_template_ids'),
}); // prettier-ignore

/** Every value of a turn in some dimensions, without the empty ones. */
function tagsOf(subject: Subject, dimensions: readonly Dimension[]): string {
  const by = tagsBy(subject);
  const lists = dimensions.map((dimension) => by[dimension]);
  return lists.length === 0
    ? 'emptyArrayString()'
    : `arrayDistinct(arrayFilter(t -> NOT endsWith(t, char(31)), arrayConcat(${lists.join(', ')})))`;
}

export const ALL_DIMENSIONS = Object.keys(DIMENSIONS) as Dimension[];
/** The dimensions of some values, each once. */
export const dimensionsOf = (values: readonly Value[]): Dimension[] => [...new Set(values.map(({ dimension }) => dimension))];

const FIRST_MINUTE_SLACK_MS = DAY_MS;

/** The turns of a question. `bad`: the condition where it needs a threshold. */
export function turnRowsOf(subject: Subject, { since, onset, until }: Compared, bad = badCondition(subject)) {
  const scope = scopeCondition(subject);
  const params = {
    ...scopeParams(subject),
    since,
    onset,
    until,
    first_minute: Math.floor(since / MINUTE_MS) * MINUTE_MS,
    last_minute: until + FIRST_MINUTE_SLACK_MS,
    known_since: since - KNOWN_MS,
  };
  const where = `ts >= ${moment('since')} AND ts < ${moment('until')}${scope === '' ? '' : ` AND ${scope}`}`;
  const source = `telltale.turns FINAL PREWHERE tenant = {tenant:String} AND first_minute >= ${moment('first_minute')} AND first_minute < ${moment('last_minute')}`;
  return {
    params,
    bad,
    isAfter: `ts >= ${moment('onset')}`,
    tagsOf: (dimensions: readonly Dimension[]): string => tagsOf(subject, dimensions),
    from: (columns: Readonly<Record<string, string>>, sampled = 1): string =>
      `(SELECT ${Object.entries(columns).map(([name, expression]) => `${expression} AS ${name}`).join(', ')} FROM ${source} WHERE ${where}${sampled > 1 ? ` AND cityHash64(turn_id) % ${sampled} = 0` : ''})`,
  };
} // prettier-ignore

/** Of how many turns one is looked at. */
export async function samplingOf(rowsOf: RowsOf, subject: Subject, compared: Compared, most = MAX_TURNS): Promise<number> {
  const { from, params } = turnRowsOf(subject, compared);
  const [counted] = await rowsOf({ sql: `SELECT count() AS n FROM ${from({ one: '1' })}`, params });
  return Math.max(1, Math.ceil(Number(counted?.['n'] ?? 0) / most));
}

export const tagOf = ({ dimension, value }: Value): string => `${dimension}${BETWEEN}${value}`;

/** null for a dimension that is none of ours. */
export function valueOfTag(text: string): Value | null {
  const at = text.indexOf(BETWEEN);
  const dimension = text.slice(0, at);
  return isDimension(dimension) ? { dimension, value: text.slice(at + 1) } : null;
}
