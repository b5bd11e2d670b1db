import { PANEL_FORMS, PANEL_PAGES, PANEL_UNITS, type SettingRecord } from '@telltale/contracts';
import { isoTime as isoTimeOf } from '@telltale/kernel';
import { z } from 'zod';
import { ApiError } from '../define/api-error';
import { type AskContext, named } from '../define/definition';
import { type Period } from '../define/params';
import { count, isoTime } from '../define/row-fields';
import { type Panel } from './panel';
import { expand, stepOf } from './panel-sql';

const panel = named(
  'DashboardPanel',
  z.object({
    id: z.string().describe('Names it in its dashboard'),
    title: z.string().describe('The question it answers'),
    why: z.string().describe('Why it is there'),
    form: z.enum(PANEL_FORMS),
    unit: z.enum(PANEL_UNITS).describe('Of its values; columns of a table that end in _ms, _usd or _share have their own'),
    sql: z.string().describe('As it is pinned, and as Grafana takes it: with macros for the range'),
    query: z.string().describe('The same for this range, as POST /api/query takes it: rows of time, series where it has several, and values'),
    service: z.string().optional().describe('Service it is about'),
    open: z
      .object({ page: z.enum(PANEL_PAGES), params: z.record(z.string(), z.string()) })
      .optional()
      .describe('Where its rows can be looked into'),
  }),
); // prettier-ignore

export const dashboard = named(
  'Dashboard',
  z.object({
    name: z.string().nullable().describe('Of a pinned one; null: it was made for this answer'),
    version: count.describe('Of a pinned one, rises by one with each change; 0 of others'),
    title: z.string(),
    about: z.string(),
    since: isoTime,
    until: isoTime,
    step_seconds: count.describe('Length of the buckets of its charts'),
    looked_at_from: isoTime.nullable().describe('The events since then decided what is shown; null of a pinned one'),
    panels: z.array(panel).describe('The most important first'),
    left_out: z
      .array(z.object({ name: z.string(), reason: z.string() }))
      .describe('Dimensions that there are, but that have no panel of their own, and why'),
  }),
);
type Dashboard = z.output<typeof dashboard>;

export interface Made {
  readonly title: string;
  readonly about: string;
  readonly panels: readonly Panel[];
}

export type PinnedDashboard = Extract<SettingRecord, { type: 'dashboard' }>;

/** The pinned dashboards of the tenant that asks, in order of their names. */
export const pinnedDashboards = ({ settings, tenant }: Pick<AskContext, 'settings' | 'tenant'>): PinnedDashboard[] =>
  settings
    .list({ type: 'dashboard', tenant })
    .filter((one) => one.type === 'dashboard')
    .sort((a, b) => (a.name < b.name ? -1 : 1));

export const MISSING = 'there is no pinned dashboard of this name';
export function pinnedDashboard(name: string, context: Pick<AskContext, 'settings' | 'tenant'>): PinnedDashboard {
  const found = pinnedDashboards(context).find((one) => one.name === name);
  if (found?.value) return found;
  throw new ApiError('not_found', MISSING, { parameter: 'name', fix: 'GET /api/dashboards lists them' });
}

export function panelsOf({ value }: PinnedDashboard): Panel[] {
  return (value?.panels ?? []).map(({ service, open, ...rest }, nth) => ({
    ...rest,
    id: `panel-${nth + 1}`,
    ...(service !== undefined && { service }),
    ...(open !== undefined && { open }),
  }));
}

export const dashboardAnswer = (
  { title, about, panels }: Made,
  period: Period,
  rest: Pick<Dashboard, 'name' | 'version' | 'left_out'> & { readonly lookedAtFrom: number | null },
): Dashboard => ({
  name: rest.name,
  version: rest.version,
  title,
  about,
  since: isoTimeOf(period.since),
  until: isoTimeOf(period.until),
  step_seconds: stepOf(period),
  looked_at_from: rest.lookedAtFrom === null ? null : isoTimeOf(rest.lookedAtFrom),
  panels: panels.map(({ open, ...one }) => ({
    ...one,
    query: expand(one.sql, period),
    ...(open && { open: { page: open.page, params: { ...open.params } } }),
  })),
  left_out: rest.left_out,
});
