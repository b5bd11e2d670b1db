import { TOPICS, detectorSettingRecord, type DetectorSettingRecord } from '@telltale/contracts';
import { DAY_MS, hashId, isoTime, TransientError } from '@telltale/kernel';
import { badParameter } from '../api-error';
import { type InsightsDeps } from '../deps';

const MAX_SPAN_MS = 365 * DAY_MS;
const MAX_TEXT = 500;
const TIME_FIX = 'give ISO 8601 in UTC, such as 2026-11-23T03:00:00Z';
const FIXES: Readonly<Record<string, string>> = {
  label: 'give expected, false_positive or real',
  from: TIME_FIX,
  until: TIME_FIX,
  expires_at: TIME_FIX,
  false_positives_per_day: 'give a number above 0, without metric and service_name: the budget is the whole tenant’s',
  rate_multiplier: 'give a number from 0.01 to 100; 1 is the default',
};
const TEXT_FIX = `give a text of 1 to ${MAX_TEXT} characters, or leave it out`;

export type Body = Readonly<Record<string, unknown>>;

/** Refuses fields nobody reads and texts that are empty or too long. */
export function checkFields(body: Body, fields: readonly string[]): void {
  for (const [field, value] of Object.entries(body)) {
    if (!fields.includes(field)) throw badParameter(field, 'is not a field here', `there are ${fields.join(', ')}`);
    if (typeof value === 'string' && (value === '' || value.length > MAX_TEXT))
      throw badParameter(field, 'has a wrong length', FIXES[field] ?? TEXT_FIX);
  }
}

/** `for_ms` of a body in ms; undefined when it is absent. */
export function spanOf(body: Body): number | undefined {
  const span = body['for_ms'];
  if (span === undefined) return undefined;
  if (typeof span !== 'number' || !Number.isInteger(span) || span < 1 || span > MAX_SPAN_MS)
    throw badParameter('for_ms', 'is not a span', `give whole milliseconds from 1 to ${MAX_SPAN_MS}`);
  return span;
}

/** A time of a body in ms since the epoch; undefined when it is absent. */
export function timeOf(body: Body, field: string): number | undefined {
  const value = body[field];
  if (value === undefined) return undefined;
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*Z$/.test(value) ? Date.parse(value) : NaN;
  if (!Number.isFinite(time)) throw badParameter(field, 'is not a time', TIME_FIX);
  return time;
}

/** When it ends, by `for_ms` from `start` or by a time named `field`; not both. */
export function endOf(body: Body, field: string, start: number): number | undefined {
  const span = spanOf(body);
  const end = timeOf(body, field);
  if (span !== undefined && end !== undefined) throw badParameter('for_ms', `is given beside ${field}`, 'give one of the two');
  if (end !== undefined && end <= start) throw badParameter(field, 'is over before it begins', 'give a later time');
  return end ?? (span === undefined ? undefined : start + span);
}

/** The record that is asked for. `body` is what people sent; what the record does not have, such as `for_ms`, stays out. */
export function detectorSettingOf(
  body: Body,
  own: Body & { readonly type: DetectorSettingRecord['type'] },
): DetectorSettingRecord {
  const parsed = detectorSettingRecord.safeParse({ issued_by: 'api', ...body, ...own });
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join('.') ?? 'body';
  throw badParameter(field, 'has a wrong value', FIXES[field] ?? TEXT_FIX);
}

export const newId = ({ clock }: InsightsDeps, prefix: string, tenant: string, ...of: readonly unknown[]): string =>
  `${prefix}-${hashId(12, tenant, clock.now(), clock.monotonic(), JSON.stringify(of))}`;

export const now = ({ clock }: InsightsDeps): string => isoTime(clock.now());

/** To every partition, so that every task of the scorer hears it. */
export async function sendDetectorSetting({ broker }: InsightsDeps, record: DetectorSettingRecord): Promise<void> {
  const topic = TOPICS.detectorSettings.name;
  const [info] = await broker.describe([topic]);
  if (!info || info.partitions.length === 0) throw new TransientError('unavailable', `${topic} does not exist yet`);
  const value = JSON.stringify(record);
  await broker.produce(info.partitions.map(({ partition }) => ({ topic, partition, key: record.tenant, value })));
}
