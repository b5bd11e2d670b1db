import { type CorrectionRecord, correctionRecord } from '@telltale/contracts';
import { changeOf } from '@telltale/domain-cost';
import { HOUR_MS, isoTime, windowStart } from '@telltale/kernel';
import { type Effects, type LogRecord, readOrReject } from '@telltale/streaming';
import { type CountedCall } from './budget-spend';
import { type AppliedCorrections } from './state/applied-corrections';

/** The row of a correction; what it says of those before, and what only budgets ask, is for this pipeline alone. */
function rowOf(correction: CorrectionRecord): string {
  const hour = isoTime(windowStart(Date.parse(correction.ts), HOUR_MS));
  return JSON.stringify({
    ...correction,
    hour,
    previous_cost_nano_usd: undefined,
    previous_unpriced: undefined,
    user_id: undefined,
    agent_name: undefined,
    region: undefined,
    release: undefined,
  });
}

/** Stores one correction and answers what it changes of spend; null when it is rejected, applied already or overtaken. */
export function correctSpend(record: LogRecord, applied: AppliedCorrections, effects: Effects): CountedCall | null {
  const correction = readOrReject(record, correctionRecord, 'read_correction', effects);
  if (!correction) return null;
  const { tenant, event_id: eventId } = correction;
  const last = applied.last(tenant, eventId);
  const { change, applied: now } = changeOf(correction, last);
  if (now !== last) applied.add(tenant, eventId, now);
  if (change) effects.row('cost_corrections', rowOf(correction));
  effects.count(change ? 'corrections' : 'corrections_repeated');
  return change && { about: correction, trace: correction.trace_id, spend: change, cost: null };
}
