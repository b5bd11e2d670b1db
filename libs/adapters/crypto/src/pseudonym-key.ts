import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import { KEY_BYTES, masterKeyFrom, openKeyFile } from './master-key';

/** Of tenants whose keys are kept: every event needs one, and deriving it costs a tenth of what all else does. */
const MAX_KEYS = 10_000;

/** Origin of the keys that are not day keys. */
export interface KeySource {
  /** PSEUDONYM_KEY, else TELLTALE_MASTER_KEY, if set. */
  readonly masterKey?: string | undefined;
  /** TELLTALE_HOME: new keys are created in its folder `keys`. */
  readonly home: string;
}

/**
 * Opens a key of 32 bytes per tenant, from the master key or a file in the data directory. It outlives the day keys, so that pseudonyms
 * stay stable.
 */
export function openPseudonymKeys({ masterKey, home }: KeySource): (tenant: string) => Uint8Array {
  const master = masterKey ? masterKeyFrom(masterKey, 'TELLTALE_MASTER_KEY') : openKeyFile(join(home, 'keys', 'pseudonym.key'));
  const keys = new Map<string, Uint8Array>();
  return (tenant) => {
    const known = keys.get(tenant);
    if (known) return known;
    const key = new Uint8Array(hkdfSync('sha256', master, '', `telltale.pseudonym:${tenant}`, KEY_BYTES));
    if (keys.size >= MAX_KEYS) keys.clear();
    keys.set(tenant, key);
    return key;
  };
}

/** The folder of subject keys: SUBJECT_KEYS_DIR, or else in the data directory. */
export const subjectKeysDir = (dir: string | undefined, home: string): string => dir || join(home, 'keys', 'subjects');
