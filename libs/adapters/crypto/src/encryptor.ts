import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type BodyForm, type Encryptor } from '@telltale/streaming';
import { type Clock, freeBytes, isoDay, MINUTE_MS, PermanentError } from '@telltale/kernel';
import { KEY_BYTES, keyInFile, masterKeyFrom, openKeyFile, readIfThere } from './master-key';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const STEP_BYTES = 65_536;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const CIPHER = 'aes-256-gcm';
const FIXED_SALT = 'telltale.encryptor.v1';
const MAX_KEYS = 1_024;

/** The keys that an embedded home keeps in one folder. */
export interface KeyFolder {
  readonly masterKey: Buffer;
  /** Folder with one secret per day. */
  readonly daySecrets: string;
}

/**
 * Opens a folder of keys, created on first start and readable by its owner only. `hasData`: records encrypted with its master key are
 * stored, so a missing master key is an error, and none is created.
 */
export function openKeyFolder(folder: string, hasData: boolean): KeyFolder {
  const path = join(folder, 'master.key');
  if (hasData && readIfThere(path) === null)
    throw new PermanentError(
      'config',
      `the key file ${path} is missing, and data encrypted with it is stored: restore it from a backup (or set TELLTALE_MASTER_KEY, if that was used); to start without this data, set TELLTALE_HOME to a new folder`,
    );
  return { masterKey: openKeyFile(path), daySecrets: join(folder, 'days') };
}

/**
 * A master key (bytes or base64) without a folder is for a cluster, whose processes share nothing else: there, days have no secrets of
 * their own.
 */
export type EncryptorOptions = {
  readonly clock: Clock;
  /** Master keys that are only decrypted with: during a rotation the next one, then the one before. */
  readonly otherMasterKeys?: readonly Buffer[];
} & ({ readonly masterKey: Buffer | string } | { readonly keys: KeyFolder });

const rejected = (why: string): PermanentError => new PermanentError('rejected', `cannot decrypt the body: ${why}`);

/** AES-256-GCM with one key per tenant and day; both are authenticated with the bytes, and so is the form of the body. */
export function createEncryptor(options: EncryptorOptions): Encryptor {
  const { clock, otherMasterKeys = [] } = options;
  const daySecrets = 'keys' in options ? options.keys.daySecrets : undefined;
  const given = 'keys' in options ? options.keys.masterKey : options.masterKey;
  const masterKey = typeof given === 'string' ? masterKeyFrom(given, 'TELLTALE_MASTER_KEY') : given;
  const masterKeys = [masterKey, ...otherMasterKeys];
  const wrong = masterKeys.find(({ length }) => length !== KEY_BYTES);
  if (wrong) throw new PermanentError('config', `a master key has ${wrong.length} bytes; it must have ${KEY_BYTES}`);
  const keys = new Map<string, { readonly key: Buffer; readonly until: number }>();

  const saltOf = (day: string, make: boolean): string | Buffer => {
    if (daySecrets === undefined) return FIXED_SALT;
    const path = join(daySecrets, `${day}.key`);
    if (make) return openKeyFile(path);
    const secret = readIfThere(path);
    if (secret === null) throw rejected(`the key of ${day} was removed`);
    return keyInFile(secret, path);
  };

  /** Cached for a minute only, so that a removed day secret soon has effect here too. */
  const keyOf = (tenant: string, day: string, make: boolean, nth = 0): Buffer => {
    const name = `${day}\u0000${tenant}`;
    const cached = `${nth}\u0000${name}`;
    const now = clock.monotonic();
    const known = keys.get(cached);
    if (known && now < known.until) return known.key;
    keys.delete(cached);
    const key = Buffer.from(hkdfSync('sha256', masterKeys[nth] ?? masterKey, saltOf(day, make), name, KEY_BYTES));
    const oldest = keys.size >= MAX_KEYS ? keys.keys().next().value : undefined;
    if (oldest !== undefined) keys.delete(oldest);
    keys.set(cached, { key, until: now + MINUTE_MS });
    return key;
  };

  const bound = (tenant: string, day: string, { format, encoding }: BodyForm): Buffer =>
    Buffer.from([FIXED_SALT, day, tenant, format, encoding].join('\u0000'));

  /** The body, or null when it was not encrypted with this key for exactly this. */
  function decryptWith(key: Buffer, encrypted: Uint8Array, authenticated: Buffer): Buffer | null {
    const decipher = createDecipheriv(CIPHER, key, encrypted.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticated);
    decipher.setAuthTag(encrypted.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const body = decipher.update(encrypted.subarray(NONCE_BYTES + TAG_BYTES));
    try {
      const rest = decipher.final();
      return rest.length === 0 ? body : Buffer.concat([body, rest]);
    } catch {
      return null;
    }
  }

  return {
    encrypt(tenant, plain, form) {
      const keyId = isoDay(clock.now());
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, keyOf(tenant, keyId, true), nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(bound(tenant, keyId, form));
      const pieces = plain instanceof Uint8Array ? [plain] : plain;
      const bytes = Buffer.allocUnsafe(pieces.reduce((sum, { length }) => sum + length, NONCE_BYTES + TAG_BYTES));
      nonce.copy(bytes);
      let at = NONCE_BYTES + TAG_BYTES;
      // In chunks: large results of the cipher would be allocated, and garbage collected, next to `bytes`.
      for (const piece of pieces) {
        for (let from = 0; from < piece.length; from += STEP_BYTES) {
          const chunk = cipher.update(piece.subarray(from, from + STEP_BYTES));
          at += chunk.copy(bytes, at);
          freeBytes(chunk);
        }
      }
      cipher.final();
      cipher.getAuthTag().copy(bytes, NONCE_BYTES);
      return { bytes, keyId };
    },
    decrypt(tenant, keyId, encrypted, form) {
      // The day comes from the record and becomes part of a path.
      if (!DAY.test(keyId)) throw rejected('tt-encryption-key-id is not a day like 2026-11-23');
      if (encrypted.length < NONCE_BYTES + TAG_BYTES) throw rejected('it is shorter than a nonce and a tag');
      const authenticated = bound(tenant, keyId, form);
      for (let nth = 0; nth < masterKeys.length; nth++) {
        const body = decryptWith(keyOf(tenant, keyId, false, nth), encrypted, authenticated);
        if (body) return body;
      }
      throw rejected('it was changed, or encrypted for another tenant, day, format or master key');
    },
  };
}
