import { settingKey, shownValue } from '@telltale/contracts';
import { type Setting } from '@telltale/api-client';
import { type SettingChange } from '@telltale/settings';

export interface Difference {
  readonly change: 'create' | 'change' | 'none';
  readonly setting: SettingChange;
  readonly before: object | null;
}

/** Fields in one order, and of a digest as much as insights shows. */
function comparable(value: object): string {
  return JSON.stringify(Object.entries(shownValue(value)).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a settings file would change of what there is. Settings that it does not name stay as they are. */
export function differences(wanted: readonly SettingChange[], present: readonly Setting[]): Difference[] {
  const byKey = new Map(present.map((one) => [settingKey(one), one.value]));
  return wanted.map((setting) => {
    const before = byKey.get(settingKey(setting)) ?? null;
    const isSame = before !== null && setting.value !== null && comparable(before) === comparable(setting.value);
    return { setting, before, change: before === null ? 'create' : isSame ? 'none' : 'change' };
  });
}

/** `field: before → after` of each field that differs. */
export function fieldChanges({ before, setting: { value } }: Difference): string {
  const [old, now] = [shownValue(before ?? {}), shownValue(value ?? {})] as Record<string, unknown>[];
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])];
  const show = (name: string, one: unknown): string =>
    one === undefined ? '(none)' : name === 'sha256' ? `${String(one)}…` : JSON.stringify(one);
  return names
    .map((name) => [show(name, old?.[name]), show(name, now?.[name]), name] as const)
    .filter(([was, is]) => was !== is)
    .map(([was, is, name]) => `${name}: ${was} → ${is}`)
    .join(', ');
}
