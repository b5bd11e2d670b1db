import { settingRecord, TOPICS } from '@telltale/contracts';
import { type EventLog, type Log } from '@telltale/engine';
import { type Clock, parseJson } from '@telltale/kernel';
import { followTable } from './follow-table';
import { type LoadableKeyRing } from './key-ring';

/** Feeds a key ring from the settings topic until `signal` aborts. While it has not read them all, unknown keys get 503, not 401. */
export function startSettingsFeed(
  log: EventLog,
  keyRing: LoadableKeyRing,
  signal: AbortSignal,
  { clock, logger }: { readonly clock: Clock; readonly logger: Log },
): Promise<void> {
  keyRing.setLoaded(false);
  return followTable({
    log,
    topic: TOPICS.settings.name,
    signal,
    clock,
    logger,
    onRecord: ({ key, value, offset }) => {
      if (key === null) return;
      if (value === null) return keyRing.remove(key);
      try {
        if (keyRing.apply(settingRecord.parse(parseJson(value.toString('utf8'), 16)))) return;
      } catch {
        // Somebody's record in a shape we do not know lets nobody in.
      }
      logger.warn('setting_ignored', {
        key,
        offset,
        fix: 'api_key needs name, tenant ([a-z0-9][a-z0-9_-]*) and sha256 (64 hex digits)',
      });
    },
    onLoaded: () => keyRing.setLoaded(true),
  });
}
