import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { METRICS } from '@telltale/platform-telemetry';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { composeConfig } from '@telltale/platform-config';
import { type MetricPanel, type TablePanel } from '@telltale/query';
import { unknownMetricsIn } from '../metrics-in-promql.fixture';
import { DASHBOARDS, dashboardFiles } from './dashboards';

const ROOT = join(__dirname, '..', '..');
const panels = DASHBOARDS.flatMap(({ uid, panels: all }) => all.map((panel) => ({ ...panel, name: `${uid}: ${panel.title}` })));
const ofMetrics = panels.filter((panel): panel is MetricPanel & { name: string } => 'promql' in panel);
const ofTables = panels.filter((panel): panel is TablePanel & { name: string } => 'sql' in panel);

/** What the plugin makes of its macro. */
const expanded = (sql: string): string =>
  sql.replaceAll(/\$__timeFilter\(([\w.]+)\)/g, '$1 >= toDateTime(1795960000) AND $1 <= toDateTime(1795980000)');

describe('dashboards', () => {
  it('ask questions, each once in a dashboard, under names of their own', () => {
    expect(new Set(DASHBOARDS.map(({ uid }) => uid)).size).toBe(DASHBOARDS.length);
    expect(panels.filter(({ title }) => !title.endsWith('?'))).toEqual([]);
    expect(new Set(panels.map(({ name }) => name)).size).toBe(panels.length);
  });

  it.each(ofMetrics)('$name names metrics that there are, and labels that they have', ({ promql }) => {
    const expressions = Object.values(promql);
    expect(expressions.flatMap((expr) => unknownMetricsIn(expr, METRICS))).toEqual([]);
    // What names a line is what the expression keeps.
    const legends = Object.entries(promql).flatMap(([legend, expr]) =>
      [...legend.matchAll(/\{\{(\w+)\}\}/g)].filter(([, label = '']) => label !== 'instance' && !expr.includes(label)));
    expect(legends).toEqual([]);
  }); // prettier-ignore

  describe('from tables', () => {
    const path = mkdtempSync(join(tmpdir(), 'telltale-grafana-'));
    let store: ReturnType<typeof createChdbRowStore>;
    beforeAll(async () => {
      store = createChdbRowStore({ path });
      await store.migrate('apply');
    }, 60_000);
    afterAll(async () => {
      await store.close();
      rmSync(path, { recursive: true, force: true });
    });
    it.each(ofTables)('$name can be asked', async ({ sql, type }) => {
      expect(sql).toContain('$__timeFilter(');
      const columns = await store.query<{ name: string }>(`DESCRIBE (${expanded(sql)})`);
      const names = columns.map(({ name }) => name);
      expect({ rows: await store.query(expanded(sql)), first: type === 'timeseries' ? names[0] : 'time' }).toMatchObject({ first: 'time' });
    }); // prettier-ignore
  });

  it('are the files that are there, and are read from where they are', () => {
    const there = readdirSync(join(ROOT, 'deploy', 'grafana', 'dashboards')).map((file) => `deploy/grafana/dashboards/${file}`);
    expect(there.sort()).toEqual(dashboardFiles().map(([file]) => file).sort()); // prettier-ignore
    const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
    const provider = parse(readFileSync(join(ROOT, 'deploy', 'grafana', 'provisioning', 'dashboards', 'telltale.yaml'), 'utf8')) as { providers: { options: { path: string } }[] }; // prettier-ignore
    expect(compose).toContain(`./deploy/grafana/dashboards:${provider.providers[0]?.options.path}:ro`);
  });

  it('ask the sources that are provisioned, with passwords from outside', () => {
    const text = readFileSync(join(ROOT, 'deploy', 'grafana', 'provisioning', 'datasources', 'telltale.yaml'), 'utf8');
    const { datasources } = parse(text) as { datasources: { uid: string; type: string }[] };
    const used = dashboardFiles().flatMap(([, json]) => [...json.matchAll(/"type": "([\w-]+)",\s*"uid": "(telltale-(?:prometheus|clickhouse))"/g)].map(([, type, uid]) => `${type} ${uid}`)); // prettier-ignore
    expect([...new Set(used)].sort()).toEqual(datasources.map(({ type, uid }) => `${type} ${uid}`).sort());
    const variables = [...text.matchAll(/\$(\w+)/g)].map(([, name = '']) => name);
    expect(variables.filter((name) => !(name in composeConfig.shape))).toEqual([]);
  });
});
