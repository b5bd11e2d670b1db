import { settingKey, type SettingRecord } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { type Broker } from '@telltale/streaming';
import { type SettingStore } from './setting-store';
import { changedSetting, type SettingChange, writeSettings } from './write-settings';

/** Reads and changes settings. */
export interface Settings extends Pick<SettingStore, 'get' | 'list'> {
  /** Resolves when the log has the change; `get` and `list` of this process show it then. TransientError when the log cannot be reached. */
  change(change: SettingChange, by: string): Promise<SettingRecord>;
}

/** One change at a time, each from what the one before left. */
export function createSettings(
  store: SettingStore,
  broker: Pick<Broker, 'describe' | 'produce' | 'newest'>,
  clock: Clock,
): Settings {
  let last: Promise<unknown> = Promise.resolve();
  async function write(change: SettingChange, by: string): Promise<SettingRecord> {
    const record = changedSetting(store.get(change), change, { by, now: clock.now() });
    await writeSettings(broker, [record]);
    store.take(settingKey(record), Buffer.from(JSON.stringify(record)));
    return record;
  }
  return {
    get: store.get,
    list: store.list,
    change(change, by) {
      const done = last.then(() => write(change, by));
      last = done.catch(() => undefined);
      return done;
    },
  };
}
