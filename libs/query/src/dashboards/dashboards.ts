import { z } from 'zod';
import { named } from '../define/definition';
import { defineQuery } from '../define/define-query';
import { rangeParams, text } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { dashboard, dashboardAnswer, MISSING, pinnedDashboards } from './answer';
import { choose, chosenBy, choosePinned, madeOf, proposalOf, RANGE, rangeOf } from './choose';
import { grafanaDashboard, grafanaExport } from './grafana/export';
import { readServices } from './read-shape';
import { countWords, named as valueNamed, printable } from './words';

const MOST_INCIDENTS = 10;

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
  params: { ...madeOf, ...rangeParams(RANGE) },
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
    const { period, version, ...made } = choosePinned(name, times, context);
    return Promise.resolve(dashboardAnswer(made, period, { name, version, left_out: [], lookedAtFrom: null }));
  },
});

export const exportDashboard = defineQuery({
  name: 'exportDashboard',
  about: 'A dashboard as Grafana imports it, for its ClickHouse data source: a pinned one by name, or one made of the data.',
  tag: 'dashboards',
  scope: 'read',
  path: '/api/dashboards/grafana',
  params: { ...chosenBy, ...rangeParams(RANGE) },
  example: { service: 'shop' },
  missing: MISSING,
  answer: grafanaDashboard,
  limits: { maxRangeMs: RANGE.maxMs },
  run: async (given, context) => {
    const { tenant } = context;
    const { name, service: only, incident: id } = given;
    const { period, ...made } = await choose(given, context);
    if (name !== undefined) return grafanaExport(made, { key: ['pinned', tenant, name], period: null });
    return grafanaExport(made, { key: ['proposed', tenant, only ?? '', id ?? ''], period: id === undefined ? period : null });
  },
});
