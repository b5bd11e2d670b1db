import { Controller, Inject, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { apiError, ApiErrorFilter, badParameter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { jsonBodyOf } from '../parameters';
import { createGuard, type Guard } from '@telltale/query';

const MAX_ROWS = 100_000;
const MAX_SECONDS = 30;
/** A client that reads its answer slower than this loses it: an answer is in memory until it is sent, and keeps its turn. */
const SEND_WITHIN_MS = 20_000;

@Controller('api')
@UseGuards(ApiKeyGuard)
@NeedsScope('read')
@UseFilters(ApiErrorFilter)
export class QueryController {
  private readonly guard: Guard;
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {
    this.guard = createGuard(deps.rows);
  }

  /** `{sql}` → `{rows, truncated}`, or a row a line for `Accept: application/x-ndjson`. */
  @Post('query')
  async query(@Req() request: TenantRequest, @Res() reply: FastifyReply): Promise<void> {
    const { sql } = jsonBodyOf(request.body);
    if (typeof sql !== 'string' || sql.trim() === '') throw badParameter('sql', 'is missing', 'send {"sql": "SELECT …"}');
    const asLines = (request.headers.accept ?? '').includes('application/x-ndjson');
    await this.deps.questions.run(request, async (signal) => {
      const found = await this.answer(request.tenant, sql, signal);
      const rows = found.slice(0, MAX_ROWS);
      const isTruncated = found.length > MAX_ROWS;
      reply.header('x-telltale-truncated', String(isTruncated));
      reply.header('content-type', asLines ? 'application/x-ndjson' : 'application/json; charset=utf-8');
      reply.code(200).send(Readable.from(asLines ? piecesOf(rows, '\n') : documentOf(rows, isTruncated)));
      await finished(reply.raw, { signal: AbortSignal.timeout(SEND_WITHIN_MS) }).catch(() => reply.raw.destroy());
    });
  }

  private async answer(tenant: string, text: string, signal: AbortSignal): Promise<string[]> {
    const verdict = await this.guard(text, signal);
    if (!verdict.ok) throw apiError('invalid', `sql: ${verdict.problem}; ${verdict.fix}`, { parameter: 'sql', fix: verdict.fix });
    const lines = await this.deps.rows.lines(verdict.sql, undefined, {
      comment: 'telltale.insights query',
      tenant,
      asked: text,
      signal,
      limitSeconds: MAX_SECONDS,
      ...(verdict.isSelect ? { limitRows: MAX_ROWS + 1 } : {}),
    });
    const found: string[] = [];
    for await (const piece of lines) for (const line of piece) found.push(line);
    return found;
  }
}

function* piecesOf(rows: readonly string[], end: string): Generator<string> {
  for (let i = 0; i < rows.length; i += 500) yield rows.slice(i, i + 500).join(end) + end;
}

/** The rows as the engine wrote them, in one JSON document: nothing is read and written again, so no number changes. */
function* documentOf(rows: readonly string[], isTruncated: boolean): Generator<string> {
  yield '{"rows":[';
  yield* piecesOf(rows.slice(0, -1), ',');
  yield `${rows.at(-1) ?? ''}],"truncated":${isTruncated}}`;
}
