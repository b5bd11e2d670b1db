import { ApiError, createGuard, runSql } from '@telltale/query';
import { type RowStore } from '@telltale/streaming';
import { type FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type TenantRequest } from '../api-key.guard';
import { type InsightsDeps } from '../deps';
import { type StreamAnswer } from './ask';

/** A client that reads its answer slower than this loses it: an answer is in memory until it is sent, and keeps its turn. */
const SEND_WITHIN_MS = 20_000;
const PIECE_ROWS = 500;

interface SqlRequest {
  readonly tenant: string;
  readonly text: string;
  readonly maxRows: number;
  readonly signal: AbortSignal;
}

/** Runs a statement of a person, once the guard lets it pass: its rows as JSON, one more than `maxRows` where there are more. */
export function createSqlAnswer(rows: RowStore) {
  const guard = createGuard(rows);
  return async ({ tenant, text, maxRows, signal }: SqlRequest): Promise<string[]> => {
    const verdict = await guard(text, signal);
    if (!verdict.ok)
      throw new ApiError('invalid', `sql: ${verdict.problem}; ${verdict.fix}`, { parameter: 'sql', fix: verdict.fix });
    const lines = await rows.lines(verdict.sql, undefined, {
      comment: 'telltale.insights query',
      tenant,
      asked: text,
      signal,
      limitSeconds: runSql.limits.seconds,
      ...(verdict.isSelect ? { limitRows: maxRows + 1 } : {}),
    });
    const found: string[] = [];
    for await (const piece of lines) for (const line of piece) found.push(line);
    return found;
  };
}

/** Sends the rows of a statement: `{rows, truncated}`, or a row a line for `Accept: application/x-ndjson`. */
export function createSqlSender({ rows, questions }: Pick<InsightsDeps, 'rows' | 'questions'>) {
  const answer = createSqlAnswer(rows);
  const { maxRows } = runSql.limits;

  return async (sql: string, request: TenantRequest, reply: FastifyReply): Promise<void> => {
    const asLines = (request.headers.accept ?? '').includes('application/x-ndjson');
    await questions.run(request, async (signal) => {
      const found = await answer({ tenant: request.tenant, text: sql, maxRows, signal });
      const shown = found.slice(0, maxRows);
      const isTruncated = found.length > maxRows;
      reply.header('x-telltale-truncated', String(isTruncated));
      reply.header('content-type', asLines ? 'application/x-ndjson' : 'application/json; charset=utf-8');
      reply.code(200).send(Readable.from(asLines ? piecesOf(shown, '\n') : documentOf(shown, isTruncated)));
      await finished(reply.raw, { signal: AbortSignal.timeout(SEND_WITHIN_MS) }).catch(() => reply.raw.destroy());
    });
  };
}

export function createSqlStream(deps: InsightsDeps): StreamAnswer {
  const send = createSqlSender(deps);
  return (given, request, reply) => send(runSql.parse(given).sql, request, reply);
}

function* piecesOf(rows: readonly string[], end: string): Generator<string> {
  for (let i = 0; i < rows.length; i += PIECE_ROWS) yield rows.slice(i, i + PIECE_ROWS).join(end) + end;
}

/** The rows as the engine wrote them, in one JSON document: nothing is read and written again, so no number changes. */
function* documentOf(rows: readonly string[], isTruncated: boolean): Generator<string> {
  yield '{"rows":[';
  yield* piecesOf(rows.slice(0, -1), ',');
  yield `${rows.at(-1) ?? ''}],"truncated":${isTruncated}}`;
}
