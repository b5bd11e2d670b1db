import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithPython } from '../harness/python-sdk';
import { startRelay } from '../harness/relay';
import { eventually, pass } from '../harness/service-process';
import { buildNodeSdk, goOn, type LastReport, startSteadyApp, type SteadyApp, storedRounds, through } from './steady-app';

jest.setTimeout(180_000);

const HOUR_MS = 3_600_000;
const TTL_MS = 12_000;
/** Rounds that programs do after the expiry: some seconds, of which an hour's error of a clock would need all. */
const ROUNDS_AFTER = 250;

// The gateway's clock is the true one; those of the programs are wrong, or are set while a boost holds. They cannot reach the gateway when it expires, so
// that nothing but their own clocks can end it.
describeWithPython('a boost in programs whose wall clock is wrong', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-clocks-'));
  let running: Standalone;
  let relay: Awaited<ReturnType<typeof startRelay>>;
  let apps: SteadyApp[] = [];
  beforeAll(async () => {
    buildNodeSdk();
    running = await startStandalone({ home, port: 0, grpcPort: null, quiet: true, env: { BATCH_LINGER_MS: '50', PUNCTUATE_INTERVAL_MS: '250' } }); // prettier-ignore
    relay = await startRelay(running.url);
  });
  afterEach(() => {
    for (const app of apps.splice(0)) app.kill();
  });
  afterAll(async () => {
    await relay.stop();
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** Boosts everything, and waits until both programs have applied it; answers when it expires. */
  async function boost(id: string): Promise<number> {
    const asked = await fetch(`${running.url}/api/control`, {
      method: 'POST',
      headers: { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ id, target: {}, set: { min_severity: 'debug' }, ttl_ms: TTL_MS }),
    });
    expect(asked.ok).toBe(true);
    await eventually('both programs apply it', async () => {
      const [seen] = await running.rows.query<{ n: string }>(`SELECT uniqExact(instance) AS n FROM telltale.directive_acks WHERE directive_id = '${id}' AND is_first`);
      return { done: Number(seen?.n) === apps.length, seen };
    }, 30_000, 50); // prettier-ignore
    const [row] = await running.rows.query<{ expires: string }>(
      `SELECT toString(toUnixTimestamp64Milli(expires_at)) AS expires FROM telltale.directives WHERE id = '${id}' LIMIT 1`,
    );
    return Number(row?.expires);
  }
  async function expectRightExpiry(id: string, expiresAt: number): Promise<void> {
    await relay.cut();
    expect(Date.now()).toBeLessThan(expiresAt);
    while (Date.now() < expiresAt) await pass(100);
    await goOn(apps, ROUNDS_AFTER);
    await relay.restore();
    for (const app of apps.splice(0)) {
      const last: LastReport = await app.stop();
      const { lines, details } = await eventually(`all lines of ${app.service} are stored`, async () => {
        const seen = await storedRounds(running.rows, app);
        return { done: seen.lines.at(-1) === last.round, seen };
      }, 60_000); // prettier-ignore
      expect({ lost: last.lost, lines }).toEqual({ lost: {}, lines: through(1, last.round) });
      const boosted = details.map(({ round }) => round);
      const final = boosted.at(-1) ?? 0;
      expect(details.every(({ ids }) => ids.join() === id)).toBe(true);
      expect(boosted).toEqual(through(boosted[0] ?? 0, final));
      expect(final).toBeLessThan(last.round);
      expect(app.timeOf(final + 1)).toBeGreaterThan(expiresAt - 500);
    }
  }
  const start = (pythonMs: number, nodeMs: number): SteadyApp[] =>
    (apps = [
      startSteadyApp('python', relay.url, running.apiKey, pythonMs),
      startSteadyApp('node', relay.url, running.apiKey, nodeMs),
    ]);

  it.each([
    ['an hour behind and an hour ahead', 'skewed-1', -HOUR_MS, HOUR_MS],
    ['an hour ahead and an hour behind', 'skewed-2', HOUR_MS, -HOUR_MS],
  ] as const)('ends in time, with clocks %s from the start', async (_, id, pythonMs, nodeMs) => {
    start(pythonMs, nodeMs);
    await goOn(apps, 20);
    await expectRightExpiry(id, await boost(id));
  });

  it('goes on and ends in time, while the clocks jump by hours, ahead and back', async () => {
    start(0, 0);
    await goOn(apps, 20);
    const expiresAt = await boost('jumps');
    for (const hours of [5, -5, 0]) {
      for (const app of apps) app.setClock(hours * HOUR_MS);
      await goOn(apps, 20);
    }
    await expectRightExpiry('jumps', expiresAt);
  });
});
