import { fakeBroker, noMetrics, silentLogger } from '@telltale/testkit';
import { Session } from 'chdb';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { at, event, keyOf, newTestMcp, turn } from './mcp/mcp-tables.fixture';

const READ = keyOf('a', 'read');
/** Several in a minute, several minutes, and more than a page. */
const EVENTS = Array.from({ length: 1_300 }, (_, i) =>
  event('a', `e${i}`, i % 10 === 0 ? 'llm' : 'tool', {
    trace_id: `trace-${i % 37}`,
    ts: new Date(Date.parse(at(60)) + i * 500).toISOString(),
    input: `text ${i}`,
    service_name: i % 3 === 0 ? 'pay' : 'shop',
  }),
);

describe('exports and values', () => {
  let test: Awaited<ReturnType<typeof newTestMcp>>;
  beforeAll(async () => {
    test = await newTestMcp({ broker: fakeBroker({}), logger: silentLogger, metrics: noMetrics });
    await test.fill('events', [...EVENTS, event('b', 'of-b', 'llm', { input: 'of another tenant' })]);
    await test.fill('turns', Array.from({ length: 600 }, (_, i) => turn('a', `t${i}`, { first_minute: at(11 + (i % 7)), ts: at(11 + (i % 7)) }))); // prettier-ignore
    // Of a turn the highest revision counts.
    await test.fill('turns', [turn('a', 't5', { first_minute: at(16), ts: at(16), revision: 9, intent: 'revised' }), turn('b', 'tb')]); // prettier-ignore
    await test.fill('sessions', [{ tenant: 'a', session_id: 's', revision: 1, service_name: 'shop', started_at: at(11), ended_at: at(10), first_minute: at(11), expires_on: '2026-12-23', turns: 1 }]); // prettier-ignore
  }, 60_000);
  afterAll(() => test.close());

  const get = (path: string, key = READ) => fetch(`${test.url}${path}`, { headers: { authorization: `Bearer ${key}` } });
  async function rowsOf(path: string): Promise<Record<string, unknown>[]> {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    return (await answer.text()).split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>); // prettier-ignore
  }
  const errorOf = async (path: string) => {
    const answer = await get(path);
    return { status: answer.status, ...((await answer.json()) as { error: Record<string, unknown> }).error };
  };

  it('writes every event once, over the ends of pages, with its content', async () => {
    const rows = await rowsOf('/api/export?what=events');
    expect(rows.map(({ id }) => id).sort()).toEqual(EVENTS.map(({ id }) => id).sort());
    expect(rows.find(({ id }) => id === 'e7')).toMatchObject({ input: 'text 7', ts: EVENTS[7]?.ts, tenant: 'a' });
  });

  it.each([
    ['kind=llm', 130],
    ['kind=llm&service=pay', 44],
    ['until=59m', 120],
    ['since=55m&until=50m', 600],
    ['session=nobody', 0],
  ])('writes those of %s only', async (filter, expected) => {
    expect(await rowsOf(`/api/export?what=events&${filter}`)).toHaveLength(expected);
  });

  it('writes turns as last revised, and sessions', async () => {
    const rows = await rowsOf('/api/export?what=turns');
    expect(new Set(rows.map((row) => row['turn_id'])).size).toBe(600);
    expect(rows).toHaveLength(600);
    expect(rows.find((row) => row['turn_id'] === 't5')).toMatchObject({ intent: 'revised', revision: 9 });
    expect(await rowsOf('/api/export?what=sessions')).toMatchObject([{ session_id: 's', started_at: at(11) }]);
  });

  it('says when there are more rows than the limit', async () => {
    for (const [limit, truncated] of [[1_299, 'true'], [1_300, 'false']] as const) {
      const answer = await get(`/api/export?what=events&limit=${limit}`);
      expect([answer.headers.get('x-telltale-truncated'), (await answer.text()).trim().split('\n').length]).toEqual([truncated, limit]);
    }
  }); // prettier-ignore

  it('writes a file of Parquet that the engine reads again', async () => {
    const answer = await get('/api/export?what=events&format=parquet&kind=llm');
    expect(answer.headers.get('content-type')).toBe('application/vnd.apache.parquet');
    const folder = mkdtempSync(join(tmpdir(), 'telltale-parquet-'));
    const file = join(folder, 'events.parquet');
    writeFileSync(file, Buffer.from(await answer.arrayBuffer()));
    // The store reads tables alone, so the engine is asked by itself.
    const session = new Session(test.folder);
    const sql = `SELECT count() AS n, countIf(startsWith(input, 'text ')) AS content, any(tenant) AS tenant, toString(min(ts)) AS first FROM file('${file}', Parquet)`; // prettier-ignore
    const read: unknown = JSON.parse((await session.queryAsync(sql, { format: 'JSONEachRow' })).text());
    session.close();
    rmSync(folder, { recursive: true });
    expect(read).toEqual({ n: 130, content: 130, tenant: 'a', first: at(60).replace('T', ' ').replace('Z', '') });
  }, 30_000);

  it.each([
    ['what=turns&kind=llm', 'kind'],
    ['what=sessions&outcome=error', 'outcome'],
    ['what=nothing', 'what'],
    ['format=ndjson', 'what'],
    ['what=events&format=csv', 'format'],
    ['what=events&colour=red', 'colour'],
    ['what=events&since=100d', 'limit'],
    ['what=events&limit=2000000', 'limit'],
    ['what=events&format=parquet&limit=200000', 'limit'],
    ['what=events&format=parquet&limit=10', 'limit'],
  ])('refuses %s, and names %s', async (query, parameter) => {
    expect(await errorOf(`/api/export?${query}`)).toMatchObject({ status: 400, parameter, message: expect.stringMatching(/; /) });
  });

  it('needs the scope read', async () => {
    expect((await get('/api/export?what=events', keyOf('a', 'read:metadata'))).status).toBe(403);
  });

  it.each([
    ['field=kind', { values: [{ value: 'tool', rows: 1_170 }, { value: 'llm', rows: 130 }], more: false }],
    ['field=service_name&prefix=SH', { values: [{ value: 'shop', rows: 866 }] }],
    ['field=trace_id&prefix=trace-3&limit=2', { values: [{ value: 'trace-3', rows: 36 }, { value: 'trace-30', rows: 35 }], more: true }],
    ['field=name&service=pay', { values: [{ value: 'tool', rows: 390 }, { value: 'llm', rows: 44 }] }],
    ['field=intent', { values: [{ value: 'greet', rows: 599 }, { value: 'revised', rows: 1 }] }],
    ['field=attempt', { values: [] }],
    ['field=kind&prefix=%27%20OR%201', { values: [] }],
  ])('answers values of %s with their rows', async (query, expected) => {
    expect(await (await get(`/api/values?${query}`)).json()).toMatchObject(expected);
  }); // prettier-ignore

  it.each([
    ['field=password', 'field'],
    ['field=input', 'field'],
    ['field=ts', 'field'],
    ['', 'field'],
    ['field=kind&limit=1000', 'limit'],
    ['field=kind&since=500d', 'since'],
    ['field=kind&filter=x', 'filter'],
  ])('refuses values of %j, and names %s', async (query, parameter) => {
    expect(await errorOf(`/api/values?${query}`)).toMatchObject({ status: 400, parameter });
  });
});
