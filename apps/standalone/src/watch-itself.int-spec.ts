import { systemClock } from '@telltale/platform-telemetry';
import { eventually } from '@telltale/testkit';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Standalone, startStandalone } from './start-standalone';

jest.setTimeout(120_000);

/** Every service over embedded storage, with reports of its own work as events of the tenant telltale. */
describe('Telltale watches itself', () => {
  let home: string;
  let running: Standalone;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-watch-itself-'));
    running = await startStandalone({
      home,
      port: 0,
      grpcPort: null,
      env: {},
      settings: { TELLTALE_WATCH_ITSELF: 'telltale', TURNS_QUIET_MS: '1000', LOG_LEVEL: 'silent' },
    });
  });
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  let requests = 0;
  async function send(): Promise<void> {
    const headers = { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' };
    const event = { kind: 'llm', ts: systemClock.now(), service_name: 'bot', trace_id: `t${++requests}`, span_id: 's1', provider: 'openai', request_model: 'gpt-4o' }; // prettier-ignore
    const answer = await fetch(`${running.url}/v1/events`, { method: 'POST', headers, body: JSON.stringify(event) });
    expect(answer.status).toBe(200);
  }
  async function outcomes(): Promise<Record<string, number>> {
    const text = await (await fetch(`${running.url}/metrics`)).text();
    return Object.fromEntries(
      [...text.matchAll(/^telltale_self_reports_total\{outcome="(\w+)"\} (\d+)$/gm)].map(([, outcome = '', value]) => [outcome, Number(value)]), // prettier-ignore
    );
  }
  /** Events of own work by service and name, each with those that it stands for. */
  const reported = async (kind: string): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await running.rows.query<{ key: string; n: number }>(
          `SELECT concat(service_name, ' ', name) AS key, sum(sampling_weight) AS n FROM telltale.events WHERE tenant = 'telltale' AND kind = '${kind}' GROUP BY key`,
        )
      ).map(({ key, n }) => [key, Number(n)]),
    );

  it('shows its requests and batches as turns with operations, and scores them', async () => {
    for (let i = 0; i < 3; i++) await send();
    const turns = await eventually(
      'batches and requests among own turns',
      async () => {
        const seen = await running.rows.query<{ service_name: string; name: string }>(
          "SELECT DISTINCT service_name, name FROM telltale.turns WHERE tenant = 'telltale' ORDER BY service_name, name",
        );
        const names = seen.map(({ service_name: service, name }) => `${service} ${name}`);
        const wanted = ['telltale-enricher batch', 'telltale-gateway POST /v1/events', 'telltale-turns batch'];
        return { done: wanted.every((name) => names.includes(name)), seen: names };
      },
      60_000,
    );
    expect(turns).toContain('telltale-enricher batch');
    const operations = await reported('chain');
    expect(Object.keys(operations)).toEqual(expect.arrayContaining(['telltale-enricher process', 'telltale-enricher insert', 'telltale-enricher transact'])); // prettier-ignore
    await eventually(
      'own series are scored',
      async () => {
        const seen = await running.rows.query<{ metric: string }>(
          "SELECT DISTINCT metric FROM telltale.series_windows WHERE tenant = 'telltale' AND dimensions['service_name'] = 'telltale-enricher'",
        );
        return { done: seen.length > 0, seen };
      },
      60_000,
    );
  });

  it('sends log lines, too', async () => {
    const lines = await eventually(
      'the line of the start',
      async () => {
        const seen = await running.rows.query<{ body: string }>(
          "SELECT body FROM telltale.events WHERE tenant = 'telltale' AND kind = 'log' AND service_name = 'telltale'",
        );
        return { done: seen.some(({ body }) => body === 'started'), seen };
      },
      60_000,
    );
    expect(lines.map(({ body }) => body)).toContain('started');
  });

  it('reports no work on reports: batches of these run, and those that are reported are as many as requests of others at most', async () => {
    for (let round = 0; round < 3; round++) {
      const before = (await outcomes())['own_work'] ?? 0;
      await send();
      await eventually(
        'batches of own events have run and were left out',
        async () => {
          const seen = await outcomes();
          return { done: (seen['own_work'] ?? 0) >= before + 4, seen };
        },
        60_000,
      );
    }
    const turns = await reported('turn');
    expect(turns['telltale-gateway POST /v1/events']).toBeLessThanOrEqual(requests);
    expect(turns['telltale-enricher batch']).toBeGreaterThan(0);
    expect(turns['telltale-enricher batch']).toBeLessThanOrEqual(requests);
    const { sent = 0, not_taken: lost = 0, own_work: own = 0 } = await outcomes();
    expect({ lost, hasSent: sent > 0, hasLeftOut: own >= 12 }).toEqual({ lost: 0, hasSent: true, hasLeftOut: true });
  });
});
