import {
  ALL_TENANTS, settingKey, type SettingRecord, settingRecord, type SettingType, type SettingValue, SINGLE_NAME, supersedes, TOPICS,
} from '@telltale/contracts'; // prettier-ignore
import { type Effects } from '../pipeline/effects';
import { readRecord } from '../pipeline/read-record';
import { type LogRecord } from '../ports/broker';
import { createStateCodec, createStateSection } from './state-codec';

const SECTION = createStateSection('setting/', createStateCodec<SettingRecord>(1));
const MAX_MADE = 10_000;

export interface NamedSetting<T extends SettingType> {
  readonly name: string;
  readonly value: SettingValue<T>;
}

/**
 * The settings that a task runs under: of the types it reads, as the settings topic had them at the end of its batch. They are part of
 * its state, so a batch that is repeated has those that it had.
 */
export interface TaskSettings {
  /** Takes in what of a batch is settings; answers the rest. A record that cannot be read is counted and changes nothing. */
  take(records: readonly LogRecord[], effects: Effects): readonly LogRecord[];
  /** Of a tenant (or `*`), in order of name. */
  of<T extends SettingType>(type: T, tenant: string): readonly NamedSetting<T>[];
  /** The one of a tenant, where a type has one a tenant: its own, else that of all tenants. */
  valueOf<T extends SettingType>(type: T, tenant: string): SettingValue<T> | undefined;
  /** Rises when a setting changes: what is made of settings is made again then. */
  revision(): number;
  flush(effects: Effects): void;
}

/** `types`: those that the pipeline reads; it keeps no others. State: `setting/<type>/<tenant>/<name>` → the newest record. */
export function createTaskSettings(types: readonly SettingType[], restored: ReadonlyMap<string, Buffer>): TaskSettings {
  const newest = new Map<string, SettingRecord>(SECTION.restore(restored));
  const byTenant = new Map<string, Map<string, SettingRecord>>();
  const changed = new Set<string>();
  let revision = 0;

  const placeOf = (type: SettingType, tenant: string): string => `${type}/${tenant}`;
  function keep(record: SettingRecord): void {
    const place = placeOf(record.type, record.tenant);
    const group = byTenant.get(place) ?? new Map<string, SettingRecord>();
    group.set(record.name, record);
    byTenant.set(place, group);
    newest.set(settingKey(record), record);
  }
  for (const record of newest.values()) keep(record);

  const found = <T extends SettingType>(type: T, tenant: string, name: string): SettingValue<T> | undefined =>
    (byTenant.get(placeOf(type, tenant))?.get(name)?.value as SettingValue<T> | null | undefined) ?? undefined;

  return {
    take(records, effects) {
      if (!records.some(({ topic }) => topic === TOPICS.settings.name)) return records;
      return records.filter((record) => {
        if (record.topic !== TOPICS.settings.name) return true;
        const read = readRecord(record, settingRecord, 'read_setting');
        if (read.kind !== 'ok') {
          effects.count('settings_ignored');
          return false;
        }
        const setting = read.value;
        if (types.includes(setting.type) && supersedes(setting, newest.get(settingKey(setting)))) {
          keep(setting);
          changed.add(settingKey(setting));
          revision++;
        }
        return false;
      });
    },
    of: <T extends SettingType>(type: T, tenant: string) =>
      [...(byTenant.get(placeOf(type, tenant))?.values() ?? [])]
        .filter(({ value }) => value !== null)
        .map(({ name, value }) => ({ name, value: value as SettingValue<T> }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    valueOf: (type, tenant) => found(type, tenant, SINGLE_NAME) ?? found(type, ALL_TENANTS, SINGLE_NAME),
    revision: () => revision,
    flush(effects) {
      for (const key of changed) SECTION.put(effects, key, newest.get(key) ?? null);
      changed.clear();
    },
  };
}

/** Something made of the settings of a tenant, and made again only once they have changed. */
export function madeOfSettings<T>(settings: TaskSettings, make: (tenant: string) => T): (tenant: string) => T {
  const made = new Map<string, T>();
  let of = settings.revision();
  return (tenant) => {
    if (of !== settings.revision()) {
      made.clear();
      of = settings.revision();
    }
    const known = made.get(tenant);
    if (known !== undefined) return known;
    // Who writes to a topic chooses the tenants named in it.
    if (made.size >= MAX_MADE) made.clear();
    const one = make(tenant);
    made.set(tenant, one);
    return one;
  };
}
