import { isRecord } from '@telltale/kernel';
import { badParameter } from './api-error';
import { type Period } from './params';

/** A column that a list is ordered by. Together the columns name one row. */
export interface OrderKey {
  readonly column: string;
  readonly type: 'time' | 'text' | 'integer' | 'number';
  readonly descending?: boolean;
  /** What NULL counts as. */
  readonly ofNull?: number;
}

/** Where a page begins: after the row of these values, in the range of the first page. */
export interface Position {
  readonly period: Period | null;
  readonly values: readonly (string | number)[];
}

const ENGINE_TYPES = { time: 'String', text: 'String', integer: 'Int64', number: 'Float64' } as const;
const WRONG = ['cursor', 'is not of this list', 'give next_cursor of the page before, as it is, or leave it out'] as const;

export const encodeCursor = (question: string, { period, values }: Position): string =>
  Buffer.from(JSON.stringify([question, period, values])).toString('base64url');

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw badParameter(...WRONG);
  }
}

const isTime = (value: unknown): value is number => Number.isSafeInteger(value);
/** Values go to the engine as parameters of a type, which a forged one must have, too. */
const FORMS = {
  time: (value: unknown) => typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,9})?$/.test(value),
  text: (value: unknown) => typeof value === 'string',
  integer: (value: unknown) => /^-?\d{1,18}$/.test(String(value)),
  number: (value: unknown) => typeof value === 'number',
} as const;

/** ApiError for what is not a cursor of this question. */
export function decodeCursor(question: string, cursor: string, keys: readonly OrderKey[]): Position {
  const decoded = parse(cursor);
  if (!Array.isArray(decoded) || decoded.length !== 3) throw badParameter(...WRONG);
  const [of, period, values]: readonly unknown[] = decoded;
  if (of !== question || !Array.isArray(values) || values.length !== keys.length) throw badParameter(...WRONG);
  if (!values.every((value, i) => FORMS[keys[i]?.type ?? 'text'](value))) throw badParameter(...WRONG);
  if (period !== null && !(isRecord(period) && isTime(period['since']) && isTime(period['until']))) throw badParameter(...WRONG);
  return { period: period as Period | null, values: values as readonly (string | number)[] };
}

const expressionOf = ({ column, ofNull }: OrderKey): string => (ofNull === undefined ? column : `ifNull(${column}, ${ofNull})`);

export const orderBy = (keys: readonly OrderKey[]): string =>
  keys.map((key) => `${expressionOf(key)}${key.descending ? ' DESC' : ''}`).join(', ');

/** The condition that a row comes after `values`, and the parameters it names. */
export function after(keys: readonly OrderKey[], values: readonly (string | number)[]) {
  const params = Object.fromEntries(values.map((value, i) => [`k${i}`, value]));
  const valueOf = ({ type }: OrderKey, i: number): string =>
    type === 'time' ? `toDateTime64({k${i}:String}, 3, 'UTC')` : `{k${i}:${ENGINE_TYPES[type]}}`;
  const branches = keys.map((key, i) =>
    [
      ...keys.slice(0, i).map((before, j) => `${expressionOf(before)} = ${valueOf(before, j)}`),
      `${expressionOf(key)} ${key.descending ? '<' : '>'} ${valueOf(key, i)}`,
    ].join(' AND '),
  );
  return { condition: branches.map((branch) => `(${branch})`).join(' OR '), params };
}

/** A time as the engine writes it; answers have it in ISO 8601. */
const storedTime = (text: string): string => text.replace('T', ' ').replace(/Z$/, '');

/** What the row has in the columns of the order. */
export const valuesOf = (keys: readonly OrderKey[], row: Readonly<Record<string, unknown>>): (string | number)[] =>
  keys.map(({ column, ofNull, type }) => {
    const value = row[column] ?? ofNull;
    return typeof value === 'number' ? value : type === 'time' ? storedTime(String(value)) : String(value);
  });
