import { type NativeEvent } from '@telltale/contracts';
import { HOUR_MS } from '@telltale/kernel';
import { EVENTS_OF_TURN, loadEvent } from '../harness/event-load';

/** Turns were sampled: one in so many is kept, mostly a number with a fraction. */
const WEIGHTS = [1, 2.5, 1 / 0.3, 7.25] as const;
const LATE_EVERY = 25;
const LATE_MS = 3 * HOUR_MS;

/** Event number `i` of the load, with the weight of its turn; all of some turns come hours late. */
export function spendEvent(i: number, start: number): NativeEvent {
  const turn = Math.floor(i / EVENTS_OF_TURN);
  const event = loadEvent(i, start);
  const ts = turn % LATE_EVERY === LATE_EVERY - 1 ? Number(event.ts) - LATE_MS : event.ts;
  return { ...event, ts, sampling_weight: WEIGHTS[turn % WEIGHTS.length] ?? 1 };
}

/** Times their weights, many costs at these prices end in half a nano-dollar. */
export const LATER_PRICE = {
  model: 'gpt-4o',
  from: '2020-01-01T00:00:00Z',
  usd_per_million: { input: 3.211, output: 9.877 },
} as const;

/** What a call costs with those that it stands for, rounded once; halves go up. */
const rounded = (cost: string): string => `toInt64(floor(${cost} * sampling_weight + 0.5))`;
const AT_FIRST = rounded('ifNull(cost_nano_usd, 0)');
const AT_LAST = rounded('(3211 * ifNull(usage_input_uncached, 0) + 9877 * ifNull(usage_output, 0))');

const DIMENSIONS = 'hour, service_name, provider, model, kind, backfill';
const differences = (cost: string, table: string): string => `
  SELECT countIf(counted != summed) AS off, sum(counted) AS nano, sum(summed) - sum(counted) AS nano_off FROM (
    SELECT ${DIMENSIONS}, sum(of_events) AS counted, sum(of_spend) AS summed FROM (
      SELECT toStartOfHour(toDateTime(ts, 'UTC')) AS hour, service_name, provider, if(response_model != '', response_model, request_model) AS model, kind, backfill,
        ${cost} AS of_events, toInt64(0) AS of_spend FROM telltale.events WHERE kind = 'llm'
      UNION ALL SELECT ${DIMENSIONS}, toInt64(0) AS of_events, toInt64(cost_nano_usd) AS of_spend FROM telltale.${table})
    GROUP BY ${DIMENSIONS})`;

export interface SpendRecount {
  readonly nano: number;
  /** Groups of hour and dimensions in which spend is not what its events cost. */
  readonly off: number;
  readonly nanoOff: number;
}

/** Spend against a recount of all events: as they were priced when they came, or all at the later price with the corrections. */
export async function recountSpend(query: (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>, prices: 'at_first' | 'at_last'): Promise<SpendRecount> {
  const [found] = await query(prices === 'at_first' ? differences(AT_FIRST, 'spend') : differences(AT_LAST, 'spend_corrected'));
  return { nano: Number(found?.['nano']), off: Number(found?.['off']), nanoOff: Number(found?.['nano_off']) };
} // prettier-ignore
