import { type SettingRecord, TOPICS } from '@telltale/contracts';
import { TransientError } from '@telltale/kernel';
import { eventually } from '@telltale/testkit';
import { keySetting, newTestGateway, sha256 } from './gateway.fixture';
import { createKeyRing } from './key-ring';
import { startSettingsFeed } from './settings-feed';

describe('createKeyRing', () => {
  it('knows keys by digest, whatever its case, and no other', () => {
    const ring = createKeyRing([
      keySetting('a', 'acme'),
      { ...keySetting('b', 'beta'), sha256: sha256('b').toUpperCase() } as SettingRecord,
    ]);
    expect(ring.tenantOf('a')).toBe('acme');
    expect(ring.tenantOf('b')).toBe('beta');
    expect(ring.tenantOf(sha256('a'))).toBeNull();
    expect(ring.tenantOf('')).toBeNull();
  });

  it('forgets the key before when a name gets another, and the last when it is removed', () => {
    const ring = createKeyRing([keySetting('old', 'acme')]);
    ring.apply(keySetting('new', 'acme'));
    expect([ring.tenantOf('old'), ring.tenantOf('new')]).toEqual([null, 'acme']);
    ring.remove('api_key/acme');
    ring.remove('api_key/nobody');
    expect(ring.tenantOf('new')).toBeNull();
  });

  it('keeps a key that two names share until both are gone', () => {
    const ring = createKeyRing([keySetting('k', 'acme', 'one'), keySetting('k', 'acme', 'two')]);
    ring.remove('api_key/one');
    expect(ring.tenantOf('k')).toBe('acme');
    ring.remove('api_key/two');
    expect(ring.tenantOf('k')).toBeNull();
  });

  it.each([
    ['a digest that is none', { ...keySetting('k', 'acme'), sha256: 'abc' }],
    ['a tenant that is none', keySetting('k', 'ACME!')],
  ])('lets nobody in by %s', (_what, setting) => {
    const ring = createKeyRing();
    expect(ring.apply(setting as SettingRecord)).toBe(false);
    expect(ring.tenantOf('k')).toBeNull();
  });
});

describe('startSettingsFeed', () => {
  const put = (log: ReturnType<typeof newTestGateway>['log'], key: string, value: unknown) =>
    log.produce([{ topic: TOPICS.settings.name, key, value: value === null ? null : JSON.stringify(value) }]);
  const isLoaded = (ring: ReturnType<typeof createKeyRing>) =>
    eventually('the ring is loaded', () => Promise.resolve({ done: ring.loaded, seen: ring.loaded }), 5_000, 2);

  it('takes in what the topic holds, then every change, and passes over what it cannot read', async () => {
    const { deps, log, stop, lines } = newTestGateway();
    await put(log, 'api_key/acme', keySetting('first', 'acme'));
    await put(log, 'api_key/acme', keySetting('second', 'acme'));
    await put(log, 'api_key/x', { type: 'api_key', name: 'x' });
    await put(log, 'tenant/acme', { type: 'tenant', name: 'acme' });
    const ring = createKeyRing();
    const done = startSettingsFeed(log, ring, deps.stopping, deps);
    expect(ring.loaded).toBe(false);
    await isLoaded(ring);
    expect([ring.tenantOf('first'), ring.tenantOf('second')]).toEqual([null, 'acme']);
    expect(lines.filter((line) => line.startsWith('setting_ignored'))).toHaveLength(1);
    await put(log, 'api_key/acme', null);
    await put(log, 'api_key/beta', keySetting('third', 'beta'));
    expect([ring.tenantOf('second'), ring.tenantOf('third')]).toEqual([null, 'beta']);
    stop();
    await done;
  });

  it('waits for a log that is down', async () => {
    const { deps, log, fail, stop, wake, sleeping } = newTestGateway();
    fail(new TransientError('unavailable', 'down'));
    const ring = createKeyRing();
    const done = startSettingsFeed(log, ring, deps.stopping, deps);
    await eventually('it waits', () => Promise.resolve({ done: sleeping() > 0, seen: sleeping() }), 5_000, 2);
    expect(ring.loaded).toBe(false);
    fail(null);
    wake();
    await isLoaded(ring);
    stop();
    await done;
  });
});
