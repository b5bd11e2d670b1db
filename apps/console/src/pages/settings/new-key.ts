const BYTES = 24;
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A key that is made here, and its digest, which is all that is sent. Of a cell where one is named: a deployment of its own among several. */
export async function makeKey(cell: string, random = crypto.getRandomValues(new Uint8Array(BYTES))): Promise<{ readonly key: string; readonly sha256: string }> {
  const key = cell === '' ? `tt_${hexOf(random)}` : `tt_${cell}_${hexOf(random)}`;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  return { key, sha256: hexOf(new Uint8Array(digest)) };
} // prettier-ignore

/** Browsers hash for pages of HTTPS and of the machine itself only. */
export const canMakeKeys = (): boolean => window.isSecureContext;
