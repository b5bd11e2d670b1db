import { type SettingAddress, settingKey, type SettingRecord, settingRecord, supersedes } from '@telltale/contracts';
import { parseJson } from '@telltale/kernel';

const MAX_DEPTH = 16;

/** Hears of a change: the newest record of a key, or null where nobody can read it. */
export type SettingListener = (key: string, record: SettingRecord | null) => void;

/** The settings topic in memory: the newest record of each key. */
export interface SettingStore {
  /** Also one that was deleted, whose value is null. */
  get(address: SettingAddress): SettingRecord | undefined;
  /** Those that are not deleted, in order of key. */
  list(filter?: Partial<Pick<SettingAddress, 'type' | 'tenant'>>): SettingRecord[];
  /** Takes a record of the topic in. False: it cannot be read; the one it replaces is gone. */
  take(key: string, value: Buffer | null): boolean;
  /** Calls `listener` with what is there, then at each change. */
  listen(listener: SettingListener): void;
}

export function readSetting(value: Buffer): SettingRecord | null {
  try {
    return settingRecord.parse(parseJson(value.toString('utf8'), MAX_DEPTH));
  } catch {
    return null;
  }
}

export function createSettingStore(records: Iterable<SettingRecord> = []): SettingStore {
  const newest = new Map<string, SettingRecord>();
  const listeners: SettingListener[] = [];
  const tell = (key: string, record: SettingRecord | null): void => listeners.forEach((listener) => listener(key, record));
  function drop(key: string): void {
    if (newest.delete(key)) tell(key, null);
  }
  for (const record of records) newest.set(settingKey(record), record);

  return {
    get: (address) => newest.get(settingKey(address)),
    list: ({ type, tenant } = {}) =>
      [...newest]
        .filter(([, one]) => one.value !== null && one.type === (type ?? one.type) && one.tenant === (tenant ?? one.tenant))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, one]) => one),
    take(key, value) {
      const record = value && readSetting(value);
      // A setting that cannot be read lets nobody in, nor does the one it replaces.
      if (!record || settingKey(record) !== key) {
        drop(key);
        return value === null;
      }
      if (!supersedes(record, newest.get(key))) return true;
      newest.set(key, record);
      tell(key, record);
      return true;
    },
    listen(listener) {
      listeners.push(listener);
      for (const [key, record] of newest) listener(key, record);
    },
  };
}
