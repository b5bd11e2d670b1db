import { createChdbRowStore } from '@telltale/adapter-clickhouse';
import { createGuard } from '@telltale/query';
import { type RowStore } from '@telltale/streaming';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MINE = 'harmless words';
const THEIRS = 'CANARY7731';

describe('a statement of one tenant', () => {
  let folder: string;
  let rows: RowStore;
  let check: ReturnType<typeof createGuard>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'telltale-oracle-'));
    rows = createChdbRowStore({ path: folder });
    await rows.migrate('apply');
    check = createGuard(rows);
    const day = '2026-11-28T00:00:00.000Z';
    const event = (tenant: string, id: string, input: string): string =>
      JSON.stringify({ tenant, id, kind: 'tool', ts: day, received_at: day, expires_on: '2099-01-01', input, service_name: 's' });
    const events = [...Array(50).keys()].flatMap((i) => [event('acme', `a${i}`, `${THEIRS} ${i}`), event('evil', `e${i}`, MINE)]);
    await rows.insert({ table: 'events', rows: events, token: 'oracle', comment: 'test' });
  }, 60_000);

  afterAll(async () => {
    await rows.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Rows as text, or what the error says. */
  async function ask(sql: string): Promise<string> {
    const verdict = await check(sql);
    if (!verdict.ok) return `refused: ${verdict.problem}`;
    try {
      return JSON.stringify(await rows.query(verdict.sql, undefined, { tenant: 'evil', asked: sql }));
    } catch (error) {
      return String(error);
    }
  }

  /** Fails on a row whose text contains `word`: an error would say that there is such a row. */
  const failsOn = (word: string, column: string): string => `intDiv(1, if(${column} LIKE '%${word}%', 0, 1)) = 1`;
  const SHAPES: readonly (readonly [string, (condition: (column: string) => string) => string])[] = [
    ['WHERE', (c) => `SELECT count() FROM events WHERE ${c('input')}`],
    ['WHERE beside another condition', (c) => `SELECT count() FROM events WHERE kind = 'tool' AND ${c('input')}`],
    ['WHERE over a subquery', (c) => `SELECT count() FROM (SELECT * FROM events) WHERE ${c('input')}`],
    ['WHERE of a query in WITH', (c) => `WITH x AS (SELECT id FROM events WHERE ${c('input')}) SELECT count() FROM x`],
    ['ON of a join', (c) => `SELECT count() FROM events AS a JOIN events AS b ON a.id = b.id AND ${c('b.input')}`],
    ['WHERE of a join', (c) => `SELECT count() FROM events AS a JOIN events AS b ON a.id = b.id WHERE ${c('b.input')}`],
    ['IN', (c) => `SELECT count() FROM events WHERE id IN (SELECT id FROM events WHERE ${c('input')})`],
    ['a scalar subquery', (c) => `SELECT (SELECT count() FROM events WHERE ${c('input')}) AS n`],
    ['HAVING', (c) => `SELECT id FROM events GROUP BY id HAVING min(${c('input')})`],
    ['ARRAY JOIN', (c) => `SELECT count() FROM events ARRAY JOIN [1, 2] AS n WHERE ${c('input')}`],
    ['a view', (c) => `SELECT count() FROM otel_traces WHERE ${c("SpanAttributes['gen_ai.prompt'] || ServiceName || TraceId")}`],
    ['events_core', (c) => `SELECT count() FROM events_core WHERE ${c('input_preview')}`],
    ['ORDER BY and LIMIT', (c) => `SELECT id FROM events WHERE ${c('input')} ORDER BY ts LIMIT 1`],
    ['UNION', (c) => `SELECT 1 UNION ALL SELECT count() FROM events WHERE ${c('input')}`],
  ];

  it.each(SHAPES)('learns nothing of others through a condition that fails on their rows: %s', async (_, shape) => {
    const [others, nobody] = [
      await ask(shape((column) => failsOn(THEIRS, column))),
      await ask(shape((column) => failsOn('no such words', column))),
    ];
    expect(others).toBe(nobody);
    expect(others).not.toMatch(/refused|rror/);
  });

  it('fails on its own rows, so that the test above can fail', async () => {
    expect(await ask(`SELECT count() FROM events WHERE ${failsOn(MINE, 'input')}`)).toContain('ILLEGAL_DIVISION');
  });

  it('cannot ask for PREWHERE, which sees all rows', async () => {
    expect(await ask(`SELECT count() FROM events PREWHERE ${failsOn(THEIRS, 'input')}`)).toBe('refused: PREWHERE cannot be used');
    expect(await ask("SELECT count() FROM events WHERE input = ' PREWHERE '")).toBe('[{"count()":0}]');
  });
});
