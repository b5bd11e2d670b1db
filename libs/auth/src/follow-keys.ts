import { API_KEY_SCOPES, settingRecord, TOPICS } from '@telltale/contracts';
import { type Broker, followCompactedTopic, type Logger } from '@telltale/streaming';
import { type Clock, parseJson } from '@telltale/kernel';
import { type KeyStore } from './key-store';

const MAX_DEPTH = 16;

export interface FollowKeysOptions {
  readonly broker: Broker;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Keeps a key store in sync with the settings topic until `signal` aborts. Resolves when all current keys are loaded; later changes are
 * applied as they arrive.
 */
export function followKeys(store: KeyStore, { broker, signal, clock, logger }: FollowKeysOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    followCompactedTopic({
      broker,
      topic: TOPICS.settings.name,
      signal,
      clock,
      logger,
      onRecord: ({ key, value, offset }) => {
        if (key === null) return;
        if (value === null) return store.remove(key);
        try {
          if (store.apply(settingRecord.parse(parseJson(value.toString('utf8'), MAX_DEPTH)))) return;
        } catch {
          // A setting that cannot be read grants no access, nor does the one it replaces.
          store.remove(key);
        }
        logger.warn('setting_ignored', {
          key,
          offset,
          fix: `api_key needs name, tenant ([a-z0-9][a-z0-9_-]*) and sha256 (64 hex digits); scopes are any of ${API_KEY_SCOPES.join(', ')}`,
        });
      },
      onLoaded: resolve,
    }).then(resolve, reject);
  });
}
