import { PermanentError } from '@telltale/kernel';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { keyInFile, openKeyFile, readIfThere } from './master-key';

/** Keys of data subjects, in files. */
export interface SubjectKeyFolder {
  /** 32 bytes, or null for a subject without a key. */
  keyOf(tenant: string, subject: string): Uint8Array | null;
  /** The subject's key, created when missing; concurrent processes get the same one. */
  makeKeyOf(tenant: string, subject: string): Uint8Array;
  /** Overwrites and removes the key; false when there was none. */
  forget(tenant: string, subject: string): boolean;
}

const nameOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Overwrites the content before it removes the file, because disks may keep removed data. */
function shred(path: string, bytes: number): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, randomBytes(bytes));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  unlinkSync(path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * One file per key, `<folder>/<hash of tenant>/<hash of subject>`, readable by its owner only; subject names are not stored. The operator
 * must remove copies in backups: exclude this folder from backups. Throws PermanentError('config') when it cannot be read or written.
 */
export function openSubjectKeys(folder: string): SubjectKeyFolder {
  const pathOf = (tenant: string, subject: string): string => join(folder, nameOf(tenant), nameOf(subject));
  return {
    keyOf(tenant, subject) {
      const path = pathOf(tenant, subject);
      const text = readIfThere(path);
      return text === null ? null : keyInFile(text, path);
    },
    makeKeyOf: (tenant, subject) => openKeyFile(pathOf(tenant, subject)),
    forget(tenant, subject) {
      const path = pathOf(tenant, subject);
      const text = readIfThere(path);
      if (text === null) return false;
      try {
        shred(path, Buffer.byteLength(text));
      } catch (error) {
        throw new PermanentError('config', `cannot remove the key ${path}; let this user write there`, { cause: error });
      }
      return true;
    },
  };
}
