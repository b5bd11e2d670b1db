import { settingKey, type SettingRecord } from '@telltale/contracts';
import { hashId } from '@telltale/kernel';
import { type Broker } from '@telltale/streaming';
import { readSettingsFile } from './settings-file';
import { changedSetting, readSettings, type SettingChange, writeSettings } from './write-settings';

const SETTINGS_FILE = 'settings file';
const SEED_CHARS = 12;

/**
 * Changes that a settings file makes now: of entries that were not taken before, or are others than those that were. What people have changed
 * since stays as long as the entry stays as it is.
 */
export function seedChanges(entries: readonly SettingChange[], current: ReadonlyMap<string, SettingRecord>): SettingChange[] {
  return entries
    .map((entry) => ({ ...entry, seed: hashId(SEED_CHARS, JSON.stringify(entry.value)) }))
    .filter((entry) => current.get(settingKey(entry))?.seed !== entry.seed);
}

/** Brings the settings topic up to a settings file, if there is one. Answers the settings as they are then, by key. */
export async function seedSettings(
  broker: Pick<Broker, 'describe' | 'produce' | 'newest'>,
  file: string | undefined,
  now: number,
): Promise<ReadonlyMap<string, SettingRecord>> {
  const current = await readSettings(broker);
  const changes = file === undefined ? [] : seedChanges(readSettingsFile(file, now), current);
  const records = changes.map((change) => changedSetting(current.get(settingKey(change)), change, { by: SETTINGS_FILE, now }));
  await writeSettings(broker, records);
  return new Map([...current, ...records.map((record) => [settingKey(record), record] as const)]);
}
