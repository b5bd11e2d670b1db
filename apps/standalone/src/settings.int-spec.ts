import { API_KEY_SCOPES, type SettingHistoryRow } from '@telltale/contracts';
import { systemClock } from '@telltale/platform-telemetry';
import { eventually } from '@telltale/testkit';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Standalone, startStandalone } from './start-standalone';

const FILE_KEY = 'a-key-of-the-settings-file';
const SHA_OF = (key: string): Promise<string> =>
  crypto.subtle.digest('SHA-256', Buffer.from(key)).then((digest) => Buffer.from(digest).toString('hex'));

interface StoredCall {
  readonly input: string;
  readonly expires_on: string;
  readonly cost: string | null;
}

describe('settings of a running Telltale', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-settings-'));
  const file = join(home, 'settings.yaml');
  let running: Standalone;
  let calls = 0;
  // More than one partition, so that a setting has to reach every task.
  const start = () =>
    startStandalone({
      home,
      port: 0,
      grpcPort: null,
      env: { TELLTALE_SETTINGS_FILE: file, TELLTALE_PARTITIONS: '3' },
      quiet: true,
    });
  beforeAll(async () => {
    writeFileSync(
      file,
      `tenants: [{name: acme, privacy: drop_content}]\napi_keys: [{name: bots, tenant: acme, key: ${FILE_KEY}}]\n`,
    );
    running = await start();
  }, 60_000);
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  const http = async (method: string, path: string, body?: object, key = running.apiKey) => {
    const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
    const response = await fetch(`${running.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const put = (path: string, value: object, key?: string) => http('POST', `/api/settings/${path}`, { ...value }, key);

  /** Sends calls of acme to every task; answers what was stored of them. */
  async function sendCalls(key = FILE_KEY): Promise<StoredCall[]> {
    const name = `call-${calls++}`;
    const events = Array.from({ length: 12 }, (_, i) => ({ id: `${name}-${i}`, trace_id: `${name}-${i}`, kind: 'llm', name, ts: systemClock.now(), service_name: 'shop', provider: 'ours', request_model: 'ours', input: 'hello', duration_ms: 5, usage: { input_tokens: 1_000_000, output_tokens: 0 } })); // prettier-ignore
    const answered = await http('POST', '/v1/events', events, key);
    if (answered.status !== 200) throw new Error(`${answered.status} ${JSON.stringify(answered.json)}`);
    await running.caughtUp();
    return running.rows.query<StoredCall>(`SELECT input, toString(expires_on) AS expires_on, toString(cost_nano_usd) AS cost FROM telltale.events WHERE name = '${name}'`);
  } // prettier-ignore
  const inputsOf = (stored: readonly StoredCall[]): string[] => [...new Set(stored.map(({ input }) => input))];

  it('are those of the settings file from the first event on', async () => {
    expect(inputsOf(await sendCalls())).toEqual(['']);
  });

  it('change privacy, retention and prices within 5 s, without a restart', async () => {
    const before = await sendCalls();
    expect(await put('tenant/default', { value: { privacy: 'mask', retention_days: 7 } }, FILE_KEY)).toMatchObject({ status: 200, json: { version: 2, changed_by: 'key bots' } }); // prettier-ignore
    expect(
      await put('price/ours', { value: { model: 'ours', usd_per_million: { input: 2, output: 2 } } }, FILE_KEY),
    ).toMatchObject({ status: 200 });
    const stored = await eventually(
      'calls are stored under the new settings',
      async () => {
        const seen = await sendCalls();
        return { done: seen.length === 12 && inputsOf(seen).join() === 'hello', seen };
      },
      5_000,
    );
    expect(new Set(stored.map(({ cost }) => cost))).toEqual(new Set(['2000000000']));
    const daysApart = (Date.parse(before[0]?.expires_on ?? '') - Date.parse(stored[0]?.expires_on ?? '')) / 86_400_000;
    expect(daysApart).toBe(23);
  }, 30_000);

  it('say what tools cost, which spend has by tool', async () => {
    const value = { per_call_nano_usd: 100, per_unit_nano_usd: 10, unit_path: 'result.pages' };
    expect(await put('tool_price/ocr', { value }, FILE_KEY)).toMatchObject({ status: 200, json: { version: 1, value } });
    let sent = 0;
    const spendOf = async (tool: string) => {
      const id = `ocr-${sent++}`;
      const event = { id, trace_id: id, kind: 'tool', name: 'ocr', ts: systemClock.now(), service_name: 'shop', tool: { name: tool, result: { pages: 3 } } }; // prettier-ignore
      await http('POST', '/v1/events', [event], FILE_KEY);
      await running.caughtUp();
      const { json } = await http('GET', '/api/spend?by=tool', undefined, FILE_KEY);
      return (json['spend'] as { tool_name: string; total_calls: number; total_cost_nano_usd: number }[]).find(
        ({ tool_name: name }) => name === tool,
      );
    };
    const first = await eventually(
      'calls of the tool are priced',
      async () => {
        const seen = await spendOf('ocr');
        return { done: seen !== undefined, seen };
      },
      5_000,
    );
    expect(first).toMatchObject({ total_calls: 1, total_cost_nano_usd: 130 });
    expect(await spendOf('free')).toBeUndefined();
  }, 30_000);

  it('silence alerts for 30 days at most', async () => {
    const silenceOf = (days: number) => ({ value: { until: new Date(systemClock.now() + days * 86_400_000).toISOString(), reason: 'the move' } }); // prettier-ignore
    expect(await put('silence/move', silenceOf(31), FILE_KEY)).toMatchObject({ status: 400, json: { error: { parameter: 'value.until' } } }); // prettier-ignore
    expect(await put('silence/move', silenceOf(29), FILE_KEY)).toMatchObject({ status: 200 });
    expect(await http('GET', '/api/settings?type=silence', undefined, FILE_KEY)).toMatchObject({ json: { settings: [{ name: 'move', value: { reason: 'the move' } }] } }); // prettier-ignore
    expect(await http('DELETE', '/api/settings/silence/move', undefined, FILE_KEY)).toMatchObject({ status: 200, json: { version: 2 } }); // prettier-ignore
  });

  it('let a new API key in, and lock one out, within 5 s', async () => {
    const key = 'tt_made_for_this_test';
    const sha256 = await SHA_OF(key);
    expect((await http('GET', '/api/turns', undefined, key)).status).toBe(401);
    await put('api_key/extra', { value: { sha256, scopes: ['read'] } });
    const statusOf = async (wanted: number) => {
      const { status } = await http('GET', '/api/turns', undefined, key);
      return { done: status === wanted, seen: status };
    };
    await eventually('the key lets in', () => statusOf(200), 5_000);
    await put('api_key/extra', { value: { scopes: ['ingest'] } });
    await eventually('the key has another scope', () => statusOf(403), 5_000);
    await http('DELETE', '/api/settings/api_key/extra');
    await eventually('the key is locked out', () => statusOf(401), 5_000);
  }, 30_000);

  it('keep tenants apart: only an operator changes those of another', async () => {
    expect(await put('tenant/default', { value: {}, of_tenant: 'other' }, FILE_KEY)).toMatchObject({ status: 403, json: { error: { code: 'forbidden' } } }); // prettier-ignore
    expect(await put('tenant/default', { value: { retention_days: 1 }, of_tenant: 'other' })).toMatchObject({ status: 200 });
    expect(API_KEY_SCOPES).toContain('operator');
    const listed = await http('GET', '/api/settings', undefined, FILE_KEY);
    expect(JSON.stringify(listed.json)).not.toContain('other');
  });

  it('have a history of who changed what', async () => {
    await running.caughtUp();
    const rows = await running.rows.query<SettingHistoryRow>("SELECT * FROM telltale.settings_history WHERE tenant = 'acme' AND type = 'tenant' ORDER BY version");
    expect(rows.map(({ version, changed_by, value }) => [Number(version), changed_by, value])).toEqual([
      [1, 'settings file', '{"privacy":"drop_content"}'],
      [2, 'key bots', '{"privacy":"mask","retention_days":7}'],
    ]);
    const { json } = await http('GET', '/api/settings/history?type=api_key', undefined, FILE_KEY);
    expect(json).toMatchObject({ changes: [{ name: 'bots', version: 1, changed_by: 'settings file' }] });
    expect(JSON.stringify(await running.rows.query('SELECT value FROM telltale.settings_history'))).not.toMatch(/[0-9a-f]{13}/);
  }); // prettier-ignore

  it('outlive a restart, and the settings file does not take them back until its entry changes', async () => {
    await running.stop();
    running = await start();
    expect(inputsOf(await sendCalls())).toEqual(['hello']);
    await running.stop();
    writeFileSync(
      file,
      `tenants: [{name: acme, privacy: metadata_only}]\napi_keys: [{name: bots, tenant: acme, key: ${FILE_KEY}}]\n`,
    );
    running = await start();
    expect(inputsOf(await sendCalls())).toEqual(['']);
    expect(await http('GET', '/api/settings/tenant/default', undefined, FILE_KEY)).toMatchObject({
      json: { version: 3, changed_by: 'settings file' },
    });
  }, 60_000);
});
