import { ANOMALY_LABELS } from '@telltale/contracts';
import { DAY_MS, hashId, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError, badParameter } from '../define/api-error';
import { checkCanEnd } from '../define/can-end';
import { type AskContext, defineCommand, named, type RowsOf } from '../define/definition';
import { choice, isoTimeParam, text } from '../define/params';
import { isoTime } from '../define/row-fields';
import { filterBy } from '../define/where';
import { endOf, forMs, issuedBy, newId, sendDetectorSetting, until } from './detector-setting';

// What people tell the scorer. Each is in force once the scorer has taken it; the lists show what it took.

const MARK_MS = 7 * DAY_MS;
const MAX_SHOWN = 80;

export const labelAnomaly = defineCommand({
  name: 'labelAnomaly',
  about: 'Says what an anomaly was; its series is treated accordingly for a while, a week unless said.',
  tag: 'detection',
  scope: 'control',
  path: '/api/anomalies/{id}/label',
  params: { id: text('Id of the anomaly'), label: choice(ANOMALY_LABELS, 'What it was'), for_ms: forMs, issued_by: issuedBy },
  example: { id: 'an1', label: 'expected', for_ms: DAY_MS },
  missing: 'there is no anomaly of this id',
  answer: named(
    'LabelAnomalyAnswer',
    z.object({
      id: z.string(),
      anomaly_id: z.string(),
      series_id: z.string(),
      label: z.enum(ANOMALY_LABELS),
      expires_at: isoTime,
    }),
  ),
  run: async ({ id: anomaly_id, label, for_ms = MARK_MS, issued_by }, context) => {
    const { tenant, rowsOf } = context;
    const now = context.clock.now();
    const { where, params } = filterBy({ id: anomaly_id });
    const [row] = await rowsOf({ sql: `SELECT series_id FROM telltale.anomalies WHERE ${where} LIMIT 1`, params });
    if (!row)
      throw new ApiError('not_found', `there is no anomaly ${anomaly_id.slice(0, MAX_SHOWN)}`, {
        fix: 'GET /api/anomalies lists them',
      });
    // One of an anomaly: said again it is the same, said otherwise the last word counts.
    const id = `mark-${hashId(12, tenant, anomaly_id)}`;
    const mark = { id, anomaly_id, series_id: String(row['series_id']), label, expires_at: isoTimeOf(now + for_ms) };
    await sendDetectorSetting(context, { ...mark, type: 'label_anomaly', tenant, at: isoTimeOf(now), issued_by });
    return mark;
  },
});

export const addMaintenance = defineCommand({
  name: 'addMaintenance',
  about: 'Announces planned work: anomalies of that time say so and raise no alert.',
  tag: 'detection',
  scope: 'control',
  path: '/api/detector/maintenance',
  params: {
    id: text('Id of the window; made when left out').optional(),
    service_name: text('Only this service; every service when left out').optional(),
    from: isoTimeParam('When it begins; now when left out').optional(),
    until,
    for_ms: forMs.describe('How long it lasts, in ms; in place of until'),
    reason: text('Why, for people').default('asked for by hand'),
    issued_by: issuedBy,
  },
  example: { service_name: 'shop', for_ms: 7_200_000, reason: 'move to another region' },
  answer: named('AddMaintenanceAnswer', z.object({ id: z.string(), from: isoTime, until: isoTime })),
  run: async ({ id: given, service_name, from, until: end, for_ms, reason, issued_by }, context) => {
    const start = from ?? context.clock.now();
    const ends = endOf({ for_ms, end }, 'until', start);
    if (ends === undefined) throw badParameter('until', 'is missing', 'give until (ISO 8601) or for_ms (milliseconds)');
    const window = { from: isoTimeOf(start), until: isoTimeOf(ends) };
    const id = given ?? newId(context, 'maint', { ...window, service_name, reason });
    const about = { ...(service_name === undefined ? {} : { service_name }), reason, issued_by };
    await sendDetectorSetting(context, { ...window, ...about, type: 'set_maintenance', tenant: context.tenant, id });
    return { id, ...window };
  },
});

const budget = 'give a number above 0, without metric and service_name: the budget is the whole tenant’s';
const multiplier = 'give a number from 0.01 to 100; 1 is the default';

export const setSensitivity = defineCommand({
  name: 'setSensitivity',
  about: 'Says how many false anomalies are accepted: a budget for the tenant, or a rate multiplier for a metric or service.',
  tag: 'detection',
  scope: 'control',
  path: '/api/detector/sensitivity',
  params: {
    id: text('Id of the setting; made when left out').optional(),
    metric: text('Only this metric').optional(),
    service_name: text('Only this service').optional(),
    false_positives_per_day: z
      .number(`is not a number; ${budget}`)
      .positive(`is not above 0; ${budget}`)
      .describe('False anomalies a day that are accepted, over all series')
      .optional(),
    rate_multiplier: z
      .number(`is not a number; ${multiplier}`)
      .min(0.01, `is out of range; ${multiplier}`)
      .max(100, `is out of range; ${multiplier}`)
      .describe('10 accepts ten times as many false anomalies of what is named')
      .optional(),
    expires_at: until,
    for_ms: forMs.describe('How long it holds, in ms; until it is ended when this and expires_at are left out'),
    issued_by: issuedBy,
  },
  example: { metric: 'duration_ms', rate_multiplier: 0.5, for_ms: DAY_MS },
  answer: named('SetSensitivityAnswer', z.object({ id: z.string(), expires_at: isoTime.optional() })),
  run: async ({ id: given, expires_at: end, for_ms, ...asked }, context) => {
    const { false_positives_per_day: perDay, rate_multiplier: rate, metric, service_name: service } = asked;
    if ((perDay === undefined) === (rate === undefined))
      throw badParameter(
        'rate_multiplier',
        'and false_positives_per_day: exactly one is needed',
        'give false_positives_per_day for the tenant’s budget, or rate_multiplier with any of metric and service_name',
      );
    if (perDay !== undefined && (metric !== undefined || service !== undefined))
      throw badParameter('false_positives_per_day', 'is given beside metric or service_name', budget);
    const ends = endOf({ for_ms, end }, 'expires_at', context.clock.now());
    const expiry = ends === undefined ? {} : { expires_at: isoTimeOf(ends) };
    const id = given ?? newId(context, 'sens', { ...asked, ...expiry });
    await sendDetectorSetting(context, {
      type: 'set_sensitivity',
      tenant: context.tenant,
      id,
      ...(metric === undefined ? {} : { metric }),
      ...(service === undefined ? {} : { service_name: service }),
      ...(perDay === undefined ? {} : { false_positives_per_day: perDay }),
      ...(rate === undefined ? {} : { rate_multiplier: rate }),
      ...expiry,
      issued_by: asked.issued_by,
    });
    return { id, ...expiry };
  },
});

const ended = named('EndAnswer', z.object({ id: z.string() }));

export const ENDS = { tag: 'detection', scope: 'control', method: 'DELETE', answer: ended } as const;
/** Ends now what `set_<kind>` began. */
export const ending =
  (kind: 'maintenance' | 'sensitivity' | 'holidays') =>
  async ({ id }: { readonly id: string }, context: AskContext & { readonly rowsOf: RowsOf }) => {
    await checkCanEnd(context, `set_${kind}`, id);
    const { tenant, clock } = context;
    await sendDetectorSetting(context, { type: `end_${kind}`, tenant, id, at: isoTimeOf(clock.now()), issued_by: 'api' });
    return { id };
  };

export const endMaintenance = defineCommand({
  ...ENDS,
  name: 'endMaintenance',
  about: 'Ends a maintenance window now.',
  path: '/api/detector/maintenance/{id}',
  params: { id: text('Id of the window') },
  example: { id: 'm1' },
  missing: 'there is no maintenance window of this id, or it is over already',
  run: ending('maintenance'),
});

export const endSensitivity = defineCommand({
  ...ENDS,
  name: 'endSensitivity',
  about: 'Ends a sensitivity now.',
  path: '/api/detector/sensitivity/{id}',
  params: { id: text('Id of the setting') },
  example: { id: 's1' },
  missing: 'there is no sensitivity of this id, or it is over already',
  run: ending('sensitivity'),
});
