import { z } from 'zod';
import { text } from './fields';

/** How the rows of a panel are drawn. */
export const PANEL_FORMS = ['line', 'bar', 'area', 'stat', 'table'] as const;
/** What the values of a panel are; of a table the names of its columns say it: `_ms`, `_usd`, `_share`. */
export const PANEL_UNITS = ['count', 'per_minute', 'per_hour', 'ms', 'usd', 'usd_per_hour', 'share', 'tokens', 'score'] as const;
/** Pages that a panel can lead to. */
export const PANEL_PAGES = ['explore', 'turns', 'incidents'] as const;

export const MAX_PANELS = 24;
const MAX_SQL = 16_000;
/** Of all panels together: a setting is one record. */
const MAX_DASHBOARD_SQL = 200_000;

const panelValue = z.strictObject({
  title: text.min(1).max(200).describe('The question it answers'),
  why: text.max(600).default('').describe('Why it is there, in a sentence'),
  form: z.enum(PANEL_FORMS),
  unit: z.enum(PANEL_UNITS),
  sql: text
    .min(1)
    .max(MAX_SQL, `is longer than ${MAX_SQL} characters; shorten it`)
    .describe('One reading statement, as POST /api/query takes it; $__timeFilter(column), $__timeInterval(column) and $__interval_s stand for the range and its buckets, as in Grafana'),
  service: text.max(500).optional().describe('Service it is about: its deploys are marked'),
  open: z
    .strictObject({ page: z.enum(PANEL_PAGES), params: z.record(text.max(100), text.max(1_000)) })
    .optional()
    .describe('Where its rows can be looked into'),
}); // prettier-ignore

/** Panels that somebody pinned. */
export const dashboardValue = z.strictObject({
  title: text.min(1).max(200),
  about: text.max(600).default('').describe('What it is about, in a sentence'),
  panels: z
    .array(panelValue)
    .min(1, 'has no panel; give at least one')
    .max(MAX_PANELS, `has more than ${MAX_PANELS} panels; take some out`)
    .refine(
      (panels) => panels.reduce((sum, { sql }) => sum + sql.length, 0) <= MAX_DASHBOARD_SQL,
      `has statements of more than ${MAX_DASHBOARD_SQL} characters in all; shorten them, or make two dashboards`,
    ),
});
