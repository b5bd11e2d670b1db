import { settingRecord, TOPICS } from '@telltale/contracts';
import { type EventLog } from '@telltale/engine';
import { type Clock } from '@telltale/kernel';
import { createHash, timingSafeEqual } from 'node:crypto';

const NEWEST_SETTINGS = 5_000;
const REFRESH_MS = 10_000;
/** An unknown key is looked up again in the log, but not more often than this. */
const MISS_REFRESH_MS = 500;

interface KnownKey {
  readonly digest: Buffer;
  readonly tenant: string;
}

/** API key → tenant, from the settings topic; keys stand there as SHA-256 only. */
export function createKeyLookup(log: EventLog, clock: Clock): (token: string) => Promise<string | null> {
  let keys: readonly KnownKey[] = [];
  let readAt = -Infinity;
  let reading: Promise<void> | null = null;

  async function read(): Promise<void> {
    const byName = new Map<string, KnownKey>();
    for (const { key, value } of await log.newest(TOPICS.settings.name, NEWEST_SETTINGS)) {
      if (key === null) continue;
      byName.delete(key);
      const setting = value === null ? null : parse(value);
      if (setting?.type === 'api_key') byName.set(key, { digest: Buffer.from(setting.sha256, 'hex'), tenant: setting.tenant });
    }
    keys = [...byName.values()];
    readAt = clock.monotonic();
  }
  const refresh = (): Promise<void> => (reading ??= read().finally(() => (reading = null)));

  return async (token) => {
    const digest = createHash('sha256').update(token).digest();
    const find = (): string | null =>
      keys.find((known) => known.digest.length === digest.length && timingSafeEqual(known.digest, digest))?.tenant ?? null;
    if (clock.monotonic() - readAt > REFRESH_MS) await refresh();
    const tenant = find();
    if (tenant !== null || clock.monotonic() - readAt < MISS_REFRESH_MS) return tenant;
    await refresh();
    return find();
  };
}

function parse(value: Buffer): ReturnType<typeof settingRecord.parse> | null {
  try {
    return settingRecord.parse(JSON.parse(value.toString()));
  } catch {
    return null; // Somebody's record in a shape we do not know lets nobody in.
  }
}
