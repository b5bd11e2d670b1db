import { type CostRecord, TOPICS } from '@telltale/contracts';
import { HOUR_MS, isoTime } from '@telltale/kernel';
import { systemClock } from '@telltale/platform-telemetry';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Standalone, startStandalone } from './start-standalone';

const HOUR = Math.floor(systemClock.now() / HOUR_MS) * HOUR_MS - 5 * HOUR_MS;
/** More than a page in one hour; every third has the right cost. */
const CALLS = 6_000;
const RIGHT = 2_500_000;
const call = (i: number): string => {
  const cost_nano_usd = i % 3 === 0 ? RIGHT : i % 3 === 1 ? 1 : null;
  return JSON.stringify({
    tenant: 'default', id: `e${i}`, kind: 'llm', name: 'chat', ts: isoTime(HOUR + i * 100), received_at: isoTime(HOUR), expires_on: isoTime(HOUR + 900 * HOUR_MS).slice(0, 10),
    status: 'ok', service_name: 'shop', provider: 'openai', request_model: 'gpt-4o', usage_input_uncached: 1_000, usage_output: 0, sampling_weight: 1, cost_nano_usd, price_version: 'old/1',
  }); // prettier-ignore
};
const SPENT = {
  tenant: 'default', hour: isoTime(HOUR), service_name: 'shop', provider: 'openai', model: 'gpt-4o', kind: 'llm', backfill: false,
  calls: CALLS, unpriced_calls: CALLS / 3, cost_nano_usd: (CALLS / 3) * (RIGHT + 1), input_tokens: 0, output_tokens: 0,
}; // prettier-ignore
const WRONG = (2 * CALLS) / 3;
const DELTA = (CALLS / 3) * (2 * RIGHT - 1);

/** Insights requests, the topic transports, costs writes: the whole path of corrections over embedded storage. */
describe('a re-pricing', () => {
  let home: string;
  let running: Standalone;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-reprice-'));
    running = await startStandalone({ home, targets: ['costs', 'incidents', 'insights'], port: 0, env: {}, quiet: true });
    const rows = Array.from({ length: CALLS }, (_, i) => call(i));
    await running.rows.insert({ table: 'events', rows, token: 'calls', comment: 'test' });
    await running.rows.insert({ table: 'spend', rows: [JSON.stringify(SPENT)], token: 'spent', comment: 'test' });
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  async function reprice(): Promise<Record<string, unknown>> {
    const response = await fetch(`${running.url}/api/costs/reprice`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ from: isoTime(HOUR - HOUR_MS), to: isoTime(HOUR + HOUR_MS) }),
    });
    return (await response.json()) as Record<string, unknown>;
  }
  const sumOf = async (sql: string): Promise<unknown[]> => Object.values((await running.rows.query(sql))[0] ?? {}).map(Number);

  it('requested twice concurrently, and then once more, corrects each call once: in the tables, and for consumers of costs', async () => {
    for (const report of await Promise.all([reprice(), reprice()])) expect(report).toMatchObject({ calls: CALLS, pending: 0 });
    expect(await reprice()).toMatchObject({ calls: CALLS, corrections: 0, delta_nano_usd: 0, pending: 0 });
    await running.caughtUp();

    const costs = (await running.broker.newest(TOPICS.costs.name, 10_000))
      .map(({ value }) => JSON.parse(String(value)) as CostRecord)
      .filter(({ correction }) => correction);
    const sum = (of: (cost: CostRecord) => number | undefined): number => costs.reduce((all, cost) => all + (of(cost) ?? 0), 0);
    expect(sum((cost) => cost.cost_nano_usd)).toBe(DELTA);
    expect(sum((cost) => cost.newly_priced_calls)).toBe(CALLS / 3);
    expect(sum((cost) => cost.calls)).toBe(0);

    expect(await sumOf('SELECT count(), uniqExact(event_id) FROM telltale.cost_corrections')).toEqual([WRONG, WRONG]);
    expect(await sumOf('SELECT sum(cost_nano_usd), sum(calls), sum(unpriced_calls) FROM telltale.spend_corrected')).toEqual([
      CALLS * RIGHT,
      CALLS,
      0,
    ]);
    expect(
      await sumOf(
        'SELECT sum(cost_nano_usd), sum(events), uniqExact(minute), uniqExact(name) FROM telltale.operations_minute_corrected',
      ),
    ).toEqual([CALLS * RIGHT, CALLS, CALLS / 600, 1]);
    expect(await sumOf('SELECT count() FROM telltale.incidents')).toEqual([0]);
  }, 60_000);
});
