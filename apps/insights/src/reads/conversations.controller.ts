import { Controller, Get, Inject, Param, Query as QueryParams, Req, UseFilters, UseGuards } from '@nestjs/common';
import { EVENT_STATUSES, TURN_OUTCOMES } from '@telltale/contracts';
import { apiError, ApiErrorFilter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { rejectUnknownParams, choiceOf, limitOf, periodOf, type Query, textOf } from '../parameters';
import { filterBy, rowsOf, within } from '../tenant-rows';
import { sessionTree } from './session-tree';

const MAX_EVENTS_OF_SESSION = 5_000;

/** A turn that late operations amended has several rows; the one of the highest revision counts. */
const ONE_TURN = "if(kind = 'turn' AND trace_id != '', trace_id, id)";

@Controller('api')
@UseGuards(ApiKeyGuard)
@NeedsScope('read')
@UseFilters(ApiErrorFilter)
export class ConversationsController {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  @Get('sessions')
  async sessions(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ sessions: unknown[] }> {
    rejectUnknownParams(query, ['limit', 'since', 'until', 'service', 'user'], caller.tenant);
    const filter = within(
      filterBy({ service_name: textOf(query, 'service'), user_id: textOf(query, 'user') }),
      'ts',
      periodOf(query, this.deps.clock.now()),
    );
    const sessions = await rowsOf(
      this.deps,
      caller,
      'sessions',
      `SELECT session_id, any(service_name) AS service, any(user_id) AS user, min(ts) AS started_at, max(ts) AS last_event_at,
         uniqExactIf(if(trace_id = '', id, trace_id), kind = 'turn') AS turns, countIf(revision = 0) AS events, countIf(status = 'error') AS errors, sum(cost_nano_usd) AS total_cost_nano_usd,
         countIf(kind = 'llm' AND cost_nano_usd IS NULL) AS unpriced_calls
       FROM telltale.events_core WHERE ${filter.conditions.join(' AND ')} AND session_id != ''
       GROUP BY session_id ORDER BY started_at DESC, session_id LIMIT {limit:UInt32}`,
      { ...filter.params, limit: limitOf(query) },
    );
    return { sessions };
  }

  @Get('sessions/:id')
  async session(@Req() caller: TenantRequest, @QueryParams() query: Query, @Param('id') id: string): Promise<unknown> {
    rejectUnknownParams(query, [], caller.tenant);
    const events = await rowsOf(
      this.deps,
      caller,
      'session',
      `SELECT * FROM (
         SELECT * FROM telltale.events WHERE tenant = {tenant:String} AND session_id = {id:String}
         ORDER BY revision DESC LIMIT 1 BY ${ONE_TURN}
       ) ORDER BY ts, id LIMIT {limit:UInt32}`,
      { id, limit: MAX_EVENTS_OF_SESSION + 1 },
    );
    if (events.length === 0)
      throw apiError('not_found', 'there is no session of this id', { fix: 'GET /api/sessions lists them' });
    const shown = events.slice(0, MAX_EVENTS_OF_SESSION);
    return { session_id: id, events: shown.length, truncated: events.length > shown.length, ...sessionTree(shown) };
  }

  @Get('turns')
  async turns(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ turns: unknown[] }> {
    rejectUnknownParams(query, ['limit', 'since', 'until', 'service', 'session', 'status', 'intent', 'outcome'], caller.tenant);
    const filter = within(
      filterBy({
        service_name: textOf(query, 'service'),
        session_id: textOf(query, 'session'),
        status: choiceOf(query, 'status', EVENT_STATUSES),
        intent: textOf(query, 'intent'),
        turn_outcome: choiceOf(query, 'outcome', TURN_OUTCOMES),
      }),
      'ts',
      periodOf(query, this.deps.clock.now()),
    );
    const turns = await rowsOf(
      this.deps,
      caller,
      'turns',
      `SELECT trace_id, session_id, ts, service_name, name, duration_ms, status, error_type, user_id, language, intent, turn_outcome, input_preview, output_preview
       FROM (
         SELECT * FROM telltale.events_core WHERE ${filter.conditions.join(' AND ')} AND kind = 'turn'
         ORDER BY revision DESC LIMIT 1 BY ${ONE_TURN}
       ) ORDER BY ts DESC, trace_id LIMIT {limit:UInt32}`,
      { ...filter.params, limit: limitOf(query) },
    );
    return { turns };
  }
}
