import { INCIDENT_EVENT_KINDS, incidentRecord, DEPLOY_KINDS, DEPLOY_SOURCES } from '@telltale/contracts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { withIsoTimes } from '../define/iso-times';
import { choice, text } from '../define/params';
import { isoTime } from '../define/row-fields';
import { columnsOf, filterBy, inState, within } from '../define/where';
import { anomaly } from './findings';

const OPENED = { defaultMs: 7 * DAY_MS, maxMs: 400 * DAY_MS };
/** Entries of one timeline that are answered: the first. */
const MAX_ENTRIES = 500;
/** Deploys this long before the onset, and as long after it as anomalies join, are near it. */
const DEPLOYS_BEFORE_MS = 6 * HOUR_MS;
const DEPLOYS_AFTER_MS = 5 * MINUTE_MS;
const MAX_DEPLOYS = 50;

const service = text('Only of this service').optional();
export const incident = named('Incident', incidentRecord);
/** Of the rows of an incident the newest; of a moment that in which it closed. */
export const NEWEST = "ORDER BY updated_at DESC, state = 'closed' DESC";

export const listIncidents = defineQuery({
  name: 'listIncidents',
  about: 'Incidents in their newest state, the last opened first.',
  tag: 'detection',
  scope: 'read',
  path: '/api/incidents',
  params: { service, state: choice(['open', 'closed'], 'Only in this state').optional() },
  example: { state: 'open' },
  list: 'incidents',
  row: incident,
  mcp: {
    name: 'list_incidents',
    about: 'What broke: incidents (anomalies that belong together) with state, severity, service and probable cause, newest first. Start here.',
    next: 'find_turns(service, status=error, since=a time before onset_at) shows turns that it touched; list_series(service) shows what moved',
    withoutContent: ['incidents', 'id', 'state', 'kind', 'phase', 'severity', 'service_name', 'services', 'onset_at', 'opened_at', 'closed_at', 'updated_at', 'open_anomalies', 'peak_score', 'turns_touched', 'bad_turns', 'users_touched', 'backfill'],
  }, // prettier-ignore
  limits: { rows: { fallback: 100, max: 1_000 }, range: OPENED },
  order: () => [
    { column: 'opened_at', type: 'time', descending: true },
    { column: 'id', type: 'text' },
  ],
  sql: (given, period) => {
    const { where, params } = within(filterBy({}), 'opened_at', period);
    const ofState = inState(given.state);
    const ofService = given.service === undefined ? '' : `${given.state === undefined ? 'WHERE' : 'AND'} (service_name = {service:String} OR has(services, {service:String}))`; // prettier-ignore
    return {
      sql: `SELECT ${columnsOf(incident)} FROM (SELECT * FROM telltale.incidents WHERE ${where} ${NEWEST} LIMIT 1 BY id)
       ${ofState.where} ${ofService}`,
      params: { ...params, ...ofState.params, ...(given.service === undefined ? {} : { service: given.service }) },
    };
  },
});

export const deploy = named(
  'Deploy',
  z.object({
    tenant: z.string(),
    id: z.string(),
    at: isoTime.describe('When it was deployed, or first seen'),
    service_name: z.string(),
    version: z.string().describe('What it changed to: a version, <prompt>@<version>, <flag>=<value>'),
    environment: z.string(),
    source: z.enum(DEPLOY_SOURCES).describe('Who says so: a request, the turns that showed it first, a setting'),
    kind: z.enum(DEPLOY_KINDS),
    text: z.string(),
  }),
);

export const listDeploys = defineQuery({
  name: 'listDeploys',
  about: 'Deploy marks: what changed in services, as people reported it or as turns showed it first; the newest first.',
  tag: 'detection',
  scope: 'read',
  path: '/api/deploys',
  params: { service, kind: choice(DEPLOY_KINDS, 'Only of this kind').optional() },
  example: { service: 'shop', since: '7d' },
  list: 'deploys',
  row: deploy,
  limits: { rows: { fallback: 100, max: 1_000 }, range: OPENED },
  order: () => [
    { column: 'at', type: 'time', descending: true },
    { column: 'id', type: 'text' },
  ],
  sql: (given, period) => {
    const { where, params } = within(filterBy({ service_name: given.service, kind: given.kind }), 'at', period);
    return { sql: `SELECT ${columnsOf(deploy)} FROM telltale.deploys WHERE ${where} LIMIT 1 BY id`, params };
  },
});

const entry = named(
  'TimelineEntry',
  z.object({
    at: isoTime,
    kind: z.enum([...INCIDENT_EVENT_KINDS, 'directive']),
    text: z.string(),
    ref: z.string().describe('Id of what it is about: an anomaly, an alert, a deploy, another incident, a directive'),
    by: z.string().describe('Who did it; empty where Telltale did'),
  }),
);

export const getIncident = defineQuery({
  name: 'getIncident',
  about: 'One incident: its anomalies, its timeline, what it touched, and what was deployed near its onset.',
  tag: 'detection',
  scope: 'read',
  path: '/api/incidents/{id}',
  params: { id: text('Id of the incident') },
  example: { id: 'i1' },
  missing: 'there is no incident of this id',
  mcp: {
    name: 'get_incident',
    about: 'One incident: its anomalies, its timeline, what it touched, and what was deployed near its onset. Use it after list_incidents.',
    next: 'find_turns(service, status=error, since=its onset) shows turns that it touched; explain_turn(id) explains one',
  }, // prettier-ignore
  answer: named(
    'GetIncidentAnswer',
    z.object({
      incident,
      anomalies: z.array(anomaly).describe('In their newest state, the first to start first'),
      timeline: z.array(entry).describe(`In order of time, with directives that rest on it; the first ${MAX_ENTRIES} entries`),
      timeline_truncated: z.boolean(),
      deploys: z.array(deploy).describe('Of its services, from six hours before the onset until five minutes after it'),
    }),
  ),
  run: async ({ id }, { rowsOf }) => {
    const ofId = filterBy({ id });
    const newest = `FROM telltale.incidents WHERE ${ofId.where} ${NEWEST} LIMIT 1`;
    const [row] = (await rowsOf({ sql: `SELECT ${columnsOf(incident)} ${newest}`, params: ofId.params })).map(withIsoTimes);
    if (!row) throw new ApiError('not_found', 'there is no incident of this id', { fix: 'GET /api/incidents lists them' });
    const onset = Date.parse(String(row['onset_at'] ?? row['opened_at']));
    const near = within(filterBy({}), 'at', { since: Math.max(0, onset - DEPLOYS_BEFORE_MS), until: onset + DEPLOYS_AFTER_MS });
    // One after another: a tenant's queries run one at a time, and those that wait take the places of other people.
    const anomalies = await rowsOf({
      sql: `SELECT ${columnsOf(anomaly)} FROM (SELECT * FROM telltale.anomalies WHERE tenant = {tenant:String}
        AND id IN (SELECT arrayJoin(anomaly_ids) FROM (SELECT anomaly_ids ${newest})) ORDER BY state = 'closed' DESC, windows DESC LIMIT 1 BY id) ORDER BY started_at, id`,
      params: ofId.params,
    });
    const entries = await rowsOf({
      sql: `SELECT ${columnsOf(entry)} FROM telltale.incident_events WHERE tenant = {tenant:String} AND incident_id = {f0:String} ORDER BY at, id LIMIT ${MAX_ENTRIES + 1}`,
      params: ofId.params,
    });
    // Rows of anomalies that left it count, too: their directives were raised for it.
    const directives = await rowsOf({
      sql: `SELECT changed_at AS at, 'directive' AS kind, concat(class, ' ', state, ': ', reason) AS text, id AS ref, issued_by AS by FROM telltale.directives
        WHERE tenant = {tenant:String} AND (JSONExtractString(evidence, 'incident_id') = {f0:String} OR JSONExtractString(evidence, 'anomaly_id') IN
          (SELECT arrayJoin(anomaly_ids) FROM telltale.incidents WHERE ${ofId.where})) ORDER BY changed_at, id LIMIT ${MAX_ENTRIES}`,
      params: ofId.params,
    });
    const deploys = await rowsOf({
      sql: `SELECT ${columnsOf(deploy)} FROM telltale.deploys WHERE ${near.where} AND service_name IN
        (SELECT arrayJoin(arrayPushBack(services, service_name)) FROM (SELECT services, service_name ${newest})) ORDER BY at DESC, id LIMIT 1 BY id LIMIT ${MAX_DEPLOYS}`,
      params: { ...near.params, ...ofId.params },
    });
    const timeline = [...entries.slice(0, MAX_ENTRIES), ...directives].map(withIsoTimes);
    return {
      incident: row,
      anomalies: anomalies.map(withIsoTimes),
      timeline: timeline.sort((a, b) => (String(a['at']) < String(b['at']) ? -1 : String(a['at']) > String(b['at']) ? 1 : 0)),
      timeline_truncated: entries.length > MAX_ENTRIES,
      deploys: deploys.map(withIsoTimes),
    };
  },
});
