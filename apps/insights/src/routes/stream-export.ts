import { ApiError, exportCount, exportPage, exportRows, type ExportRequest, isoRow } from '@telltale/query';
import { isPermanent } from '@telltale/kernel';
import { type FastifyReply } from 'fastify';
import { once } from 'node:events';
import { type TenantRequest } from '../api-key.guard';
import { type InsightsDeps } from '../deps';
import { type StreamAnswer } from './ask';

type Row = Readonly<Record<string, unknown>>;

const PAGE_ROWS = 500;
/** After a page that was too large, the next is so much smaller. */
const SHRINK = 8;
const MAX_BYTES = 1_000_000_000;
const SEND_WITHIN_MS = 30_000;
const TYPES = { ndjson: 'application/x-ndjson', parquet: 'application/vnd.apache.parquet' } as const;

/** Writes as fast as the client reads; rejects when it reads nothing for long, or is gone. */
async function send({ raw }: FastifyReply, bytes: string | Uint8Array): Promise<void> {
  if (raw.write(bytes) || raw.destroyed) return;
  await once(raw, 'drain', { signal: AbortSignal.timeout(SEND_WITHIN_MS) });
}

/** Rows of events, turns or sessions as a file, page by page: between pages others have their turn. */
export function createExportStream({ rows, questions, clock, logger, stopping }: InsightsDeps): StreamAnswer {
  const { seconds } = exportRows.limits;
  const options = (request: TenantRequest, signal: AbortSignal) => ({
    comment: 'telltale.insights export',
    tenant: request.tenant,
    signal,
    limitSeconds: seconds,
  });

  async function* pages(asked: ExportRequest, request: TenantRequest): AsyncGenerator<readonly Row[]> {
    const { query } = questions.rowsFor(request);
    let [last, left, size]: [Row | null, number, number] = [null, asked.limit, PAGE_ROWS];
    while (left > 0 && !stopping.aborted) {
      const { sql, params } = exportPage(asked, last, Math.min(size, left));
      const page: Row[] | null = await query<Record<string, unknown>>(sql, { ...params, tenant: request.tenant }, options(request, stopping)).catch((error: unknown) => {
        // Its rows together are more than an answer of the engine may be.
        if (isPermanent(error) && size > 1) return null;
        throw error;
      }); // prettier-ignore
      if (page === null) {
        size = Math.ceil(size / SHRINK);
        continue;
      }
      yield page;
      left -= page.length;
      last = page.at(-1) ?? null;
      if (page.length < Math.min(size, left + page.length)) return;
    }
  }

  async function sendLines(asked: ExportRequest, request: TenantRequest, reply: FastifyReply, first: IteratorResult<readonly Row[]>, rest: AsyncGenerator<readonly Row[]>): Promise<void> {
    let bytes = 0;
    for (let page = first; page.done !== true; page = await rest.next()) {
      const lines = page.value.map((row) => `${JSON.stringify(isoRow(row))}\n`).join('');
      bytes += Buffer.byteLength(lines);
      if (bytes > MAX_BYTES || reply.raw.destroyed) throw new RangeError(`the export of ${asked.what} of ${request.tenant} ended early`);
      if (lines !== '') await send(reply, lines);
    }
  } // prettier-ignore

  async function sendParquet(asked: ExportRequest, request: TenantRequest, reply: FastifyReply): Promise<void> {
    await questions.run(request, async (signal) => {
      const { sql, params } = exportPage(asked, null, asked.limit);
      const file = await rows.parquet(sql, { ...params, tenant: request.tenant }, options(request, signal));
      begin(reply, asked, false);
      for await (const piece of file) await send(reply, piece);
    });
  }

  function begin(reply: FastifyReply, { what, format }: ExportRequest, isTruncated: boolean): void {
    reply.hijack();
    reply.raw.writeHead(200, {
      'content-type': TYPES[format],
      'content-disposition': `attachment; filename="${what}.${format}"`,
      'x-telltale-truncated': String(isTruncated),
    });
  }

  return async (given, request, reply) => {
    const asked = exportRows.parseExport(given, clock.now());
    const { query } = questions.rowsFor(request);
    const count = exportCount(asked);
    const [counted] = await query<{ rows: number }>(count.sql, { ...count.params, tenant: request.tenant }, options(request, stopping)); // prettier-ignore
    const isTruncated = Number(counted?.rows ?? 0) > asked.limit;
    try {
      if (asked.format === 'parquet') {
        if (isTruncated) throw tooMany(asked);
        await sendParquet(asked, request, reply);
      } else {
        const rest = pages(asked, request);
        // What is wrong with the first page can still be said.
        const first = await rest.next();
        begin(reply, asked, isTruncated);
        await sendLines(asked, request, reply, first, rest);
      }
      reply.raw.end();
    } catch (error) {
      if (!reply.raw.headersSent) throw error;
      // The status is sent, so a cut connection is the only way to say that it is not whole.
      logger.warn('export_ended_early', { what: asked.what, error: error instanceof Error ? error.name : 'unknown' });
      reply.raw.destroy();
    }
  };
}

function tooMany({ what, limit }: ExportRequest): ApiError {
  const fix = 'ask for a shorter range, or for format ndjson with a limit';
  return new ApiError('invalid', `limit: there are more than ${limit} ${what}; ${fix}`, { parameter: 'limit', fix });
}
