import { isRecord } from '@telltale/kernel';
import { UsageError } from '../../terminal/errors';

/** Fields that hold a list; people may write it with commas. */
const LISTS = ['scopes', 'dimensions'];

function valueOf(field: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return LISTS.includes(field) ? text.split(',').map((part) => part.trim()) : text;
  }
}

export interface Assignment {
  /** The setting's name, where one is given. */
  readonly name: string | undefined;
  /** Fields by name; undefined takes one away. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** `[name] field=value …`: values are JSON where they are, else text. UsageError names the word that is neither. */
export function assignmentOf(words: readonly string[]): Assignment {
  const [name] = words.filter((word) => !word.includes('='));
  const other = words.find((word) => !word.includes('=') && word !== name);
  if (other !== undefined) throw new UsageError(`${other} is neither a name nor field=value`, `give the name once, here ${name}, and fields as field=value`); // prettier-ignore
  const pairs = words.filter((word) => word.includes('=')).map((word): [string, unknown] => {
    const at = word.indexOf('=');
    const [field, text] = [word.slice(0, at), word.slice(at + 1)];
    return [field, text === '' ? undefined : valueOf(field, text)];
  }); // prettier-ignore
  return { name, fields: Object.fromEntries(pairs) };
}

/** The value of a flag, as a JSON object. */
export function objectOf(flag: string, text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Said below.
  }
  throw new UsageError(`${flag} is not a JSON object`, `give it in quotes, such as ${flag} '{"privacy":"mask"}'`);
}

/** A value with some of its fields replaced or taken away. */
export const withFields = (value: object, fields: Assignment['fields']): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ ...value, ...fields }).filter(([, one]) => one !== undefined));
