import { DEPLOY_KINDS, TOPICS, type TriageRecord } from '@telltale/contracts';
import { DAY_MS, hashId, isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError, badParameter } from '../define/api-error';
import { type AskContext, defineCommand, named, type RowsOf } from '../define/definition';
import { choice, isoTimeParam, text } from '../define/params';
import { isoTime } from '../define/row-fields';
import { filterBy } from '../define/where';
import { endOf, forMs, issuedBy, newId } from './detector-setting';

// What people do with incidents. The incidents service takes it in a moment; what it made of it is on the timeline.

const MAX_SHOWN = 80;
const MAX_SILENCE_MS = 30 * DAY_MS;
/** A deploy is reported when it happens; one of next year is a mistake. */
const MAX_AHEAD_MS = DAY_MS;

const send = ({ broker }: AskContext, record: TriageRecord): Promise<void> =>
  broker.produce([{ topic: TOPICS.triage.name, key: record.tenant, value: JSON.stringify(record) }]);

/** Throws where the tenant has no such incident, or it is over, so that nothing can be done with it. */
async function checkIncident(id: string, { rowsOf }: { readonly rowsOf: RowsOf }, mayBeOver: boolean): Promise<void> {
  const { where, params } = filterBy({ id });
  const [row] = await rowsOf({
    sql: `SELECT state FROM telltale.incidents WHERE ${where} ORDER BY updated_at DESC, state = 'closed' DESC LIMIT 1`,
    params,
  });
  const shown = id.slice(0, MAX_SHOWN);
  if (!row) throw new ApiError('not_found', `there is no incident ${shown}`, { fix: 'GET /api/incidents lists them' });
  if (row['state'] === 'closed' && !mayBeOver)
    throw badParameter('id', `${shown} is resolved already`, 'add a note instead, which can be done at any time');
}

const answer = named('TriageAnswer', z.object({ id: z.string().describe('Of what was done'), incident_id: z.string() }));
const id = text('Id of the incident');
const note = text('Why, for people').optional();
const IS = { tag: 'detection', scope: 'control', missing: 'there is no incident of this id', answer } as const;

type Done<T = TriageRecord> = T extends { readonly incident_id: string }
  ? Omit<T, 'tenant' | 'id' | 'at' | 'by' | 'incident_id'>
  : never;

async function triage(incidentId: string, by: string, what: Done, context: AskContext & { readonly rowsOf: RowsOf }): Promise<{ id: string; incident_id: string }> {
  await checkIncident(incidentId, context, what.type === 'note');
  const record = { tenant: context.tenant, id: newId(context, 'triage', { incidentId, by, ...what }), at: isoTimeOf(context.clock.now()), by, incident_id: incidentId, ...what };
  await send(context, record);
  return { id: record.id, incident_id: incidentId };
} // prettier-ignore

export const acknowledgeIncident = defineCommand({
  ...IS,
  name: 'acknowledgeIncident',
  about: 'Says that somebody looks after an incident, who owns it from then on unless somebody does already.',
  path: '/api/incidents/{id}/acknowledge',
  params: { id, note, issued_by: issuedBy },
  example: { id: 'i1', issued_by: 'ann' },
  run: ({ id: of, note: why = '', issued_by: by }, context) => triage(of, by, { type: 'acknowledge', note: why }, context),
});

export const assignIncident = defineCommand({
  ...IS,
  name: 'assignIncident',
  about: 'Says who owns an incident; nobody where owner is left out.',
  path: '/api/incidents/{id}/assign',
  params: { id, owner: text('Who owns it', 200).optional(), issued_by: issuedBy },
  example: { id: 'i1', owner: 'bea' },
  run: ({ id: of, owner = '', issued_by: by }, context) => triage(of, by, { type: 'assign', owner }, context),
});

export const silenceIncident = defineCommand({
  ...IS,
  name: 'silenceIncident',
  about: 'Holds back the firing alerts of one incident for a while, at most 30 days; that it is over is sent all the same.',
  path: '/api/incidents/{id}/silence',
  params: {
    id,
    until: isoTimeParam('When it ends').optional(),
    for_ms: forMs.describe('How long it lasts, in ms; in place of until'),
    note,
    issued_by: issuedBy,
  },
  example: { id: 'i1', for_ms: 3_600_000, note: 'known' },
  run: ({ id: of, until, for_ms, note: why = '', issued_by: by }, context) => {
    const now = context.clock.now();
    const ends = endOf({ for_ms, end: until }, 'until', now);
    if (ends === undefined) throw badParameter('until', 'is missing', 'give until (ISO 8601) or for_ms (milliseconds)');
    if (ends - now > MAX_SILENCE_MS) throw badParameter('until', 'lies more than 30 days ahead', 'give an earlier time');
    return triage(of, by, { type: 'silence', until: isoTimeOf(ends), note: why }, context);
  },
});

export const resolveIncident = defineCommand({
  ...IS,
  name: 'resolveIncident',
  about:
    'Says that an incident is over, whatever its anomalies do. It is open again if its cause comes back within half an hour.',
  path: '/api/incidents/{id}/resolve',
  params: { id, note, issued_by: issuedBy },
  example: { id: 'i1', note: 'rolled back' },
  run: ({ id: of, note: why = '', issued_by: by }, context) => triage(of, by, { type: 'resolve', note: why }, context),
});

export const noteIncident = defineCommand({
  ...IS,
  name: 'noteIncident',
  about: 'Adds a note to the timeline of an incident, open or not.',
  path: '/api/incidents/{id}/note',
  params: { id, note: text('What is to be remembered'), issued_by: issuedBy },
  example: { id: 'i1', note: 'the index was gone' },
  run: ({ id: of, note: what, issued_by: by }, context) => triage(of, by, { type: 'note', note: what }, context),
});

export const addDeploy = defineCommand({
  name: 'addDeploy',
  about: 'Marks a deploy. Sent again with its id, or with the same service, version, environment and time, it is the same mark.',
  tag: 'detection',
  scope: 'control',
  path: '/api/deploys',
  params: {
    id: text('Id of the deploy; made of the rest when left out', 200).optional(),
    service: text('Service that was deployed', 200),
    version: text('What was deployed', 200).optional(),
    environment: text('Environment', 100).optional(),
    kind: choice(DEPLOY_KINDS, 'What changed').default('version'),
    at: isoTimeParam('When; now when left out').optional(),
    text: text('What changed, for people').optional(),
    issued_by: issuedBy,
  },
  example: { service: 'shop', version: '2.1.0', environment: 'production', text: 'new search index' },
  answer: named('AddDeployAnswer', z.object({ id: z.string(), at: isoTime })),
  run: async ({ id: given, service, version = '', environment = '', kind, at, text: said, issued_by: by }, context) => {
    const { tenant, clock } = context;
    const now = clock.now();
    const when = at ?? now;
    if (when - now > MAX_AHEAD_MS) throw badParameter('at', 'lies more than a day ahead', 'give when it was deployed');
    const deployed_at = isoTimeOf(when);
    const own =
      given ?? `deploy-${hashId(16, tenant, service, version, environment, kind, at === undefined ? deployed_at : when)}`;
    await send(context, {
      type: 'deploy',
      tenant,
      id: own,
      at: isoTimeOf(now),
      by,
      service_name: service,
      version,
      environment,
      kind,
      deployed_at,
      text: said ?? `${service} ${version || 'was deployed'}`,
    });
    return { id: own, at: deployed_at };
  },
});
