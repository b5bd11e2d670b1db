import { correctionOf, type StoredCall } from '@telltale/domain-cost';
import { type PriceBook } from '@telltale/domain-pricing';
import { type RowStore } from '@telltale/engine';
import { hashId } from '@telltale/kernel';
import { pricedCallOf } from '../enrich/price.step';

/** Half-open range of the time of calls, ms since the epoch. */
export interface RepriceRange {
  readonly tenant: string;
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly dryRun: boolean;
}

export interface RepriceReport {
  readonly calls: number;
  readonly corrections: number;
  /** Change of spend, weighted, against what it was before this run. */
  readonly delta_nano: number;
  /** Calls for which no price is known, by provider/model. */
  readonly unpriced: Readonly<Record<string, number>>;
  readonly price_versions: Readonly<Record<string, number>>;
}

const PAGE = 5_000;
const MAX_SECONDS = 30;
/** Models listed by name; the rest are counted together. */
const MAX_LISTED = 100;
const COUNTS = [
  'usage_input_uncached', 'usage_cache_read', 'usage_cache_write', 'usage_output', 'usage_reasoning',
  'usage_cache_write_1h', 'usage_input_audio', 'usage_input_image', 'usage_output_audio', 'usage_output_image',
] as const; // prettier-ignore

const SQL = `SELECT e.id AS id, toUnixTimestamp64Milli(e.ts) AS at, e.service_name AS service_name, e.provider AS provider, e.request_model AS request_model,
  e.response_model AS response_model, e.kind AS kind, e.historic AS historic, e.sampling_weight AS sampling_weight, e.cost_nano AS cost_nano,
  e.price_version AS price_version, e.service_tier AS service_tier, ${COUNTS.map((name) => `e.${name} AS ${name}`).join(', ')},
  c.times AS times, c.corrected AS corrected
FROM telltale.events AS e
LEFT JOIN (SELECT event_id, count() AS times, argMax(cost_nano_after, corrected_at) AS corrected FROM telltale.cost_corrections
  WHERE tenant = {tenant:String} GROUP BY event_id) AS c ON c.event_id = e.id
WHERE e.tenant = {tenant:String} AND e.kind IN ('llm', 'embedding') AND e.ts >= fromUnixTimestamp64Milli({from:Int64}) AND e.ts < fromUnixTimestamp64Milli({to:Int64})
  AND (toUnixTimestamp64Milli(e.ts), e.id) > ({after:Int64}, {after_id:String})
ORDER BY e.ts, e.id LIMIT ${PAGE}`;

type Row = Readonly<Record<string, unknown>>;
const textOf = (row: Row, name: string): string => String(row[name] ?? '');
const countOf = (row: Row, name: string): number | null => (row[name] == null ? null : Number(row[name]));

function storedCall(tenant: string, row: Row): StoredCall {
  return {
    tenant,
    id: textOf(row, 'id'),
    at: Number(row['at']),
    service_name: textOf(row, 'service_name'),
    provider: textOf(row, 'provider'),
    model: textOf(row, 'response_model') || textOf(row, 'request_model'),
    kind: textOf(row, 'kind'),
    historic: row['historic'] === true || row['historic'] === 1,
    sampling_weight: Number(row['sampling_weight']),
    cost_nano: countOf(row, 'cost_nano'),
    price_version: textOf(row, 'price_version'),
    corrected_nano: Number(row['times']) > 0 ? Number(row['corrected']) : null,
  };
}

function priceOf(book: PriceBook, row: Row, at: number): ReturnType<PriceBook['priceOf']> {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, countOf(row, name)])) as Record<
    (typeof COUNTS)[number],
    number | null
  >;
  const [provider, request_model, response_model, service_tier] = [
    textOf(row, 'provider'),
    textOf(row, 'request_model'),
    textOf(row, 'response_model'),
    textOf(row, 'service_tier'),
  ];
  return book.priceOf(pricedCallOf({ provider, request_model, response_model, service_tier, ...counts }, at));
}

function counter() {
  const counts: Record<string, number> = {};
  return {
    counts,
    add(name: string): void {
      const known = name in counts || Object.keys(counts).length < MAX_LISTED ? name : '__other__';
      counts[known] = (counts[known] ?? 0) + 1;
    },
  };
}

/**
 * Prices stored calls again and writes what differs as corrections; events and spend are never edited. Done twice it writes
 * nothing: a call whose price is already right, with its corrections, needs none, and ids are deterministic.
 */
export async function reprice(rows: RowStore, book: PriceBook, range: RepriceRange): Promise<RepriceReport> {
  const { tenant, from, to, now, dryRun } = range;
  const [unpriced, versions] = [counter(), counter()];
  let [calls, corrections, delta] = [0, 0, 0];
  let last = { after: 0, after_id: '' };
  for (;;) {
    const page = await rows.query<Row>(
      SQL,
      { tenant, from, to, ...last },
      { comment: 'telltale.costs reprice', limitSeconds: MAX_SECONDS },
    );
    const made: string[] = [];
    for (const row of page) {
      const call = storedCall(tenant, row);
      const price = priceOf(book, row, call.at);
      calls++;
      if (price) versions.add(price.version);
      else unpriced.add(`${call.provider}/${call.model}`);
      const correction = correctionOf(call, price, now);
      if (!correction) continue;
      corrections++;
      delta += (correction.cost_nano_after - (call.corrected_nano ?? call.cost_nano ?? 0)) * call.sampling_weight;
      made.push(JSON.stringify(correction));
    }
    const token = `reprice:${tenant}:${now}:${hashId(32, ...made)}`;
    if (made.length > 0 && !dryRun)
      await rows.insert({ table: 'cost_corrections', rows: made, token, comment: 'telltale.costs reprice' });
    const end = page.at(-1);
    if (!end || page.length < PAGE) break;
    last = { after: Number(end['at']), after_id: textOf(end, 'id') };
  }
  return { calls, corrections, delta_nano: Math.round(delta), unpriced: unpriced.counts, price_versions: versions.counts };
}
