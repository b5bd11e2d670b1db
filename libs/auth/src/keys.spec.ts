import { type SettingRecord } from '@telltale/contracts';
import { newTestSetting, newTestSettings } from '@telltale/settings/testing';
import { authorize, cellOf, createKeyStore, digestOf, keyOf, keyOfCell } from '.';

const keySetting = (key: string, tenant: string, name = tenant, more: object = {}): SettingRecord =>
  newTestSetting('api_key', tenant, { sha256: digestOf(key).toString('hex'), ...more }, name);
const later = (setting: SettingRecord): SettingRecord => ({ ...setting, version: setting.version + 1 });
const deleted = (setting: SettingRecord): SettingRecord => ({ ...later(setting), value: null }) as SettingRecord;

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

describe('the cell of a key', () => {
  it.each([
    [`tt_eu-1_${'0a'.repeat(24)}`, 'eu-1'],
    [keyOfCell('local', Buffer.alloc(24, 9)), 'local'],
    [`tt_${'0a'.repeat(24)}`, null],
    ['tt_sdk', null],
    [`tt_EU_${'0a'.repeat(24)}`, null],
    ['tt_eu-1_short', null],
    ['', null],
  ])('%s: %s', (key, cell) => expect(cellOf(key)).toBe(cell));
});

describe('createKeyStore', () => {
  const tenantOf = (store: ReturnType<typeof createKeyStore>, key: string) => store.find(key)?.tenant ?? null;

  it('knows keys by digest, and no other', () => {
    const store = createKeyStore(newTestSettings(keySetting('a', 'acme'), keySetting('b', 'beta')));
    expect(tenantOf(store, 'a')).toBe('acme');
    expect(tenantOf(store, 'b')).toBe('beta');
    expect(tenantOf(store, digestOf('a').toString('hex'))).toBeNull();
    expect(tenantOf(store, '')).toBeNull();
  });

  it('forgets the key before when a name gets another, and the last when it is deleted', () => {
    const settings = newTestSettings(keySetting('old', 'acme'));
    const store = createKeyStore(settings);
    settings.put(later(keySetting('new', 'acme')));
    expect([tenantOf(store, 'old'), tenantOf(store, 'new')]).toEqual([null, 'acme']);
    settings.put(deleted(later(keySetting('new', 'acme'))));
    expect(tenantOf(store, 'new')).toBeNull();
  });

  it('keeps a key that two names share until both are gone', () => {
    const [one, two] = [keySetting('k', 'acme', 'one'), keySetting('k', 'acme', 'two')];
    const settings = newTestSettings(one, two);
    const store = createKeyStore(settings);
    settings.put(deleted(one));
    expect(tenantOf(store, 'k')).toBe('acme');
    settings.put(deleted(two));
    expect(tenantOf(store, 'k')).toBeNull();
  });

  it('lets nobody in by a tenant that is none', () => {
    expect(tenantOf(createKeyStore(newTestSettings(keySetting('k', 'ACME!'))), 'k')).toBeNull();
  });
});

describe('authorize', () => {
  const store = createKeyStore(
    newTestSettings(
      keySetting('all', 'acme', 'all'),
      keySetting('sdk', 'acme', 'sdk', { scopes: ['ingest', 'control:read'] }),
      keySetting('watch', 'acme', 'watch', { scopes: ['control'] }),
      keySetting('operator', 'acme', 'operator', { scopes: ['operator'] }),
    ),
  );

  it('lets a key without scopes do all of its tenant, and others what they name; who may set directives may see them', () => {
    for (const scope of ['ingest', 'read', 'control:read', 'control', 'admin'] as const)
      expect(authorize(store, 'all', scope)).toMatchObject({ ok: true, grant: { tenant: 'acme', name: 'all' } });
    expect(authorize(store, 'all', 'operator').ok).toBe(false);
    expect(authorize(store, 'operator', 'operator').ok).toBe(true);
    expect(authorize(store, 'sdk', 'control:read').ok).toBe(true);
    expect(authorize(store, 'watch', 'control:read').ok).toBe(true);
    expect(authorize(store, 'watch', 'ingest').ok).toBe(false);
  });

  it('names the scope that is missing, and says what to do', () => {
    expect(authorize(store, 'sdk', 'control')).toEqual({
      ok: false,
      code: 'forbidden',
      message: 'this API key lacks the scope control: it has ingest, control:read',
      fix: expect.stringContaining('add control to the scopes') as string,
    });
    for (const key of [null, '', 'nobody']) expect(authorize(store, key, 'read')).toMatchObject({ code: 'unauthorized' });
  });
});
