import { type OtlpValue } from '@telltale/contracts';

/** Answers undefined when the value is not of its kind: the attribute then stays an attribute. */
export type Read = (value: OtlpValue) => OtlpValue | undefined;

/** What OpenInference writes in place of content that its configuration hides. */
export const HIDDEN = '__REDACTED__';

const text: Read = (value) =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
/** A text, or the JSON of one. */
const quoted: Read = (value) => {
  const found = typeof value === 'string' ? /^"([^"\\]*)"$/.exec(value) : null;
  return found?.[1] ?? text(value);
};
const number: Read = (value) => {
  const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof read === 'number' && Number.isFinite(read) ? read : undefined;
};
const amount: Read = (value) => {
  const read = number(value);
  return typeof read === 'number' && read >= 0 ? read : undefined;
};
const count: Read = (value) => {
  const read = number(value);
  return typeof read === 'number' && Number.isSafeInteger(read) && read >= 0 ? read : undefined;
};
const seconds: Read = (value) => {
  const read = amount(value);
  return typeof read === 'number' ? read * 1000 : undefined;
};

/** A list of texts, one text, or the JSON of either, as exporters without lists write it. */
const texts: Read = (value) => {
  if (Array.isArray(value)) return value.every((one) => typeof one === 'string') ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (!value.startsWith('[')) return value === '' ? undefined : [value];
  try {
    const parsed = JSON.parse(value) as OtlpValue;
    return Array.isArray(parsed) && parsed.every((one) => typeof one === 'string') ? parsed : [value];
  } catch {
    return [value];
  }
};
const any: Read = (value) => (value === null ? undefined : value);

export const READERS = { text, quoted, number, amount, count, seconds, texts, any } as const;
