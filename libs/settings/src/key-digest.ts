import { createHash } from 'node:crypto';

/** The stored form of an API key. */
export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
