import { Controller, Inject, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { apiError, ApiErrorFilter, badParameter } from '../api-error';
import { ApiKeyGuard, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { jsonBodyOf } from '../parameters';
import { checkReadOnlySql } from '../sql/read-only-sql';
import { forTenant } from '../sql/tenant-sql';

const MAX_ROWS = 100_000;
const MAX_SECONDS = 30;
const MAX_SQL = 100_000;

@Controller('api')
@UseGuards(ApiKeyGuard)
@UseFilters(ApiErrorFilter)
export class QueryController {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  /** `{sql}` → `{rows, truncated}`, or a row a line for `Accept: application/x-ndjson`. */
  @Post('query')
  async query(@Req() request: TenantRequest, @Res() reply: FastifyReply): Promise<void> {
    const { sql } = jsonBodyOf(request.body);
    if (typeof sql !== 'string' || sql.trim() === '') throw badParameter('sql', 'is missing', 'send {"sql": "SELECT …"}');
    if (sql.length > MAX_SQL) throw badParameter('sql', `is longer than ${MAX_SQL} characters`, 'shorten it');
    const verdict = checkReadOnlySql(sql);
    if (!verdict.ok) throw apiError('invalid', `sql: ${verdict.problem}; ${verdict.fix}`, { parameter: 'sql', fix: verdict.fix });
    const bounded = verdict.reads
      ? forTenant(verdict.sql, request.tenant, { maxRows: MAX_ROWS, maxSeconds: MAX_SECONDS })
      : verdict.sql;
    const found = await this.deps.rows.query(bounded, undefined, {
      comment: 'telltale.insights query',
      limitSeconds: MAX_SECONDS,
    });
    const rows = found.slice(0, MAX_ROWS);
    // The engine stops between blocks, at the limit or a little after it.
    const isTruncated = found.length >= MAX_ROWS;
    reply.header('x-telltale-truncated', String(isTruncated));
    if (!(request.headers.accept ?? '').includes('application/x-ndjson'))
      return void reply.code(200).send({ rows, truncated: isTruncated });
    reply
      .code(200)
      .header('content-type', 'application/x-ndjson')
      .send(Readable.from(linesOf(rows)));
  }
}

function* linesOf(rows: readonly unknown[]): Generator<string> {
  for (let i = 0; i < rows.length; i += 500) yield rows.slice(i, i + 500).map((row) => `${JSON.stringify(row)}\n`).join(''); // prettier-ignore
}
