import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandalone } from '@telltale/app-standalone';
import { eventually } from '@telltale/testkit';

jest.setTimeout(120_000);

const TURNS = 200;

/** How many turns ended how, when the failed tool of each comes in another request than the rest of it. */
async function outcomesWith(tasks: number): Promise<Record<string, number>> {
  const home = mkdtempSync(join(tmpdir(), 'telltale-tasks-'));
  const settings = { TELLTALE_PARTITIONS: String(tasks), TURNS_QUIET_MS: '1000' };
  const running = await startStandalone({ home, port: 0, grpcPort: null, env: {}, quiet: true, settings }); // prettier-ignore
  try {
    const post = async (events: readonly object[]): Promise<void> => {
      const response = await fetch(`${running.url}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify(events),
      });
      expect(response.status).toBe(200);
    };
    const now = Date.now();
    const event = (i: number, kind: string, more: object): object => ({
      kind, ts: now - 5_000 + i, service_name: 'shop', trace_id: `trace-${i}`, session_id: `session-${i % 9}`, span_id: `${kind}-${i}`, ...more,
    }); // prettier-ignore
    const turns = Array.from({ length: TURNS }, (_, i) => i);
    await post(turns.map((i) => event(i, 'tool', { parent_span_id: `turn-${i}`, name: 'search', status: 'error', error: { type: 'Timeout', message: 'late' } }))); // prettier-ignore
    await post(turns.map((i) => event(i, 'turn', { name: 'turn', input: 'where is my order', duration_ms: 900 })));
    return await eventually(
      'every turn is written',
      async () => {
        const rows = await running.rows.query<{ outcome: string; n: string }>(
          'SELECT outcome, count() AS n FROM telltale.turns FINAL WHERE revision = 2 GROUP BY outcome',
        );
        const outcomes = Object.fromEntries(rows.map(({ outcome, n }) => [outcome, Number(n)]));
        return { done: rows.reduce((sum, { n }) => sum + Number(n), 0) === TURNS, seen: outcomes };
      },
      60_000,
    );
  } finally {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

describe('turns whose events come in several native requests', () => {
  it('end the same on four tasks as on one', async () => {
    const one = await outcomesWith(1);
    expect(Object.values(one)).toEqual([TURNS]);
    expect(await outcomesWith(4)).toEqual(one);
  });
});
