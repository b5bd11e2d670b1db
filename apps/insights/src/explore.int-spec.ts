import { HOUR_MS, isoTime, MINUTE_MS } from '@telltale/kernel';
import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { newTestSetting } from '@telltale/settings/testing';
import { newTestTables } from './insights-tables.fixture';

const NOW = Date.parse('2026-03-16T12:00:00Z');
const SINCE = NOW - 6 * HOUR_MS;
const HOSTILE = `it's "odd", \\ {x:String} %' -- \n`;
type Row = Readonly<Record<string, unknown>>;

interface Turn {
  readonly i: number;
  readonly at: number;
  readonly slow: boolean;
  readonly version: string;
}
/** Two turns a minute for six hours. In the fourth hour version 2 is slow, and nothing else is. */
const TURNS = Array.from({ length: 720 }, (_, i): Turn => {
  const at = SINCE + i * (MINUTE_MS / 2);
  const version = i % 4 === 0 ? '2' : '1';
  return { i, at, version, slow: version === '2' && at >= NOW - 3 * HOUR_MS && at < NOW - 2 * HOUR_MS };
});
const stored = (at: number): string => isoTime(at).replace('T', ' ').replace('Z', '');
const turnRow = ({ i, at, slow, version }: Turn, tenant = 'a'): Row => ({
  tenant,
  turn_id: `${tenant}-t${i}`,
  trace_id: `${tenant}-t${i}`,
  revision: 1,
  session_id: `${tenant}-s${i}`,
  ts: stored(at),
  first_minute: stored(Math.floor(at / MINUTE_MS) * MINUTE_MS).slice(0, 19),
  received_at: stored(at),
  expires_on: '2099-01-01',
  duration_ms: slow ? 9_000 + i : 100 + (i % 10),
  status: i % 10 === 0 ? 'error' : 'ok',
  outcome: i % 10 === 0 ? 'error' : 'answered',
  intent: ['refund', 'order', 'greeting'][i % 3],
  service_name: tenant === 'a' ? 'shop' : 'secret-shop',
  service_version: version,
  tools: i % 2 === 0 ? ['search'] : ['search', 'pay'],
  models: ['m'],
  feature_flags: { new_prompt: i % 2 === 0 ? 'on' : 'off' },
  dimensions: i === 0 ? { 'a plan': HOSTILE } : { plan: 'pro' },
  sampling_weight: i % 2 === 0 ? 1 : 3,
  cost_nano_usd: i % 5 === 0 ? null : 1_000_000,
  usage_output: i === 1 ? 7 : null,
  input_preview: 'hello',
});
const eventRow = (turn: Turn): Row => ({
  tenant: 'a',
  id: `e${turn.i}`,
  kind: 'tool',
  name: turn.i === 3 ? HOSTILE : 'search',
  tool_name: 'search',
  ts: stored(turn.at),
  received_at: stored(turn.at),
  expires_on: '2099-01-01',
  trace_id: `a-t${turn.i}`,
  session_id: `a-s${turn.i}`,
  duration_ms: turn.i % 3 === 0 ? null : 50,
  status: 'ok',
  attempt: turn.i % 2 === 0 ? 1 : null,
  service_name: 'shop',
  ingest_format: 'native',
  sampling_weight: 1,
});

describe('exploring turns and events', () => {
  let test: Awaited<ReturnType<typeof newTestTables>>;
  beforeAll(async () => {
    const views = [newTestSetting('view', 'a', { title: 'Slow turns', page: 'explore', params: { where: 'duration_ms>2s' } }, 'slow'), newTestSetting('view', 'b', { title: 'Theirs', page: 'explore' }, 'theirs')];
    test = await newTestTables({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics }, NOW, views);
    // A turn that was written twice counts once, as it was written last.
    await test.fill('turns', [...TURNS.map((turn) => turnRow(turn)), { ...turnRow(TURNS[5] as Turn), revision: 0, duration_ms: 99_999 }, ...TURNS.map((turn) => turnRow(turn, 'b'))]);
    await test.fill('events', TURNS.map(eventRow));
    // The first ten turns pay, which fails in every second of them, before they search.
    await test.fill('events', TURNS.slice(0, 10).map((turn) => ({ ...eventRow(turn), id: `pay${turn.i}`, name: 'pay', tool_name: 'pay', ts: stored(turn.at - 1_000), status: turn.i % 2 === 0 ? 'error' : 'ok' })));
    await test.fill('operations_minute', [{ tenant: 'a', minute: '2026-03-16 11:00:00', service_name: 'shop', kind: 'tool', name: 'search', events: 0, errors: 0, weight: 0, duration_ms: 0, cost_nano_usd: 0, expires_on: '2099-01-01' }]);
  }, 120_000); // prettier-ignore
  afterAll(() => test.close());

  const urlOf = (path: string, params: Record<string, string | number>): string =>
    `/api/${path}?${new URLSearchParams({ since: isoTime(SINCE), ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])) }).toString()}`; // prettier-ignore
  const ask = async (path: string, params: Record<string, string | number> = {}, tenant = 'a') => {
    const url = urlOf(path, params);
    const { status, body } = await test.get(url, tenant);
    expect({ url, status, body: status === 200 ? {} : body }).toEqual({ url, status: 200, body: {} });
    return body;
  };
  const weigh = (some: readonly Turn[]): number => some.reduce((sum, { i }) => sum + (i % 2 === 0 ? 1 : 3), 0);

  describe('explore', () => {
    it('counts by sampling weight, each turn as it was written last', async () => {
      const answer = await ask('explore', { where: 'intent:refund' });
      const own = TURNS.filter(({ i }) => i % 3 === 0);
      expect(answer).toMatchObject({ of: 'turns', measure: 'rows', aggregation: 'count', by: [], groups: [], sampled_one_in: 1 });
      expect(answer['total']).toMatchObject({ value: weigh(own), count: weigh(own) });
      const { values } = answer['total'] as { values: number[] };
      expect(values.reduce((sum, value) => sum + value, 0)).toBe(weigh(own));
      expect((answer['times'] as string[]).length).toBe(values.length);
    });

    it('takes rows without a measure for none, not for 0', async () => {
      const { total } = (await ask('explore', { measure: 'usage_output', aggregation: 'avg' })) as { total: Row };
      expect(total['value']).toBe(7);
      const none = (await ask('explore', { measure: 'usage_output', where: '-usage_output:*' })) as { total: { value: null; values: (number | null)[] } };
      expect([none.total.value, new Set(none.total.values)]).toEqual([null, new Set([null])]);
      const cost = (await ask('explore', { measure: 'cost_nano_usd' })) as { total: Row };
      expect(cost).toMatchObject({ unit: 'nano_usd', aggregation: 'sum', total: { value: 1_000_000 * weigh(TURNS.filter(({ i }) => i % 5 !== 0)) } });
    }); // prettier-ignore

    it('shows the greatest groups, and all others as one that makes the whole', async () => {
      const answer = (await ask('explore', { by: 'intent,service_version', top: 2 })) as { groups: { by: Row | null; value: number; values: number[] }[]; total: { value: number; values: number[] } };
      expect(answer).toMatchObject({ by: ['intent', 'service_version'], group_count: 6 });
      expect(answer.groups.map(({ by }) => by)).toEqual([{ intent: 'greeting', service_version: '1' }, { intent: 'order', service_version: '1' }, null]);
      expect(answer.groups.reduce((sum, { value }) => sum + value, 0)).toBe(answer.total.value);
      for (const [at, value] of answer.total.values.entries()) expect(answer.groups.reduce((sum, { values }) => sum + (values[at] ?? 0), 0)).toBe(value);
    }); // prettier-ignore

    it('makes one number of the rest, too, where numbers do not add up', async () => {
      const { groups } = (await ask('explore', { by: 'service_version', top: 1, measure: 'duration_ms', aggregation: 'max' })) as { groups: Row[] };
      expect(groups).toMatchObject([{ by: { service_version: '1' }, value: 109 }, { by: null, value: Math.max(...TURNS.filter(({ slow }) => slow).map(({ i }) => 9_000 + i)) }]);
    }); // prettier-ignore

    it.each([
      ['of turns by a flag', { by: 'flag.new_prompt,outcome', where: 'tools:pay,nothing* duration_ms<1m -status:unset' }],
      ['of events, of a quantile, with a hostile value', { of: 'events', by: 'name', measure: 'duration_ms', aggregation: 'p95', where: `-name:"${HOSTILE.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` }],
      ['of a hostile key', { by: 'dimension.plan', where: '-tools:"a,b" has_root:false' }],
      ['of events with content', { of: 'events', by: 'ingest_format', where: 'attempt<=1' }],
      ['of a sequence of calls', { where: 'sequence:pay!,search' }],
      ['of money', { measure: 'cost_nano_usd', aggregation: 'sum', where: 'cost_nano_usd>=$0.0001' }],
    ])('says the same in SQL, which the guard lets through: %s', async (_, params) => {
      const { sql, groups, total, by } = (await ask('explore', { ...params, top: 20 })) as { sql: string; groups: { by: Row; values: (number | null)[] }[]; total: { values: (number | null)[] }; by: string[] };
      const { status, body } = await test.post('/api/query', { sql });
      expect([status, body['error']]).toEqual([200, undefined]);
      const rows = body['rows'] as Row[];
      const shown = by.length === 0 ? total.values : groups.flatMap(({ values }) => values);
      const known = (value: unknown): boolean => value !== null && value !== 0;
      expect(rows.map(({ value }) => Number(value)).filter(known).sort()).toEqual(shown.filter(known).map(Number).sort());
      expect(rows.length).toBeGreaterThan(0);
    }); // prettier-ignore

    it.each([
      ['where', 'refund', /refund, which names no field/],
      ['where', 'colour:red', /colour, which is no field/],
      ['where', 'tool_name:x', /a field of events and not of turns/],
      ['where', 'status:broken', /broken, which is no value of status/],
      ['where', 'duration_ms>soon', /soon, which is no number/],
      ['where', 'intent>3', /compares intent/],
      ['where', 'has_root:maybe', /not true or false/],
      ['where', 'intent:', /no value after intent/],
      ['where', 'intent:"refund', /does not end/],
      ['where', 'ts:2026', /is a time/],
      ['where', 'sequence:pay', /a sequence of 1/],
      ['by', 'sequence', /no dimension/],
      ['where', "intent:'; DROP TABLE turns", /names no field/],
      ['where', Array.from({ length: 21 }, () => 'status:ok').join(' '), /more than 20 terms/],
      ['by', 'tools', /a list of which a turn has several values/],
      ['by', 'intent,status,outcome', /more than 2/],
      ['by', 'duration_ms', /no dimension/],
      ['measure', 'intent', /no measure/],
      ['measure', 'tenant', /no field/],
    ])('names %s=%s, what is wrong and the fix', async (name, value, message) => {
      const { status, body } = await test.get(urlOf('explore', { [name]: value }));
      expect([status, body['error']]).toEqual([400, expect.objectContaining({ parameter: name, message: expect.stringMatching(message) as string, fix: expect.stringMatching(/\w/) as string })]);
    }); // prettier-ignore
  });

  describe('the heat map', () => {
    it('holds every row of known duration in a cell, and says the percentile of each level', async () => {
      const { cells, levels, count, without_duration } = (await ask('explore/heat-map')) as { cells: { level: number; count: number; failed: number }[]; levels: { from_ms: number; to_ms: number; count: number; percentile: number }[]; count: number; without_duration: number };
      expect([cells.reduce((sum, cell) => sum + cell.count, 0), levels.reduce((sum, level) => sum + level.count, 0), count, without_duration]).toEqual([weigh(TURNS), weigh(TURNS), weigh(TURNS), 0]);
      expect(cells.reduce((sum, { failed }) => sum + failed, 0)).toBe(weigh(TURNS.filter(({ i }) => i % 10 === 0)));
      const fast = TURNS.filter(({ slow }) => !slow);
      const above = levels.find(({ to_ms: to }) => to > 200);
      expect(above?.percentile).toBeCloseTo((100 * weigh(fast)) / weigh(TURNS), 2);
      expect(levels.at(-1)?.percentile).toBe(100);
      const last = levels.at(-1);
      const { total } = (await ask('explore', { where: `duration_ms>=${last?.from_ms} duration_ms<${last?.to_ms}` })) as { total: Row };
      expect(total['value']).toBe(last?.count);
    }); // prettier-ignore
    it('counts what has no duration beside it', async () => {
      expect(await ask('explore/heat-map', { of: 'events', where: '-name:pay' })).toMatchObject({ count: 480, without_duration: 240, levels: [{ count: 480, percentile: 100 }] });
      expect(await ask('explore/heat-map', { of: 'events', where: '-duration_ms:* -name:pay' })).toMatchObject({ count: 0, cells: [], levels: [], without_duration: 240 });
    }); // prettier-ignore
  });

  describe('differences', () => {
    const box = {
      selected: 'duration_ms>2s',
      selected_since: isoTime(NOW - 3 * HOUR_MS),
      selected_until: isoTime(NOW - 2 * HOUR_MS),
    };
    it('finds the planted value first, with counts of both sides and turns that have it, and nothing that is not there', async () => {
      const answer = (await ask('explore/differences', box)) as { selected: Row; rest: Row; differences: { field: string; value: string; q: number; turns: string[]; filter: string }[] };
      const slow = TURNS.filter((turn) => turn.slow);
      expect(answer.selected).toMatchObject({ count: weigh(slow), rows: slow.length, one_in: 1, sessions: slow.length });
      expect(answer.rest).toMatchObject({ count: weigh(TURNS) - weigh(slow) });
      expect(answer.differences[0]).toMatchObject({ field: 'service_version', value: '2', filter: 'service_version:2', selected_share: 1 });
      const ids = new Set(slow.map(({ i }) => `a-t${i}`));
      for (const { turns } of answer.differences.filter(({ value }) => value === '2')) expect(turns.length > 0 && turns.every((id) => ids.has(id))).toBe(true);
      // Every slow turn is an even one, and so is every failed one: that is all there is besides.
      expect(new Set(answer.differences.map(({ field }) => field))).toEqual(new Set(['service_version', 'tools', 'flag.new_prompt', 'status', 'outcome']));
      expect(answer.differences.every(({ q }) => q <= 0.05)).toBe(true);
    }); // prettier-ignore
    it('looks at no field that the selection is made by, and lists nothing where nothing differs', async () => {
      const answer = (await ask('explore/differences', { selected: 'intent:refund' })) as { differences: unknown[]; fields: string[]; values: number };
      expect([answer.differences, answer.fields.includes('intent'), answer.values > 8]).toEqual([[], false, true]);
    }); // prettier-ignore
    it('takes the turns of one session for one', async () => {
      const same = Array.from({ length: 60 }, (_, i) => ({ ...turnRow(TURNS[i] as Turn), tenant: 'c', turn_id: `c${i}`, session_id: i < 30 ? 'one' : `s${i}`, region: i < 30 ? 'eu' : 'us', duration_ms: i < 30 ? 5_000 : 10 }));
      await test.fill('turns', same);
      const { differences, selected } = (await ask('explore/differences', { selected: 'duration_ms>2s' }, 'c')) as { differences: Row[]; selected: Row };
      expect(selected).toMatchObject({ rows: 30, sessions: 1 });
      expect(differences.filter(({ field }) => field === 'region')).toEqual([]);
    }); // prettier-ignore
    it('says that nothing is selected', async () => {
      expect((await test.get(urlOf('explore/differences', {}))).body).toMatchObject({ error: { parameter: 'selected' } });
      expect(await ask('explore/differences', { selected: 'duration_ms>1h' })).toMatchObject({
        selected: { rows: 0, turns: [] },
        differences: [],
      });
    });
  });

  it('counts values of fields under the filters of the others', async () => {
    const { facets } = (await ask('explore/facets', { where: 'intent:refund service_version:2', fields: 'intent,service_version,tools,flag.new_prompt,has_root' })) as { facets: { field: string; values: { value: string; count: number }[] }[] };
    const valuesOf = (field: string) => Object.fromEntries(facets.find((one) => one.field === field)?.values.map(({ value, count }) => [value, count]) ?? []);
    const second = TURNS.filter(({ version }) => version === '2');
    expect(valuesOf('intent')).toEqual(Object.fromEntries(['refund', 'order', 'greeting'].map((intent, k) => [intent, weigh(second.filter(({ i }) => i % 3 === k))])));
    expect(Object.keys(valuesOf('service_version')).sort()).toEqual(['1', '2']);
    expect(valuesOf('tools')).toEqual({ search: weigh(second.filter(({ i }) => i % 3 === 0)) });
    expect(valuesOf('has_root')).toEqual({ false: weigh(second.filter(({ i }) => i % 3 === 0)) });
    const found = (await ask('explore/facets', { fields: 'intent,tools', containing: 'RE' })) as { facets: { values: { value: string }[] }[] };
    expect(found.facets.map(({ values }) => values.map(({ value }) => value).sort())).toEqual([['greeting', 'refund'], []]);
    expect((await test.get(urlOf('explore/facets', { fields: 'cost_nano_usd' }))).body).toMatchObject({ error: { parameter: 'fields' } });
  }); // prettier-ignore

  it('finds turns by the order of their calls, and whether one failed', async () => {
    const countOf = async (where: string) =>
      ((await ask('explore/rows', { where })) as { rows: Row[] }).rows.map(({ id }) => id).sort();
    expect(await countOf('sequence:pay!,search')).toEqual(['a-t0', 'a-t2', 'a-t4', 'a-t6', 'a-t8']);
    expect(await countOf('sequence:pay,search -sequence:pay!,search')).toEqual(['a-t1', 'a-t3', 'a-t5', 'a-t7', 'a-t9']);
    expect(await countOf('sequence:search,pay')).toEqual([]);
    expect(((await ask('explore/rows', { where: 'sequence:pay!,search' }, 'b')) as { rows: Row[] }).rows).toEqual([]);
  });

  it('lists the rows page by page', async () => {
    const first = (await ask('explore/rows', { where: 'service_version:2 status:error', limit: 20 })) as { rows: Row[]; next_cursor: string };
    expect(first.rows).toHaveLength(20);
    const next = (await ask('explore/rows', { where: 'service_version:2 status:error', limit: 20, cursor: first.next_cursor })) as { rows: Row[] };
    expect(new Set([...first.rows, ...next.rows].map(({ id }) => id)).size).toBe(36);
    expect(first.rows[0]).toMatchObject({ kind: 'turn', status: 'error', service_version: '2', outcome: 'error' });
    expect(((await ask('explore/rows', { of: 'events', where: `name:"${HOSTILE.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"` })) as { rows: Row[] }).rows).toMatchObject([{ id: 'e3', turn_id: 'a-t3', name: HOSTILE }]);
  }); // prettier-ignore

  it('shows another tenant nothing', async () => {
    for (const path of ['explore', 'explore/heat-map', 'explore/facets', 'explore/rows', 'explore/differences']) {
      const body = JSON.stringify(await ask(path, { where: 'service_name:shop', ...(path.endsWith('differences') && { selected: 'duration_ms>0' }) }, 'b')); // prettier-ignore
      expect(body).not.toMatch(/a-[st]\d|"shop"/);
    }
    expect(await ask('explore', { where: 'service_name:shop' }, 'b')).toMatchObject({ total: { value: 0, count: 0 } });
  });

  it('lists the saved views of the tenant', async () => {
    const { body } = await test.get('/api/views?page=explore');
    expect(body).toMatchObject({
      views: [{ name: 'slow', title: 'Slow turns', params: { where: 'duration_ms>2s' } }],
      left_out: 0,
    });
    expect((await test.get('/api/views?page=other')).body).toMatchObject({ views: [] });
  });
});
