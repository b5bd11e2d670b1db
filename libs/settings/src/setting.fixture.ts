import { SEALED_PREFIX, settingKey, type SettingRecord, settingRecord, type SettingType, SINGLE_NAME } from '@telltale/contracts';
import { type SecretBox } from '@telltale/streaming';
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

/** Seals nothing, but says for which place it would. */
export const newTestSecrets = (): SecretBox => ({
  seal: (place, secret) => SEALED_PREFIX + Buffer.from(JSON.stringify([place, secret])).toString('base64url'),
  open(place, sealed) {
    const [of, secret = ''] = JSON.parse(Buffer.from(sealed.slice(SEALED_PREFIX.length), 'base64url').toString()) as string[];
    if (of !== place) throw new Error(`sealed for ${of ?? ''}`);
    return secret;
  },
});
