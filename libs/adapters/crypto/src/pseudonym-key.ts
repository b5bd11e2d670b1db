import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import { KEY_BYTES, masterKeyFrom, openKeyFile } from './master-key';

/** Origin of the keys that are not day keys. */
export interface KeySource {
  /** TELLTALE_MASTER_KEY, if set. */
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
  return (tenant) => new Uint8Array(hkdfSync('sha256', master, '', `telltale.pseudonym:${tenant}`, KEY_BYTES));
}

/** The folder of subject keys: SUBJECT_KEYS_DIR, or else in the data directory. */
export const subjectKeysDir = (dir: string | undefined, home: string): string => dir || join(home, 'keys', 'subjects');
