import { Controller, Get, Inject, Param, Query as QueryParams, Req, UseFilters, UseGuards } from '@nestjs/common';
import { EVENT_STATUSES, TURN_OUTCOMES } from '@telltale/contracts';
import { apiError, ApiErrorFilter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { rejectUnknownParams, choiceOf, limitOf, periodOf, type Query, textOf } from '../parameters';
import { type Filter, filterBy, rowsOf, within } from '../tenant-rows';
import { sessionTree, turnTree } from './session-tree';

const MAX_EVENTS_OF_SESSION = 5_000;
const MAX_EVENTS_OF_TURN = 5_000;

/** The tables are sorted by `first_minute`, which no revision changes; the moment itself may be earlier, never later. */
const startedWithin = (filter: Filter, column: string, period: ReturnType<typeof periodOf>): Filter => {
  const { conditions, params } = within(filter, column, period);
  return {
    conditions: [...conditions, "first_minute >= toStartOfMinute(fromUnixTimestamp64Milli({since:Int64}, 'UTC'))"],
    params,
  };
};

const TURN_ROW = `SELECT turn_id, trace_id, session_id, revision, turn_number, ts, duration_ms, has_root, name, status, error_type, outcome, outcome_event_id, outcome_reason, intent, language,
  service_name, service_version, release, deployment_environment, region, user_id, agents, models, tools, calls, errors, first_failed_span_id, retries, repeated_call,
  repeated_call_count, cost_nano_usd, unpriced_calls, max_context_tokens, time_to_first_token_ms, self_time_ms, edges, directive_ids, input_preview, output_preview
FROM telltale.turns FINAL`;

/** Turns of a session: those that name it, or those of its user and service in its time where no producer named one. */
const TURNS_OF_SESSION = `SELECT trace_id FROM telltale.turns AS t FINAL
  WHERE t.tenant = {tenant:String} AND t.trace_id != '' AND (t.session_id = {id:String} OR (t.session_id = '' AND (t.user_id, t.service_name) IN (
    SELECT user_id, service_name FROM telltale.sessions FINAL WHERE tenant = {tenant:String} AND session_id = {id:String} AND derived AND turns > 0
  ) AND t.ts >= (SELECT min(started_at) FROM telltale.sessions FINAL WHERE tenant = {tenant:String} AND session_id = {id:String})
    AND t.ts <= (SELECT max(ended_at) FROM telltale.sessions FINAL WHERE tenant = {tenant:String} AND session_id = {id:String})))`;

@Controller('api')
@UseGuards(ApiKeyGuard)
@NeedsScope('read')
@UseFilters(ApiErrorFilter)
export class ConversationsController {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  @Get('sessions')
  async sessions(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ sessions: unknown[] }> {
    rejectUnknownParams(query, ['limit', 'since', 'until', 'service', 'user'], caller.tenant);
    const filter = startedWithin(
      filterBy({ service_name: textOf(query, 'service'), user_id: textOf(query, 'user') }),
      'started_at',
      periodOf(query, this.deps.clock.now()),
    );
    const sessions = await rowsOf(
      this.deps,
      caller,
      'sessions',
      `SELECT session_id, derived, service_name AS service, user_id AS user, started_at, ended_at, turns, failed_turns, events, errors, last_outcome, outcomes, intents,
         cost_nano_usd AS total_cost_nano_usd, unpriced_calls, input_preview
       FROM telltale.sessions FINAL WHERE ${filter.conditions.join(' AND ')} AND turns > 0
       ORDER BY started_at DESC, session_id LIMIT {limit:UInt32}`,
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
      `SELECT * FROM telltale.events
       WHERE tenant = {tenant:String} AND (session_id = {id:String} OR trace_id IN (${TURNS_OF_SESSION}))
       ORDER BY ts, id LIMIT {limit:UInt32}`,
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
    const filter = startedWithin(
      filterBy({
        service_name: textOf(query, 'service'),
        session_id: textOf(query, 'session'),
        status: choiceOf(query, 'status', EVENT_STATUSES),
        intent: textOf(query, 'intent'),
        outcome: choiceOf(query, 'outcome', TURN_OUTCOMES),
      }),
      'ts',
      periodOf(query, this.deps.clock.now()),
    );
    const turns = await rowsOf(
      this.deps,
      caller,
      'turns',
      `SELECT turn_id, trace_id, session_id, ts, service_name, name, duration_ms, status, error_type, user_id, language, intent, outcome, cost_nano_usd, unpriced_calls, retries,
         input_preview, output_preview
       FROM telltale.turns FINAL WHERE ${filter.conditions.join(' AND ')} ORDER BY ts DESC, turn_id LIMIT {limit:UInt32}`,
      { ...filter.params, limit: limitOf(query) },
    );
    return { turns };
  }

  @Get('turns/:id')
  async turn(@Req() caller: TenantRequest, @QueryParams() query: Query, @Param('id') id: string): Promise<unknown> {
    rejectUnknownParams(query, [], caller.tenant);
    const [turn] = await rowsOf(
      this.deps,
      caller,
      'turn',
      `${TURN_ROW} WHERE tenant = {tenant:String} AND turn_id = {id:String} ORDER BY revision DESC LIMIT 1`,
      { id },
    );
    const events = await rowsOf(
      this.deps,
      caller,
      'turn events',
      'SELECT * FROM telltale.events WHERE tenant = {tenant:String} AND (trace_id = {id:String} OR id = {id:String}) ORDER BY ts, id LIMIT {limit:UInt32}',
      { id, limit: MAX_EVENTS_OF_TURN + 1 },
    );
    // A turn is written a minute after its last event; until then only its events are there.
    if (!turn && events.length === 0)
      throw apiError('not_found', 'there is no turn of this id', { fix: 'GET /api/turns lists them' });
    const shown = events.slice(0, MAX_EVENTS_OF_TURN);
    return { turn_id: id, turn: turn ?? null, truncated: events.length > shown.length, ...turnTree(id, shown) };
  }
}
