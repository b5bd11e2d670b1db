import { promptVersionOf, USAGE_BUCKETS, type UsageBucket } from '@telltale/contracts';
import { type StoredCall } from '@telltale/domain-cost';
import { type PricedCall, pricedCallOf } from '@telltale/domain-pricing';
import { type RowStore } from '@telltale/streaming';
import { HOUR_MS } from '@telltale/kernel';
import { type Row, textOf } from '../define/row-values';

/** Half-open range of the time of calls of a tenant, ms since the epoch. */
export interface CallRange {
  readonly tenant: string;
  readonly from: number;
  readonly to: number;
}

/** A stored call, and what its price depends on. */
export interface CallToPrice {
  readonly stored: StoredCall;
  readonly priced: PricedCall;
}

const PAGE = 5_000;
const OPTIONS = { comment: 'telltale.costs reprice', limitSeconds: 30 };
const TIME = (name: string): string => `fromUnixTimestamp64Milli({${name}:Int64}, 'UTC')`;

const HOURS = `SELECT toUnixTimestamp(toStartOfHour(toDateTime(ts, 'UTC'))) * 1000 AS hour FROM telltale.events
WHERE tenant = {tenant:String} AND kind IN ('llm', 'embedding') AND ts >= ${TIME('from')} AND ts < ${TIME('to')} GROUP BY hour ORDER BY hour`;

/** The lower bound moves along, so that each page reads from where the one before ended. */
const CALLS = `SELECT e.id AS id, toUnixTimestamp64Milli(e.ts) AS at, e.service_name AS service_name, e.provider AS provider, e.request_model AS request_model,
  e.response_model AS response_model, e.kind AS kind, e.name AS name, e.tool_name AS tool_name,
  e.trace_id AS trace_id, e.deployment_environment AS deployment_environment, e.service_version AS service_version, e.prompt_name AS prompt_name,
  e.prompt_version AS prompt_version, e.user_id AS user_id, e.agent_name AS agent_name, e.region AS region, e.release AS release, e.usage_estimated AS usage_estimated, e.backfill AS backfill, e.sampling_weight AS sampling_weight, e.cost_nano_usd AS cost_nano_usd,
  e.price_version AS price_version, e.service_tier AS service_tier, ${USAGE_BUCKETS.map((name) => `e.${name} AS ${name}`).join(', ')},
  c.times AS times, c.corrected AS corrected
FROM telltale.events AS e
LEFT JOIN (SELECT event_id, count() AS times, argMax(cost_nano_usd_after, corrected_at) AS corrected FROM telltale.cost_corrections
  WHERE tenant = {tenant:String} AND hour = toDateTime({hour:UInt32}, 'UTC') GROUP BY event_id) AS c ON c.event_id = e.id
WHERE e.tenant = {tenant:String} AND e.kind IN ('llm', 'embedding') AND e.ts >= ${TIME('from')} AND e.ts < ${TIME('to')}
  AND (toUnixTimestamp64Milli(e.ts), e.id) > ({from:Int64}, {after:String})
ORDER BY e.ts, e.id LIMIT ${PAGE}`;

const isTrue = (row: Row, name: string): boolean => row[name] === true || row[name] === 1;
const countOf = (row: Row, name: string): number | null => (row[name] == null ? null : Number(row[name]));

function callOf(tenant: string, row: Row): CallToPrice {
  const at = Number(row['at']);
  const counts = Object.fromEntries(USAGE_BUCKETS.map((name) => [name, countOf(row, name)])) as Record<
    UsageBucket,
    number | null
  >;
  const own = {
    provider: textOf(row, 'provider'),
    request_model: textOf(row, 'request_model'),
    response_model: textOf(row, 'response_model'),
    service_tier: textOf(row, 'service_tier'),
  };
  return {
    priced: pricedCallOf({ ...own, ...counts }, at),
    stored: {
      tenant,
      id: textOf(row, 'id'),
      at,
      service_name: textOf(row, 'service_name'),
      provider: own.provider,
      model: own.response_model || own.request_model,
      kind: textOf(row, 'kind'),
      name: textOf(row, 'name'),
      tool_name: textOf(row, 'tool_name'),
      trace_id: textOf(row, 'trace_id'),
      deployment_environment: textOf(row, 'deployment_environment'),
      service_version: textOf(row, 'service_version'),
      prompt_version: promptVersionOf({ prompt_name: textOf(row, 'prompt_name'), prompt_version: textOf(row, 'prompt_version') }),
      user_id: textOf(row, 'user_id'),
      agent_name: textOf(row, 'agent_name'),
      region: textOf(row, 'region'),
      release: textOf(row, 'release'),
      estimated: isTrue(row, 'usage_estimated'),
      backfill: isTrue(row, 'backfill'),
      sampling_weight: Number(row['sampling_weight']),
      cost_nano_usd: countOf(row, 'cost_nano_usd'),
      price_version: textOf(row, 'price_version'),
      corrected_nano_usd: Number(row['times']) > 0 ? Number(row['corrected']) : null,
    },
  };
}

/** Calls of a range in order of time, a page at a time. `before` is awaited before each page is read. */
export async function* storedCalls(
  rows: Pick<RowStore, 'query'>,
  { tenant, from, to }: CallRange,
  before: () => Promise<void>,
): AsyncGenerator<CallToPrice[]> {
  for (const { hour } of await rows.query<Row>(HOURS, { tenant, from, to }, OPTIONS)) {
    const start = Number(hour);
    const end = Math.min(to, start + HOUR_MS);
    let last = { from: Math.max(from, start), after: '' };
    for (;;) {
      await before();
      const page = await rows.query<Row>(CALLS, { tenant, to: end, hour: start / 1000, ...last }, OPTIONS);
      yield page.map((row) => callOf(tenant, row));
      const final = page.at(-1);
      if (!final || page.length < PAGE) break;
      last = { from: Number(final['at']), after: textOf(final, 'id') };
    }
  }
}
