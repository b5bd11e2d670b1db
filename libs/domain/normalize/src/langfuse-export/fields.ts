import { isRecord } from '@telltale/kernel';
import { parseJson } from '../parse-json';
import { readTime } from '../read-time';

type Values = Readonly<Record<string, unknown>>;

/** A record of an export, by the names of the public API; an absent field, null and empty text are one. */
export interface Fields {
  text(name: string): string;
  /** A number, or the text of one; null otherwise. */
  number(name: string): number | null;
  /** Milliseconds since the epoch; null when it is absent, NaN when it is no time. */
  time(name: string): number | null;
  /** Any value; JSON in a text becomes its value. Undefined when it is absent. */
  value(name: string): unknown;
  /** An object, or the JSON of one; empty otherwise. */
  object(name: string): Values;
  /** An array, or the JSON of one; empty otherwise. */
  list(name: string): readonly unknown[];
}

const camelCase = (name: string): string => name.replace(/_+([a-z0-9])/g, (_, first: string) => first.toUpperCase());

/** Years outside of these have more than four digits. */
const YEAR_0 = Date.UTC(-1, 12);
const YEAR_10000 = Date.UTC(10_000, 0);

/** Blob storage writes snake_case, the API and the UI camelCase; the UI's export of one trace puts JSON into JSON. */
export function fieldsOf(record: Values): Fields {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(record))
    if (value !== null && value !== undefined && value !== '') values.set(camelCase(name), value);
  const plain = (name: string): unknown => parseJson(parseJson(values.get(name)));
  return {
    text(name) {
      const value = values.get(name);
      return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
    },
    number(name) {
      const value = values.get(name);
      const read = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      return typeof read === 'number' && Number.isFinite(read) ? read : null;
    },
    time(name) {
      const value = values.get(name);
      if (value === undefined) return null;
      const ms = readTime(value);
      return ms >= YEAR_0 && ms < YEAR_10000 ? ms : NaN;
    },
    value: plain,
    object(name) {
      const value = plain(name);
      return isRecord(value) ? value : {};
    },
    list(name) {
      const value = plain(name);
      return Array.isArray(value) ? (value as unknown[]) : [];
    },
  };
}

/** An object without the fields that say nothing. */
export const withoutNulls = (values: Values): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null && value !== undefined));
