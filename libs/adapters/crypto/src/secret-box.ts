import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { SEALED_PREFIX } from '@telltale/contracts';
import { PermanentError } from '@telltale/kernel';
import { type SecretBox } from '@telltale/streaming';
import { KEY_BYTES } from './master-key';

const PURPOSE = 'telltale.secret-box.v1';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * AES-256-GCM with a key of each place, derived from the master key. The keys of bodies would not do: they go with their day. What was
 * sealed with one of `otherMasterKeys` opens, too.
 */
export function createSecretBox(masterKey: Buffer, otherMasterKeys: readonly Buffer[] = []): SecretBox {
  const keyFrom = (master: Buffer, place: string): Buffer => Buffer.from(hkdfSync('sha256', master, PURPOSE, place, KEY_BYTES));

  function openWith(key: Buffer, bytes: Buffer): string | null {
    const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }

  return {
    seal(place, secret) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, keyFrom(masterKey, place), nonce, { authTagLength: TAG_BYTES });
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return SEALED_PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(place, sealed) {
      const bytes = Buffer.from(sealed.slice(SEALED_PREFIX.length), 'base64url');
      if (sealed.startsWith(SEALED_PREFIX) && bytes.length >= NONCE_BYTES + TAG_BYTES)
        for (const master of [masterKey, ...otherMasterKeys]) {
          const secret = openWith(keyFrom(master, place), bytes);
          if (secret !== null) return secret;
        }
      throw new PermanentError(
        'rejected',
        'cannot open a secret: it was changed, or sealed for another place or with a master key that is not set; set it again',
      );
    },
  };
}
