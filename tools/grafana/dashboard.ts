/** Units of Grafana. */
export type Unit = 's' | 'ms' | 'short' | 'bytes' | 'Bps' | 'reqps' | 'ops' | 'percentunit' | 'currencyUSD' | 'none';

interface Common {
  /** The question it answers. */
  readonly title: string;
  readonly unit: Unit;
  readonly width?: 6 | 8 | 12 | 24;
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
export type Panel = MetricPanel | TablePanel;

export interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly about: string;
  readonly panels: readonly Panel[];
}

const COLUMNS = 24;
const HEIGHT = { timeseries: 8, stat: 4, table: 10 } as const;
const PROMETHEUS = { type: 'prometheus', uid: 'telltale-prometheus' };
const CLICKHOUSE = { type: 'grafana-clickhouse-datasource', uid: 'telltale-clickhouse' };

/** Of the plugin: a result as series over time, or as a table. */
const FORMAT = { timeseries: 0, table: 1, stat: 1 } as const;

const letterOf = (nth: number): string => String.fromCharCode('A'.charCodeAt(0) + nth);

const targetsOf = (panel: Panel): object[] =>
  'promql' in panel
    ? Object.entries(panel.promql).map(([legend, expr], nth) => ({ refId: letterOf(nth), datasource: PROMETHEUS, expr, legendFormat: legend }))
    : [{ refId: 'A', datasource: CLICKHOUSE, editorType: 'sql', queryType: panel.type === 'timeseries' ? 'timeseries' : 'table', format: FORMAT[panel.type], rawSql: panel.sql }]; // prettier-ignore

function panelJson(panel: Panel, id: number, at: { x: number; y: number; w: number }): object {
  return {
    id,
    type: panel.type,
    title: panel.title,
    datasource: 'promql' in panel ? PROMETHEUS : CLICKHOUSE,
    gridPos: { ...at, h: HEIGHT[panel.type] },
    fieldConfig: { defaults: { unit: panel.unit, min: panel.type === 'timeseries' ? 0 : undefined }, overrides: [] },
    ...(panel.type === 'timeseries' && { options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } } }),
    targets: targetsOf(panel),
  };
} // prettier-ignore

/** The model that Grafana reads, rows filled from left to right. */
export function grafanaModel({ uid, title, about, panels }: Dashboard): object {
  let [x, y, rowHeight] = [0, 0, 0];
  const placed = panels.map((panel, nth) => {
    const w = panel.width ?? (panel.type === 'table' ? COLUMNS : panel.type === 'stat' ? 6 : 12);
    if (x + w > COLUMNS) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const json = panelJson(panel, nth + 1, { x, y, w });
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
    editable: false,
    graphTooltip: 1,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: { list: [] },
    annotations: { list: [] },
    panels: placed,
  };
}
