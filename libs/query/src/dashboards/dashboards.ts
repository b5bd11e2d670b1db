import { DAY_MS } from '@telltale/kernel';
import { z } from 'zod';
import { badParameter } from '../define/api-error';
import { type AskContext, named, type RowsOf } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { type Period, periodOf, rangeParams, text } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { dashboard, dashboardAnswer, MISSING, panelsOf, pinnedDashboard, pinnedDashboards } from './answer';
import { grafanaDashboard, grafanaExport } from './grafana/export';
import { type Proposal, propose } from './propose';
import { readServices } from './read-shape';
import { countWords, named as valueNamed, printable } from './words';

const RANGE = { defaultMs: DAY_MS, maxMs: 90 * DAY_MS };
const MOST_INCIDENTS = 10;

const service = text('Only of this service').optional();
const incident = text('From the context of this incident: what moved, whom it affects, what was deployed').optional();
interface Times {
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

/** The range, which ends now: of what is to come nothing is drawn. */
function rangeOf(given: Times, now: number): Period {
  const { since, until } = periodOf(given, now, RANGE);
  return { since, until: given.until === undefined ? Math.max(since + 1, Math.min(until, now)) : until };
}

interface Proposed extends Times {
  readonly service?: string | undefined;
  readonly incident?: string | undefined;
}
function proposalOf({ service: only, incident: id, ...times }: Proposed, { tenant, clock, rowsOf }: AskContext & { readonly rowsOf: RowsOf }): Promise<Proposal> {
  if (only !== undefined && id !== undefined)
    throw badParameter('service', 'is given together with incident', 'give one of them: an incident has its own services');
  const now = clock.now();
  const fallback = rangeOf(times, now);
  const isAsked = times.since !== undefined || times.until !== undefined;
  return propose(rowsOf, { tenant, service: only, incident: id, period: isAsked ? fallback : null, fallback, now });
} // prettier-ignore

const pinned = z.object({
  name: z.string(),
  title: z.string(),
  about: z.string(),
  panels: count,
  version: count,
  changed_at: isoTime,
  changed_by: z.string(),
});
const proposed = z.object({
  title: z.string(),
  why: z.string(),
  service: z.string().nullable(),
  incident: z.string().nullable(),
});

export const listDashboards = defineQuery({
  name: 'listDashboards',
  about: 'Dashboards: those that were pinned, and those that can be made of the data: of everything, of each service, of each open incident.',
  tag: 'dashboards',
  scope: 'read',
  path: '/api/dashboards',
  params: rangeParams(RANGE),
  example: { since: '24h' },
  answer: named('ListDashboardsAnswer', z.object({ pinned: z.array(pinned), proposed: z.array(proposed) })),
  limits: { maxRows: 1_000, maxRangeMs: RANGE.maxMs },
  run: async (times, context) => {
    const { clock, rowsOf } = context;
    const period = rangeOf(times, clock.now());
    const [services, incidents] = await Promise.all([
      readServices(rowsOf, { period, services: [] }),
      rowsOf({
        sql: `SELECT id, title, service_name FROM (SELECT * FROM telltale.incidents WHERE tenant = {tenant:String} ORDER BY updated_at DESC, state = 'closed' DESC LIMIT 1 BY id)
          WHERE state = 'open' ORDER BY peak_score DESC, id LIMIT ${MOST_INCIDENTS}`,
        params: {},
      }),
    ]);
    const of = (only: { service?: string; incident?: string }) => ({ service: only.service ?? null, incident: only.incident ?? null });
    return {
      pinned: pinnedDashboards(context).map(({ name, version, changed_at, changed_by, value }) => ({
        name, version, changed_at, changed_by, title: value?.title ?? '', about: value?.about ?? '', panels: value?.panels.length ?? 0,
      })),
      proposed: [
        ...incidents.map((row) => ({ title: printable(String(row['title']), 200), why: 'It is open: what moved, whom it affects, what changed.', ...of({ incident: String(row['id']) }) })),
        { title: 'Everything', why: 'What all services have in common, and where they differ.', ...of({}) },
        ...services.filter(({ name }) => name !== '').map(({ name, turns, events }) => ({ title: valueNamed(name), why: `${turns > 0 ? countWords(turns, 'turn') : countWords(events, 'event')} in this range.`, ...of({ service: name }) })),
      ],
    };
  },
}); // prettier-ignore

export const proposeDashboard = defineQuery({
  name: 'proposeDashboard',
  about: 'A dashboard made from the shape of the data, or from the context of an incident: at most a dozen panels, each with the reason it is there.',
  tag: 'dashboards',
  scope: 'read',
  path: '/api/dashboards/proposed',
  params: { service, incident, ...rangeParams(RANGE) },
  example: { service: 'shop', since: '24h' },
  missing: 'there is no incident of this id',
  answer: dashboard,
  limits: { maxRangeMs: RANGE.maxMs },
  run: async (given, context) => {
    const { period, from, leftOut, ...made } = await proposalOf(given, context);
    return dashboardAnswer(made, period, { name: null, version: 0, left_out: [...leftOut], lookedAtFrom: from });
  },
}); // prettier-ignore

export const getDashboard = defineQuery({
  name: 'getDashboard',
  about: 'A pinned dashboard, its statements written out for a range.',
  tag: 'dashboards',
  scope: 'read',
  path: '/api/dashboards/pinned/{name}',
  params: { name: text('Name of the dashboard', 100), ...rangeParams(RANGE) },
  example: { name: 'shop', since: '24h' },
  missing: MISSING,
  answer: dashboard,
  limits: { maxRangeMs: RANGE.maxMs },
  run: ({ name, ...times }, context) => {
    const found = pinnedDashboard(name, context);
    const made = { title: found.value?.title ?? '', about: found.value?.about ?? '', panels: panelsOf(found) };
    const period = rangeOf(times, context.clock.now());
    return Promise.resolve(dashboardAnswer(made, period, { name, version: found.version, left_out: [], lookedAtFrom: null }));
  },
});

export const exportDashboard = defineQuery({
  name: 'exportDashboard',
  about: 'A dashboard as Grafana imports it, for its ClickHouse data source: a pinned one by name, or one made of the data.',
  tag: 'dashboards',
  scope: 'read',
  path: '/api/dashboards/grafana',
  params: { name: text('Name of a pinned dashboard', 100).optional(), service, incident, ...rangeParams(RANGE) },
  example: { service: 'shop' },
  missing: MISSING,
  answer: grafanaDashboard,
  limits: { maxRangeMs: RANGE.maxMs },
  run: async ({ name, ...given }, context) => {
    const { tenant } = context;
    if (name === undefined) {
      const { period, ...made } = await proposalOf(given, context);
      const of = [given.service ?? '', given.incident ?? ''];
      return grafanaExport(made, { key: ['proposed', tenant, ...of], period: given.incident === undefined ? null : period });
    }
    if (given.service !== undefined || given.incident !== undefined)
      throw badParameter('name', 'is given together with service or incident', 'give a name alone, or leave it out');
    const found = pinnedDashboard(name, context);
    const made = { title: found.value?.title ?? '', about: found.value?.about ?? '', panels: panelsOf(found) };
    return grafanaExport(made, { key: ['pinned', tenant, name], period: null });
  },
});
