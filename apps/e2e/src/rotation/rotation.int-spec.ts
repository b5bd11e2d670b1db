import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../harness/service-process';

jest.setTimeout(180_000);

const masterKey = (n: number): string => Buffer.alloc(32, n).toString('base64');
const [FORMER, NEXT] = [masterKey(1), masterKey(2)];
const home = mkdtempSync(join(tmpdir(), 'telltale-rotation-'));
let running: Standalone | null = null;
afterAll(async () => {
  await running?.stop();
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
});

async function start(env: Record<string, string>, targets = ['all']): Promise<Standalone> {
  await running?.stop();
  running = await startStandalone({
    home,
    targets,
    port: 0,
    grpcPort: null,
    env: { ...env, TURNS_QUIET_MS: '500' },
    quiet: true,
  });
  return running;
}
async function http<T = unknown>(method: string, path: string, body?: object, key = running?.apiKey): Promise<{ status: number; json: T }> {
  const headers = { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) };
  const response = await fetch(`${running?.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return { status: response.status, json: (await response.json()) as T };
} // prettier-ignore
const send = (id: string, over: object = {}, key?: string) =>
  http(
    'POST',
    '/v1/events',
    [{ kind: 'llm', id, ts: new Date().toISOString(), service_name: 'bot', input: 'hello', ...over }],
    key,
  );
const storedIds = async (): Promise<string[]> =>
  ((await running?.rows.query<{ id: string }>('SELECT id FROM telltale.events ORDER BY id')) ?? []).map(({ id }) => id);
interface DeadLetters {
  readonly total: number;
  readonly by_reason: Readonly<Record<string, number>>;
}
const deadLetters = async (): Promise<DeadLetters> => (await http<DeadLetters>('GET', '/api/dlq')).json;
interface Directives {
  readonly directives: readonly { readonly id: string }[];
}
const directives = async (): Promise<string[]> =>
  ((await http<Directives>('GET', '/v1/control')).json.directives ?? []).map(({ id }) => id);
const directiveIsServed = () =>
  eventually('the directive is served', async () => { const seen = await directives().catch(() => []); return { done: seen.length === 1, seen }; }, 20_000); // prettier-ignore

describe('the rotation of the master key', () => {
  it('loses nothing: bodies that wait, dead letters and directives are read with the key that they were written with', async () => {
    await start({ TELLTALE_MASTER_KEY: FORMER });
    expect((await http('POST', '/api/control', { target: { service_name: 'bot' }, set: { content: 'full' }, ttl_ms: 1_800_000 })).status).toBeLessThan(300); // prettier-ignore
    await directiveIsServed();
    // Bodies that are there when the key changes: nobody reads them yet.
    await start({ TELLTALE_MASTER_KEY: FORMER, TELLTALE_OTHER_MASTER_KEYS: NEXT }, ['gateway']);
    for (const id of ['1', '2']) expect((await send(id)).status).toBe(200);

    await start({ TELLTALE_MASTER_KEY: NEXT, TELLTALE_OTHER_MASTER_KEYS: FORMER });
    expect((await send('3')).status).toBe(200);
    await running?.caughtUp();
    expect(await storedIds()).toEqual(['1', '2', '3']);
    expect((await deadLetters()).total).toBe(0);
    await directiveIsServed();

    await start({ TELLTALE_MASTER_KEY: NEXT });
    expect((await send('4')).status).toBe(200);
    await running?.caughtUp();
    expect(await storedIds()).toEqual(['1', '2', '3', '4']);
    // Of what only the former key has signed, nothing is served without it: it is taken away when those directives are over, or set again.
    const asked = await eventually('directives can be asked for', async () => { const seen = await http<Directives>('GET', '/v1/control'); return { done: seen.status === 200, seen }; }, 20_000); // prettier-ignore
    expect(asked.json.directives).toEqual([]);
  });

  it('keeps what was encrypted with a key that was taken away too early as dead letters, which go through once it is back', async () => {
    await start({ TELLTALE_MASTER_KEY: FORMER }, ['gateway']);
    expect((await send('5')).status).toBe(200);
    await start({ TELLTALE_MASTER_KEY: NEXT });
    await running?.caughtUp();
    expect(await deadLetters()).toMatchObject({ by_reason: { decryption_failed: 1 } });
    await start({ TELLTALE_MASTER_KEY: NEXT, TELLTALE_OTHER_MASTER_KEYS: FORMER });
    expect(await http('POST', '/api/dlq/replay', { all: true })).toMatchObject({ json: { replayed: 1 } });
    await running?.caughtUp();
    expect(await storedIds()).toEqual(['1', '2', '3', '4', '5']);
  });
});

describe('the rotation of an API key', () => {
  it('takes events with both keys until the former is deleted, and then with the next alone', async () => {
    const keys = { former: 'the-former-key-of-the-bots', next: 'the-next-key-of-the-bots' };
    const sha256 = async (key: string): Promise<string> => Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(key))).toString('hex'); // prettier-ignore
    const put = async (name: keyof typeof keys) => http('POST', `/api/settings/api_key/${name}`, { value: { sha256: await sha256(keys[name]), scopes: ['ingest'] } }); // prettier-ignore
    const until = (key: string, status: number) =>
      eventually(`${status} of that key`, async () => { const seen = (await send('probe', {}, key)).status; return { done: seen === status, seen }; }, 10_000); // prettier-ignore
    expect((await put('former')).status).toBe(200);
    await until(keys.former, 200);
    expect((await put('next')).status).toBe(200);
    await until(keys.next, 200);
    expect((await send('6', {}, keys.former)).status).toBe(200);
    expect((await send('7', {}, keys.next)).status).toBe(200);
    expect((await http('DELETE', '/api/settings/api_key/former')).status).toBe(200);
    await until(keys.former, 401);
    expect((await send('8', {}, keys.next)).status).toBe(200);
    await running?.caughtUp();
    expect((await storedIds()).filter((id) => id !== 'probe')).toEqual(['1', '2', '3', '4', '5', '6', '7', '8']);
  });
});
