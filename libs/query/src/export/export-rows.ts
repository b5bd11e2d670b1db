import { EVENT_KINDS, EVENT_STATUSES, TURN_OUTCOMES } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from '../define/api-error';
import { defineStream } from '../define/definition';
import { choice, limitOf, type Period, periodOf, rangeParams, requireLimitBeyond, text } from '../define/params';
import { EXPORTED, EXPORTS, type ExportName } from './exported';

const RANGE = { defaultMs: DAY_MS, maxMs: 400 * DAY_MS };
const MAX_MS_WITHOUT_LIMIT = 90 * DAY_MS;
/** Rows of one answer; a file of Parquet is made in memory, so it holds fewer. */
const ROWS = { fallback: 100_000, max: 1_000_000 };
export const MAX_PARQUET_ROWS = 100_000;

const FILTERS = {
  service: text('Only of this service').optional(),
  session: text('Only of this session').optional(),
  user: text('Only of this user (pseudonym)').optional(),
  status: choice(EVENT_STATUSES, 'Only of this status').optional(),
  intent: text('Only of this intent').optional(),
  outcome: choice(TURN_OUTCOMES, 'Only of this outcome').optional(),
  kind: choice(EVENT_KINDS, 'Only of this kind').optional(),
  name: text('Only of this name').optional(),
  tool: text('Only of this tool').optional(),
};
export type ExportFilter = keyof typeof FILTERS;

const definition = defineStream({
  name: 'exportRows',
  about: 'Whole rows of events, turns or sessions as a file, in the order of the table.',
  tag: 'operations',
  scope: 'read',
  method: 'GET',
  path: '/api/export',
  params: {
    what: choice(EXPORTS, 'Which rows'),
    format: choice(['ndjson', 'parquet'], `ndjson: a row a line; parquet: at most ${MAX_PARQUET_ROWS} rows`).default('ndjson'),
    ...FILTERS,
    ...rangeParams(RANGE),
    limit: limitOf(ROWS),
  },
  example: { what: 'turns', service: 'shop', since: '24h' },
  answer: z.object({}),
  isJson: false,
  streams: {
    'application/x-ndjson':
      'A row a line, times in ISO 8601. The header x-telltale-truncated says whether there are more rows than limit; an answer that is cut off is an error.',
    'application/vnd.apache.parquet': 'One file.',
  },
  limits: { maxRows: ROWS.max, seconds: 30, maxRangeMs: RANGE.maxMs },
});

export interface ExportRequest {
  readonly what: ExportName;
  readonly format: 'ndjson' | 'parquet';
  readonly filters: { readonly [name in ExportFilter]?: string | undefined };
  readonly period: Period;
  readonly limit: number;
}

/** What is asked for; ApiError names the parameter that is wrong. */
function parseExport(given: Readonly<Record<string, unknown>>, now: number): ExportRequest {
  const { what, format, limit, since, until, ...filters } = definition.parse(given);
  const known = EXPORTED[what].filters;
  const strange = Object.keys(filters).find((name) => !(name in known));
  if (strange !== undefined) throw badParameter(strange, `is no filter of ${what}`, `leave it out; there are ${Object.keys(known).join(', ')}`); // prettier-ignore
  if (format === 'parquet' && limit > MAX_PARQUET_ROWS && given['limit'] !== undefined)
    throw badParameter('limit', `is more than a file of Parquet holds`, `give at most ${MAX_PARQUET_ROWS}, or format ndjson`);
  const period = periodOf({ since, until }, now, RANGE);
  if (given['limit'] === undefined) requireLimitBeyond(MAX_MS_WITHOUT_LIMIT, period, now);
  return { what, format, filters, period, limit };
}

export const exportRows = { ...definition, parseExport };
