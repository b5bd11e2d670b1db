import { type Standalone, startStandalone } from '@telltale/app-standalone';
import { type CommandRecord, TOPICS } from '@telltale/contracts';
import { type Client, createClient } from '@telltale/sdk-node';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setMaxListeners } from 'node:events';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../harness/service-process';

jest.setTimeout(180_000);

const TENANTS = Array.from({ length: 100 }, (_, i) => `tenant-${String(i).padStart(2, '0')}`);
const DIRECTIVES = Array.from({ length: 100 }, (_, i) => `directive-${String(i).padStart(2, '0')}`);
const keyOf = (tenant: string): string => `tt_local_${tenant}_${'k'.repeat(24)}`;

interface ControlSet {
  readonly set_hash: string;
  readonly directives: readonly { readonly id: string; readonly reason: string; readonly version: number }[];
}
/** What listens for one tenant: an SDK, a bare stream, and a poll that waits. */
interface Listener {
  readonly tenant: string;
  readonly sdk: Client;
  /** Hashes that the stream sent, in order. */
  readonly streamed: string[];
  /** The set that the poll was answered with; null while it waits. */
  polled: ControlSet | null;
}

describe('100 tenants with 100 directives each, over one gateway', () => {
  const home = mkdtempSync(join(tmpdir(), 'telltale-tenants-'));
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  let running: Standalone;
  const listeners: Listener[] = [];

  beforeAll(async () => {
    const settings = join(home, 'settings.yaml');
    const keys = TENANTS.map(
      (tenant) => `  - { name: bot, tenant: ${tenant}, key: ${keyOf(tenant)}, scopes: [ingest, "control:read"] }`,
    );
    writeFileSync(settings, `api_keys:\n${keys.join('\n')}\n`);
    running = await startStandalone({ home, targets: ['gateway', 'verbosity'], port: 0, grpcPort: null, quiet: true, env: { TELLTALE_SETTINGS_FILE: settings, BATCH_LINGER_MS: '20' } }); // prettier-ignore
    for (const tenant of TENANTS) await set(tenant, DIRECTIVES);
    await eventually('each tenant has its directives', async () => {
      const sizes = await Promise.all(TENANTS.map(async (tenant) => (await ask(tenant)).directives.length));
      return { done: sizes.every((size) => size === DIRECTIVES.length), seen: sizes };
    }, 120_000, 500); // prettier-ignore
    await Promise.all(TENANTS.map(listen));
  });
  afterAll(async () => {
    stop.abort();
    await Promise.all(listeners.map(({ sdk }) => sdk.shutdown(2_000)));
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  const set = (tenant: string, ids: readonly string[]): Promise<void> =>
    running.broker.produce(
      ids.map((id) => {
        const command: CommandRecord = { type: 'set_directive', tenant, id, class: 'boost', priority: 0, target: { service_name: 'bot', tool_name: id }, set: { min_severity: 'debug' }, limits: {}, ttl_ms: 3_600_000, reason: `of ${tenant}`, issued_by: 'test' }; // prettier-ignore
        return { topic: TOPICS.commands.name, key: tenant, value: JSON.stringify(command) };
      }),
    );
  const headersOf = (tenant: string) => ({ authorization: `Bearer ${keyOf(tenant)}` });
  const ask = async (tenant: string): Promise<ControlSet> =>
    (await (await fetch(`${running.url}/v1/control`, { headers: headersOf(tenant) })).json()) as ControlSet;

  async function listen(tenant: string): Promise<void> {
    const { set_hash: hash } = await ask(tenant);
    const sdk = createClient({ url: running.url, apiKey: keyOf(tenant), service: 'bot', onMessage: null }, {});
    const listener: Listener = { tenant, sdk, streamed: [], polled: null };
    listeners.push(listener);
    let text = '';
    request(`${running.url}/v1/control?stream=1`, { headers: headersOf(tenant), signal: stop.signal }, (response) => {
      response
        .on('error', () => undefined)
        .on('data', (chunk: Buffer) => {
          const events = (text + chunk.toString()).split('\n\n');
          text = events.pop() ?? '';
          for (const event of events) if (event.startsWith('event: directives')) listener.streamed.push(/^id: (.+)$/m.exec(event)?.[1] ?? ''); // prettier-ignore
        });
    })
      .on('error', () => undefined)
      .end();
    fetch(`${running.url}/v1/control?wait=60s`, { headers: { ...headersOf(tenant), 'if-none-match': `"${hash}"` }, signal: stop.signal })
      .then(async (response) => (listener.polled = (await response.json()) as ControlSet))
      .catch(() => undefined); // prettier-ignore
    await eventually(`the SDK and the stream of ${tenant} have the set`, () => {
      const seen = [sdk.stats().directives, ...listener.streamed];
      return Promise.resolve({ done: seen.length === 2 && seen.every((one) => one === hash), seen });
    }, 60_000, 50); // prettier-ignore
  }

  it('gives each its own 100', async () => {
    for (const { tenant, sdk, streamed } of listeners) {
      const { set_hash: hash, directives } = await ask(tenant);
      expect(directives.map(({ id }) => id)).toEqual(DIRECTIVES);
      expect(directives.filter(({ reason }) => reason !== `of ${tenant}`)).toEqual([]);
      expect({ tenant, sdk: sdk.stats().directives, streamed }).toEqual({ tenant, sdk: hash, streamed: [hash] });
    }
  });

  it('wakes only the listeners of a tenant whose set changes, once', async () => {
    // The second change comes after the first has been through: whoever were woken by that would have been by then.
    for (const tenant of ['tenant-42', 'tenant-43']) {
      await set(tenant, ['directive-07']);
      const listener = listeners.find((one) => one.tenant === tenant);
      await eventually(`${tenant} hears of its change`, () => {
        const seen = { streamed: listener?.streamed.length, isPolled: listener?.polled !== null, sdk: listener?.sdk.stats().directives };
        return Promise.resolve({ done: seen.streamed === 2 && seen.isPolled && seen.sdk === listener?.streamed[1], seen });
      }, 30_000, 20); // prettier-ignore
      expect(listener?.polled?.directives.find(({ id }) => id === 'directive-07')?.version).toBe(2);
      expect(listener?.polled?.directives).toHaveLength(DIRECTIVES.length);
    }
    const woken = listeners.filter(({ streamed, polled }) => streamed.length !== 1 || polled !== null);
    expect(woken.map(({ tenant, streamed }) => [tenant, streamed.length]).sort()).toEqual([['tenant-42', 2], ['tenant-43', 2]]); // prettier-ignore
  });
});
