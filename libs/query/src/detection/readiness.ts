import { MAX_SINGLE_CALLS, METRICS_WITH_VALUES, RUN_COUNT, RUN_SPAN_MS, WARM_CALLS, WARM_VALUES, WINDOW_MS } from '@telltale/domain-detector'; // prettier-ignore
import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice } from '../define/params';
import { dimensions, isoTime } from '../define/row-fields';
import { filterBy, inState, within } from '../define/where';
import { metric, service, SERVICE_OF_SERIES } from './findings';

const STATES = ['watched', 'learning'] as const;
const WITH_VALUES = `AND metric IN (${METRICS_WITH_VALUES.map((metric) => `'${metric}'`).join(', ')})`;

const readiness = named(
  'Readiness',
  z.object({
    series_id: z.string(),
    metric_name: z.string(),
    labels: dimensions.describe('Dimensions of the series'),
    state: z.enum(STATES).describe('learning: too little is known for a verdict; watched: its values are evaluated'),
    first_window_at: isoTime.describe('In the period'),
    last_window_at: isoTime,
    calls: z.number().describe('Measurements in the period, weighted'),
    calls_per_hour: z.number(),
    watched_from: isoTime.nullable().describe('When it is known well enough at its present pace; null when it is'),
  }),
);

/** Calls of a rare series until single ones are evaluated: a run for its level, then those that say how far calls stray. */
const SINGLE = RUN_COUNT + WARM_CALLS;
const seconds = (ms: number): number => ms / 1_000;

/** Of a series: how long it has been there, its pace, and how long a run of it takes; in seconds. */
const PACE = `
  greatest(dateDiff('second', min(window_start), max(window_start)) + ${seconds(WINDOW_MS)}, 1) AS span, sum(count) / span AS pace,
  least(${seconds(RUN_SPAN_MS)}, greatest(${seconds(WINDOW_MS)}, ${RUN_COUNT} / pace)) AS run_seconds`;

export const listReadiness = defineQuery({
  name: 'listReadiness',
  about: 'Series and whether the detector knows them well enough to judge their values, those that it is still learning first.',
  tag: 'detection',
  scope: 'read',
  path: '/api/detector/status',
  params: {
    service,
    metric,
    state: choice(STATES, 'Only in this state').optional(),
  },
  example: { service: 'shop', state: 'learning' },
  list: 'series',
  row: readiness,
  limits: { rows: { fallback: 100, max: 1_000 }, range: { defaultMs: DAY_MS, maxMs: 30 * DAY_MS } },
  order: () => [
    { column: 'state', type: 'text' },
    { column: 'series_id', type: 'text' },
  ],
  sql: (given, period) => {
    const filter = filterBy({ [SERVICE_OF_SERIES]: given.service, metric: given.metric });
    const { where, params } = within(filter, 'window_start', period);
    const ofState = inState(given.state);
    return {
      sql: `SELECT series_id, metric_name, labels, state, first_window_at, last_window_at, calls, round(3600 * pace, 2) AS calls_per_hour,
         if(state = 'watched', NULL, first_window_at + toIntervalSecond(toUInt32(if(is_rare, least(${SINGLE} / pace, ${WARM_VALUES} * run_seconds), ${WARM_VALUES} * run_seconds)))) AS watched_from
       FROM (SELECT series_id, any(metric) AS metric_name, any(dimensions) AS labels, min(window_start) AS first_window_at, max(window_start) AS last_window_at, sum(count) AS calls,${PACE},
           calls <= ${MAX_SINGLE_CALLS} * count() AS is_rare, if(count(expected) > 0 OR (is_rare AND calls >= ${SINGLE}), 'watched', 'learning') AS state
         FROM telltale.series_windows WHERE ${where} AND NOT late ${given.metric ? '' : WITH_VALUES} GROUP BY series_id)
       ${ofState.where}`,
      params: { ...params, ...ofState.params },
    };
  },
});
