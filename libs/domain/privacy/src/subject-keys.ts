import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

/** One key per data subject of a tenant. Forgetting a key makes everything encrypted with it unreadable, including copies. */
export interface SubjectKeys {
  /** 32 bytes, or null for a subject without a key. */
  keyOf(tenant: string, subject: string): Uint8Array | null;
  /** The subject's key, created when missing; concurrent callers get the same one. */
  makeKeyOf(tenant: string, subject: string): Uint8Array;
  /** False when there was no key. Afterwards no copy of the key may remain. */
  forget(tenant: string, subject: string): boolean;
}

/** The original value of a pseudonym, readable only with the subject's key. */
export interface PseudonymRecord {
  readonly tenant: string;
  readonly subject: string;
  readonly pseudonym: string;
  /** base64url of nonce (12 bytes), ciphertext and tag (16 bytes). */
  readonly encrypted: string;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

type Whose = Omit<PseudonymRecord, 'encrypted'>;
/** Authenticated context: the record cannot be decrypted for another subject or pseudonym. */
const bound = ({ tenant, subject, pseudonym }: Whose): Buffer => Buffer.from(JSON.stringify([tenant, subject, pseudonym]));

/**
 * AES-256-GCM with a nonce derived from key and value (as in RFC 5297), so encryption is deterministic and no nonce is used for two values.
 * Throws RangeError for a key that is not 32 bytes.
 */
export function encryptPseudonym(whose: Whose, value: string, key: Uint8Array): PseudonymRecord {
  if (key.length !== KEY_BYTES) throw new RangeError(`a subject's key has ${KEY_BYTES} bytes`);
  const about = bound(whose);
  const nonce = createHmac('sha256', key)
    .update('nonce')
    .update(about)
    .update('\u0000')
    .update(value)
    .digest()
    .subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(about);
  const body = Buffer.concat([cipher.update(value, 'utf8'), cipher.final()]);
  return { ...whose, encrypted: Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url') };
}

/** The original value; null when the key is wrong or the record was changed. */
export function decryptPseudonym(record: PseudonymRecord, key: Uint8Array): string | null {
  const bytes = Buffer.from(record.encrypted, 'base64url');
  if (key.length !== KEY_BYTES || bytes.length < NONCE_BYTES + TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAAD(bound(record));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
  } catch {
    return null;
  }
}
