import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandalone, type Standalone } from '@telltale/app-standalone';
import { type DirectiveRecord, TOPICS } from '@telltale/contracts';
import { eventually } from '../harness/service-process';

jest.setTimeout(60_000);

/** Somebody who may write to topics, and has no key, sends SDKs orders. */
describe('a directive written straight to the control topic', () => {
  let home: string;
  let running: Standalone;
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'telltale-control-'));
    running = await startStandalone({ home, targets: ['gateway', 'verbosity'], port: 0, grpcPort: null, env: {}, quiet: true });
  });
  afterAll(async () => {
    await running.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  });

  const directive = (id: string, change: Partial<DirectiveRecord> = {}): DirectiveRecord => ({
    tenant: 'default',
    id,
    version: 1,
    class: 'restrict',
    priority: 0,
    target: {},
    set: { content: 'metadata' },
    limits: {},
    evidence: {},
    reason: 'quiet',
    issued_by: 'nobody',
    issued_at: new Date().toISOString(),
    expires_at: new Date(Date.now() + 60_000).toISOString(),
    ...change,
  });
  const write = (id: string, value: DirectiveRecord | null, headers: Record<string, string> = {}): Promise<void> =>
    running.broker.produce([
      { topic: TOPICS.control.name, key: `default/${id}`, value: value && JSON.stringify(value), headers },
    ]);
  async function served(): Promise<DirectiveRecord[]> {
    const response = await fetch(`${running.url}/v1/control`, { headers: { authorization: `Bearer ${running.apiKey}` } });
    return ((await response.json()) as { directives: DirectiveRecord[] }).directives;
  }
  const servedOnce = (what: string, isThere: (all: DirectiveRecord[]) => boolean): Promise<DirectiveRecord[]> =>
    eventually(
      what,
      async () => {
        const seen = await served();
        return { done: isThere(seen), seen };
      },
      20_000,
      50,
    );

  it('reaches SDKs only as a command that verbosity took: one for a minute does, one until 2099 is a dead letter, and neither displaces another', async () => {
    await write('minute', directive('minute'));
    const [adopted] = await servedOnce('the directive for a minute is served', (all) => all.length > 0);
    expect(adopted).toMatchObject({ id: 'minute', issued_by: 'nobody', set: { content: 'metadata' } });

    const forever = '2099-01-01T00:00:00.000Z';
    await write('forever', directive('forever', { expires_at: forever }));
    await write('minute', directive('minute', { expires_at: forever }));
    await write('forged', directive('forged'), { 'tt-mac': 'AAAA' });
    await write('after', directive('after'));
    const all = await servedOnce('what was written last is served', (seen) => seen.some(({ id }) => id === 'after'));
    expect(all.map(({ id }) => id)).toEqual(['after', 'minute']);
    expect(all.filter(({ expires_at }) => Date.parse(expires_at) > Date.now() + 24 * 3_600_000)).toEqual([]);
    const refused = await running.broker.newest(TOPICS.dlq.name, 10);
    expect(refused.map(({ key, headers }) => [key, headers['x-dlq-error']])).toEqual([
      ['default/forever', expect.stringContaining('more than 30 days ahead')],
      ['default/minute', expect.stringContaining('more than 30 days ahead')],
      ['default/forged', expect.stringContaining('is not the signature of this record')],
    ]);

    await write('minute', null);
    await servedOnce('a tombstone revokes', (seen) => seen.every(({ id }) => id !== 'minute'));
  });
});
