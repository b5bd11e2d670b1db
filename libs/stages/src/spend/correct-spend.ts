import { type CorrectionRecord, correctionRecord } from '@telltale/contracts';
import { changeOf, type Spend } from '@telltale/domain-cost';
import { type LogRecord } from '@telltale/engine';
import { HOUR_MS, isoTime, windowStart } from '@telltale/kernel';
import { type Effects } from '../stream/effects';
import { readRecord } from '../stream/read-record';
import { type ToldCorrections } from './told-corrections';

/** The row of a correction; what it says of those before it speaks to this stage alone. */
function rowOf(correction: CorrectionRecord): string {
  const hour = isoTime(windowStart(Date.parse(correction.ts), HOUR_MS));
  return JSON.stringify({ ...correction, hour, told_nano: undefined, told_unpriced: undefined });
}

/** Stores one correction and answers what it changes of spend; null when it is refused, told already or overtaken. */
export function correctSpend(record: LogRecord, told: ToldCorrections, effects: Effects): Spend | null {
  const read = readRecord(record, correctionRecord, 'read_correction');
  if (read.kind === 'rejected') effects.reject(read.rejection);
  if (read.kind !== 'ok') return null;
  const correction = read.value;
  const { tenant, event_id: eventId } = correction;
  const last = told.last(tenant, eventId);
  const { change, told: now } = changeOf(correction, last);
  if (now !== last) told.tell(tenant, eventId, now);
  if (change) effects.row('cost_corrections', rowOf(correction));
  effects.count(change ? 'corrections' : 'corrections_repeated');
  return change;
}
