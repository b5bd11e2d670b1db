import { z } from 'zod';
import { type OrderKey } from '../define/cursor';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { isoTime } from '../define/row-fields';
import { columnsOf, filterBy } from '../define/where';

const inForce = { in_force: z.boolean().describe('By the clock of insights') };
const maintenance = z.object({
  id: z.string(),
  state: z.string().describe('active or ended'),
  service_name: z.string().describe('Empty: every service'),
  from_at: isoTime.nullable(),
  until_at: isoTime.nullable(),
  reason: z.string(),
  issued_by: z.string(),
  recorded_at: isoTime.describe('When the scorer read it'),
});
const sensitivity = z.object({
  id: z.string(),
  state: z.string().describe('active or ended'),
  metric: z.string().describe('Empty: every metric'),
  service_name: z.string().describe('Empty: every service'),
  false_positives_per_day: z.number().nullable(),
  rate_multiplier: z.number().nullable(),
  until_at: isoTime.nullable().describe('Null: until it is ended'),
  issued_by: z.string(),
  recorded_at: isoTime.describe('When the scorer read it'),
});
const holidays = z.object({
  id: z.string(),
  state: z.string().describe('active or ended'),
  name: z.string(),
  service_name: z.string().describe('Empty: every service'),
  dates: z.array(z.string()).describe('Days, such as 2026-12-25'),
  utc_offset: z.string().describe('How far the clocks by which a day begins are ahead of UTC'),
  until_at: isoTime.nullable().describe('End of the last day'),
  issued_by: z.string(),
  recorded_at: isoTime.describe('When the scorer read it'),
});

const label = z.object({
  id: z.string(),
  state: z.string().describe('active or ended'),
  anomaly_id: z.string(),
  series_id: z.string(),
  label: z.string().describe('real, expected or false_positive'),
  until_at: isoTime.nullable().describe('Until then the series raises a tenth as much, where the label is not real'),
  issued_by: z.string(),
  recorded_at: isoTime.describe('When the scorer read it'),
});

/** Columns and order of the newest row of each id; what ended is newer than what was set in the same moment. */
const newestOf = (row: z.ZodObject, type: string) => {
  const { where, params } = filterBy({ type });
  return {
    sql: `SELECT ${columnsOf(row)} FROM telltale.detector_overrides WHERE ${where}
      ORDER BY recorded_at DESC, state = 'ended' DESC, id LIMIT 1 BY id`,
    params,
  };
};

function withInForce(row: Readonly<Record<string, unknown>>, now: number): Record<string, unknown> {
  const isPast = (time: unknown): boolean => typeof time !== 'string' || Date.parse(time) <= now;
  return {
    ...row,
    in_force:
      row['state'] === 'active' &&
      (row['from_at'] === undefined || isPast(row['from_at'])) &&
      (row['until_at'] === null || !isPast(row['until_at'])),
  };
}

/** Settings hold from any time on, so these lists have no range. */
const LISTED = {
  tag: 'detection',
  scope: 'read',
  params: {},
  example: { limit: 10 },
  limits: { rows: { fallback: 100, max: 1_000 } },
  order: (): readonly OrderKey[] => [
    { column: 'recorded_at', type: 'time', descending: true },
    { column: 'id', type: 'text' },
  ],
  shown: withInForce,
} as const;

export const listMaintenance = defineQuery({
  ...LISTED,
  name: 'listMaintenance',
  about: 'Maintenance windows in their newest state, the last recorded first.',
  path: '/api/detector/maintenance',
  list: 'maintenance',
  row: named('MaintenanceWindow', maintenance.extend(inForce)),
  sql: () => newestOf(maintenance, 'set_maintenance'),
});

export const listSensitivity = defineQuery({
  ...LISTED,
  name: 'listSensitivity',
  about: 'Sensitivities in their newest state, the last recorded first.',
  path: '/api/detector/sensitivity',
  list: 'sensitivity',
  row: named('Sensitivity', sensitivity.extend(inForce)),
  sql: () => newestOf(sensitivity, 'set_sensitivity'),
});

export const listHolidays = defineQuery({
  ...LISTED,
  name: 'listHolidays',
  about: 'Lists of holidays in their newest state, the last recorded first.',
  path: '/api/detector/holidays',
  list: 'holidays',
  row: named('Holidays', holidays.extend(inForce)),
  sql: () => newestOf(holidays, 'set_holidays'),
});

export const listAnomalyLabels = defineQuery({
  ...LISTED,
  name: 'listAnomalyLabels',
  about: 'What people said that anomalies were, in their newest state, the last recorded first.',
  path: '/api/detector/labels',
  list: 'labels',
  row: named('AnomalyLabel', label.extend(inForce)),
  sql: () => newestOf(label, 'label_anomaly'),
});
