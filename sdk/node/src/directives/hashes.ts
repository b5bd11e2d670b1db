import { createHash } from 'node:crypto';

const TWO_TO_56 = 2 ** 56;

/** Place of a trace from 0 to below 1, the same in every SDK, so that all services keep the same turns. */
export function traceHash(traceId: string): number {
  const digest = createHash('sha256').update(traceId.toLowerCase(), 'utf8').digest();
  // 56 bits do not fit into one read; a double holds 53, so the product is rounded as every IEEE implementation rounds it.
  const hash = Number((BigInt(digest.readUIntBE(0, 3)) << 32n) | BigInt(digest.readUInt32BE(3))) / TWO_TO_56;
  return hash < 1 ? hash : 1 - Number.EPSILON / 2;
}

export const userHash = (salt: string, userId: string): string =>
  createHash('sha256').update(salt, 'utf8').update(userId, 'utf8').digest('hex');
