import { settingKey, type SettingRecord, settingRecord, type SettingType, SINGLE_NAME } from '@telltale/contracts';
import { createSettingStore, type SettingStore } from './setting-store';

/** A setting as the topic has it. */
export const newTestSetting = (
  type: SettingType,
  tenant: string,
  value: object | null,
  name = SINGLE_NAME,
  version = 1,
): SettingRecord =>
  settingRecord.parse({ type, tenant, name, version, changed_at: '2026-01-01T00:00:00.000Z', changed_by: 'test', value });

/** Settings that a test changes. */
export function newTestSettings(...records: readonly SettingRecord[]): SettingStore & { put(record: SettingRecord): void } {
  const store = createSettingStore(records);
  return { ...store, put: (record) => void store.take(settingKey(record), Buffer.from(JSON.stringify(record))) };
}
