import { type PRIVACY_MODES } from '@telltale/contracts';
import { createHmac } from 'node:crypto';
import { PLACEHOLDER, SECRET, URL } from './match';
import { type Replace } from './redact-text';

/**
 * `mask`: a placeholder stands for what was there. `pseudonymize`: a pseudonym, the same for the same value of one type and tenant, so that
 * it still joins. `drop_content`: what people, models and tools said is not kept at all, the rest is masked. `metadata_only`: of what was
 * written freely nothing is kept; ids, times, usage, models and states are.
 */
export type PrivacyMode = (typeof PRIVACY_MODES)[number];

export interface PrivacyPolicy {
  readonly mode: PrivacyMode;
}
export const MASK: PrivacyPolicy = { mode: 'mask' };

export const keepsContent = ({ mode }: PrivacyPolicy): boolean => mode === 'mask' || mode === 'pseudonymize';
export const keepsDetails = ({ mode }: PrivacyPolicy): boolean => mode !== 'metadata_only';

/** Hexadecimal digits as letters, `a` to `p`: digits could be taken for a number of somebody. */
const letters = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15))).join('');

const BYTES = 8;
/** Spellings of one value become one: case, spaces and, in numbers, signs between the digits. */
function plainOf(raw: string): string {
  const value = raw.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
  return /^[+(]?\d[\d\s().+-]*$/.test(value) ? value.replace(/[^\d]/g, '') : value;
}

/**
 * Pseudonyms for what stands in text, by HMAC-SHA256 over type and value, 64 bits of it: `[PERSON~kdjfhgbcaelmnoph]`. Secrets and addresses
 * of the web get none: nothing joins by them. `key` is the tenant's.
 */
export function createReplace(key: Uint8Array, onPseudonym?: (pseudonym: string, raw: string) => void): Replace {
  return (placeholder, raw) => {
    if (placeholder === SECRET || placeholder === URL || raw === '') return placeholder;
    const made = createHmac('sha256', key)
      .update(`${placeholder}\u0000${plainOf(raw)}`)
      .digest()
      .subarray(0, BYTES);
    const pseudonym = `${placeholder.slice(0, -1)}~${letters(made)}]`;
    onPseudonym?.(pseudonym, raw);
    return pseudonym;
  };
}

const PLACEHOLDERS = new RegExp(PLACEHOLDER.source.slice(1), 'g');
/** What was left of a text, for those who read its words. */
export const withoutPlaceholders = (text: string): string => text.replace(PLACEHOLDERS, ' ');
