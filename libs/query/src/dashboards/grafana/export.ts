import { hashId, isoTime } from '@telltale/kernel';
import { z } from 'zod';
import { named } from '../../define/definition';
import { type Period } from '../../define/params';
import { type Made } from '../answer';
import { type Panel } from '../panel';
import { grafanaModel, type TablePanel, type Unit } from './model';

const record = z.record(z.string(), z.unknown());

export const grafanaDashboard = named(
  'GrafanaDashboard',
  z.object({
    uid: z.string().describe('The same for the same dashboard: importing it again replaces it'),
    title: z.string(),
    description: z.string(),
    tags: z.array(z.string()),
    timezone: z.string(),
    schemaVersion: z.int(),
    version: z.int(),
    editable: z.boolean(),
    graphTooltip: z.int(),
    refresh: z.string(),
    time: z.object({ from: z.string(), to: z.string() }),
    templating: z.object({ list: z.array(record) }).describe('The variable datasource: a ClickHouse data source'),
    annotations: z.object({ list: z.array(record) }),
    panels: z.array(record),
  }),
);

const UNITS: Readonly<Record<Panel['unit'], Unit>> = {
  count: 'short',
  per_minute: 'short',
  per_hour: 'short',
  ms: 'ms',
  usd: 'currencyUSD',
  usd_per_hour: 'currencyUSD',
  share: 'percentunit',
  tokens: 'short',
  score: 'none',
};
const DRAWN = { line: 'lines', bar: 'bars', area: 'area' } as const;

/** Descriptions are Markdown in Grafana: of what is said about data nothing is a link or a picture. */
const asPlain = (text: string): string => text.replace(/[\\`*_[\]<>!#|~$]/g, '\\$&');

function panelOf({ title, why, form, unit, sql }: Panel): TablePanel {
  const type = form === 'stat' || form === 'table' ? form : 'timeseries';
  return { type, title, unit: UNITS[unit], sql, description: asPlain(why), ...(form !== 'stat' && form !== 'table' && { drawn: DRAWN[form] }) };
} // prettier-ignore

interface Exported {
  /** What it is, so that another export of it is the same dashboard. */
  readonly key: readonly string[];
  /** The range that it is about; null: the last day. */
  readonly period: Period | null;
}

export const grafanaExport = ({ title, about, panels }: Made, { key, period }: Exported): z.output<typeof grafanaDashboard> =>
  grafanaModel({
    uid: `telltale-${hashId(16, ...key)}`,
    title,
    about: asPlain(about),
    panels: panels.map(panelOf),
    isPortable: true,
    time: period === null ? { from: 'now-24h', to: 'now' } : { from: isoTime(period.since), to: isoTime(period.until) },
  });
