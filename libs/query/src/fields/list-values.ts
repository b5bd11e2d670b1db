import { DAY_MS, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from '../define/api-error';
import { named, type RowsOf } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { limitOf, type Period, periodOf, rangeParams, text } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { numberOf, textOf } from '../define/row-values';
import { filterBy, SINCE_FIRST_MINUTE, within } from '../define/where';
import { type Dimension, DIMENSIONS } from './dimensions';
import { type FieldTable } from './tables';

const RANGE = { defaultMs: DAY_MS, maxMs: 400 * DAY_MS };
/** Counting more than the newest of these would take too long while somebody types. */
const MOST_EVENTS = 500_000;

/** Where a field is counted: events without content before those with it, for they are faster to read. */
const ORDER: readonly FieldTable[] = ['events_core', 'events', 'turns'];
const tableOf = ({ tables }: Dimension): FieldTable => ORDER.find((table) => tables.includes(table)) ?? 'events';

function dimensionNamed(name: string): Dimension {
  const found = DIMENSIONS.find((dimension) => dimension.name === name);
  if (!found) throw badParameter('field', 'is no field that has values', 'GET /api/fields lists them under dimensions');
  if (found.type === 'time') throw badParameter('field', 'is a time', 'give since and until instead');
  return found;
}

/** Since when there are at most `most` events in the range, in whole minutes; its own start where that is all of it. */
export async function countedFrom({ since, until }: Period, most: number, rowsOf: RowsOf): Promise<number> {
  const [row] = await rowsOf({
    sql: `SELECT max(seen) AS events, toUnixTimestamp(minIf(minute, seen <= {most:UInt64})) * 1000 AS counted, toUnixTimestamp(max(minute)) * 1000 AS newest FROM
      (SELECT minute, sum(n) OVER (ORDER BY minute DESC) AS seen FROM
        (SELECT minute, sum(events) AS n FROM telltale.operations_minute
         WHERE tenant = {tenant:String} AND minute >= toStartOfMinute(fromUnixTimestamp64Milli({since:Int64}, 'UTC')) AND minute < fromUnixTimestamp64Milli({until:Int64}, 'UTC') GROUP BY minute))`,
    params: { since, until, most },
  });
  if (numberOf(row, 'events') <= most) return since;
  return numberOf(row, 'counted') || numberOf(row, 'newest');
}

export const listValues = defineQuery({
  name: 'listValues',
  about: 'Values of a field that begin with some text, the most frequent first: what to offer while somebody types a filter.',
  tag: 'sql',
  scope: 'read',
  path: '/api/values',
  params: {
    field: text('Name of a dimension, as GET /api/fields lists them', 100),
    prefix: text('What the values begin with, in any case').optional(),
    service: text('Only of this service').optional(),
    ...rangeParams(RANGE),
    limit: limitOf({ fallback: 20, max: 200 }),
  },
  example: { field: 'tool_name', prefix: 'sea' },
  answer: named(
    'ListValuesAnswer',
    z.object({
      field: z.string(),
      counted_from: isoTime.describe(
        `Values of rows since then are counted: the start of the range, or later where it has more than ${MOST_EVENTS} events`,
      ),
      values: z.array(z.object({ value: z.string(), rows: count })),
      more: z.boolean().describe('There are more values; a longer prefix has fewer'),
    }),
  ),
  limits: { maxRows: 200, maxRangeMs: RANGE.maxMs },
  run: async ({ field, prefix, service, limit, ...times }, { clock, rowsOf }) => {
    const dimension = dimensionNamed(field);
    const { since, until } = periodOf(times, clock.now(), RANGE);
    const from = await countedFrom({ since, until }, MOST_EVENTS, rowsOf);
    const table = tableOf(dimension);
    const { where, params } = within(filterBy({ service_name: service }), 'ts', { since: from, until });
    const begins = prefix === undefined ? '' : ' AND startsWith(lowerUTF8(value), lowerUTF8({prefix:String}))';
    const found = await rowsOf({
      sql: `SELECT value, sum(n) AS rows FROM
          (SELECT toString(${field}) AS value, count() AS n FROM telltale.${table} ${table === 'turns' ? SINCE_FIRST_MINUTE : ''} WHERE ${where} GROUP BY ${field})
        WHERE value != ''${begins} GROUP BY value ORDER BY rows DESC, value LIMIT {limit:UInt32}`,
      params: { ...params, limit: limit + 1, ...(prefix === undefined ? {} : { prefix }) },
    });
    const values = found.slice(0, limit).map((row) => ({ value: textOf(row, 'value'), rows: numberOf(row, 'rows') }));
    return { field, counted_from: isoTimeOf(from), values, more: found.length > values.length };
  },
});
