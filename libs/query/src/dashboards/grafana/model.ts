/** Units of Grafana. */
export type Unit = 's' | 'ms' | 'short' | 'bytes' | 'Bps' | 'reqps' | 'ops' | 'percentunit' | 'currencyUSD' | 'none';

interface Common {
  /** The question it answers. */
  readonly title: string;
  readonly unit: Unit;
  readonly width?: 6 | 8 | 12 | 24;
  /** Why it is there. */
  readonly description?: string;
  /** How a series over time is drawn; as lines where it does not say. */
  readonly drawn?: 'lines' | 'bars' | 'area';
}
/** Numbers of the processes, from Prometheus. */
export interface MetricPanel extends Common {
  readonly type: 'timeseries' | 'stat';
  /** Expressions of PromQL by what to call their lines (`{{label}}`). */
  readonly promql: Readonly<Record<string, string>>;
}
/** What Telltale stored, from ClickHouse. Series have the columns `time` and a value each; `$__timeFilter(column)` stands for the time range. */
export interface TablePanel extends Common {
  readonly type: 'timeseries' | 'stat' | 'table';
  readonly sql: string;
}
type GrafanaPanel = MetricPanel | TablePanel;

export interface GrafanaBoard {
  readonly uid: string;
  readonly title: string;
  readonly about: string;
  readonly panels: readonly GrafanaPanel[];
  /** One that people take along: they choose the ClickHouse data source themselves, and may edit it. */
  readonly isPortable?: boolean;
  readonly time?: { readonly from: string; readonly to: string };
}

const COLUMNS = 24;
const HEIGHT = { timeseries: 8, stat: 4, table: 10 } as const;
const PLUGIN = 'grafana-clickhouse-datasource';
const PROMETHEUS = { type: 'prometheus', uid: 'telltale-prometheus' };
const CLICKHOUSE = { type: PLUGIN, uid: 'telltale-clickhouse' };
const CHOSEN = { type: PLUGIN, uid: '${datasource}' };
const CHOICE = { name: 'datasource', label: 'ClickHouse', type: 'datasource', query: PLUGIN, hide: 0, refresh: 1, regex: '', multi: false, includeAll: false, options: [], current: {} }; // prettier-ignore

/** Of the plugin: a result as series over time, or as a table. */
const FORMAT = { timeseries: 0, table: 1, stat: 1 } as const;
/** Columns of tables say their unit in their name. */
const COLUMN_UNITS: readonly (readonly [string, Unit])[] = [['/_ms$/', 'ms'], ['/_usd$/', 'currencyUSD'], ['/_share$/', 'percentunit']]; // prettier-ignore
const DRAWN = {
  lines: {},
  bars: { drawStyle: 'bars', fillOpacity: 80, lineWidth: 0, stacking: { mode: 'normal', group: 'A' } },
  area: { drawStyle: 'line', fillOpacity: 40, stacking: { mode: 'normal', group: 'A' } },
} as const;

const letterOf = (nth: number): string => String.fromCharCode('A'.charCodeAt(0) + nth);

const targetsOf = (panel: GrafanaPanel, tables: object): object[] =>
  'promql' in panel
    ? Object.entries(panel.promql).map(([legend, expr], nth) => ({ refId: letterOf(nth), datasource: PROMETHEUS, expr, legendFormat: legend }))
    : [{ refId: 'A', datasource: tables, editorType: 'sql', queryType: panel.type === 'timeseries' ? 'timeseries' : 'table', format: FORMAT[panel.type], rawSql: panel.sql }]; // prettier-ignore

function panelJson(panel: GrafanaPanel, id: number, at: { x: number; y: number; w: number }, tables: object): Readonly<Record<string, unknown>> {
  const isTable = panel.type === 'table';
  const overrides = isTable ? COLUMN_UNITS.map(([options, unit]) => ({ matcher: { id: 'byRegexp', options }, properties: [{ id: 'unit', value: unit }] })) : [];
  return {
    id,
    type: panel.type,
    title: panel.title,
    ...(panel.description !== undefined && { description: panel.description }),
    datasource: 'promql' in panel ? PROMETHEUS : tables,
    gridPos: { ...at, h: HEIGHT[panel.type] },
    fieldConfig: { defaults: { unit: panel.unit, min: panel.type === 'timeseries' ? 0 : undefined, ...(panel.drawn && { custom: DRAWN[panel.drawn] }) }, overrides },
    ...(panel.type === 'timeseries' && { options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } } }),
    targets: targetsOf(panel, tables),
  };
} // prettier-ignore

/** The model that Grafana reads, rows filled from left to right. */
export function grafanaModel({
  uid,
  title,
  about,
  panels,
  isPortable = false,
  time = { from: 'now-6h', to: 'now' },
}: GrafanaBoard) {
  const tables = isPortable ? CHOSEN : CLICKHOUSE;
  let [x, y, rowHeight] = [0, 0, 0];
  const placed = panels.map((panel, nth) => {
    const w = panel.width ?? (panel.type === 'table' ? COLUMNS : panel.type === 'stat' ? 6 : 12);
    if (x + w > COLUMNS) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const json = panelJson(panel, nth + 1, { x, y, w }, tables);
    x += w;
    rowHeight = Math.max(rowHeight, HEIGHT[panel.type]);
    return json;
  });
  return {
    uid,
    title,
    description: about,
    tags: ['telltale'],
    timezone: 'browser',
    schemaVersion: 39,
    version: 1,
    editable: isPortable,
    graphTooltip: 1,
    refresh: '30s',
    time: { ...time },
    templating: { list: isPortable ? [CHOICE] : [] },
    annotations: { list: [] },
    panels: placed,
  };
}
