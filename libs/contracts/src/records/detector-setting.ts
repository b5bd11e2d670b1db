import { z } from 'zod';
import { isoTime, text } from './fields';

export const ANOMALY_LABELS = ['expected', 'false_positive', 'real'] as const;

const setSensitivity = z.object({
  type: z.literal('set_sensitivity'),
  tenant: text,
  id: text,
  metric: text.optional(),
  service_name: text.optional(),
  false_positives_per_day: z
    .number()
    .positive()
    .optional()
    .describe("The tenant's budget of false anomalies a day; only without metric and service_name"),
  rate_multiplier: z
    .number()
    .min(0.01)
    .max(100)
    .optional()
    .describe('1 is the default; 10 accepts ten times as many false anomalies of what it names'),
  expires_at: isoTime.optional(),
  issued_by: text,
});

export const MAX_HOLIDAY_DATES = 400;
export const isHolidayDate = (date: string): boolean => /^20\d\d-/.test(date) && z.iso.date().safeParse(date).success;
export const isUtcOffset = (offset: string): boolean => /^[+-](0\d|1[0-4]):[0-5]\d$/.test(offset);

const setHolidays = z.object({
  type: z.literal('set_holidays'),
  tenant: text,
  id: text,
  name: text,
  service_name: text.optional().describe('Every service when absent'),
  dates: z
    .array(text.refine(isHolidayDate, { message: 'is no day: give one of 2000 to 2099, such as 2026-12-25' }))
    .min(1)
    .max(MAX_HOLIDAY_DATES)
    .describe('Days on which traffic need not be what it usually is'),
  utc_offset: text
    .refine(isUtcOffset, { message: 'is no offset: give one such as +01:00' })
    .default('+00:00')
    .describe('How far the clocks by which a day begins are ahead of UTC'),
  issued_by: text,
});

/** What people tell the scorer. Key: tenant; the same record in every partition, so that every task hears it. */
export const detectorSettingRecord = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('label_anomaly'),
    tenant: text,
    id: text,
    anomaly_id: text,
    series_id: text,
    label: z.enum(ANOMALY_LABELS),
    at: isoTime,
    expires_at: isoTime,
    issued_by: text,
  }),
  z.object({
    type: z.literal('set_maintenance'),
    tenant: text,
    id: text,
    service_name: text.optional().describe('Every service when absent'),
    from: isoTime,
    until: isoTime,
    reason: text,
    issued_by: text,
  }),
  z.object({ type: z.literal('end_maintenance'), tenant: text, id: text, at: isoTime, issued_by: text }),
  setSensitivity.refine(
    ({ false_positives_per_day: budget, metric, service_name: service }) =>
      budget === undefined || (metric === undefined && service === undefined),
    { path: ['false_positives_per_day'], message: 'a budget is for the whole tenant: leave out metric and service_name' },
  ),
  z.object({ type: z.literal('end_sensitivity'), tenant: text, id: text, at: isoTime, issued_by: text }),
  setHolidays,
  z.object({ type: z.literal('end_holidays'), tenant: text, id: text, at: isoTime, issued_by: text }),
]);
export type DetectorSettingRecord = z.infer<typeof detectorSettingRecord>;
