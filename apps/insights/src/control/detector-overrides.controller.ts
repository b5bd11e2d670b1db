import {
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query as QueryParams,
  Req,
  UseFilters,
  UseGuards,
} from '@nestjs/common';
import { DAY_MS, hashId, isoTime } from '@telltale/kernel';
import { apiError, ApiErrorFilter, badParameter } from '../api-error';
import { ApiKeyGuard, NeedsScope, type TenantRequest } from '../api-key.guard';
import { INSIGHTS, type InsightsDeps } from '../deps';
import { rejectUnknownParams, jsonBodyOf, limitOf, type Query } from '../parameters';
import { filterBy, rowsOf } from '../tenant-rows';
import { checkCanEnd } from './can-end';
import { type Body, checkFields, endOf, newId, now, sendDetectorSetting, timeOf, detectorSettingOf } from './detector-setting';

const MARK_MS = 7 * DAY_MS;
type Row = Record<string, unknown>;

/** What people tell the scorer. Each POST and DELETE is in force once the scorer has taken it; the lists show what it took. */
@Controller('api')
@UseGuards(ApiKeyGuard)
@NeedsScope('control')
@UseFilters(ApiErrorFilter)
export class DetectorOverridesController {
  constructor(@Inject(INSIGHTS) private readonly deps: InsightsDeps) {}

  /** Says what an anomaly was. `for_ms`: how long its series is treated accordingly. */
  @Post('anomalies/:id/label')
  @HttpCode(202)
  async mark(@Req() request: TenantRequest, @QueryParams() query: Query, @Param('id') id: string): Promise<Row> {
    const { tenant } = request;
    rejectUnknownParams(query, [], tenant);
    const body = jsonBodyOf(request.body);
    checkFields(body, ['label', 'for_ms', 'issued_by']);
    const at = this.deps.clock.now();
    const record = detectorSettingOf(body, {
      type: 'label_anomaly',
      tenant,
      // One of an anomaly: said again it is the same, said otherwise the last word counts.
      id: `mark-${hashId(12, tenant, id)}`,
      anomaly_id: id,
      series_id: '',
      at: isoTime(at),
      expires_at: isoTime(endOf(body, 'expires_at', at) ?? at + MARK_MS),
    });
    if (record.type !== 'label_anomaly') throw badParameter('body', 'is not a mark', 'send {"label": "expected"}');
    const marked = { ...record, series_id: await this.seriesOf(request, id) };
    await sendDetectorSetting(this.deps, marked);
    const { series_id, label, expires_at } = marked;
    return { id: marked.id, anomaly_id: id, series_id, label, expires_at };
  }

  @Post('detector/maintenance')
  @HttpCode(202)
  async addMaintenance(@Req() request: TenantRequest, @QueryParams() query: Query): Promise<Row> {
    const { tenant } = request;
    rejectUnknownParams(query, [], tenant);
    const body = jsonBodyOf(request.body);
    checkFields(body, ['id', 'service_name', 'from', 'until', 'for_ms', 'reason', 'issued_by']);
    const start = timeOf(body, 'from') ?? this.deps.clock.now();
    const end = endOf(body, 'until', start);
    if (end === undefined) throw badParameter('until', 'is missing', 'give until (ISO 8601) or for_ms (milliseconds)');
    const window = { from: isoTime(start), until: isoTime(end) };
    const id = this.idOf(body, 'maint', tenant);
    await sendDetectorSetting(
      this.deps,
      detectorSettingOf({ reason: 'asked for by hand', ...body }, { ...window, type: 'set_maintenance', tenant, id }),
    );
    return { id, ...window };
  }

  @Get('detector/maintenance')
  @NeedsScope('read')
  async maintenance(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ maintenance: Row[] }> {
    const names = 'id, state, service_name, from_at, until_at, reason, issued_by, recorded_at';
    return { maintenance: await this.list(caller, query, 'set_maintenance', names) };
  }

  @Delete('detector/maintenance/:id')
  @HttpCode(202)
  endMaintenance(@Req() caller: TenantRequest, @QueryParams() query: Query, @Param('id') id: string): Promise<Row> {
    return this.end(caller, query, 'end_maintenance', id);
  }

  @Post('detector/sensitivity')
  @HttpCode(202)
  async setSensitivity(@Req() request: TenantRequest, @QueryParams() query: Query): Promise<Row> {
    const { tenant } = request;
    rejectUnknownParams(query, [], tenant);
    const body = jsonBodyOf(request.body);
    checkFields(body, [
      'id',
      'metric',
      'service_name',
      'false_positives_per_day',
      'rate_multiplier',
      'expires_at',
      'for_ms',
      'issued_by',
    ]);
    if ((body['false_positives_per_day'] === undefined) === (body['rate_multiplier'] === undefined))
      throw badParameter(
        'rate_multiplier',
        'and false_positives_per_day: exactly one is needed',
        'give false_positives_per_day for the tenant’s budget, or rate_multiplier with any of metric and service_name',
      );
    const end = endOf(body, 'expires_at', this.deps.clock.now());
    const expiry = end === undefined ? {} : { expires_at: isoTime(end) };
    const id = this.idOf(body, 'sens', tenant);
    await sendDetectorSetting(this.deps, detectorSettingOf(body, { ...expiry, type: 'set_sensitivity', tenant, id }));
    return { id, ...expiry };
  }

  @Get('detector/sensitivity')
  @NeedsScope('read')
  async sensitivity(@Req() caller: TenantRequest, @QueryParams() query: Query): Promise<{ sensitivity: Row[] }> {
    const names = 'id, state, metric, service_name, false_positives_per_day, rate_multiplier, until_at, issued_by, recorded_at';
    return { sensitivity: await this.list(caller, query, 'set_sensitivity', names) };
  }

  @Delete('detector/sensitivity/:id')
  @HttpCode(202)
  endSensitivity(@Req() caller: TenantRequest, @QueryParams() query: Query, @Param('id') id: string): Promise<Row> {
    return this.end(caller, query, 'end_sensitivity', id);
  }

  private idOf(body: Body, prefix: string, tenant: string): unknown {
    return body['id'] ?? newId(this.deps, prefix, tenant, body);
  }

  private async end(caller: TenantRequest, query: Query, type: 'end_maintenance' | 'end_sensitivity', id: string): Promise<Row> {
    const { tenant } = caller;
    rejectUnknownParams(query, [], tenant);
    await checkCanEnd(this.deps, caller, type === 'end_maintenance' ? 'set_maintenance' : 'set_sensitivity', id);
    await sendDetectorSetting(this.deps, { type, tenant, id, at: now(this.deps), issued_by: 'api' });
    return { id };
  }

  private async seriesOf(caller: TenantRequest, id: string): Promise<string> {
    const { conditions, params } = filterBy({ id });
    const sql = `SELECT series_id FROM telltale.anomalies WHERE ${conditions.join(' AND ')} LIMIT 1`;
    const [row] = await rowsOf(this.deps, caller, 'anomaly', sql, params);
    if (!row) throw apiError('not_found', `there is no anomaly ${id.slice(0, 80)}`, { fix: 'GET /api/anomalies lists them' });
    return String(row['series_id']);
  }

  /** The newest row of each id, the last recorded first; `in_force` by our clock. */
  private async list(caller: TenantRequest, query: Query, type: string, names: string): Promise<Row[]> {
    rejectUnknownParams(query, ['limit'], caller.tenant);
    const { conditions, params } = filterBy({ type });
    const sql = `SELECT ${names} FROM telltale.detector_overrides WHERE ${conditions.join(' AND ')}
      ORDER BY recorded_at DESC, state = 'ended' DESC, id LIMIT 1 BY id LIMIT {limit:UInt32}`;
    const rows = await rowsOf(this.deps, caller, type, sql, { ...params, limit: limitOf(query) });
    const at = this.deps.clock.now();
    const isPast = (time: unknown): boolean => typeof time !== 'string' || Date.parse(time) <= at;
    return rows.map((row) => ({
      ...row,
      in_force:
        row['state'] === 'active' &&
        (row['from_at'] === undefined || isPast(row['from_at'])) &&
        (row['until_at'] === null || !isPast(row['until_at'])),
    }));
  }
}
