import { TOPICS, type SettingRecord } from '@telltale/contracts';
import { type Broker } from '@telltale/streaming';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const API_KEY_FILE = 'api-key';
const DEFAULT_TENANT = 'default';

/** The key of an embedded home, created on first start. */
export function ensureApiKey(home: string): { readonly key: string; readonly created: boolean } {
  const file = join(home, API_KEY_FILE);
  if (existsSync(file)) return { key: readFileSync(file, 'utf8').trim(), created: false };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const key = `tt_${randomBytes(24).toString('base64url')}`;
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return { key, created: true };
}

/** Registers the key; only its digest goes to the settings topic. */
export async function registerApiKey(broker: Broker, key: string): Promise<void> {
  const sha256 = createHash('sha256').update(key).digest('hex');
  const setting: SettingRecord = { type: 'api_key', name: 'embedded', tenant: DEFAULT_TENANT, sha256 };
  const known = await broker.newest(TOPICS.settings.name, 1_000);
  if (known.some(({ value }) => value?.includes(sha256))) return;
  await broker.produce([{ topic: TOPICS.settings.name, key: `${setting.type}/${setting.name}`, value: JSON.stringify(setting) }]);
}
