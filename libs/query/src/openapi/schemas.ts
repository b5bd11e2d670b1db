import { z } from 'zod';
import { components, type Definition, placesOf } from '../define/definition';

export type JsonSchema = Readonly<Record<string, unknown>>;

export const refTo = (id: string): JsonSchema => ({ $ref: `#/components/schemas/${id}` });
const uri = (id: string): string => `#/components/schemas/${id}`;

/** Leaves out what says nothing: the bounds of a safe integer, the expression behind a format, addresses of their own. */
export function shorten({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
}
const withoutAddress = (schema: object): JsonSchema =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$id' && name !== '$schema'));

const bodyName = ({ name }: Definition): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}Body`;

/** The name of the schema of the body; null where there is none. */
export const bodyOf = (definition: Definition): string | null =>
  placesOf(definition).body.length > 0 ? bodyName(definition) : null;

/** The name under which a schema stands in the document. */
export function nameOf(schema: z.ZodType): string {
  const id = components.get(schema)?.id;
  if (id === undefined) throw new TypeError('a schema of an answer has no name: use named()');
  return id;
}

/** All named schemas: answers as they are written, bodies as they may be sent. */
export function schemasOf(definitions: readonly Definition[]): Readonly<Record<string, JsonSchema>> {
  const bodies = z.registry<{ id: string }>();
  for (const definition of definitions) {
    const id = bodyOf(definition);
    if (id === null) continue;
    const { body } = placesOf(definition);
    const shape = Object.entries(definition.params.shape).filter(([name]) => body.includes(name));
    bodies.add(z.strictObject(Object.fromEntries(shape)), { id });
  }
  const made = {
    ...z.toJSONSchema(components, { uri, io: 'output', override: shorten }).schemas,
    ...z.toJSONSchema(bodies, { uri, io: 'input', override: shorten }).schemas,
  };
  return Object.fromEntries(
    Object.entries(made)
      .map(([name, schema]): [string, JsonSchema] => [name, withoutAddress(schema)])
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** The parameters of a path or query string, by name. */
export function parametersOf({ params }: Definition): {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly required: readonly string[];
} {
  const { properties = {}, required = [] } = z.toJSONSchema(params, { io: 'input', override: shorten });
  return { schemas: properties as Readonly<Record<string, JsonSchema>>, required };
}
