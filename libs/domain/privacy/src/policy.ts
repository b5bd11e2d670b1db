import { type PRIVACY_MODES, PRIVACY_TYPES } from '@telltale/contracts';
import { createHmac } from 'node:crypto';
import { PLACEHOLDER, SECRET, URL } from './match';
import { type Replace } from './redact-plain';

/**
 * `mask`: replaces a value with a placeholder, but keeps places and organisations that stand alone. `strict`: keeps none. `secrets_only`: masks
 * nothing but secrets and ids of people. `pseudonymize`: replaces a value with a pseudonym, equal for equal values of one type and tenant, so
 * that rows can still be joined. `drop_content`: drops everything that people, models and tools said, and masks the rest. `metadata_only`:
 * drops all free text; keeps ids, times, usage, models and states.
 */
export type PrivacyMode = (typeof PRIVACY_MODES)[number];
export type PrivacyType = (typeof PRIVACY_TYPES)[number];
export type PrivacyTypes = Readonly<Partial<Record<PrivacyType, 'keep' | 'mask'>>>;

export interface PrivacyPolicy {
  readonly mode: PrivacyMode;
  /** Placeholders of the kinds that stay as they are. */
  readonly kept: ReadonlySet<string>;
}

const KEPT: Readonly<Record<PrivacyMode, readonly PrivacyType[]>> = {
  mask: ['place', 'organisation'],
  strict: [],
  secrets_only: PRIVACY_TYPES,
  pseudonymize: [],
  drop_content: ['place', 'organisation'],
  metadata_only: [],
};

/** A mode, with what a tenant wants otherwise. */
export function createPolicy(mode: PrivacyMode, types: PrivacyTypes = {}): PrivacyPolicy {
  const isKept = (type: PrivacyType): boolean => (types[type] ?? (KEPT[mode].includes(type) ? 'keep' : 'mask')) === 'keep';
  return { mode, kept: new Set(PRIVACY_TYPES.filter(isKept).map((type) => `[${type.toUpperCase()}]`)) };
}
export const MASK: PrivacyPolicy = createPolicy('mask');

export const keepsContent = ({ mode }: PrivacyPolicy): boolean => mode !== 'drop_content' && mode !== 'metadata_only';
export const keepsDetails = ({ mode }: PrivacyPolicy): boolean => mode !== 'metadata_only';

/** Hexadecimal digits as letters `a` to `p`, because digits could be taken for a personal number. */
const letters = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15))).join('');

const BYTES = 8;
/** Normalizes spellings of a value: case, spaces and, in numbers, separators. */
function plainOf(raw: string): string {
  const value = raw.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');
  return /^[+(]?\d[\d\s().+-]*$/.test(value) ? value.replace(/[^\d]/g, '') : value;
}

/**
 * Creates pseudonyms for values in text: 64 bits of HMAC-SHA256 over type and value, `[PERSON~kdjfhgbcaelmnoph]`. Secrets and URLs get
 * none, because nothing is joined by them. `key` is the tenant's.
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
/** The remaining text without replacements, for code that reads its words. */
export const withoutPlaceholders = (text: string): string => text.replace(PLACEHOLDERS, ' ');
