import { type SubjectKeys } from '@telltale/domain-privacy';
import { createHash, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const KEY_BYTES = 32;
const nameOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Writes through to the disk, so that what is said to be gone or kept is. */
function writeThrough(path: string, bytes: Uint8Array, flags: string): void {
  const file = openSync(path, flags, 0o600);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/**
 * One file a key, `<folder>/<hash of tenant>/<hash of subject>`, for the owner alone; names of subjects are not in it. To forget, the file
 * is written over and removed. Copies that a backup holds are the operator's to remove: keep this folder out of backups, or encrypt them.
 */
export function createSubjectKeyFolder(folder: string): SubjectKeys {
  const pathOf = (tenant: string, subject: string): string => join(folder, nameOf(tenant), nameOf(subject));
  return {
    keyOf(tenant, subject) {
      const path = pathOf(tenant, subject);
      if (!existsSync(path)) return null;
      const key = readFileSync(path);
      return key.length === KEY_BYTES ? key : null;
    },
    keep(tenant, subject, key) {
      const path = pathOf(tenant, subject);
      mkdirSync(join(folder, nameOf(tenant)), { recursive: true, mode: 0o700 });
      // Whole or not at all: half a key would shred by accident.
      writeThrough(`${path}.new`, key, 'w');
      renameSync(`${path}.new`, path);
      syncFolder(join(folder, nameOf(tenant)));
    },
    forget(tenant, subject) {
      const path = pathOf(tenant, subject);
      if (!existsSync(path)) return false;
      writeThrough(path, randomBytes(KEY_BYTES), 'r+');
      unlinkSync(path);
      syncFolder(join(folder, nameOf(tenant)));
      return true;
    },
  };
}
