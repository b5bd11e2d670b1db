import { dashboardValue } from '@telltale/contracts';
import { isoTime, MINUTE_MS } from '@telltale/kernel';
import { newTestSetting } from '@telltale/settings/testing';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { simulateTraffic } from './dashboards.fixture';
import { newTestTables } from './insights-tables.fixture';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const RANGE = 'since=7h';

interface Panel {
  readonly id: string;
  readonly title: string;
  readonly why: string;
  readonly form: 'line' | 'bar' | 'area' | 'stat' | 'table';
  readonly unit: string;
  readonly sql: string;
  readonly query: string;
  readonly service?: string;
  readonly open?: { readonly page: string; readonly params: Readonly<Record<string, string>> };
}
interface Dashboard {
  readonly title: string;
  readonly about: string;
  readonly panels: readonly Panel[];
  readonly left_out: readonly { readonly name: string; readonly reason: string }[];
}

/** Ends texts, names macros and variables of Grafana, opens comments, reorders and hides. */
const HOSTILE = "x' OR 1=1 -- $__timeFilter(ts) ${__user.login} [[x]] {a:String} \\' `\n\u202e\u0007 $$ 日本 <b>";
const hostile = (plain: string): string => `${plain} ${HOSTILE}`;

const PINNED = dashboardValue.parse({
  title: 'Mine',
  panels: [{ title: 'How many?', form: 'line', unit: 'per_minute', sql: 'SELECT $__timeInterval(ts) AS time, count() * 60 / $__interval_s AS n FROM events_core WHERE $__timeFilter(ts) GROUP BY time ORDER BY time' }],
}); // prettier-ignore

describe('dashboards', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    const settings = [newTestSetting('dashboard', 'a', PINNED, 'mine'), newTestSetting('dashboard', 'b', { ...PINNED, title: 'secret of b' }, 'theirs')]; // prettier-ignore
    test = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW, settings);
    const usual = simulateTraffic({ now: NOW, tenant: 'a', turns: 900, seed: 5 });
    const strange = simulateTraffic({ now: NOW, tenant: 'hostile', turns: 300, seed: 6, name: hostile });
    const small = simulateTraffic({ now: NOW, tenant: 'small', turns: 1, seed: 7 });
    const logs = [{ tenant: 'logs', id: 'l', kind: 'log', name: 'log', ts: isoTime(NOW - MINUTE_MS), received_at: isoTime(NOW), expires_on: '2099-01-01', service_name: 'shop', severity: 'error', status: 'error', sampling_weight: 1 }]; // prettier-ignore
    await test.fill('turns', [...usual.turns, ...strange.turns, ...small.turns]);
    await test.fill('events', [...usual.events, ...strange.events, ...small.events, ...logs]);
    const anomaly = { tenant: 'a', id: 'an-1', series_id: 'se-1', metric: 'operation.error_ratio', dimensions: { service_name: 'shop', kind: 'tool', name: 'refund' }, state: 'open', started_at: isoTime(NOW - 60 * MINUTE_MS), ended_at: null, direction: 'up', value: 0.3, expected: 0.01, expected_low: 0, expected_high: 0.05, score: 12, windows: 9, backfill: false, summary: 'refund fails', kind: 'deviation', channel: 'errors' }; // prettier-ignore
    await test.fill('anomalies', [anomaly]);
    await test.fill('series_windows', Array.from({ length: 60 }, (_, i) => ({ tenant: 'a', series_id: 'se-1', metric: 'operation.duration', dimensions: anomaly.dimensions, window_start: isoTime(NOW - (60 - i) * MINUTE_MS), count: 10, sum: 2_000, min: 100, max: 400, errors: 3, p50: 200, p95: 400, expected: 200, score: 1, backfill: false, late: false, expires_on: '2099-01-01' }))); // prettier-ignore
    await test.fill('incidents', [{ tenant: 'a', id: 'in-1', state: 'open', opened_at: isoTime(NOW - 60 * MINUTE_MS), closed_at: null, updated_at: isoTime(NOW), title: `refund fails ${HOSTILE}`, service_name: 'shop', services: ['shop'], kind: 'behavior', anomaly_ids: ['an-1'], open_anomalies: 1, probable_cause: '', peak_score: 12, backfill: false, onset_at: isoTime(NOW - 60 * MINUTE_MS) }]); // prettier-ignore
    await test.fill('deploys', [{ tenant: 'a', id: 'd1', at: isoTime(NOW - 61 * MINUTE_MS), service_name: 'shop', version: '2.0', environment: '', source: 'api', kind: 'version', text: '' }]); // prettier-ignore
  }, 120_000);
  afterAll(() => test.close());

  const made = async (query: string, tenant = 'a'): Promise<Dashboard> => {
    const { status, body } = await test.get(`/api/dashboards/proposed?${query}`, tenant);
    expect([status, body['error']]).toEqual([200, undefined]);
    return body as unknown as Dashboard;
  };
  const rowsOf = async ({ title, query }: Panel, tenant = 'a'): Promise<Record<string, unknown>[]> => {
    const { status, body } = await test.post('/api/query', { sql: query }, tenant);
    expect([title, status, body['error']]).toEqual([title, 200, undefined]);
    return body['rows'] as Record<string, unknown>[];
  };

  it('of ordinary traffic show what is asked of every bot first, then what tells it apart', async () => {
    const { panels, left_out: leftOut, about } = await made(RANGE);
    const ids = panels.map(({ id }) => id);
    expect(ids.slice(0, 5)).toEqual(['turns', 'unhelped', 'duration', 'spend', 'failing-calls']);
    expect(ids).toEqual(expect.arrayContaining(['language-share', 'tool-duration', 'scores']));
    expect(ids.length).toBeLessThanOrEqual(12);
    expect(new Set(ids).size).toBe(ids.length);
    const language = panels.find(({ id }) => id === 'language-share');
    expect(language?.why).toMatch(/^From [\d.]+ % \((en|fr)\) to \d+ % \(de\); language explains \d+ %/);
    expect(panels.filter(({ why, title }) => why === '' || !title.endsWith('?'))).toEqual([]);
    expect(leftOut).toContainEqual({ name: 'region', reason: 'has one value only: eu' });
    expect(about).toContain('900 turns');
  });

  it('are the same each time', async () => {
    expect(await made(RANGE)).toEqual(await made(RANGE));
  });

  it.each(['', '&service=shop', '&service=pay'])(
    'have rows behind every panel (%s), over time in the first column',
    async (only) => {
      const { panels } = await made(`${RANGE}${only}`);
      for (const panel of panels) {
        const rows = await rowsOf(panel);
        expect([panel.title, rows.length > 0]).toEqual([panel.title, true]);
        const [first = ''] = Object.keys(rows[0] ?? {});
        expect([panel.title, panel.form === 'table' || first === 'time']).toEqual([panel.title, true]);
        expect(panel.service).toBe(only === '' ? undefined : only.slice('&service='.length));
      }
    },
  );

  it.each(['since=7h', 'incident=in-1'])('lead to what Explore can ask (%s)', async (query) => {
    const { panels } = await made(query);
    const explored = panels.filter(({ open }) => open?.page === 'explore');
    expect(explored.length).toBeGreaterThan(3);
    for (const { title, open } of explored) {
      const { status, body } = await test.get(`/api/explore?${new URLSearchParams({ ...open?.params, since: '7h' }).toString()}`);
      expect([title, status, body['error']]).toEqual([title, 200, undefined]);
    }
  });

  it.each(['since=7h', 'since=7h&service=shop', 'incident=in-1', 'since=7h&name=mine'])(
    'give the rows of one panel by its id, as its statement does (%s)',
    async (query) => {
      const path = query.includes('name=') ? '/api/dashboards/pinned/mine?since=7h' : `/api/dashboards/proposed?${query}`;
      const { panels, since, until } = (await test.get(path)).body as unknown as Dashboard & { since: string; until: string };
      expect(panels.length).toBeGreaterThan(0);
      const times = new URLSearchParams([...new URLSearchParams(query).entries()].filter(([name]) => name !== 'since'));
      for (const panel of panels) {
        const { status, body } = await test.get(`/api/dashboards/panels/${panel.id}?${times.toString()}&${new URLSearchParams({ since, until }).toString()}`); // prettier-ignore
        expect([panel.title, status, body['rows']]).toEqual([panel.title, 200, await rowsOf(panel)]);
      }
    },
  );

  it('keep their panels to their tenant', async () => {
    const own = await test.get('/api/dashboards/panels/turns?since=7h', 'a');
    const none = await test.get('/api/dashboards/panels/turns?since=7h', 'nobody');
    expect([own.status, none.status]).toEqual([200, 404]);
    expect((await test.get('/api/dashboards/panels/panel-1?name=mine', 'b')).status).toBe(404);
  });

  it.each([
    ['panels/nothing?since=7h', 404, /no panel of this id/],
    ['panels/turns?service=shop&incident=in-1', 400, /^service: is given together with incident/],
    ['panels/turns?name=mine&service=shop', 400, /^name: is given together/],
    ['panels/turns?name=none', 404, /no pinned dashboard/],
    ['panels/turns?since=91d', 400, /90/],
  ])('say what is wrong with a question for a panel: %s', async (path, status, message) => {
    const answer = await test.get(`/api/dashboards/${path}`);
    const { message: said } = answer.body['error'] as { message: string };
    expect([answer.status, said]).toEqual([status, expect.stringMatching(message)]);
  });

  it('of everything add up to all turns', async () => {
    const { panels } = await made(RANGE);
    const traffic = panels.find(({ id }) => id === 'turns');
    const rows = traffic ? await rowsOf(traffic) : [];
    const minutes = 300 / 60;
    expect(rows.reduce((sum, { turns }) => sum + Number(turns) * minutes, 0)).toBeCloseTo(900, 6);
    expect(new Set(rows.map(({ series }) => series))).toEqual(new Set(['answered', 'error']));
  });

  it('take hostile names as names: every statement runs, and finds them', async () => {
    const { panels } = await made(`${RANGE}&service=${encodeURIComponent(hostile('shop'))}`, 'hostile');
    expect(panels.length).toBeGreaterThan(6);
    for (const panel of panels) {
      expect([panel.title, (await rowsOf(panel, 'hostile')).length > 0]).toEqual([panel.title, true]);
      expect(`${panel.title} ${panel.why}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    expect(panels.filter(({ sql }) => /\$__timeFilter\(ts\) \$\{/.test(sql))).toEqual([]);
    expect(panels[0]?.sql).toContain('\\x24__timeFilter');
  });

  it('of hardly any data, and of logs alone, have what there is', async () => {
    const small = await made(RANGE, 'small');
    expect(small.panels.map(({ id }) => id)).toEqual(expect.arrayContaining(['turns', 'duration', 'spend']));
    for (const panel of small.panels) await rowsOf(panel, 'small');
    const logs = await made(RANGE, 'logs');
    expect(logs.panels.map(({ id }) => id)).toEqual(expect.arrayContaining(['events', 'logs']));
    for (const panel of logs.panels) expect((await rowsOf(panel, 'logs')).length).toBeGreaterThan(0);
  });

  it('of no data have no panel, and say so', async () => {
    expect(await made(RANGE, 'nobody')).toMatchObject({ panels: [], about: expect.stringContaining('Nothing came') as string });
  });

  it('show a tenant nothing of another', async () => {
    const text = JSON.stringify([await made(RANGE, 'small'), (await test.get(`/api/dashboards?${RANGE}`, 'small')).body]);
    expect(text).not.toMatch(/secret of b|"mine"|refund fails|tenant = '(?!small')/);
    expect((await test.get('/api/dashboards/pinned/theirs')).status).toBe(404);
    expect((await test.get('/api/dashboards/proposed?incident=in-1', 'b')).status).toBe(404);
    expect((await test.get('/api/dashboards/grafana?name=theirs')).status).toBe(404);
  });

  it('around an incident begin with what moved, and what was deployed, in its own time', async () => {
    const { panels, title } = await made('incident=in-1');
    expect(title).toContain('refund fails');
    const ids = panels.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['series-se-1', 'deploys', 'turns']));
    expect(ids.indexOf('series-se-1')).toBeLessThan(ids.indexOf('turns'));
    const moved = panels.find(({ id }) => id === 'series-se-1');
    expect((moved ? await rowsOf(moved) : []).map(({ failed }) => failed)).toEqual(expect.arrayContaining([0.3]));
    for (const panel of panels) expect([panel.title, (await rowsOf(panel)).length > 0]).toEqual([panel.title, true]);
  });

  it('that were pinned come first in the list, then incidents, everything, and services', async () => {
    const { body } = await test.get(`/api/dashboards?${RANGE}`);
    expect(body).toMatchObject({ pinned: [{ name: 'mine', title: 'Mine', panels: 1, version: 1 }] });
    const proposed = body['proposed'] as { service: string | null; incident: string | null }[];
    expect(proposed.map(({ service, incident }) => service ?? incident ?? 'all')).toEqual(['in-1', 'all', 'shop', 'pay']);
  });

  it('that were pinned run as they were written', async () => {
    const { body } = await test.get(`/api/dashboards/pinned/mine?${RANGE}`);
    const [panel] = (body as unknown as Dashboard).panels;
    const rows = panel ? await rowsOf(panel) : [];
    expect(rows.length).toBeGreaterThan(10);
  });

  it('refuse what cannot be, and say what to do', async () => {
    const { status, body } = await test.get('/api/dashboards/proposed?service=shop&incident=in-1');
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining('give one of them')]);
    expect((await test.get('/api/dashboards/pinned/none')).status).toBe(404);
    expect((await test.get('/api/dashboards/grafana?name=mine&service=shop')).status).toBe(400);
  });

  describe('for Grafana', () => {
    /** What its plugin makes of a statement. */
    const asPlugin = (sql: string): string =>
      sql
        .replaceAll(
          /\$__timeFilter\(([\w.]+)\)/g,
          `$1 >= toDateTime(${NOW / 1_000 - 25_200}) AND $1 <= toDateTime(${NOW / 1_000})`,
        )
        .replaceAll(/\$__timeInterval\(([\w.]+)\)/g, 'toStartOfInterval(toDateTime($1), INTERVAL 300 second)')
        .replaceAll('$__interval_s', '300');

    it.each([
      ['one that was made', 'since=7h', 'a'],
      ['one of an incident', 'incident=in-1', 'a'],
      ['one of hostile names', `since=7h&service=${encodeURIComponent(hostile('shop'))}`, 'hostile'],
      ['a pinned one', 'name=mine', 'a'],
    ])('%s is a dashboard whose every statement the engine takes', async (_, query, tenant) => {
      const { status, body } = await test.get(`/api/dashboards/grafana?${query}`, tenant);
      expect(status).toBe(200);
      expect(body).toMatchObject({ schemaVersion: 39, uid: expect.stringMatching(/^[\w-]{1,40}$/) as string, templating: { list: [{ type: 'datasource', query: 'grafana-clickhouse-datasource' }] } }); // prettier-ignore
      const panels = body['panels'] as { type: string; gridPos: { x: number; w: number }; targets: { rawSql: string; format: number }[] }[]; // prettier-ignore
      expect(panels.length).toBeGreaterThan(0);
      for (const { type, gridPos, targets: [target] } of panels) {
        const sql = target?.rawSql ?? '';
        expect(sql).toContain('$__timeFilter(');
        expect(target?.format).toBe(type === 'timeseries' ? 0 : 1);
        expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
        // What is left of its own syntax after its macros would be taken for variables.
        expect(asPlugin(sql)).not.toMatch(/\$\{|\$\w|\[\[/);
        const { status: ran, body: found } = await test.post('/api/query', { sql: asPlugin(sql) }, tenant);
        expect([ran, found['error']]).toEqual([200, undefined]);
        const [row] = found['rows'] as object[];
        expect(type === 'table' || Object.keys(row ?? {})[0] === 'time').toBe(true);
      }
    }); // prettier-ignore
  });
});
