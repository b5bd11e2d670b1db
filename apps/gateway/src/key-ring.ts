import { createHash, timingSafeEqual } from 'node:crypto';
import { type SettingRecord } from '@telltale/contracts';
import { isTenantId } from '@telltale/kernel';
import { type KeyRing } from './deps';

export interface LoadableKeyRing extends KeyRing {
  /** Takes a setting in; those that are no API key are not its business. False: an API key that cannot work. */
  apply(record: SettingRecord): boolean;
  /** `key` is the setting's key, `api_key/<name>`. */
  remove(key: string): void;
  setLoaded(loaded: boolean): void;
}

/** API keys in memory, as digests only. */
export function createKeyRing(settings: Iterable<SettingRecord> = []): LoadableKeyRing {
  const digestByName = new Map<string, string>();
  const byDigest = new Map<string, { readonly digest: Buffer; readonly tenants: Map<string, string> }>();
  let loaded = true;

  const remove = (name: string): void => {
    const hex = digestByName.get(name);
    if (hex === undefined) return;
    digestByName.delete(name);
    const entry = byDigest.get(hex);
    entry?.tenants.delete(name);
    if (entry?.tenants.size === 0) byDigest.delete(hex);
  };

  const ring: LoadableKeyRing = {
    get loaded() {
      return loaded;
    },
    tenantOf(key) {
      const digest = createHash('sha256').update(key).digest();
      // The map is asked by digest, of which a caller can choose no byte; the comparison then takes the same time for all.
      const entry = byDigest.get(digest.toString('hex'));
      if (!entry || !timingSafeEqual(entry.digest, digest)) return null;
      return entry.tenants.values().next().value ?? null;
    },
    apply(record) {
      if (record.type !== 'api_key') return true;
      const name = `api_key/${record.name}`;
      remove(name);
      const hex = record.sha256.toLowerCase();
      if (!/^[0-9a-f]{64}$/.test(hex) || !isTenantId(record.tenant)) return false;
      digestByName.set(name, hex);
      const entry = byDigest.get(hex) ?? { digest: Buffer.from(hex, 'hex'), tenants: new Map<string, string>() };
      entry.tenants.set(name, record.tenant);
      byDigest.set(hex, entry);
      return true;
    },
    remove,
    setLoaded(value) {
      loaded = value;
    },
  };
  for (const record of settings) ring.apply(record);
  return ring;
}
