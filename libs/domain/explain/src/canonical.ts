import { isRecord } from '@telltale/kernel';

const sorted = (value: unknown, depth: number): unknown => {
  if (depth > 32) return null;
  if (Array.isArray(value)) return value.map((item) => sorted(item, depth + 1));
  if (!isRecord(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item, depth + 1)]); // prettier-ignore
};

/** Same value, same text, whatever the order of keys. */
export const canonicalText = (value: unknown): string => JSON.stringify(sorted(value, 0)) ?? '';
