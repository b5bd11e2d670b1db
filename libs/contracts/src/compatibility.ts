/** The part of JSON Schema that our contracts use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: boolean | JsonSchema;
}

/** `read`: what we take in, old senders must still be taken. `written`: what we send, old readers must still understand. */
export type Direction = 'read' | 'written';

const typesOf = (schema: JsonSchema): string => {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives) return alternatives.map(typesOf).sort().join('|');
  return [schema.type ?? 'any'].flat().sort().join('|');
};

/** Why `next` breaks those who hold to `former`; empty when it does not. */
export function incompatibilities(former: JsonSchema, next: JsonSchema, direction: Direction, path = ''): string[] {
  const found: string[] = [];
  const at = (name: string): string => (path ? `${path}.${name}` : name);
  if (typesOf(former) !== typesOf(next))
    found.push(`${path || '(root)'}: type changed from ${typesOf(former)} to ${typesOf(next)}`);
  const [wide, narrow] = direction === 'read' ? [next.enum, former.enum] : [former.enum, next.enum];
  if (wide && narrow)
    for (const value of narrow)
      if (!wide.includes(value))
        found.push(`${path}: ${JSON.stringify(value)} is ${direction === 'read' ? 'no longer taken' : 'new to readers'}`);
  const [lowest, least] = direction === 'read' ? [next.minimum, former.minimum] : [former.minimum, next.minimum];
  if ((least ?? -Infinity) < (lowest ?? -Infinity))
    found.push(`${path}: less than ${lowest} is ${direction === 'read' ? 'no longer taken' : 'new to readers'}`);
  for (const [name, schema] of Object.entries(former.properties ?? {})) {
    const other = next.properties?.[name];
    if (!other) found.push(`${at(name)}: removed`);
    else found.push(...incompatibilities(schema, other, direction, at(name)));
  }
  const [has, needs] = direction === 'read' ? [former.required, next.required] : [next.required, former.required];
  for (const name of needs ?? [])
    if (!has?.includes(name))
      found.push(`${at(name)}: ${direction === 'read' ? 'became required' : 'is no longer always there'}`);
  if (former.items && next.items) found.push(...incompatibilities(former.items, next.items, direction, `${path}[]`));
  return found;
}
