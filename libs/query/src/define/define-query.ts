import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { after, decodeCursor, encodeCursor, orderBy, type OrderKey, valuesOf } from './cursor';
import {
  type AskContext,
  DEFAULT_SECONDS,
  type Definition,
  type Identity,
  named,
  rowsFor,
  runnable,
  type RunSpec,
  type Select,
} from './definition';
import { withIsoTimes } from './iso-times';
import { cursorParam, nextCursor } from './paging';
import { fields, limitOf, parseParams, type Period, periodOf, type RangeLimits, rangeParams, requireLimitBeyond } from './params';

type Row = Readonly<Record<string, unknown>>;

type ParamsOf<S extends z.core.$ZodShape> = z.infer<z.ZodObject<S, z.core.$strip>>;

interface ListSpec<S extends z.core.$ZodShape> extends Identity {
  /** Filters of this list; `since`, `until`, `limit` and `cursor` are added. */
  readonly params: S;
  /** Name of the list in the answer. */
  readonly list: string;
  readonly row: z.ZodType<object>;
  /** What stands in the answer beside the list. */
  readonly beside?: z.core.$ZodShape;
  /** `range` is absent where a list is not about a range of time; rows of one answer are bounded all the same. */
  readonly limits: { readonly rows: { readonly fallback: number; readonly max: number }; readonly range?: RangeLimits };
  /** The order of the list. Together its columns name one row. */
  readonly order: (params: ParamsOf<S>) => readonly OrderKey[];
  /** Rows in any order and number, with the columns of `row`. `period` is the range; of all time where there is none. `now`: ms since the epoch. */
  readonly sql: (params: ParamsOf<S>, period: Period, now: number) => Select;
  readonly besideOf?: (params: ParamsOf<S>) => object;
  readonly shown?: (row: Row, now: number) => Row;
}

const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
const ALWAYS: Period = { since: 0, until: 0 };
/** Over a longer range people say how many rows they want. */
const MAX_MS_WITHOUT_LIMIT = 90 * DAY_MS;

/** A question for rows: one page of a list, with `next_cursor` where there are more. */
function list<S extends z.core.$ZodShape>(spec: ListSpec<S>): Definition {
  const { params: shape, list: key, row, beside = {}, besideOf, limits, order, sql, shown = (one) => one, ...identity } = spec;
  const { rows, range } = limits;
  const paging = { limit: limitOf(rows), cursor: cursorParam };
  const params = fields({ ...shape, ...(range ? rangeParams(range) : {}), ...paging });
  const answer = z.object({
    ...beside,
    [key]: z.array(row),
    next_cursor: nextCursor,
  });

  /** What is asked for: filters, their order, the range, and where the page begins. */
  function askedFor(given: Row, now: number) {
    const parsed = parseParams(params, given) as ParamsOf<typeof paging> & ParamsOf<ReturnType<typeof rangeParams>>;
    const { limit, cursor } = parsed;
    const filters = Object.fromEntries(Object.entries(parsed).filter(([name]) => name in shape)) as ParamsOf<S>;
    const keys = order(filters);
    const position = cursor === undefined ? null : decodeCursor(identity.name, cursor, keys);
    const period = position?.period ?? (range ? periodOf(parsed, now, range) : ALWAYS);
    if (given['limit'] === undefined) requireLimitBeyond(MAX_MS_WITHOUT_LIMIT, period, now);
    const cursorAfter = (row: Row): string =>
      encodeCursor(identity.name, { period: range ? period : null, values: valuesOf(keys, row) });
    return { limit, filters, keys, position, period, cursorAfter };
  }

  async function ask(given: Row, context: AskContext): Promise<object> {
    const now = context.clock.now();
    const { limit, filters, keys, position, period, cursorAfter } = askedFor(given, now);
    const select = sql(filters, period, now);
    const start = position ? after(keys, position.values) : { condition: '1', params: {} };
    const found = await rowsFor(
      identity.name,
      context,
      DEFAULT_SECONDS,
    )({
      sql: `SELECT * FROM (${select.sql}) WHERE ${start.condition} ORDER BY ${orderBy(keys)} LIMIT {limit:UInt32}`,
      params: { ...select.params, ...start.params, limit: limit + 1 },
    });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    const next = found.length > limit && last ? cursorAfter(last) : null;
    return {
      ...besideOf?.(filters),
      [key]: page.map((one) => shown(withIsoTimes(one), now)),
      ...(next === null ? {} : { next_cursor: next }),
    };
  }

  return {
    ...identity,
    kind: 'query',
    method: 'GET',
    status: 200,
    params,
    answer: named(`${pascal(identity.name)}Answer`, answer),
    isJson: true,
    limits: { maxRows: rows.max, seconds: DEFAULT_SECONDS, ...(range ? { maxRangeMs: range.maxMs } : {}) },
    ask,
    cursorAfter: (given, row, now) => askedFor(given, now).cursorAfter(row),
  };
}

/** A question: rows of a statement, page by page, or what a function answers. */
export function defineQuery<S extends z.core.$ZodShape>(spec: ListSpec<S> | RunSpec<S>): Definition {
  return 'sql' in spec ? list(spec) : runnable(spec, 'query', 'GET');
}
