import { z } from 'zod';
import { DEFAULT_SECONDS, defineStream, named } from '../define/definition';

const FIX = 'send {"sql": "SELECT …"}';

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
  answer: named(
    'RunSqlAnswer',
    z.object({
      rows: z.array(z.record(z.string(), z.unknown())),
      truncated: z.boolean().describe('There were more rows than an answer holds'),
    }),
  ),
  isJson: true,
  streams: { 'application/x-ndjson': 'A row a line; the header x-telltale-truncated says whether there were more.' },
  limits: { maxRows: 100_000, seconds: DEFAULT_SECONDS },
});
