import { createLeakScan, type Leak } from './leak-scan';

type Row = Readonly<Record<string, unknown>>;
type Ask = (sql: string) => Promise<readonly Row[]>;

/** Tables that hold texts, the column that names a row, and the one that orders them. */
export const SCANNED_TABLES = [
  { table: 'events', id: 'id', time: 'ts' },
  { table: 'log_templates', id: 'template_id', time: 'first_seen' },
  { table: 'anomalies', id: 'id', time: 'started_at' },
  { table: 'incidents', id: 'id', time: 'updated_at' },
  { table: 'alerts', id: 'id', time: 'at' },
  { table: 'directives', id: 'id', time: 'changed_at' },
  { table: 'detector_overrides', id: 'id', time: 'recorded_at' },
] as const;

export interface ScanReport {
  readonly rows: number;
  readonly values: number;
  readonly leaks: readonly Leak[];
  /** Tables that have more rows than were asked for. */
  readonly cut: readonly string[];
}

const PAGE = 1_000;

/** Texts in a value: itself, those of a list, those of a map. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

/** Looks through stored rows, the newest first: events from `since` (ISO 8601) on, of each table at most `limit`. */
export async function scanStored(
  ask: Ask,
  { since, limit }: { readonly since: string; readonly limit: number },
  onTable: (table: string, nth: number) => void = () => undefined,
): Promise<ScanReport> {
  const scan = createLeakScan();
  const cut: string[] = [];
  let rows = 0;
  let values = 0;
  for (const [nth, { table, id, time }] of SCANNED_TABLES.entries()) {
    onTable(table, nth);
    const where = table === 'events' ? `WHERE ${time} >= parseDateTime64BestEffort('${since}', 3)` : '';
    for (let from = 0; from < limit; from += PAGE) {
      const asked = Math.min(PAGE, limit - from);
      const page = await ask(`SELECT * FROM ${table} ${where} ORDER BY ${time} DESC, ${id} LIMIT ${asked} OFFSET ${from}`);
      for (const row of page)
        for (const [column, stored] of Object.entries(row))
          for (const value of textsIn(stored)) {
            values++;
            scan.look({ table, column, row: String(row[id]), value });
          }
      rows += page.length;
      if (page.length < asked) break;
      if (from + PAGE >= limit) cut.push(table);
    }
  }
  return { rows, values, leaks: scan.leaks(), cut };
}
