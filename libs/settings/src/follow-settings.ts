import { TOPICS } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { type Broker, followCompactedTopic, type Logger } from '@telltale/streaming';
import { createSettingStore, type SettingStore } from './setting-store';

/** Every partition holds the same records; this one is written first. */
export const FIRST_PARTITION = 0;

export interface FollowSettingsOptions {
  readonly broker: Broker;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * The settings as their topic has them, kept so until `signal` aborts. Resolves when all that are there are known; what comes later is taken
 * as it comes.
 */
export function followSettings({ broker, signal, clock, logger }: FollowSettingsOptions): Promise<SettingStore> {
  const store = createSettingStore();
  return new Promise((resolve, reject) => {
    followCompactedTopic({
      broker,
      topic: TOPICS.settings.name,
      partition: FIRST_PARTITION,
      signal,
      clock,
      logger,
      onRecord: ({ key, value, offset }) => {
        if (key === null || store.take(key, value)) return;
        logger.warn('setting_ignored', { key, offset, fix: 'write settings with: telltale settings set' });
      },
      onLoaded: () => resolve(store),
    }).then(() => resolve(store), reject);
  });
}
