import { startStandalone } from '@telltale/app-standalone';
import { eventually, testData } from '@telltale/testkit';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAlone } from '../test-cli.fixture';

const { path: FILE, describeData, leftOut } = testData('tau-airline', 'gpt-4o-airline.json');

/** Real conversations of an airline agent (tau-bench), through the receiver, the whole road, and back by query. */
describeData(`import of real conversations${leftOut}`, () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(join(tmpdir(), 'telltale-tau-'));
  });
  afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));

  const telltale = (...args: string[]) => runAlone({ TELLTALE_HOME: home }, ...args);

  it('gives the sessions, tool calls, tool errors and failed scores that are in it; twice the same', async () => {
    const expected = { sessions: 200, tool: 1_164, tool_errors: 73, failed_scores: 116 };
    const first = await telltale('import', FILE, '--format', 'openai-chat', '--json');
    expect(first).toMatchObject({ code: 0 });
    expect(JSON.parse(first.out)).toMatchObject({ ...expected, accepted: 200, rejected: 0, dlq: 0 });

    const second = await telltale('import', FILE, '--format', 'openai-chat', '--json');
    expect(JSON.parse(second.out)).toMatchObject({ events: 0, rejected: 0, dlq: 0 });

    const counts = await telltale(
      'query',
      "SELECT uniqExact(session_id) AS sessions, countIf(kind = 'tool') AS tool, countIf(kind = 'tool' AND status = 'error') AS tool_errors, countIf(score_label = 'fail') AS failed_scores FROM events",
      '--json',
    );
    expect(JSON.parse(counts.out)).toEqual(expected);
  }, 120_000);

  /** Turns are written when they have been quiet, which an import does not wait for. */
  async function turnsWritten(): Promise<void> {
    const running = await startStandalone({ home, targets: ['turns', 'sessions'], port: 0, env: { TURNS_QUIET_MS: '500' }, quiet: true });
    try {
      await eventually('the sessions of all turns', async () => {
        const [seen] = await running.rows.query<{ turns: number; in_sessions: number; open: number }>(
          "SELECT (SELECT count() FROM telltale.turns FINAL) AS turns, (SELECT sum(turns) FROM telltale.sessions FINAL) AS in_sessions, (SELECT uniqExact(trace_id) FROM telltale.events WHERE kind = 'turn') - turns AS open",
        );
        return { done: Number(seen?.open) <= 0 && Number(seen?.turns) > 0 && seen?.turns === seen?.in_sessions, seen };
      }, 60_000);
    } finally {
      await running.stop();
    }
  } // prettier-ignore

  it('answers every query of docs/QUERIES.md', async () => {
    await turnsWritten();
    const page = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'QUERIES.md'), 'utf8');
    const queries = [...page.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, sql = '']) => sql.trim());
    expect(queries.length).toBeGreaterThan(5);
    // The conversations hold no logs and no usage, so some answers are empty.
    for (const sql of queries) expect({ sql, ...(await telltale('query', sql, '--json')) }).toMatchObject({ sql, code: 0 });
    const intents = JSON.parse(`[${(await telltale('query', queries[0] ?? '', '--json')).out.trim().replaceAll('\n', ',')}]`) as { turns: number }[]; // prettier-ignore
    expect(intents.length).toBeGreaterThan(5);
  }, 120_000);
});
