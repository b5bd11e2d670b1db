import { timingSafeEqual } from 'node:crypto';
import { API_KEY_SCOPES, type ApiKeyScope, type SettingRecord } from '@telltale/contracts';
import { isTenantId } from '@telltale/kernel';
import { digestOf } from './api-key';

/** The access that a key grants. */
export interface Grant {
  readonly tenant: string;
  readonly scopes: readonly ApiKeyScope[];
}

export interface KeyStore {
  /** The grant of a key, or null for an unknown key. */
  find(key: string): Grant | null;
  /** Applies a setting; ignores those that are not API keys. Returns false for an API key that cannot be used. */
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
      // The map is looked up by digest, whose bytes a caller cannot choose; the comparison then takes constant time.
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
