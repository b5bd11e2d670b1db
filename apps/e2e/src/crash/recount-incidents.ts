import { type DirectiveRecord, type IncidentRecord, TOPICS } from '@telltale/contracts';
import { type LogRecord } from '@telltale/streaming';
import { ANOMALY_TENANTS } from './anomaly-load';

type Query = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;
type ReadTopic = (topic: string) => Promise<readonly LogRecord[]>;

const TENANTS = ANOMALY_TENANTS.map((tenant) => `'${tenant}'`).join(', ');
const sorted = (values: Iterable<string>): string[] => [...values].sort();
const isOurs = ({ tenant }: { readonly tenant: string }): boolean => ANOMALY_TENANTS.includes(tenant);

/** Records of a topic that belong to the load. */
async function recordsOf<T extends { readonly tenant: string }>(readTopic: ReadTopic, topic: string): Promise<T[]> {
  return (await readTopic(topic)).map(({ value }) => JSON.parse(String(value)) as T).filter(isOurs);
}

const revision = ({ id, state, updated_at, anomaly_ids, open_anomalies }: IncidentRecord): string =>
  [id, state, updated_at, anomaly_ids.join('+'), open_anomalies].join(' ');

/** Incidents and alerts in the tables and on the topics: equal, each anomaly in one incident, each incident opened and closed once. */
export async function recountIncidents(query: Query, readTopic: ReadTopic) {
  const rows = (await query(
    `SELECT id, state, formatDateTime(updated_at, '%Y-%m-%dT%H:%i:%S.') || leftPad(toString(toUnixTimestamp64Milli(updated_at) % 1000), 3, '0') || 'Z' AS updated_at,
       anomaly_ids, open_anomalies FROM telltale.incidents WHERE tenant IN (${TENANTS})`,
  )) as unknown as IncidentRecord[];
  const records = await recordsOf<IncidentRecord>(readTopic, TOPICS.incidents.name);
  const closed = records.filter(({ state }) => state === 'closed');
  const alerts = await query(`SELECT incident_id, status FROM telltale.alerts WHERE tenant IN (${TENANTS})`);
  const sent = await recordsOf<{ tenant: string; incident_id: string; status: string }>(readTopic, TOPICS.alerts.name);
  const said = ({ incident_id, status }: Readonly<Record<string, unknown>>): string => `${String(incident_id)} ${String(status)}`;
  const ids = new Set(records.map(({ id }) => id));
  return {
    rows: sorted(rows.map(revision)),
    records: sorted(records.map(revision)),
    open: ids.size - closed.length,
    anomalyIds: sorted(closed.flatMap(({ anomaly_ids }) => anomaly_ids)),
    alertRows: sorted(alerts.map(said)),
    alertRecords: sorted(sent.map(said)),
    expectedAlerts: sorted([...ids].flatMap((id) => [`${id} firing`, `${id} resolved`])),
  };
}

/** The rows of each directive in order of time, and what the control topic says of them: `in force` or `over`. */
export async function recountDirectives(query: Query, readTopic: ReadTopic) {
  const all = (await query(
    `SELECT id, any(issued_by) AS issued_by, arrayMap(x -> x.2, arraySort(groupArray((changed_at, state)))) AS states
     FROM telltale.directives WHERE tenant IN (${TENANTS}) GROUP BY id`,
  )) as unknown as { readonly id: string; readonly issued_by: string; readonly states: readonly string[] }[];
  // What all places were taken for was reported, and never in force.
  const rows = all.filter(({ states }) => states.join() !== 'suppressed');
  const onTopic = new Map<string, 'in force' | 'over'>();
  for (const { key, value } of await readTopic(TOPICS.control.name)) {
    const [tenant = '', id = ''] = String(key).split('/');
    if (!isOurs({ tenant })) continue;
    if (value) onTopic.set((JSON.parse(String(value)) as DirectiveRecord).id, 'in force');
    else onTopic.set(id, 'over');
  }
  const byHand = rows.filter(({ issued_by }) => issued_by === 'crash-test');
  const withStates = (...states: string[]): string[] =>
    sorted(byHand.filter((row) => row.states.join() === states.join()).map(({ id }) => id));
  const automatic = rows.filter((row) => !byHand.includes(row));
  return {
    ids: sorted(rows.map(({ id }) => id)),
    idsOnTopic: sorted(onTopic.keys()),
    inForce: sorted([...onTopic].filter(([, found]) => found === 'in force').map(([id]) => id)),
    raised: withStates('raised'),
    revoked: withStates('raised', 'revoked'),
    automatic: automatic.length,
    // One may have given its place to another service.
    automaticOff: automatic.filter(({ states }) => !/^raised(,extended)?,(expired|revoked)$/.test(states.join())),
  };
}
