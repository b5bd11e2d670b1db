import { timingSafeEqual } from 'node:crypto';
import { API_KEY_SCOPES, type ApiKeyScope, type SettingRecord } from '@telltale/contracts';
import { isTenantId } from '@telltale/kernel';
import { digestOf } from './api-key';

/** What a key lets in. */
export interface Grant {
  readonly tenant: string;
  readonly scopes: readonly ApiKeyScope[];
}

export interface KeyStore {
  /** What a key lets in, or null when there is no such key. */
  find(key: string): Grant | null;
  /** Takes a setting in; those that are no API key are not its business. False: an API key that cannot work. */
  apply(record: SettingRecord): boolean;
  /** `key` is the setting's key, `api_key/<name>`. */
  remove(key: string): void;
}

/** API keys in memory, as digests only. */
export function createKeyStore(settings: Iterable<SettingRecord> = []): KeyStore {
  const digestByName = new Map<string, string>();
  const byDigest = new Map<string, { readonly digest: Buffer; readonly grants: Map<string, Grant> }>();

  const remove = (name: string): void => {
    const hex = digestByName.get(name);
    if (hex === undefined) return;
    digestByName.delete(name);
    const entry = byDigest.get(hex);
    entry?.grants.delete(name);
    if (entry?.grants.size === 0) byDigest.delete(hex);
  };

  const store: KeyStore = {
    find(key) {
      const digest = digestOf(key);
      // The map is asked by digest, of which a caller can choose no byte; the comparison then takes the same time for all.
      const entry = byDigest.get(digest.toString('hex'));
      if (!entry || !timingSafeEqual(entry.digest, digest)) return null;
      return entry.grants.values().next().value ?? null;
    },
    apply(record) {
      if (record.type !== 'api_key') return true;
      const name = `api_key/${record.name}`;
      remove(name);
      const hex = record.sha256.toLowerCase();
      if (!/^[0-9a-f]{64}$/.test(hex) || !isTenantId(record.tenant)) return false;
      digestByName.set(name, hex);
      const entry = byDigest.get(hex) ?? { digest: Buffer.from(hex, 'hex'), grants: new Map<string, Grant>() };
      entry.grants.set(name, { tenant: record.tenant, scopes: record.scopes ?? API_KEY_SCOPES });
      byDigest.set(hex, entry);
      return true;
    },
    remove,
  };
  for (const record of settings) store.apply(record);
  return store;
}
