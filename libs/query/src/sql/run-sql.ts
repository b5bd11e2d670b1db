import { z } from 'zod';
import { DEFAULT_SECONDS, defineStream, named } from '../define/definition';
import { cleanText } from '../mcp/clean-text';
import { type Shown } from '../mcp/tag';

/** A row a line, as JSON, so that no value changes. */
function showRows({ rows, truncated }: Readonly<Record<string, unknown>>): Shown {
  const items = Array.isArray(rows) ? rows.map((row) => cleanText(JSON.stringify(row))) : [];
  return {
    items,
    leftOut: truncated === true ? [`rows after the first ${items.length}; aggregate, or narrow it with WHERE`] : [],
  };
}

const FIX = 'send {"sql": "SELECT …"}';

export const rowsAnswer = named(
  'RunSqlAnswer',
  z.object({
    rows: z.array(z.record(z.string(), z.unknown())),
    truncated: z.boolean().describe('There were more rows than an answer holds'),
  }),
);

export const rowsStreams = {
  'application/x-ndjson': 'A row a line; the header x-telltale-truncated says whether there were more.',
};

/** Answered by whoever has the connection: rows go out as the engine wrote them, so that no number changes. */
export const runSql = defineStream({
  name: 'runSql',
  about: 'Runs one reading statement over the tables, for the rows of the tenant.',
  tag: 'sql',
  scope: 'read',
  method: 'POST',
  path: '/api/query',
  params: {
    sql: z
      .string(`is missing; ${FIX}`)
      .refine((sql) => sql.trim() !== '', `is missing; ${FIX}`)
      .describe('SELECT, WITH … SELECT, SHOW TABLES, DESCRIBE or EXPLAIN; see docs/QUERIES.md'),
  },
  example: { sql: 'SELECT kind, count() AS n FROM events GROUP BY kind' },
  answer: rowsAnswer,
  mcp: {
    name: 'query_sql',
    about:
      'Runs one reading SQL statement (ClickHouse) over the tables of the tenant: events, events_core (events without content, faster), turns, sessions, series_windows_amended, anomalies, incidents, spend and more; SHOW TABLES and DESCRIBE TABLE name say what there is. For counts and questions that no other tool answers. Always aggregate or LIMIT.',
    next: 'get_turn(id=trace_id) shows a turn; read_field(id, field) reads a payload',
    show: showRows,
  },
  isJson: true,
  streams: rowsStreams,
  limits: { maxRows: 100_000, seconds: DEFAULT_SECONDS },
});
