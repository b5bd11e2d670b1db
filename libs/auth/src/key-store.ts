import { createHash, timingSafeEqual } from 'node:crypto';
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

export interface KeyIdentity {
  /** Names the key and says nothing of its digest: 32 hex digits. */
  readonly id: string;
  readonly digest: Buffer;
}

/** A key as the settings know it. */
export interface KnownKey extends KeyIdentity {
  readonly grant: Grant;
}

export interface KeyStore {
  /** What a key lets in, or null when there is no such key. */
  find(key: string): Grant | null;
  entryOf(key: string): KnownKey | null;
  entryById(id: string): KnownKey | null;
}

const idOf = (digest: Buffer): string => createHash('sha256').update('telltale key id').update(digest).digest('hex').slice(0, 32);

/** A key that names no scopes may do everything for its tenant. */
const SCOPES_OF_A_TENANT = API_KEY_SCOPES.filter((scope) => scope !== 'operator');

interface Entry {
  readonly id: string;
  readonly digest: Buffer;
  readonly grants: Map<string, Grant>;
}

/** Of any text; whether it is a key is another question. */
export function keyIdentityOf(key: string): KeyIdentity {
  const digest = digestOf(key);
  return { id: idOf(digest), digest };
}

const entryOfDigest = (digest: Buffer): Entry => ({ id: idOf(digest), digest, grants: new Map() });

/** The API keys among the settings, as digests only, kept as the settings are. */
export function createKeyStore(settings: Pick<SettingStore, 'listen'>): KeyStore {
  const digestByKey = new Map<string, string>();
  const byDigest = new Map<string, Entry>();
  const byId = new Map<string, Entry>();

  const remove = (key: string): void => {
    const hex = digestByKey.get(key);
    if (hex === undefined) return;
    digestByKey.delete(key);
    const entry = byDigest.get(hex);
    entry?.grants.delete(key);
    if (entry?.grants.size !== 0) return;
    byDigest.delete(hex);
    byId.delete(entry.id);
  };
  const add = (key: string, { tenant, name, value }: SettingRecord & { type: 'api_key' }): void => {
    if (!value || !isTenantId(tenant)) return;
    const { sha256: hex, scopes = SCOPES_OF_A_TENANT } = value;
    const limits = { requestsPerSecond: value.max_requests_per_second, bytesPerSecond: value.max_bytes_per_second };
    digestByKey.set(key, hex);
    const entry = byDigest.get(hex) ?? entryOfDigest(Buffer.from(hex, 'hex'));
    entry.grants.set(key, { tenant, name, scopes, limits });
    byDigest.set(hex, entry);
    byId.set(entry.id, entry);
  };
  settings.listen((key, setting) => {
    remove(key);
    if (setting?.type === 'api_key') add(key, setting);
  });

  function knownOf(entry: Entry | undefined): KnownKey | null {
    const grant = entry?.grants.values().next().value;
    return entry && grant ? { id: entry.id, digest: entry.digest, grant } : null;
  }
  function entryOf(key: string): KnownKey | null {
    const digest = digestOf(key);
    // The map is asked by digest, of which a caller can choose no byte; the comparison then takes the same time for all.
    const entry = byDigest.get(digest.toString('hex'));
    return entry && timingSafeEqual(entry.digest, digest) ? knownOf(entry) : null;
  }

  return {
    find: (key) => entryOf(key)?.grant ?? null,
    entryOf,
    entryById: (id) => knownOf(byId.get(id)),
  };
}
