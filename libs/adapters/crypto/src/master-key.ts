import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorCodeOf, PermanentError } from '@telltale/kernel';

export const KEY_BYTES = 32;

const keyOf = (base64: string): Buffer | null => {
  const text = base64.trim();
  const key = Buffer.from(text, 'base64');
  return key.length === KEY_BYTES && /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? key : null;
};

/** Parses a key: base64 of 32 bytes. `variable` is its origin, for the error message. */
export function masterKeyFrom(base64: string, variable: string): Buffer {
  const key = keyOf(base64);
  if (key) return key;
  throw new PermanentError(
    'config',
    `${variable} must be 32 bytes as base64: set the key that stored data was written with; only where nothing is stored yet, make one with: openssl rand -base64 32`,
  );
}

/** Parses a key from a file. Its error must never advise a new key: stored data could not be read again. */
export function keyInFile(text: string, path: string): Buffer {
  const key = keyOf(text);
  if (key) return key;
  throw new PermanentError(
    'config',
    `the key file ${path} is damaged (it must hold 32 bytes as base64): restore it from a backup; with a new key, what was stored with this one cannot be read again`,
  );
}

/** The content of a file, or null when it does not exist. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (errorCodeOf(error) === 'ENOENT') return null;
    throw new PermanentError('config', `cannot read ${path} (${String(errorCodeOf(error))}); let this user read it`, {
      cause: error,
    });
  }
}

/**
 * Reads the key in `path`. Creates it, durable and readable by its owner only, when it does not exist; concurrent processes get the same
 * key.
 */
export function openKeyFile(path: string): Buffer {
  const there = readIfThere(path);
  if (there !== null) return keyInFile(there, path);
  const folder = dirname(path);
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = openSync(draft, 'wx', 0o600);
    try {
      writeSync(file, `${randomBytes(KEY_BYTES).toString('base64')}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    try {
      linkSync(draft, path);
    } catch (error) {
      if (errorCodeOf(error) !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
    const handle = openSync(folder, 'r');
    try {
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw new PermanentError(
      'config',
      `cannot make the key file ${path} (${String(errorCodeOf(error))}); let this user write there`,
      {
        cause: error,
      },
    );
  }
  return keyInFile(readIfThere(path) ?? '', path);
}
