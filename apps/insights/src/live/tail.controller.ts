import { Controller, Get, Inject, Query as QueryParams, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { apiError, ApiErrorFilter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { rejectUnknownParams, type Query } from '../parameters';
import { createTailClient } from './tail-client';
import { createTailHub, tailFilterOf, type TailHub } from './tail-hub';

const MAX_CLIENTS = 50;
const WAITING_EVENTS = 1_000;
const KEEP_ALIVE_MS = 15_000;

@Controller('api')
@UseGuards(ApiKeyGuard)
@NeedsScope('read')
@UseFilters(ApiErrorFilter)
export class TailController {
  private readonly hub: TailHub;

  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {
    this.hub = createTailHub(deps.broker, deps.logger);
  }

  /** Server-sent events: `event` with a record, `skipped` with a count when the client is too slow. */
  @Get('tail')
  tail(@Req() request: TenantRequest, @QueryParams() query: Query, @Res() reply: FastifyReply): void {
    const { clock, metrics, stopping } = this.deps;
    rejectUnknownParams(query, ['kind', 'service', 'session', 'status', 'name'], request.tenant);
    const filter = tailFilterOf(query, request.tenant);
    if (this.hub.clients >= MAX_CLIENTS) throw apiError('overloaded', `${MAX_CLIENTS} tails are open`, { fix: 'close one' });
    const closed = new AbortController();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    raw.write(': following\n\n');
    const client = createTailClient(
      { write: (frame) => raw.write(frame), onDrain: (next) => void raw.once('drain', next) },
      WAITING_EVENTS,
      (count) => metrics.count('telltale_tail_dropped_events_total', {}, count),
    );
    const end = (): void => void raw.end();
    const leave = this.hub.subscribe(filter, (line) => client.offer(line), end);
    metrics.set('telltale_tail_subscribers', {}, this.hub.clients);
    stopping.addEventListener('abort', end, { once: true });
    raw.once('close', () => {
      closed.abort();
      stopping.removeEventListener('abort', end);
      leave();
      metrics.set('telltale_tail_subscribers', {}, this.hub.clients);
    });
    void (async () => {
      // A comment now and then, so that nobody in between thinks the connection dead.
      for (
        await clock.sleep(KEEP_ALIVE_MS, closed.signal);
        !closed.signal.aborted;
        await clock.sleep(KEEP_ALIVE_MS, closed.signal)
      )
        raw.write(': alive\n\n');
    })();
  }
}
