import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

jest.setTimeout(120_000);

/** Names that reach the prototype of every object where a program assigns what it was sent by name. */
const POLLUTION = '"__proto__":{"polluted":"yes","tenant":"beta","isAdmin":true},"constructor":{"prototype":{"polluted":"yes"}}';

describe('names of the prototype of objects, in all that people send', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-prototype-'));
  let running: Standalone;
  beforeAll(async () => {
    running = await startStandalone({ home, port: 0, grpcPort: null, env: { TURNS_QUIET_MS: '500' }, quiet: true });
  });
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });
  afterEach(() => {
    // Everything runs in this process, so that one polluted object would show here.
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
  const post = async (path: string, body: string): Promise<number> => {
    const headers = { authorization: `Bearer ${running.apiKey}`, 'content-type': 'application/json' };
    const response = await fetch(`${running.url}${path}`, { method: 'POST', headers, body });
    await response.arrayBuffer();
    return response.status;
  };
  const now = Date.now();
  const event = (id: string, kind: string): string =>
    `{"kind":"${kind}","id":"${id}","ts":${now},"service_name":"bot","trace_id":"t-${id}","session_id":"s-${id}",${POLLUTION},"attributes":{${POLLUTION}},"tool":{"name":"__proto__","arguments":{${POLLUTION}}},"usage":{"input_tokens":1,${POLLUTION}}}`;

  it.each<[string, string, string]>([
    ['native events', '/v1/events', `[${event('a', 'llm')},${event('b', 'tool')},${event('c', 'log')},${event('d', 'turn')}]`],
    ['conversations', '/v1/conversations', `{"id":"e","ts":${now},${POLLUTION},"messages":[{"role":"user","content":"hi",${POLLUTION}}]}`],
    ['spans', '/v1/traces', `{${POLLUTION},"resourceSpans":[{${POLLUTION},"resource":{"attributes":[{"key":"__proto__","value":{"stringValue":"x"}},{"key":"service.name","value":{"stringValue":"bot"}}]},"scopeSpans":[{"spans":[{${POLLUTION},"traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331","name":"__proto__","startTimeUnixNano":"${now}000000","attributes":[{"key":"__proto__","value":{"kvlistValue":{"values":[{"key":"polluted","value":{"stringValue":"yes"}}]}}},{"key":"__proto__.polluted","value":{"stringValue":"yes"}},{"key":"constructor.prototype.polluted","value":{"stringValue":"yes"}},{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}}]}]}]}]}`],
  ])('are data of %s, which are stored', async (_what, path, body) => {
    expect(await post(path, body)).toBe(200);
    await running.caughtUp();
    const [stored] = await running.rows.query<{ n: string; tenants: string[] }>('SELECT toString(count()) AS n, groupUniqArray(tenant) AS tenants FROM telltale.events'); // prettier-ignore
    expect(Number(stored?.n)).toBeGreaterThan(0);
    expect(stored?.tenants).toEqual(['default']);
    expect((await fetch(`${running.url}/readyz`)).status).toBe(200);
  }); // prettier-ignore

  it.each<[string, string, string]>([
    ['a setting', '/api/settings/tenant/default', `{"value":{"privacy":"mask",${POLLUTION}}}`],
    ['a command', '/api/control', `{"target":{${POLLUTION}},"set":{"content":"full",${POLLUTION}},"ttl_ms":1000,${POLLUTION}}`],
    ['a question', '/api/query', `{"sql":"SELECT 1 AS n",${POLLUTION}}`],
  ])('change nothing in %s', async (_what, path, body) => {
    expect(await post(path, body)).toBeLessThan(500);
    const other = await fetch(`${running.url}/api/settings`);
    expect(other.status).toBe(401);
  });
});
