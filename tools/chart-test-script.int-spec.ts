import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHART_FOLDER } from './chart.fixture';

jest.setTimeout(240_000);

interface Ran {
  readonly code: number;
  readonly said: string;
}

describe('the script of helm test', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-chart-test-'));
  let running: Standalone;
  beforeAll(async () => {
    running = await startStandalone({ home: join(home, 'data'), port: 0, grpcPort: null, quiet: true, env: {} });
  });
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const run = (env: NodeJS.ProcessEnv): Promise<Ran> =>
    new Promise((resolve) =>
      execFile(process.execPath, [join(CHART_FOLDER, 'files', 'test.mjs')], { env }, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), said: `${out}${err}` }),
      ),
    );
  const addresses = () => ({ TELLTALE_GATEWAY_URL: running.url, TELLTALE_URL: running.url });

  it('sends an event and sees it', async () => {
    const ran = await run({ ...addresses(), TELLTALE_KEY: running.apiKey, TIMEOUT_SECONDS: '120' });
    expect(ran).toEqual({ code: 0, said: 'the gateway takes an event\ninsights shows it\n' });
  });

  it('fails with a wrong key, and says what was answered', async () => {
    const { code, said } = await run({ ...addresses(), TELLTALE_KEY: 'tt_wrong', TIMEOUT_SECONDS: '2' });
    expect([code, said]).toEqual([
      1,
      expect.stringMatching(/^not within 2 s: the gateway takes an event; .*\/v1\/events answered 401/),
    ]);
  });

  it('fails where nothing listens, and says so', async () => {
    const { code, said } = await run({ TELLTALE_GATEWAY_URL: 'http://127.0.0.1:9', TELLTALE_URL: running.url, TELLTALE_KEY: running.apiKey, TIMEOUT_SECONDS: '2' }); // prettier-ignore
    expect([code, said]).toEqual([1, expect.stringContaining('not within 2 s: the gateway takes an event')]);
  });
});
