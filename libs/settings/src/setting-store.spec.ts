import { settingKey, type SettingRecord } from '@telltale/contracts';
import { createSettingStore } from './setting-store';
import { newTestSetting } from './setting.fixture';

const bytes = (record: unknown): Buffer => Buffer.from(JSON.stringify(record));
const tenant = (privacy: string, version: number, changed_at = '2026-01-01T00:00:00.000Z'): SettingRecord => ({
  ...newTestSetting('tenant', 'acme', { privacy }, 'default', version),
  changed_at,
});
const KEY = 'tenant/acme/default';

describe('the settings in memory', () => {
  it('end with the same record, whatever order records come in', () => {
    const records = [tenant('mask', 1), tenant('drop_content', 2), tenant('metadata_only', 2, '2026-01-02T00:00:00.000Z'), tenant('pseudonymize', 2, '2026-01-02T00:00:00.000Z')]; // prettier-ignore
    const after = (order: readonly SettingRecord[]): unknown => {
      const store = createSettingStore();
      for (const record of order) store.take(KEY, bytes(record));
      return store.list()[0]?.value;
    };
    expect(after(records)).toEqual({ privacy: 'pseudonymize' });
    expect(after([...records].reverse())).toEqual({ privacy: 'pseudonymize' });
  });

  it('tell of what is there and of each change once', () => {
    const heard: string[] = [];
    const store = createSettingStore([tenant('mask', 1)]);
    store.listen((key, record) => heard.push(`${key} ${JSON.stringify(record?.value)}`));
    store.take(KEY, bytes(tenant('drop_content', 2)));
    store.take(KEY, bytes(tenant('drop_content', 2)));
    store.take(KEY, bytes(tenant('mask', 1)));
    expect(heard).toEqual([`${KEY} {"privacy":"mask"}`, `${KEY} {"privacy":"drop_content"}`]);
  });

  it.each([
    ['is no JSON', Buffer.from('{'), false],
    ['has a value of another form', bytes({ ...tenant('mask', 2), value: { privacy: 'none' } }), false],
    ['stands under another key', bytes(newTestSetting('tenant', 'beta', {}, 'default', 2)), false],
    ['is a tombstone', null, true],
  ])('lose a setting whose next record %s', (_what, value, isRead) => {
    const heard: unknown[] = [];
    const store = createSettingStore([tenant('mask', 1)]);
    store.listen((_key, record) => heard.push(record?.version ?? null));
    expect(store.take(KEY, value)).toBe(isRead);
    expect([store.list(), heard]).toEqual([[], [1, null]]);
  });

  it('are listed by type and tenant, in order of key, without those that were deleted', () => {
    const records = [newTestSetting('view', 'beta', { title: 't', page: 'p' }, 'b'), newTestSetting('view', 'acme', { title: 't', page: 'p' }, 'a'), newTestSetting('view', 'acme', null, 'gone'), tenant('mask', 1)]; // prettier-ignore
    const store = createSettingStore(records);
    expect(store.list().map(settingKey)).toEqual([KEY, 'view/acme/a', 'view/beta/b']);
    expect(store.list({ type: 'view' }).map(settingKey)).toEqual(['view/acme/a', 'view/beta/b']);
    expect(store.list({ tenant: 'acme' }).map(settingKey)).toEqual([KEY, 'view/acme/a']);
    expect(store.get({ type: 'view', tenant: 'acme', name: 'gone' })?.value).toBeNull();
  });
});
