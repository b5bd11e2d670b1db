import { type ApiClient } from '@telltale/api-client';
import { type PrivacyPolicy } from '@telltale/domain-privacy';
import { createLeakScan, type Leak } from './leak-scan';

/** Tables that hold texts, and the column that names a row. */
export const SCANNED_TABLES = [
  { table: 'events', id: 'id' },
  { table: 'log_templates', id: 'template_id' },
  { table: 'turns', id: 'turn_id' },
  { table: 'sessions', id: 'session_id' },
  { table: 'anomalies', id: 'id' },
  { table: 'incidents', id: 'id' },
  { table: 'incident_events', id: 'id' },
  { table: 'deploys', id: 'id' },
  { table: 'alerts', id: 'id' },
  { table: 'directives', id: 'id' },
  { table: 'detector_overrides', id: 'id' },
] as const;
/** Of tables other than events everything is looked through. */
const EVER = '3650d';

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
  api: Pick<ApiClient, 'listStoredRows'>,
  { since, limit, policy }: { readonly since: string; readonly limit: number; readonly policy: PrivacyPolicy },
  onTable: (table: string, nth: number) => void = () => undefined,
): Promise<ScanReport> {
  const scan = createLeakScan(policy);
  const cut: string[] = [];
  let rows = 0;
  let values = 0;
  for (const [nth, { table, id }] of SCANNED_TABLES.entries()) {
    onTable(table, nth);
    let left = limit;
    let cursor: string | undefined;
    do {
      const asked = { table, since: table === 'events' ? since : EVER, limit: Math.min(PAGE, left), cursor };
      const { rows: page, next_cursor: next } = await api.listStoredRows(asked);
      for (const row of page)
        for (const [column, stored] of Object.entries(row))
          for (const value of textsIn(stored)) {
            values++;
            scan.look({ table, column, row: String(row[id]), value });
          }
      rows += page.length;
      left -= page.length;
      cursor = next;
    } while (cursor !== undefined && left > 0);
    if (cursor !== undefined) cut.push(table);
  }
  return { rows, values, leaks: scan.leaks(), cut };
}
