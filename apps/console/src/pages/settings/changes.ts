/** One field that a change of a setting made another. */
interface FieldChange {
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface Change {
  readonly type: string;
  readonly name: string;
  readonly version: number;
  /** JSON; empty where the setting was deleted. */
  readonly value: string;
}

function valueOf(json: string | undefined): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(json ?? '') ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}
const shown = (value: unknown): string | null =>
  value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value, null, 2);

/** What differs between two values of a setting, in JSON. */
export function fieldChanges(before: string | undefined, after: string): FieldChange[] {
  const [old, now] = [valueOf(before), valueOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .map((field) => ({ field, before: shown(old[field]), after: shown(now[field]) }))
    .filter((one) => one.before !== one.after);
}

/** The change before one of the same setting; undefined where it is not among these. */
export const changeBefore = (changes: readonly Change[], { type, name, version }: Change): Change | undefined =>
  changes.find((one) => one.type === type && one.name === name && one.version === version - 1);

/** What was done, in a word. */
export const didWhat = ({ value, version }: Change): 'made' | 'changed' | 'deleted' =>
  value === '' ? 'deleted' : version === 1 ? 'made' : 'changed';

/** A value on a line: what is set of it. */
export const wordsOf = (value: Readonly<Record<string, unknown>>, without: readonly string[] = []): string =>
  Object.entries(value)
    .filter(([field, one]) => !without.includes(field) && !(Array.isArray(one) && one.length === 0))
    .map(([field, one]) => `${field}: ${typeof one === 'string' ? one : JSON.stringify(one)}`)
    .join(' · ');
