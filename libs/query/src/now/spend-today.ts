import { DAYS_OF_DAY_FORECAST, dayForecastOf, type SpanSum, totalBetween } from '@telltale/domain-cost';
import { DAY_MS, isoTime, windowStart } from '@telltale/kernel';
import { z } from 'zod';
import { named, type RowsOf } from '../define/definition';
import { count, isoTime as time } from '../define/row-fields';
import { numberOf } from '../define/row-values';

export const spendToday = named(
  'NowSpend',
  z.object({
    day: time.describe('Start of the day, UTC'),
    cost_nano_usd: z.int().describe('Since then, by the newest price of each call; calls without a price are not in it'),
    unpriced_calls: count.describe('Calls since then whose price is unknown, weighted'),
    forecast_nano_usd: z
      .int()
      .nullable()
      .describe(
        'What the day comes to: this and the usual spend of its hours that are left; null before there are seven whole days',
      ),
    yesterday_nano_usd: z.int().describe('Of all of the day before'),
  }),
);

/** What was spent since the day began in UTC, and what the day comes to. */
export async function readSpendToday(
  rowsOf: RowsOf,
  service: string | undefined,
  now: number,
): Promise<z.output<typeof spendToday>> {
  const today = windowStart(now, DAY_MS);
  const rows = await rowsOf({
    sql: `SELECT toUnixTimestamp(hour) * 1000 AS start, sum(cost_nano_usd) AS nano, sum(calls) AS total_calls, sum(unpriced_calls) AS unpriced
      FROM telltale.spend_corrected WHERE tenant = {tenant:String} AND hour >= toDateTime(fromUnixTimestamp64Milli({since:Int64}, 'UTC')) AND hour <= toDateTime(fromUnixTimestamp64Milli({until:Int64}, 'UTC'))
        AND ({service:String} = '' OR service_name = {service:String}) GROUP BY start ORDER BY start`,
    params: { since: Math.max(0, today - DAYS_OF_DAY_FORECAST * DAY_MS), until: now, service: service ?? '' },
  });
  const hours = rows.map((row): SpanSum => [numberOf(row, 'start'), numberOf(row, 'nano'), numberOf(row, 'total_calls'), numberOf(row, 'unpriced')]); // prettier-ignore
  const { nano, unpriced } = totalBetween(hours, today);
  return {
    day: isoTime(today),
    cost_nano_usd: nano,
    unpriced_calls: Math.max(0, unpriced),
    forecast_nano_usd: dayForecastOf(hours, now),
    yesterday_nano_usd: totalBetween(hours, today - DAY_MS, today).nano,
  };
}
