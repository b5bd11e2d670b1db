import { createHash } from 'node:crypto';

type Header = string | readonly string[] | undefined;
const first = (value: Header): string => (typeof value === 'string' ? value : (value?.[0] ?? ''));

/** The API key that headers carry: `x-telltale-key`, or `Authorization: Bearer <key>`; null when there is none. */
export function keyOf(headers: Readonly<Record<string, Header>>): string | null {
  const own = first(headers['x-telltale-key']);
  if (own !== '') return own;
  return /^Bearer +(\S+) *$/i.exec(first(headers['authorization']))?.[1] ?? null;
}

/** What is stored of a key. */
export const digestOf = (key: string): Buffer => createHash('sha256').update(key).digest();
