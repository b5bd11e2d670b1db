import {
  Controller,
  Delete,
  HttpCode,
  Inject,
  Param,
  Post,
  Query as QueryParams,
  Req,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { commandRecord, directiveTarget, EVENT_KINDS, TOPICS, type CommandRecord } from '@telltale/contracts';
import { hashId, isoTime, isRecord, MINUTE_MS } from '@telltale/kernel';
import { ApiErrorFilter, badParameter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { rejectUnknownParams, jsonBodyOf, type Query } from '../parameters';
import { checkCanEnd } from './can-end';

const DEFAULT_TTL_MS = 15 * MINUTE_MS;
const FIXES: Readonly<Record<string, string>> = {
  action: 'give boost or restrict',
  level: 'give metadata, normal, full or debug',
  ttl_ms: 'give milliseconds from 1 to 86400000',
  id: 'give a short text, or leave it out',
  reason: 'give a short text, or leave it out',
};
const FIELDS = new Set(['id', 'action', 'target', 'level', 'ttl_ms', 'reason', 'issued_by']);

function checkTarget(target: unknown): void {
  if (!isRecord(target))
    throw badParameter(
      'target',
      'is missing',
      'give an object with any of service_name, kind, name, session_id; {} is everything',
    );
  const known = Object.keys(directiveTarget.shape);
  const wrong = Object.entries(target).find(([name, value]) => !known.includes(name) || typeof value !== 'string');
  if (wrong) throw badParameter(`target.${wrong[0]}`, 'is not a text field of a target', `give any of ${known.join(', ')}`);
  if (target['kind'] !== undefined && !EVENT_KINDS.some((kind) => kind === target['kind']))
    throw badParameter('target.kind', 'is not a kind of event', `give one of ${EVENT_KINDS.join(', ')}`);
}

@Controller('api/control')
@UseGuards(ApiKeyGuard)
@NeedsScope('control')
@UseFilters(ApiErrorFilter)
export class ControlController {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  /** Asks for a directive. It is in force once the verbosity service has taken the command. */
  @Post()
  @HttpCode(202)
  async set(@Req() request: TenantRequest, @QueryParams() query: Query): Promise<{ id: string; expires_at: string }> {
    const { tenant } = request;
    rejectUnknownParams(query, [], tenant);
    const body = jsonBodyOf(request.body);
    const unknown = Object.keys(body).find((field) => !FIELDS.has(field));
    if (unknown !== undefined)
      throw badParameter(unknown, 'is not a field of a directive', `there are ${[...FIELDS].join(', ')}`);
    checkTarget(body['target']);
    const now = this.deps.clock.now();
    const parsed = commandRecord.safeParse({
      action: 'boost',
      ttl_ms: DEFAULT_TTL_MS,
      reason: 'asked for by hand',
      issued_by: 'api',
      id: `cmd-${hashId(12, tenant, now, this.deps.clock.monotonic(), JSON.stringify(body))}`,
      ...body,
      type: 'set_directive',
      tenant,
    });
    if (!parsed.success || parsed.data.type !== 'set_directive') {
      const field = parsed.error?.issues[0]?.path.join('.') ?? 'body';
      throw badParameter(field, 'has a wrong value', FIXES[field] ?? 'see docs/TOPICS.md');
    }
    await this.send(parsed.data);
    return { id: parsed.data.id, expires_at: isoTime(now + parsed.data.ttl_ms) };
  }

  @Delete(':id')
  @HttpCode(202)
  async revoke(@Req() caller: TenantRequest, @QueryParams() query: Query, @Param('id') id: string): Promise<{ id: string }> {
    const { tenant } = caller;
    rejectUnknownParams(query, [], tenant);
    await checkCanEnd(this.deps, caller, 'set_directive', id);
    await this.send({ type: 'revoke_directive', tenant, id, issued_by: 'api' });
    return { id };
  }

  private send(command: CommandRecord): Promise<void> {
    return this.deps.broker.produce([{ topic: TOPICS.commands.name, key: command.tenant, value: JSON.stringify(command) }]);
  }
}
