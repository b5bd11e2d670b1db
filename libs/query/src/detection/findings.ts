import { anomalyRecord } from '@telltale/contracts';
import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text } from '../define/params';
import { count, dimensions, isoTime } from '../define/row-fields';
import { columnsOf, filterBy, inState, within } from '../define/where';

export const SERVICE_OF_SERIES = "dimensions['service_name']";
const ROWS = { fallback: 100, max: 1_000 };
const OF_SERIES = { defaultMs: DAY_MS, maxMs: 100 * DAY_MS };
const OF_FINDINGS = { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS };
export const service = text('Only of this service').optional();
export const metric = text('Only of this metric').optional();
const state = choice(['open', 'closed'], 'Only in this state').optional();

const series = named(
  'Series',
  z.object({
    series_id: z.string(),
    metric_name: z.string(),
    labels: dimensions.describe('Dimensions of the series'),
    windows: count.describe('Windows with values'),
    events: z.number().describe('Values, weighted'),
    last_window_at: isoTime,
    last_p50: z.number().nullable(),
    last_p95: z.number().nullable(),
    last_expected: z.number().nullable().describe('What the baseline expected of the last window'),
    peak_score: z.number().nullable().describe('Largest deviation; null when no window was scored'),
  }),
);

export const listSeries = defineQuery({
  name: 'listSeries',
  about: 'Series with their last window, the furthest deviation first.',
  tag: 'detection',
  scope: 'read',
  path: '/api/series',
  params: { service, metric },
  example: { service: 'shop', metric: 'duration_ms' },
  list: 'series',
  row: series,
  mcp: {
    name: 'list_series',
    about:
      'What moved: series (a metric of a service, tool, model or other dimensions) with their last values and their largest deviation from the baseline in a range of time, the furthest first.',
    next: 'find_operations(tool or model or name of its labels, since) shows operations behind a series; list_incidents shows what became of it',
    withoutContent: ['series', 'series_id', 'metric_name', 'windows', 'events', 'last_window_at', 'last_p50', 'last_p95', 'last_expected', 'peak_score'],
  }, // prettier-ignore
  limits: { rows: ROWS, range: OF_SERIES },
  order: () => [
    { column: 'peak_score', type: 'number', descending: true, ofNull: -1 },
    { column: 'series_id', type: 'text' },
  ],
  sql: (given, period) => {
    const filter = filterBy({ [SERVICE_OF_SERIES]: given.service, metric: given.metric });
    const { where, params } = within(filter, 'window_start', period);
    return {
      sql: `SELECT series_id, any(metric) AS metric_name, any(dimensions) AS labels, count() AS windows, sum(count) AS events, max(window_start) AS last_window_at,
         argMax(p50, window_start) AS last_p50, argMax(p95, window_start) AS last_p95, argMax(expected, window_start) AS last_expected, max(abs(score)) AS peak_score
       FROM telltale.series_windows_amended WHERE ${where} GROUP BY series_id`,
      params,
    };
  },
});

const window = named(
  'Window',
  z.object({
    metric: z.string(),
    dimensions,
    window_start: isoTime.describe('Start of the window of 10 s'),
    count: z.number().describe('Values, weighted, late parts included'),
    sum: z.number(),
    min: z.number().nullable(),
    max: z.number().nullable(),
    errors: z.number().describe('Values of failed operations, weighted'),
    p50: z.number().nullable(),
    p95: z.number().nullable(),
    expected: z.number().nullable(),
    score: z.number().nullable().describe('Null when it was not scored'),
    backfill: z.boolean(),
    late_count: z.number().describe('Of count, what came in late parts'),
  }),
);

export const listWindows = defineQuery({
  name: 'listWindows',
  about: 'Windows of one series, the latest first.',
  tag: 'detection',
  scope: 'read',
  path: '/api/series/{id}/windows',
  params: { id: text('series_id of the series') },
  example: { id: 's1', since: '2h' },
  list: 'windows',
  row: window,
  limits: { rows: { fallback: 360, max: 10_000 }, range: OF_SERIES },
  order: () => [{ column: 'window_start', type: 'time', descending: true }],
  sql: ({ id }, period) => {
    const { where, params } = within(filterBy({ series_id: id }), 'window_start', period);
    return { sql: `SELECT ${columnsOf(window)} FROM telltale.series_windows_amended WHERE ${where}`, params };
  },
});

const windowsOfSeries = named(
  'WindowsOfSeries',
  z.object({
    tenant: z.string(),
    series_id: z.string(),
    metric: z.string(),
    dimensions,
    events: z.number().describe('Values, weighted'),
    windows: z
      .array(z.array(z.number().nullable()))
      .describe('Of each, in order of time: start (Unix ms), count, sum, min, max, errors, p50, p95; late parts are not in it'),
  }),
);

export const listWindowsOfMetric = defineQuery({
  name: 'listWindowsOfMetric',
  about: 'The windows of every series of a metric as the scorer judged them, the series with most values first.',
  tag: 'detection',
  scope: 'read',
  path: '/api/metrics/{metric}/windows',
  params: { metric: text('Name of the metric'), service, series: text('Only this series').optional() },
  example: { metric: 'duration_ms', service: 'shop', since: '1h' },
  list: 'series',
  row: windowsOfSeries,
  limits: { rows: { fallback: 20, max: 100 }, range: OF_SERIES },
  order: () => [
    { column: 'events', type: 'number', descending: true },
    { column: 'series_id', type: 'text' },
  ],
  sql: (given, period) => {
    const filter = filterBy({ metric: given.metric, [SERVICE_OF_SERIES]: given.service, series_id: given.series });
    const { where, params } = within(filter, 'window_start', period);
    return {
      // Selected first, for an alias of the same name as a column stands for the aggregate.
      sql: `SELECT any(tenant) AS tenant, series_id, any(metric) AS metric, any(dimensions) AS dimensions, sum(count) AS events,
         arraySort(groupArray((toUnixTimestamp(window_start) * 1000, count, sum, min, max, errors, p50, p95))) AS windows
       FROM (SELECT * FROM telltale.series_windows WHERE ${where} AND NOT late) GROUP BY series_id`,
      params,
    };
  },
});

export const anomaly = named('Anomaly', anomalyRecord);

export const listAnomalies = defineQuery({
  name: 'listAnomalies',
  about: 'Anomalies in their newest state, the last started first.',
  tag: 'detection',
  scope: 'read',
  path: '/api/anomalies',
  params: { service, metric, state },
  example: { service: 'shop', state: 'open' },
  list: 'anomalies',
  row: anomaly,
  limits: { rows: ROWS, range: OF_FINDINGS },
  order: () => [
    { column: 'started_at', type: 'time', descending: true },
    { column: 'id', type: 'text' },
  ],
  sql: (given, period) => {
    const filter = filterBy({ [SERVICE_OF_SERIES]: given.service, metric: given.metric });
    const { where, params } = within(filter, 'started_at', period);
    const ofState = inState(given.state);
    return {
      sql: `SELECT ${columnsOf(anomaly)} FROM
         (SELECT * FROM telltale.anomalies WHERE ${where} ORDER BY state = 'closed' DESC, windows DESC LIMIT 1 BY id)
       ${ofState.where}`,
      params: { ...params, ...ofState.params },
    };
  },
});
