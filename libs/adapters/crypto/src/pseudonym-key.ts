import { hkdfSync } from 'node:crypto';
import { join } from 'node:path';
import { KEY_BYTES, masterKeyFrom, openKeyFile } from './master-key';

/** Where keys come from that are not a day's. */
export interface KeySource {
  /** TELLTALE_MASTER_KEY, where it is set. */
  readonly masterKey?: string | undefined;
  /** TELLTALE_HOME: keys made here lie in its folder `keys`. */
  readonly home: string;
}

/** A key of 32 bytes per tenant, from the master key or a file beside the data; it outlives the day keys, so that people stay joined. */
export function openPseudonymKeys({ masterKey, home }: KeySource): (tenant: string) => Uint8Array {
  const master = masterKey ? masterKeyFrom(masterKey, 'TELLTALE_MASTER_KEY') : openKeyFile(join(home, 'keys', 'pseudonym.key'));
  return (tenant) => new Uint8Array(hkdfSync('sha256', master, '', `telltale.pseudonym:${tenant}`, KEY_BYTES));
}

/** Where keys of subjects lie: SUBJECT_KEYS_DIR, else beside the data. */
export const subjectKeysDir = (dir: string | undefined, home: string): string => dir || join(home, 'keys', 'subjects');
