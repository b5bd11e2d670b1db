import { Controller, Get, Inject, Param, Query as QueryParams, Req, UseFilters, UseGuards } from '@nestjs/common';
import { DAY_MS } from '@telltale/kernel';
import { ApiErrorFilter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { rejectUnknownParams, choiceOf, limitOf, periodOf, type Query, textOf } from '../parameters';
import { type Filter, filterBy, rowsOf, within } from '../tenant-rows';

const SERVICE_OF_SERIES = "dimensions['service_name']";
const SPEND_BY = { hour: 'hour', service: 'service_name', model: 'model', provider: 'provider', kind: 'kind' } as const;
const where = (filter: Filter): string => filter.conditions.join(' AND ');

@Controller('api')
@UseGuards(ApiKeyGuard)
@NeedsScope('read')
@UseFilters(ApiErrorFilter)
export class FindingsController {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  @Get('series')
  async series(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ series: unknown[] }> {
    rejectUnknownParams(query, ['limit', 'since', 'until', 'service', 'metric'], caller.tenant);
    const values = { [SERVICE_OF_SERIES]: textOf(query, 'service'), metric: textOf(query, 'metric') };
    const filter = within(filterBy(values), 'window_start', periodOf(query, this.deps.clock.now(), { fallbackMs: DAY_MS }));
    const series = await rowsOf(
      this.deps,
      caller,
      'series',
      `SELECT series_id, any(metric) AS metric_name, any(dimensions) AS labels, count() AS windows, sum(count) AS events, max(window_start) AS last_window_at,
         argMax(p50, window_start) AS last_p50, argMax(p95, window_start) AS last_p95, argMax(expected, window_start) AS last_expected, max(abs(score)) AS peak_score
       FROM telltale.series_windows_amended WHERE ${where(filter)} GROUP BY series_id ORDER BY peak_score DESC NULLS LAST, series_id LIMIT {limit:UInt32}`,
      { ...filter.params, limit: limitOf(query) },
    );
    return { series };
  }

  @Get('series/:id/windows')
  async windows(
    @Req() caller: TenantRequest,
    @QueryParams() query: Query,
    @Param('id') id: string,
  ): Promise<{ windows: unknown[] }> {
    rejectUnknownParams(query, ['limit', 'since', 'until'], caller.tenant);
    const filter = within(
      filterBy({ series_id: id }),
      'window_start',
      periodOf(query, this.deps.clock.now(), { fallbackMs: DAY_MS }),
    );
    const windows = await rowsOf(
      this.deps,
      caller,
      'windows',
      `SELECT metric, dimensions, window_start, count, sum, min, max, errors, p50, p95, expected, score, backfill, late_count
       FROM telltale.series_windows_amended WHERE ${where(filter)} ORDER BY window_start DESC LIMIT {limit:UInt32}`,
      { ...filter.params, limit: limitOf(query, { fallback: 360, max: 10_000 }) },
    );
    return { windows };
  }

  @Get('anomalies')
  async anomalies(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ anomalies: unknown[] }> {
    rejectUnknownParams(query, ['limit', 'since', 'until', 'service', 'metric', 'state'], caller.tenant);
    const values = { [SERVICE_OF_SERIES]: textOf(query, 'service'), metric: textOf(query, 'metric') };
    const filter = within(filterBy(values), 'started_at', periodOf(query, this.deps.clock.now()));
    const state = choiceOf(query, 'state', ['open', 'closed']);
    const anomalies = await rowsOf(
      this.deps,
      caller,
      'anomalies',
      `SELECT * FROM (SELECT * FROM telltale.anomalies WHERE ${where(filter)} ORDER BY state = 'closed' DESC, windows DESC LIMIT 1 BY id)
       ${state ? 'WHERE state = {state:String}' : ''} ORDER BY started_at DESC, id LIMIT {limit:UInt32}`,
      { ...filter.params, ...(state ? { state } : {}), limit: limitOf(query) },
    );
    return { anomalies };
  }

  @Get('incidents')
  async incidents(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ incidents: unknown[] }> {
    rejectUnknownParams(query, ['limit', 'since', 'until', 'service', 'state'], caller.tenant);
    const filter = within(
      filterBy({ service_name: textOf(query, 'service') }),
      'opened_at',
      periodOf(query, this.deps.clock.now()),
    );
    const state = choiceOf(query, 'state', ['open', 'closed']);
    const incidents = await rowsOf(
      this.deps,
      caller,
      'incidents',
      `SELECT * FROM (SELECT * FROM telltale.incidents WHERE ${where(filter)} ORDER BY updated_at DESC LIMIT 1 BY id)
       ${state ? 'WHERE state = {state:String}' : ''} ORDER BY opened_at DESC, id LIMIT {limit:UInt32}`,
      { ...filter.params, ...(state ? { state } : {}), limit: limitOf(query) },
    );
    return { incidents };
  }

  @Get('spend')
  async spend(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ by: string; spend: unknown[] }> {
    rejectUnknownParams(query, ['limit', 'since', 'until', 'service', 'by'], caller.tenant);
    const by = choiceOf(query, 'by', ['hour', 'service', 'model', 'provider', 'kind']) ?? 'service';
    const filter = within(filterBy({ service_name: textOf(query, 'service') }), 'toDateTime64(hour, 3, \'UTC\')', periodOf(query, this.deps.clock.now())); // prettier-ignore
    const spend = await rowsOf(
      this.deps,
      caller,
      'spend',
      `SELECT ${SPEND_BY[by]}, sum(calls) AS total_calls, sum(unpriced_calls) AS total_unpriced_calls, sum(cost_nano_usd) AS total_cost_nano_usd,
         total_cost_nano_usd / 1e9 AS usd, sum(input_tokens) AS total_input_tokens, sum(output_tokens) AS total_output_tokens
       FROM telltale.spend_corrected WHERE ${where(filter)} GROUP BY ${SPEND_BY[by]} ORDER BY ${by === 'hour' ? 'hour' : 'total_cost_nano_usd DESC'} LIMIT {limit:UInt32}`,
      { ...filter.params, limit: limitOf(query) },
    );
    return { by, spend };
  }

  @Get('directives')
  async directives(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ directives: unknown[] }> {
    rejectUnknownParams(query, ['limit', 'since', 'until'], caller.tenant);
    const now = this.deps.clock.now();
    const filter = within(filterBy({}), 'issued_at', periodOf(query, now));
    const rows = await rowsOf(
      this.deps,
      caller,
      'directives',
      `SELECT * FROM telltale.directives WHERE ${where(filter)} ORDER BY changed_at DESC, state = 'raised' LIMIT 1 BY id LIMIT {limit:UInt32}`,
      { ...filter.params, limit: limitOf(query) },
    );
    const inForce = (row: Record<string, unknown>): boolean =>
      (row['state'] === 'raised' || row['state'] === 'extended') && Date.parse(String(row['expires_at'])) > now;
    return { directives: rows.map((row) => ({ ...row, in_force: inForce(row) })) };
  }
}
