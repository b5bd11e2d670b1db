import { USAGE_BUCKETS, type UsageBucket } from '@telltale/contracts';
import { builtInModels, costBandOf, type PriceBook, pricedCallOf } from '@telltale/domain-pricing';
import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { limitOf, periodOf, rangeParams } from '../define/params';
import { count } from '../define/row-fields';
import { filterBy, within } from '../define/where';
import { priceSourcesOf } from './price-sources';

const RANGE = { defaultMs: 7 * DAY_MS, maxMs: 31 * DAY_MS };
const ROWS = { fallback: 50, max: 200 };

const gap = z.object({
  provider: z.string(),
  model: z.string(),
  service_tier: z.string().describe('Empty: standard'),
  calls: count.describe('Weighted'),
  input_tokens: count,
  output_tokens: count,
  priced_now: z.boolean().describe('There is a price by now: telltale costs reprice puts it on these calls'),
  family: z.string().nullable().describe('Whose known models the band is of; null: no model of a known family'),
  family_models: count,
  least_nano_usd: count.nullable().describe('What these calls would cost at the cheapest known model of the family; an estimate'),
  most_nano_usd: count.nullable().describe('The same at the most expensive one'),
});

type Row = Readonly<Record<string, unknown>>;
const numberIn = (row: Row, name: string): number => Math.round(Number(row[name] ?? 0));
const INPUTS = ['usage_input_uncached', 'usage_cache_read', 'usage_cache_write', 'usage_cache_write_1h', 'usage_input_audio', 'usage_input_image'] as const; // prettier-ignore
const OUTPUTS = ['usage_output', 'usage_reasoning', 'usage_output_audio', 'usage_output_image'] as const;
const sum = (row: Row, names: readonly UsageBucket[]): number => names.reduce((all, name) => all + numberIn(row, name), 0);

/** The mean call of a group, so that its size decides on the tier of sizes. */
function meanCall(row: Row, at: number) {
  const calls = Math.max(1, numberIn(row, 'calls'));
  const usage = Object.fromEntries(USAGE_BUCKETS.map((name) => [name, numberIn(row, name) / calls])) as Record<UsageBucket, number>;
  const [provider, model, tier] = [row['provider'], row['model'], row['service_tier']].map((value) => String(value ?? ''));
  return pricedCallOf({ provider: provider ?? '', request_model: model ?? '', response_model: '', service_tier: tier ?? '', ...usage }, at);
} // prettier-ignore

function gapOf(row: Row, at: number, book: PriceBook, known: ReturnType<typeof builtInModels>): z.infer<typeof gap> {
  const calls = numberIn(row, 'calls');
  const mean = meanCall(row, at);
  const band = costBandOf(mean, known, book);
  const times = (nano: number | undefined): number | null => (nano === undefined ? null : Math.round(nano * calls));
  return {
    provider: mean.provider,
    model: mean.requestModel,
    service_tier: String(row['service_tier'] ?? ''),
    calls,
    input_tokens: sum(row, INPUTS),
    output_tokens: sum(row, OUTPUTS),
    priced_now: book.priceOf(mean) !== null,
    family: band?.family ?? null,
    family_models: band?.models ?? 0,
    least_nano_usd: times(band?.leastNanoUsd),
    most_nano_usd: times(band?.mostNanoUsd),
  };
}

/** Calls with usage and without a cost, and without one that a later price table gave them. */
const SQL = `SELECT provider, if(response_model = '', request_model, response_model) AS model, service_tier, sum(sampling_weight) AS calls,
  ${USAGE_BUCKETS.map((name) => `sum(ifNull(${name}, 0) * sampling_weight) AS ${name}`).join(', ')}
FROM (SELECT id, provider, request_model, response_model, service_tier, sampling_weight, ${USAGE_BUCKETS.join(', ')} FROM telltale.events
  WHERE {where} AND kind IN ('llm', 'embedding') AND cost_nano_usd IS NULL AND coalesce(${USAGE_BUCKETS.join(', ')}) IS NOT NULL
  AND id NOT IN (SELECT event_id FROM telltale.cost_corrections WHERE {where}))
GROUP BY provider, model, service_tier ORDER BY calls DESC, provider, model, service_tier LIMIT {limit:UInt32}`;

export const listPriceGaps = defineQuery({
  name: 'listPriceGaps',
  about: 'Models that were called and have no price, those with the most calls first, with an estimate of the spend they hide.',
  tag: 'costs',
  scope: 'read',
  path: '/api/costs/gaps',
  params: { ...rangeParams(RANGE), limit: limitOf(ROWS) },
  example: { since: '7d' },
  limits: { maxRows: ROWS.max, maxRangeMs: RANGE.maxMs },
  answer: named('ListPriceGapsAnswer', z.object({ gaps: z.array(named('PriceGap', gap)) })),
  run: async ({ limit, ...times }, { clock, rowsOf, settings, tenant }) => {
    const now = clock.now();
    const { where, params } = within(filterBy({}), 'ts', periodOf(times, now, RANGE));
    const rows = await rowsOf({ sql: SQL.replaceAll('{where}', where), params: { ...params, limit } });
    const { list, listed } = priceSourcesOf(settings, tenant);
    const ofFiles = listed.map((name) => ({ provider: name.split('/', 1)[0] ?? '', model: name.slice(name.indexOf('/') + 1) }));
    const known = [...builtInModels(), ...ofFiles];
    return { gaps: rows.map((row) => gapOf(row, now, list, known)) };
  },
});
