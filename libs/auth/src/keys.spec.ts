import { type SettingRecord, TOPICS } from '@telltale/contracts';
import { type Broker, type LogRecord } from '@telltale/streaming';
import { authorize, createKeyStore, digestOf, followKeys, keyOf } from '.';

const keySetting = (key: string, tenant: string, name = tenant, more: object = {}): SettingRecord =>
  ({ type: 'api_key', name, tenant, sha256: digestOf(key).toString('hex'), ...more }) as SettingRecord;

describe('the key of a request', () => {
  it.each([
    [{ authorization: 'Bearer tt_a' }, 'tt_a'],
    [{ authorization: 'bearer  tt_a ' }, 'tt_a'],
    [{ 'x-telltale-key': 'tt_b', authorization: 'Bearer tt_a' }, 'tt_b'],
    [{ 'x-telltale-key': ['tt_c', 'tt_d'] }, 'tt_c'],
    [{ authorization: 'Basic dXNlcg==' }, null],
    [{ authorization: 'Bearer two words' }, null],
    [{}, null],
  ])('in %j is %j', (headers, key) => {
    expect(keyOf(headers)).toBe(key);
  });
});

describe('createKeyStore', () => {
  const tenantOf = (store: ReturnType<typeof createKeyStore>, key: string) => store.find(key)?.tenant ?? null;

  it('finds keys by digest, in any case, and no others', () => {
    const upper = digestOf('b').toString('hex').toUpperCase();
    const store = createKeyStore([keySetting('a', 'acme'), keySetting('b', 'beta', 'beta', { sha256: upper })]);
    expect(tenantOf(store, 'a')).toBe('acme');
    expect(tenantOf(store, 'b')).toBe('beta');
    expect(tenantOf(store, digestOf('a').toString('hex'))).toBeNull();
    expect(tenantOf(store, '')).toBeNull();
  });

  it('replaces the key of a name, and removes it with the name', () => {
    const store = createKeyStore([keySetting('old', 'acme')]);
    store.apply(keySetting('new', 'acme'));
    expect([tenantOf(store, 'old'), tenantOf(store, 'new')]).toEqual([null, 'acme']);
    store.remove('api_key/acme');
    store.remove('api_key/nobody');
    expect(tenantOf(store, 'new')).toBeNull();
  });

  it('keeps a key that two names share until both are removed', () => {
    const store = createKeyStore([keySetting('k', 'acme', 'one'), keySetting('k', 'acme', 'two')]);
    store.remove('api_key/one');
    expect(tenantOf(store, 'k')).toBe('acme');
    store.remove('api_key/two');
    expect(tenantOf(store, 'k')).toBeNull();
  });

  it.each([
    ['a digest that is none', keySetting('k', 'acme', 'k', { sha256: 'abc' })],
    ['a tenant that is none', keySetting('k', 'ACME!')],
  ])('lets nobody in by %s', (_what, setting) => {
    const store = createKeyStore();
    expect(store.apply(setting)).toBe(false);
    expect(tenantOf(store, 'k')).toBeNull();
  });
});

describe('authorize', () => {
  const store = createKeyStore([
    keySetting('all', 'acme', 'all'),
    keySetting('sdk', 'acme', 'sdk', { scopes: ['ingest', 'control:read'] }),
    keySetting('operator', 'acme', 'operator', { scopes: ['control'] }),
  ]);

  it('gives all scopes to a key without scopes, and otherwise the named ones; control includes control:read', () => {
    for (const scope of ['ingest', 'read', 'control:read', 'control', 'admin'] as const)
      expect(authorize(store, 'all', scope)).toEqual({ ok: true, tenant: 'acme' });
    expect(authorize(store, 'sdk', 'control:read').ok).toBe(true);
    expect(authorize(store, 'operator', 'control:read').ok).toBe(true);
    expect(authorize(store, 'operator', 'ingest').ok).toBe(false);
  });

  it('names the missing scope and the fix', () => {
    expect(authorize(store, 'sdk', 'control')).toEqual({
      ok: false,
      code: 'forbidden',
      message: 'this API key lacks the scope control: it has ingest, control:read',
      fix: expect.stringContaining('add control to the scopes') as string,
    });
    for (const key of [null, '', 'nobody']) expect(authorize(store, key, 'read')).toMatchObject({ code: 'unauthorized' });
  });
});

describe('followKeys', () => {
  /** A settings topic with `records`, and later ones. */
  function newTestFollow(first: readonly (readonly [string, unknown])[]) {
    const records: LogRecord[] = [];
    const add = (key: string, value: unknown): LogRecord => {
      const record = { topic: TOPICS.settings.name, partition: 0, offset: records.length, key, value: value === null ? null : Buffer.from(JSON.stringify(value)), headers: {}, timestampMs: 0 }; // prettier-ignore
      records.push(record);
      return record;
    };
    first.forEach(([key, value]) => add(key, value));
    let later: (records: readonly LogRecord[]) => void | Promise<void> = () => undefined;
    const stopping = new AbortController();
    const broker = {
      describe: () =>
        Promise.resolve([{ name: TOPICS.settings.name, partitions: [{ partition: 0, start: 0, end: records.length }] }]),
      newest: (_topic: string, limit: number) => Promise.resolve(records.slice(-limit)),
      tail: ({ onRecords, signal }: Parameters<Broker['tail']>[0]) => {
        later = onRecords;
        return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    } as unknown as Broker;
    const lines: string[] = [];
    const write = (message: string): number => lines.push(message);
    const logger = { debug: write, info: write, warn: write, error: write };
    const clock = { now: () => 0, monotonic: () => 0, sleep: () => Promise.resolve() };
    const sut = createKeyStore();
    const loaded = followKeys(sut, { broker, signal: stopping.signal, clock, logger });
    return { sut, loaded, lines, stop: () => stopping.abort(), put: (key: string, value: unknown) => later([add(key, value)]) };
  }

  it('loads every current key, also the oldest, however many settings follow it', async () => {
    const more = Array.from({ length: 10_000 }, (_, i) => [`tenant/t${i}`, { type: 'tenant', name: `t${i}` }] as const);
    const { sut, loaded, stop } = newTestFollow([['api_key/first', keySetting('first', 'acme', 'first')], ...more]);
    await loaded;
    expect(sut.find('first')?.tenant).toBe('acme');
    stop();
  });

  it('applies every change; a setting that it cannot read grants no access, nor does the one it replaces', async () => {
    const { sut, loaded, lines, put, stop } = newTestFollow([
      ['api_key/acme', keySetting('first', 'acme')],
      ['api_key/acme', keySetting('second', 'acme')],
      ['api_key/x', { type: 'api_key', name: 'x' }],
    ]);
    await loaded;
    expect([sut.find('first'), sut.find('second')?.tenant]).toEqual([null, 'acme']);
    expect(lines).toEqual(['setting_ignored']);
    await put('api_key/beta', keySetting('third', 'beta'));
    expect(sut.find('third')?.tenant).toBe('beta');
    await put('api_key/beta', { ...keySetting('third', 'beta'), scopes: ['everything'] });
    await put('api_key/acme', null);
    expect([sut.find('second'), sut.find('third')]).toEqual([null, null]);
    stop();
  });
});
