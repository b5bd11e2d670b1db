import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { authorize, keyOf } from '@telltale/auth';
import { isoTime } from '@telltale/kernel';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Receivers, rejectJson } from '../responses';
import { type DirectiveSet, type DirectiveStore } from '../directive-store';
import { type GatewayDeps } from '../deps';
import { IngestError, toIngestError } from '../ingest-error';
import { DIRECTIVES, DEPS, RECEIVERS } from '../tokens';
import { send } from './request';

/** A sign of life, and when expiry is looked at. */
const HEARTBEAT_MS = 15_000;
/** A reader that leaves this much unread is let go; it comes back and gets the full set. */
const MAX_UNREAD_BYTES = 1024 * 1024;

const MAX_WAIT_S = 60;
const WRONG_WAIT = `wait: is no time to wait; give 1s to ${MAX_WAIT_S}s, or leave it out`;

/** Parameters that nobody knows yet are those of newer SDKs, and are passed over. */
const controlParams = z.object({
  stream: z.enum(['1', 'true', '0', 'false', ''], 'stream: is none of its values; give 1 or true, or leave it out').optional(),
  wait: z
    .string(WRONG_WAIT)
    .regex(/^[1-9]\d?s?$/, WRONG_WAIT)
    .transform((given) => Number.parseInt(given))
    .refine((seconds) => seconds <= MAX_WAIT_S, WRONG_WAIT)
    .optional(),
});

/** How the set is wanted; throws IngestError for what says neither. */
function askedFor(query: unknown): { readonly isStream: boolean; readonly waitMs: number } {
  const parsed = controlParams.safeParse(query);
  if (!parsed.success) throw new IngestError('invalid', parsed.error.issues[0]?.message ?? 'the query string cannot be read');
  const { stream, wait = 0 } = parsed.data;
  return { isStream: stream === '1' || stream === 'true', waitMs: wait * 1_000 };
}

/** The hash of the set that the client has, out of `If-None-Match`; '' where it has none. */
const known = ({ 'if-none-match': tag = '' }: FastifyRequest['headers']): string => tag.replace(/^(?:W\/)?"?|"$/g, '');

/** Tells SDKs the directives in force: at once, when they have changed, or as a stream that sends the full set at every change. docs/VERBOSITY.md */
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
      const { tenant } = this.receivers.ingest.admit(key, 'control:read');
      const { isStream, waitMs } = askedFor(request.query);
      if (!this.board.loaded) throw new IngestError('unavailable', 'directives are still being read; ask again');
      if ((isStream || waitMs > 0) && this.streams >= this.deps.limits.maxControlStreams)
        throw new IngestError('overloaded', 'too many control streams are open; ask without stream and wait');
      if (!isStream) {
        const { status, body, hash } = await this.answer(tenant, known(request.headers), waitMs, reply);
        count(status);
        reply.code(status).header('etag', `"${hash}"`).header('cache-control', 'no-cache');
        await (body === undefined ? reply.send() : reply.header('content-type', 'application/json').send(body));
        return;
      }
      count(200);
      await this.stream(key ?? '', tenant, reply);
    } catch (error) {
      const refusal = toIngestError(error);
      count(refusal.http);
      await send(reply, rejectJson(refusal));
    }
  }

  private json({ fields }: DirectiveSet): string {
    return `{"now":"${isoTime(this.deps.clock.now())}",${fields}}`;
  }

  /** The set, once it is another than the client has, or after `waitMs`. */
  private async answer(
    tenant: string,
    has: string,
    waitMs: number,
    { raw }: FastifyReply,
  ): Promise<{ readonly status: 200 | 304; readonly body?: string; readonly hash: string }> {
    const { board, deps } = this;
    if (waitMs > 0 && board.setOf(tenant).hash === has) {
      const changed = new AbortController();
      const unsubscribe = board.onChange(tenant, () => changed.abort());
      raw.once('close', () => changed.abort());
      this.streams++;
      try {
        await deps.clock.sleep(waitMs, AbortSignal.any([changed.signal, deps.stopping]));
      } finally {
        this.streams--;
        unsubscribe();
      }
    }
    const set = board.setOf(tenant);
    return set.hash === has ? { status: 304, hash: set.hash } : { status: 200, body: this.json(set), hash: set.hash };
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
        const set = board.setOf(tenant);
        raw.write(set.hash === sent ? ': alive\n\n' : `event: directives\nid: ${set.hash}\ndata: ${this.json(set)}\n\n`);
        sent = set.hash;
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
