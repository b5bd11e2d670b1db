// Forms are made of the JSON Schema of a setting's value, as the server has it: a field that is new there is new here.

type Schema = Readonly<Record<string, unknown>>;

/** How a field is given. */
export type Control =
  | { readonly kind: 'text' | 'number' | 'switch' | 'list' | 'json' }
  | { readonly kind: 'one' | 'some'; readonly of: readonly string[] };

export interface FormField {
  readonly name: string;
  readonly about: string;
  readonly isNeeded: boolean;
  readonly control: Control;
}

const isRecord = (value: unknown): value is Schema => typeof value === 'object' && value !== null && !Array.isArray(value);
const textsOf = (value: unknown): string[] | null =>
  Array.isArray(value) && value.every((one) => typeof one === 'string') ? value : null;

function controlOf(schema: Schema): Control {
  const { type, enum: values, items, anyOf } = schema;
  const of = textsOf(values);
  if (of) return { kind: 'one', of };
  if (type === 'boolean') return { kind: 'switch' };
  if (type === 'number' || type === 'integer') return { kind: 'number' };
  if (type === 'string') return { kind: 'text' };
  if (Array.isArray(anyOf) && anyOf.every((one) => isRecord(one) && one['type'] === 'string')) return { kind: 'text' };
  if (type !== 'array' || !isRecord(items)) return { kind: 'json' };
  const ofItems = textsOf(items['enum']);
  if (ofItems) return { kind: 'some', of: ofItems };
  return { kind: items['type'] === 'string' ? 'list' : 'json' };
}

/** The fields of a value in the order of its schema. */
export function fieldsOf(schema: Schema): FormField[] {
  const { properties, required } = schema;
  if (!isRecord(properties)) return [];
  const needed = textsOf(required) ?? [];
  return Object.entries(properties).flatMap(([name, one]) => {
    if (!isRecord(one)) return [];
    const { description, default: fallback } = one;
    const about = typeof description === 'string' ? description : '';
    return [{ name, about, isNeeded: needed.includes(name) && fallback === undefined, control: controlOf(one) }];
  });
}

/** What stands in the form, by name of the field. */
export type Typed = Readonly<Record<string, string>>;

/** A value as its form shows it. */
export function typedOf(fields: readonly FormField[], value: Schema): Typed {
  return Object.fromEntries(
    fields.map(({ name, control: { kind } }) => {
      const given = value[name];
      if (given === undefined || given === null) return [name, ''];
      if (kind === 'json') return [name, JSON.stringify(given, null, 2)];
      if (Array.isArray(given)) return [name, given.join(kind === 'list' ? ', ' : ',')];
      return [name, typeof given === 'string' ? given : JSON.stringify(given)];
    }),
  );
}

export type Read = { readonly value: Record<string, unknown> } | { readonly field: string; readonly problem: string };

function readField({ kind }: Control, typed: string): unknown {
  if (kind === 'number') return Number(typed);
  if (kind === 'switch') return typed === 'true';
  if (kind === 'json') return JSON.parse(typed);
  if (kind === 'list' || kind === 'some')
    return typed
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== '');
  return typed;
}

/** The value that a form says; what is empty is left out. What else is wrong with it the server says. */
export function readForm(fields: readonly FormField[], typed: Typed): Read {
  const value: Record<string, unknown> = {};
  for (const { name, control } of fields) {
    const text = (typed[name] ?? '').trim();
    if (text === '') continue;
    try {
      value[name] = readField(control, text);
    } catch {
      return { field: name, problem: 'is not JSON: look for a missing quote, comma or bracket' };
    }
    if (Number.isNaN(value[name])) return { field: name, problem: 'is not a number' };
  }
  return { value };
}

/** The field of a form that the server names: `value.matchers.0.field` is `matchers`. */
export const fieldOfParameter = (parameter: string | undefined): string | null =>
  parameter === undefined ? null : (/^value\.([^.]+)/.exec(parameter)?.[1] ?? null);
