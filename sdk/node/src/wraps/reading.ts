import { type CallFields } from '../event';

/** What an answer says, in the fields of an event. */
export interface Finding {
  readonly fields: CallFields;
  readonly output?: unknown;
}

/** Puts the pieces of a streamed answer together. */
export interface Collector {
  take(piece: unknown): void;
  /** Whether a piece is the first of what the model says. */
  isToken(piece: unknown): boolean;
  finding(): Finding;
}

/** How calls of one method of a client read. */
export interface Reader {
  readonly kind: 'llm' | 'embedding';
  request(body: Fields): { readonly fields: CallFields; readonly input: unknown };
  answer(body: Fields): Finding;
  collect(): Collector;
}

export type Fields = Readonly<Record<string, unknown>>;

const MAX_TEXT_CHARS = 200_000;

export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
export const listOf = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);
export const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
export const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined;

/** The fields that have a value; the contract knows no null. */
export const present = <T extends object>(fields: { readonly [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

/** A part of an event that is left out when nothing is in it. */
export const nonEmpty = <T extends object>(value: T): T | undefined =>
  (Array.isArray(value) ? value.length : Object.keys(value).length) > 0 ? value : undefined;

export const textsIn = (items: readonly Fields[], field: string): string[] | undefined =>
  nonEmpty(items.flatMap((item) => textOf(item[field]) ?? []));

/** Text that grows, up to what an event can hold. */
export function growText(so: string, more: unknown): string {
  return typeof more === 'string' && so.length < MAX_TEXT_CHARS ? so + more : so;
}
