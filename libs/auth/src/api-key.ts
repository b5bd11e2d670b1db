import { createHash } from 'node:crypto';

type Header = string | readonly string[] | undefined;
const first = (value: Header): string => (typeof value === 'string' ? value : (value?.[0] ?? ''));

/** The API key in the headers: `x-telltale-key`, or `Authorization: Bearer <key>`; null without one. */
export function keyOf(headers: Readonly<Record<string, Header>>): string | null {
  const own = first(headers['x-telltale-key']);
  if (own !== '') return own;
  return /^Bearer +(\S+) *$/i.exec(first(headers['authorization']))?.[1] ?? null;
}

/** The stored form of a key. */
export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
