import { type ApiClient } from '@telltale/api-client';
import { type Command } from 'commander';
import { withClient } from '../client/connect';
import { type Io, note, noteOfList } from '../terminal/io';
import { registerIncidentWhy } from './why';
import { intOf, printJson, printTable, type Register, withExample, withJson } from './command';

const NAMES = ['id', 'phase', 'severity', 'owner', 'kind', 'opened_at', 'closed_at', 'service_name', 'title', 'probable_cause'];
const FACTS = [
  'title', 'phase', 'phase_reason', 'severity', 'owner', 'acknowledged_by', 'services', 'onset_at', 'opened_at', 'closed_at', 'probable_cause', 'turns_touched', 'bad_turns', 'users_touched',
  'cost_nano_usd', 'merged_into', 'silenced_until',
] as const; // prettier-ignore

interface ListOptions {
  readonly open?: boolean;
  readonly service?: string;
  readonly since: string;
  readonly limit: number;
  readonly json?: boolean;
}

function registerList(incidents: Command, io: Io): void {
  withExample(
    withJson(
      incidents
        .command('list', { isDefault: true })
        .description('incidents, newest first (also `telltale incidents` alone)')
        .option('--open', 'only those that are open')
        .option('--service <name>', 'only of this service')
        .option('--since <time>', 'opened since: an age such as 24h or 7d, or ISO 8601', '7d')
        .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 100),
    ),
    'telltale incidents --open',
  ).action(async ({ open, service, since, limit, json }: ListOptions) => {
    const { incidents: found } = await withClient(io, ['insights'], ({ api }) =>
      api.listIncidents({ since, limit, service, state: open ? 'open' : undefined }),
    );
    if (json) return found.forEach((row) => printJson(io, row));
    printTable(io, found, NAMES);
    noteOfList(io, found, limit);
  });
}

function registerShow(incidents: Command, io: Io): void {
  withJson(
    incidents
      .command('show <id>')
      .description('one incident: what it touched, its anomalies, its timeline, and what was deployed near its onset'),
  ).action(async (id: string, { json }: { json?: boolean }) => {
    const answer = await withClient(io, ['insights'], ({ api }) => api.getIncident({ id }));
    if (json) return printJson(io, answer);
    const { incident, anomalies, timeline, deploys, timeline_truncated: isCut } = answer;
    printTable(io, FACTS.map((fact) => ({ fact, value: incident[fact] })).filter(({ value }) => value !== '' && value !== null)); // prettier-ignore
    printTable(io, anomalies, ['id', 'state', 'started_at', 'ended_at', 'score', 'summary']);
    printTable(io, timeline, ['at', 'kind', 'text', 'by']);
    if (deploys.length > 0) printTable(io, deploys, ['at', 'service_name', 'kind', 'version', 'environment', 'source', 'text']);
    if (isCut) note(io, 'only the first entries of the timeline are shown; query the table incident_events for all of them');
  });
}

type Done = (
  api: ApiClient,
  id: string,
  given: { readonly note?: string; readonly owner?: string },
) => Promise<{ incident_id: string }>;

function registerTriage(incidents: Command, io: Io): void {
  const as = (command: Command, done: Done, said: string): void => {
    withJson(command).action(async (id: string, given: { note?: string; owner?: string; json?: boolean }) => {
      const answer = await withClient(io, ['insights'], ({ api }) => done(api, id, given));
      if (given.json) printJson(io, answer);
      else note(io, `${said}: ${answer.incident_id}`);
    });
  };
  const by = { issued_by: 'cli' };
  as(
    incidents.command('acknowledge <id>').description('say that you look after it').option('--note <text>', 'why'),
    (api, id, given) => api.acknowledgeIncident({ id, note: given.note, ...by }),
    'acknowledged',
  );
  as(
    incidents.command('assign <id>').description('say who owns it').option('--owner <name>', 'who; nobody when left out'),
    (api, id, { owner }) => api.assignIncident({ id, owner, ...by }),
    'assigned',
  );
  as(
    incidents.command('resolve <id>').description('say that it is over').option('--note <text>', 'why'),
    (api, id, given) => api.resolveIncident({ id, note: given.note, ...by }),
    'resolved',
  );
  withJson(incidents.command('note <id> <text>').description('add a note to its timeline')).action(
    async (id: string, text: string, { json }: { json?: boolean }) => {
      const answer = await withClient(io, ['insights'], ({ api }) => api.noteIncident({ id, note: text, ...by }));
      if (json) printJson(io, answer);
      else note(io, `noted: ${answer.incident_id}`);
    },
  );
}

export const registerIncidents: Register = (program, io) => {
  const incidents = program
    .command('incidents')
    .description(
      'anomalies that belong together, with their probable cause: list, show, why, acknowledge, assign, resolve, note',
    );
  withExample(
    incidents,
    'telltale incidents --open',
    'telltale incidents show ID',
    'telltale incidents why ID',
    'telltale incidents assign ID --owner bea',
    'telltale incidents resolve ID --note "rolled back"',
  );
  registerList(incidents, io);
  registerShow(incidents, io);
  registerTriage(incidents, io);
  registerIncidentWhy(incidents, io);
};
