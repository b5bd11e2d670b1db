import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { authorize, keyOf } from '@telltale/auth';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Receivers, rejectJson } from '../responses';
import { type DirectiveStore } from '../directive-store';
import { type GatewayDeps } from '../deps';
import { IngestError, toIngestError } from '../ingest-error';
import { DIRECTIVES, DEPS, RECEIVERS } from '../tokens';
import { send } from './request';

/** A sign of life, and when expiry is looked at. */
const HEARTBEAT_MS = 15_000;
/** A reader that leaves this much unread is let go; it comes back and gets the full set. */
const MAX_UNREAD_BYTES = 1024 * 1024;

/** Parameters that nobody knows yet are those of newer SDKs, and are passed over. */
const controlParams = z.object({
  stream: z.enum(['1', 'true', '0', 'false', ''], 'stream: is none of its values; give 1 or true, or leave it out').optional(),
});

/** Whether a stream is wanted; throws IngestError for what says neither. */
function wantsStream(query: unknown): boolean {
  const parsed = controlParams.safeParse(query);
  if (!parsed.success) throw new IngestError('invalid', parsed.error.issues[0]?.message ?? 'the query string cannot be read');
  return parsed.data.stream === '1' || parsed.data.stream === 'true';
}

/** Tells SDKs the directives in force: once, or as a stream that sends the full set at every change. */
@Controller('v1/control')
export class ControlController {
  private streams = 0;

  constructor(
    @Inject(DEPS) private readonly deps: GatewayDeps,
    @Inject(RECEIVERS) private readonly receivers: Receivers,
    @Inject(DIRECTIVES) private readonly board: DirectiveStore,
  ) {}

  @Get()
  async control(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const count = (status: number) =>
      this.deps.metrics.count('telltale_gateway_requests_total', { receiver: 'control', status: String(status) });
    try {
      const key = keyOf(request.headers);
      const tenant = this.receivers.ingest.tenantOf(key, 'control:read');
      const isStream = wantsStream(request.query);
      if (!this.board.loaded) throw new IngestError('unavailable', 'directives are still being read; ask again');
      if (!isStream) {
        count(200);
        await reply.header('content-type', 'application/json').send(this.setOf(tenant));
        return;
      }
      if (this.streams >= this.deps.limits.maxControlStreams)
        throw new IngestError('overloaded', 'too many control streams are open; ask without stream=1');
      count(200);
      await this.stream(key ?? '', tenant, reply);
    } catch (error) {
      const refusal = toIngestError(error);
      count(refusal.http);
      await send(reply, rejectJson(refusal));
    }
  }

  private setOf(tenant: string): string {
    return JSON.stringify({ directives: this.board.inForce(tenant) });
  }

  private async stream(key: string, tenant: string, reply: FastifyReply): Promise<void> {
    const { deps, board } = this;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' });
    const closed = new AbortController();
    raw.once('close', () => closed.abort());
    const over = AbortSignal.any([closed.signal, deps.stopping]);
    let wake: () => void = () => undefined;
    const unsubscribe = board.onChange(tenant, () => wake());
    this.streams++;
    try {
      let sent: string | null = null;
      // A revoked key ends its streams at the next heartbeat.
      const isLetIn = (): boolean => {
        const verdict = authorize(deps.keys, key, 'control:read');
        return verdict.ok && verdict.grant.tenant === tenant;
      };
      while (!over.aborted && isLetIn() && raw.writableLength < MAX_UNREAD_BYTES) {
        const set = this.setOf(tenant);
        raw.write(set === sent ? ': alive\n\n' : `event: directives\ndata: ${set}\n\n`);
        sent = set;
        const beat = new AbortController();
        wake = () => beat.abort();
        await deps.clock.sleep(HEARTBEAT_MS, AbortSignal.any([over, beat.signal]));
      }
    } finally {
      this.streams--;
      unsubscribe();
      raw.end();
    }
  }
}
