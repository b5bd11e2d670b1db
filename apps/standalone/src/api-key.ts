import { API_KEY_SCOPES, settingKey } from '@telltale/contracts';
import { changedSetting, readSettings, writeSettings } from '@telltale/settings';
import { type Broker } from '@telltale/streaming';
import { digestOf, issueTicket, keyIdentityOf, keyOfCell } from '@telltale/auth';
import { MINUTE_MS } from '@telltale/kernel';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const API_KEY_FILE = 'api-key';
const DEFAULT_TENANT = 'default';
/** What an embedded home calls itself in the keys that it makes. */
const CELL = 'local';

/** The key of an embedded home, made on first start. */
export function ensureApiKey(home: string): { readonly key: string; readonly created: boolean } {
  const file = join(home, API_KEY_FILE);
  if (existsSync(file)) return { key: readFileSync(file, 'utf8').trim(), created: false };
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const key = keyOfCell(CELL, randomBytes(24));
  writeFileSync(file, `${key}\n`, { mode: 0o600 });
  return { key, created: true };
}

/** Lets the key in; only its digest goes to the settings topic. */
export async function registerApiKey(broker: Broker, key: string, now: number): Promise<void> {
  const sha256 = digestOf(key).toString('hex');
  const value = { sha256, scopes: [...API_KEY_SCOPES] };
  const change = { type: 'api_key', tenant: DEFAULT_TENANT, name: 'embedded', value } as const;
  const known = (await readSettings(broker)).get(settingKey(change));
  if (known?.type === 'api_key' && known.value?.sha256 === sha256) return;
  await writeSettings(broker, [changedSetting(known, change, { by: 'telltale up', now })]);
}

const LINK_MS = 15 * MINUTE_MS;

/** A link that signs a browser in with this key, once. Its part behind the hash is not sent to any server but by the page itself. */
export function consoleLinkOf(url: string, key: string, now: number): string {
  const ticket = { use: 'link', id: randomBytes(16).toString('hex'), expires: now + LINK_MS, scopes: API_KEY_SCOPES } as const;
  return `${url}/#link=${issueTicket(keyIdentityOf(key), ticket)}`;
}
