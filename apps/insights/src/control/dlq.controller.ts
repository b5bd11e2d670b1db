import { Controller, Get, HttpCode, Inject, Param, Post, Query as QueryParams, Req, UseFilters, UseGuards } from '@nestjs/common';
import { TOPICS } from '@telltale/contracts';
import { type LogRecord } from '@telltale/streaming';
import { apiError, ApiErrorFilter, badParameter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { rejectUnknownParams, jsonBodyOf, limitOf, type Query, textOf } from '../parameters';
import { type DeadLetter, deadLetterId, deadLetterOf, replayOf, tenantOf } from './dead-letters';

const NEWEST_LOOKED_AT = 10_000;
const REPLAY_FIX = 'send {"ids": ["0-12"]}, {"reason": "…"} or {"all": true}';

@Controller('api/dlq')
@UseGuards(ApiKeyGuard)
@NeedsScope('read')
@UseFilters(ApiErrorFilter)
export class DlqController {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  /** Newest first, with how many there are per reason. */
  @Get()
  async list(
    @Req() { tenant }: TenantRequest,
    @QueryParams() query: Query,
  ): Promise<{ total: number; by_reason: Record<string, number>; dead_letters: DeadLetter[] }> {
    rejectUnknownParams(query, ['limit', 'reason'], tenant);
    const limit = limitOf(query, { fallback: 50, max: 1_000 });
    const reason = textOf(query, 'reason');
    const all = (await this.recordsOf(tenant))
      .map(deadLetterOf)
      .filter((letter) => reason === undefined || letter.reason === reason);
    const byReason: Record<string, number> = {};
    for (const letter of all) byReason[letter.reason] = (byReason[letter.reason] ?? 0) + 1;
    return { total: all.length, by_reason: byReason, dead_letters: all.slice(-limit).reverse() };
  }

  @Get(':id')
  async show(@Req() { tenant }: TenantRequest, @Param('id') id: string): Promise<DeadLetter> {
    const record = (await this.recordsOf(tenant)).find((candidate) => deadLetterId(candidate) === id);
    if (!record) throw apiError('not_found', 'there is no dead letter of this id', { fix: 'GET /api/dlq lists them' });
    return deadLetterOf(record);
  }

  /** Sends inputs on their way again, from the topic they came from. They come back when they are still refused. */
  @Post('replay')
  @NeedsScope('admin')
  @HttpCode(202)
  async replay(@Req() request: TenantRequest): Promise<{ replayed: number; skipped: number }> {
    const chosen = this.choose(await this.recordsOf(request.tenant), jsonBodyOf(request.body));
    const outputs = chosen.map(replayOf).filter((output) => output !== null);
    if (outputs.length > 0) await this.deps.broker.produce(outputs);
    return { replayed: outputs.length, skipped: chosen.length - outputs.length };
  }

  private choose(records: readonly LogRecord[], { ids, reason, all }: Readonly<Record<string, unknown>>): LogRecord[] {
    if (Array.isArray(ids)) {
      const chosen = records.filter((record) => ids.includes(deadLetterId(record)));
      const missing = ids.find((id) => !chosen.some((record) => deadLetterId(record) === id));
      if (missing !== undefined)
        throw apiError('not_found', `there is no dead letter ${String(missing).slice(0, 40)}`, {
          parameter: 'ids',
          fix: 'GET /api/dlq lists them',
        });
      return chosen;
    }
    if (typeof reason === 'string') return records.filter((record) => record.headers['x-dlq-reason'] === reason);
    if (all === true) return [...records];
    throw badParameter('ids', 'is missing', REPLAY_FIX);
  }

  private async recordsOf(tenant: string): Promise<LogRecord[]> {
    return (await this.deps.broker.newest(TOPICS.dlq.name, NEWEST_LOOKED_AT)).filter((record) => tenantOf(record) === tenant);
  }
}
