import { startStandalone, type Standalone } from '@telltale/app-standalone';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { runAlone } from '../test-cli.fixture';

jest.setTimeout(120_000);
const MASTER_KEY = Buffer.alloc(32, 5).toString('base64');
const CONTENT = 'the heron waits beside the quiet river';
const PLANTED = {
  KAFKA_SASL_PASSWORD: 'planted-sasl-password',
  CLICKHOUSE_QUERY_URL: 'http://reader:planted%2Fquery@127.0.0.1:1',
  CLICKHOUSE_QUERY_PASSWORD: 'planted-query-password',
  TELLTALE_OTHER_MASTER_KEYS: Buffer.alloc(32, 6).toString('base64'),
  PSEUDONYM_KEY: Buffer.alloc(32, 8).toString('base64'),
  SOMEBODY_ELSES_TOKEN: 'planted-token-of-another',
};

describe('a support bundle', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-support-'));
  let running: Standalone;
  beforeAll(async () => {
    running = await startStandalone({ home, port: 0, grpcPort: null, env: { TELLTALE_MASTER_KEY: MASTER_KEY }, quiet: true });
    const headers = { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' };
    const send = async (path: string, body: object): Promise<void> => {
      const { status } = await fetch(`${running.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      expect(status).toBe(200);
    };
    await send('/v1/events', [{ kind: 'llm', ts: Date.now(), service_name: 'bot', input: CONTENT, error: { type: 'E', message: CONTENT } }]);
    await send('/api/settings/api_key/more', { value: { sha256: 'ab'.repeat(32), scopes: ['ingest'] } });
    await send('/api/settings/view/mine', { value: { page: 'turns', title: CONTENT, params: {} } });
    await running.caughtUp();
  }); // prettier-ignore
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  const env = { TELLTALE_HOME: home, TELLTALE_MASTER_KEY: MASTER_KEY, ...PLANTED };

  it('has what helps, and neither secrets nor content, whatever logs hold', async () => {
    const [file, logs] = [join(home, 'bundle.json.gz'), join(home, 'process.log')];
    const line = (level: number, fields: object): string => JSON.stringify({ level, process: 'telltale.enricher', ...fields });
    writeFileSync(
      logs,
      [
        line(30, { msg: 'started', url: 'http://x' }),
        line(40, { msg: 'waiting_for_backend', error: `login ${PLANTED.KAFKA_SASL_PASSWORD} at http://u:p4ssw0rd@host, ${running.apiKey}` }),
        `somebody else writes here: ${CONTENT}`,
        line(50, { msg: 'task_crashed', error: 'why' }),
      ].join('\n'),
    ); // prettier-ignore
    const { code, out, err } = await runAlone(env, 'support-bundle', file, '--logs', logs);
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('look at it with: gunzip') as string });
    for (const part of ['configuration', 'doctor', 'topics', 'metrics', 'settings', 'warnings']) expect(out).toContain(part);

    const text = gunzipSync(readFileSync(file)).toString();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const bundle = JSON.parse(text) as Record<string, unknown>;
    expect(bundle).toMatchObject({
      versions: { telltale: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string, node: process.versions.node },
      doctor: { versions: { state: 'ok' } },
      tasks: { status: 'ready' },
      warnings: [
        { msg: 'waiting_for_backend', error: 'login (secret) at http://***@host, (secret)' },
        { msg: 'task_crashed', error: 'why' },
      ],
    });
    expect(bundle['configuration']).toEqual(expect.arrayContaining(['TELLTALE_MASTER_KEY=(set)', 'KAFKA_SASL_PASSWORD=(set)', 'CLICKHOUSE_QUERY_URL=http://***@127.0.0.1:1'])); // prettier-ignore
    expect(Object.values(bundle['folders'] as Record<string, number>).filter((bytes) => bytes > 1_000)).toHaveLength(2);
    expect((bundle['topics'] as { name: string }[]).map(({ name }) => name)).toContain('telltale.raw.v1');
    expect((bundle['metrics'] as string[]).length).toBeGreaterThan(20);
    expect(bundle['settings']).toEqual(expect.arrayContaining([expect.objectContaining({ type: 'api_key', name: 'more', value: { scopes: ['ingest'] } }), expect.objectContaining({ type: 'view', value: '(left out)' })])); // prettier-ignore

    const planted = [MASTER_KEY, running.apiKey, CONTENT, 'p4ssw0rd', 'planted/query', 'planted%2Fquery', 'abababab'];
    const needles = [...planted, ...Object.values(PLANTED).filter((value) => !value.startsWith('http'))];
    expect(needles.filter((needle) => text.includes(needle))).toEqual([]);
  });

  it('overwrites nothing', async () => {
    const file = join(home, 'there.json.gz');
    writeFileSync(file, 'mine');
    expect(await runAlone(env, 'support-bundle', file)).toMatchObject({ code: 1, err: expect.stringContaining('exists already') as string }); // prettier-ignore
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('says of what cannot be asked why it is missing', async () => {
    const nowhere = mkdtempSync(join(tmpdir(), 'telltale-support-none-'));
    const file = join(nowhere, 'b.json.gz');
    const { code } = await runAlone({ TELLTALE_HOME: join(nowhere, 'home'), CLICKHOUSE_URL: 'http://127.0.0.1:1' }, 'support-bundle', file, '--json');
    const bundle = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Record<string, { missing?: string }>;
    rmSync(nowhere, { recursive: true });
    expect(code).toBe(0);
    expect(bundle['topics']?.missing).toMatch(/no Telltale runs/);
    expect(bundle['clickhouse']?.missing).toBeDefined();
    expect(bundle['warnings']?.missing).toMatch(/--logs/);
  }); // prettier-ignore
});
