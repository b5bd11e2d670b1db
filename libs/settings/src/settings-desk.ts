import { isReference, isSealed, settingKey, type SettingRecord, withSecrets } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { type Broker, type SecretBox, secretPlace } from '@telltale/streaming';
import { type SettingStore } from './setting-store';
import { changedSetting, type SettingChange, writeSettings } from './write-settings';

/** Reads and changes settings. */
export interface Settings extends Pick<SettingStore, 'get' | 'list'> {
  /** Resolves when the log has the change; `get` and `list` of this process show it then. TransientError when the log cannot be reached. */
  change(change: SettingChange, by: string): Promise<SettingRecord>;
}

/** One change at a time, each from what the one before left. Secrets are sealed before anything is written. */
export function createSettings(
  store: SettingStore,
  broker: Pick<Broker, 'describe' | 'produce' | 'newest'>,
  clock: Clock,
  secrets: Pick<SecretBox, 'seal'>,
): Settings {
  let last: Promise<unknown> = Promise.resolve();
  function sealed(change: SettingChange): SettingChange {
    if (change.value === null) return change;
    const place = settingKey(change);
    const seal = (field: string, secret: string): string =>
      isSealed(secret) || isReference(secret) ? secret : secrets.seal(secretPlace(place, field), secret);
    return { ...change, value: withSecrets(change.value, seal) };
  }

  async function write(given: SettingChange, by: string): Promise<SettingRecord> {
    const change = sealed(given);
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
