import { detectorSettingRecord, type DetectorSettingRecord } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { type RowsOf } from '../../define/definition';
import { withIsoTimes } from '../../define/iso-times';

const MOST = 1_000;

export interface KnownSettings {
  /** The tenant's budget; undefined where nobody set one. */
  readonly falsePerDay: number | undefined;
  /** Rate multipliers that are in force, maintenance windows and holidays, as the scorer read them. */
  readonly records: readonly DetectorSettingRecord[];
  readonly rateMultipliers: number;
  /** By id of the anomaly, what people said that it was. */
  readonly labels: ReadonlyMap<string, string>;
}

type Row = Readonly<Record<string, unknown>>;

const textIn = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The record that a row was made of; of what was ended early, only the time until then. */
function recordOf(row: Row, now: number): unknown {
  const common = { tenant: row['tenant'], id: row['id'], issued_by: row['issued_by'] };
  const service = textIn(row['service_name']);
  const about = service === undefined ? common : { ...common, service_name: service };
  const until = textIn(row['until_at']);
  const recorded = String(row['recorded_at']);
  const isEnded = row['state'] === 'ended';
  switch (row['type']) {
    case 'set_maintenance': {
      const ends = isEnded && until !== undefined && recorded < until ? recorded : until;
      return { ...about, type: 'set_maintenance', from: row['from_at'], until: ends, reason: row['reason'] };
    }
    case 'set_holidays': {
      if (isEnded && until !== undefined && recorded < until) return null;
      return { ...about, type: 'set_holidays', name: row['name'], dates: row['dates'], utc_offset: row['utc_offset'] };
    }
    case 'set_sensitivity': {
      if (isEnded || (until !== undefined && Date.parse(until) <= now)) return null;
      const metric = textIn(row['metric']);
      const given = { false_positives_per_day: row['false_positives_per_day'], rate_multiplier: row['rate_multiplier'] };
      const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
      return { ...about, ...(metric === undefined ? {} : { metric }), ...set, type: 'set_sensitivity' };
    }
    default:
      return null;
  }
}

/** What people set for the detector, as far as it is known still: a sensitivity that is over is not kept with the time when it began. */
export async function readSettings(rowsOf: RowsOf, now: number): Promise<KnownSettings> {
  const rows = await rowsOf({
    sql: `SELECT tenant, id, type, state, anomaly_id, label, metric, service_name, false_positives_per_day, rate_multiplier, from_at, until_at, reason, issued_by, recorded_at, name, dates, utc_offset
      FROM telltale.detector_overrides WHERE tenant = {tenant:String} ORDER BY recorded_at DESC, state = 'ended' DESC, id LIMIT 1 BY id LIMIT ${4 * MOST}`,
    params: {},
  });
  const records: DetectorSettingRecord[] = [];
  const labels = new Map<string, string>();
  let falsePerDay: number | undefined;
  // The last one that was set counts.
  for (const row of rows.reverse().map(withIsoTimes)) {
    if (row['type'] === 'label_anomaly') labels.set(String(row['anomaly_id']), String(row['label']));
    const made = recordOf(row, now);
    const { success, data } = detectorSettingRecord.safeParse(isRecord(made) ? made : undefined);
    if (!success) continue;
    if (data.type === 'set_sensitivity') falsePerDay = data.false_positives_per_day ?? falsePerDay;
    if (data.type !== 'set_sensitivity' || data.rate_multiplier !== undefined) records.push(withoutBudget(data));
  }
  const multipliers = records.filter(({ type }) => type === 'set_sensitivity');
  return { falsePerDay, records: records.slice(-MOST), rateMultipliers: multipliers.length, labels };
}

function withoutBudget(record: DetectorSettingRecord): DetectorSettingRecord {
  if (record.type !== 'set_sensitivity') return record;
  return { ...record, false_positives_per_day: undefined };
}
