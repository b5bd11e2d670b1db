import { timingSafeEqual } from 'node:crypto';
import { API_KEY_SCOPES, type ApiKeyScope, type SettingRecord } from '@telltale/contracts';
import { isTenantId } from '@telltale/kernel';
import { digestOf, type SettingStore } from '@telltale/settings';

/** What a key lets in. */
export interface Grant {
  readonly tenant: string;
  /** Of the key, for people. */
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  /** Where its setting names them; else those of the process hold. */
  readonly limits?: { readonly requestsPerSecond?: number | undefined; readonly bytesPerSecond?: number | undefined };
}

export interface KeyStore {
  /** What a key lets in, or null when there is no such key. */
  find(key: string): Grant | null;
}

/** A key that names no scopes may do everything for its tenant. */
const SCOPES_OF_A_TENANT = API_KEY_SCOPES.filter((scope) => scope !== 'operator');

/** The API keys among the settings, as digests only, kept as the settings are. */
export function createKeyStore(settings: Pick<SettingStore, 'listen'>): KeyStore {
  const digestByKey = new Map<string, string>();
  const byDigest = new Map<string, { readonly digest: Buffer; readonly grants: Map<string, Grant> }>();

  const remove = (key: string): void => {
    const hex = digestByKey.get(key);
    if (hex === undefined) return;
    digestByKey.delete(key);
    const entry = byDigest.get(hex);
    entry?.grants.delete(key);
    if (entry?.grants.size === 0) byDigest.delete(hex);
  };
  const add = (key: string, { tenant, name, value }: SettingRecord & { type: 'api_key' }): void => {
    if (!value || !isTenantId(tenant)) return;
    const { sha256: hex, scopes = SCOPES_OF_A_TENANT } = value;
    const limits = { requestsPerSecond: value.max_requests_per_second, bytesPerSecond: value.max_bytes_per_second };
    digestByKey.set(key, hex);
    const entry = byDigest.get(hex) ?? { digest: Buffer.from(hex, 'hex'), grants: new Map<string, Grant>() };
    entry.grants.set(key, { tenant, name, scopes, limits });
    byDigest.set(hex, entry);
  };
  settings.listen((key, setting) => {
    remove(key);
    if (setting?.type === 'api_key') add(key, setting);
  });

  return {
    find(key) {
      const digest = digestOf(key);
      // The map is asked by digest, of which a caller can choose no byte; the comparison then takes the same time for all.
      const entry = byDigest.get(digest.toString('hex'));
      if (!entry || !timingSafeEqual(entry.digest, digest)) return null;
      return entry.grants.values().next().value ?? null;
    },
  };
}
