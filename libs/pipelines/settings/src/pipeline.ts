import {
  settingKey,
  type SettingHistoryRow,
  type SettingRecord,
  settingRecord,
  shownValue,
  supersedes,
} from '@telltale/contracts';
import { createEffects, createStateCodec, createStateSection, readOrReject, type TaskProcessor } from '@telltale/streaming';

/** Every partition has the same records; one task is enough. */
const PARTITION = 0;
const SECTION = createStateSection('newest/', createStateCodec<SettingRecord>(1));

function rowOf({ type, tenant, name, version, changed_at, changed_by, value }: SettingRecord): SettingHistoryRow {
  return { tenant, type, name, version, changed_at, changed_by, value: value === null ? '' : JSON.stringify(shownValue(value)) };
}

const saysTheSame = (a: SettingRecord, b: SettingRecord | undefined): boolean =>
  JSON.stringify(a.value) === JSON.stringify(b?.value);

/**
 * One task: a row for every change. Two processes that take up the same settings file at the same moment write the same setting twice: that is
 * one change. State: `newest/<type>/<tenant>/<name>` → the newest record.
 */
export function createSettingsTask(partition: number, restored: ReadonlyMap<string, Buffer>): TaskProcessor {
  const newest = new Map<string, SettingRecord>(SECTION.restore(restored));

  return {
    process(records) {
      const effects = createEffects();
      if (partition !== PARTITION) return effects.done();
      for (const record of records) {
        const setting = readOrReject(record, settingRecord, 'read_setting', effects);
        if (!setting) continue;
        const key = settingKey(setting);
        const known = newest.get(key);
        if (!supersedes(setting, known)) continue;
        if (!saysTheSame(setting, known)) effects.row('settings_history', JSON.stringify(rowOf(setting)));
        newest.set(key, setting);
        SECTION.put(effects, key, setting);
      }
      return effects.done();
    },
    due: () => false,
  };
}
