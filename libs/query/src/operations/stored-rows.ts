import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { type OrderKey } from '../define/cursor';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { choice, text } from '../define/params';
import { filterBy, within } from '../define/where';

const NAMES = [
  'events',
  'log_templates',
  'turns',
  'sessions',
  'anomalies',
  'incidents',
  'incident_events',
  'deploys',
  'alerts',
  'directives',
  'detector_overrides',
] as const;
type Table = (typeof NAMES)[number];

const STATE = { column: 'state', type: 'text' } as const;
const REVISION = { column: 'revision', type: 'integer' } as const;
/** Tables that hold texts, the column that orders them, and those that name a row. */
const TABLES: Readonly<Record<Table, { readonly time: string; readonly names: readonly OrderKey[] }>> = {
  events: { time: 'ts', names: [{ column: 'id', type: 'text' }] },
  log_templates: { time: 'first_seen', names: [{ column: 'template_id', type: 'text' }] },
  turns: { time: 'ts', names: [{ column: 'turn_id', type: 'text' }, REVISION] },
  sessions: { time: 'started_at', names: [{ column: 'session_id', type: 'text' }, REVISION] },
  anomalies: { time: 'started_at', names: [{ column: 'id', type: 'text' }, STATE] },
  incidents: { time: 'updated_at', names: [{ column: 'id', type: 'text' }, STATE] },
  incident_events: { time: 'at', names: [{ column: 'id', type: 'text' }] },
  deploys: { time: 'at', names: [{ column: 'id', type: 'text' }] },
  alerts: { time: 'at', names: [{ column: 'id', type: 'text' }] },
  directives: { time: 'changed_at', names: [{ column: 'id', type: 'text' }, STATE] },
  detector_overrides: { time: 'recorded_at', names: [{ column: 'id', type: 'text' }, STATE] },
};
export const listStoredRows = defineQuery({
  name: 'listStoredRows',
  about:
    'Whole rows of a table that holds texts, the newest first, with the revisions that others have replaced: what a search for leaks looks through.',
  tag: 'operations',
  scope: 'read',
  path: '/api/stored/{table}',
  params: { table: choice(NAMES, 'Name of the table') },
  example: { table: 'events', since: '1h' },
  list: 'rows',
  row: named('StoredRow', z.record(z.string(), z.unknown())),
  limits: { rows: { fallback: 100, max: 1_000 }, range: { defaultMs: DAY_MS, maxMs: 3_660 * DAY_MS } },
  order: ({ table }) => [{ column: TABLES[table].time, type: 'time', descending: true }, ...TABLES[table].names],
  sql: ({ table }, period) => {
    const { where, params } = within(filterBy({}), TABLES[table].time, period);
    return { sql: `SELECT * FROM telltale.${table} WHERE ${where}`, params };
  },
});

const pseudonym = named(
  'Pseudonym',
  z.object({
    tenant: z.string(),
    subject: z.string().describe('user_id of the events with the pseudonym; the pseudonym itself where they name no user'),
    pseudonym: z.string(),
    encrypted: z.string().describe('The value, under the key of the subject'),
  }),
);

/** By subject or by pseudonym; all of them where neither is given. */
export const listPseudonyms = defineQuery({
  name: 'listPseudonyms',
  about: 'What pseudonyms were made from, encrypted.',
  tag: 'operations',
  scope: 'read',
  path: '/api/pseudonyms',
  params: {
    subject: text('Only of this subject').optional(),
    pseudonym: text('Only of this pseudonym').optional(),
  },
  example: { subject: 'u_1f2e3d4c5b6a7988' },
  list: 'pseudonyms',
  row: pseudonym,
  limits: { rows: { fallback: 1_000, max: 10_000 } },
  order: () => [
    { column: 'subject', type: 'text' },
    { column: 'pseudonym', type: 'text' },
    { column: 'encrypted', type: 'text' },
  ],
  sql: (given) => {
    const { where, params } = filterBy(given);
    return { sql: `SELECT DISTINCT tenant, subject, pseudonym, encrypted FROM telltale.pseudonyms WHERE ${where}`, params };
  },
});
