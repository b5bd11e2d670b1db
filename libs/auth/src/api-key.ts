type Header = string | readonly string[] | undefined;
const first = (value: Header): string => (typeof value === 'string' ? value : (value?.[0] ?? ''));

/** The API key in the headers: `x-telltale-key`, or `Authorization: Bearer <key>`; null without one. */
export function keyOf(headers: Readonly<Record<string, Header>>): string | null {
  const own = first(headers['x-telltale-key']);
  if (own !== '') return own;
  return /^Bearer +(\S+) *$/i.exec(first(headers['authorization']))?.[1] ?? null;
}

/** Keys that we make: the cell that knows them, and randomness in hex. */
const OWN_FORMAT = /^tt_([a-z0-9][a-z0-9-]{0,31})_[0-9a-f]{32,}$/;

/** The cell that a key names, a whole deployment of its own; null where it names none. */
export const cellOf = (key: string): string | null => OWN_FORMAT.exec(key)?.[1] ?? null;

/** A new key of a cell; `random`: 24 bytes or more. */
export const keyOfCell = (cell: string, random: Uint8Array): string => `tt_${cell}_${Buffer.from(random).toString('hex')}`;
