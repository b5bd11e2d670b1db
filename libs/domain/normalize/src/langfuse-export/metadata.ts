import { type OtlpAttributes } from '@telltale/contracts';
import { isRecord } from '@telltale/kernel';
import { parseJson } from '../parse-json';
import { type Fields } from './fields';

/** What Langfuse keeps in `metadata`: what people put there, and of a span that came by OpenTelemetry all that it said. */
export interface Metadata {
  readonly own: Readonly<Record<string, unknown>>;
  readonly attributes: OtlpAttributes;
  readonly resource: OtlpAttributes;
  readonly scope: { readonly name: string; readonly version: string; readonly attributes: OtlpAttributes };
}

const PARTS = { attributes: 'attributes', resourceAttributes: 'resource', scope: 'scope' } as const;
type Part = (typeof PARTS)[keyof typeof PARTS];

const partOf = (name: string): Part | undefined => (Object.hasOwn(PARTS, name) ? PARTS[name as keyof typeof PARTS] : undefined);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Objects, the JSON of objects, or flattened: `resourceAttributes.service.name`. */
export function metadataOf(fields: Fields, name: string): Metadata {
  const value = fields.value('metadata');
  const own: Record<string, unknown> = {};
  const parts: Record<Part, Record<string, unknown>> = { attributes: {}, resource: {}, scope: {} };
  if (!isRecord(value)) {
    if (value !== undefined) own[name] = value;
  } else
    for (const [key, said] of Object.entries(value)) {
      if (said === null || said === undefined) continue;
      const dot = key.indexOf('.');
      const part = partOf(dot < 0 ? key : key.slice(0, dot));
      const plain = part && dot < 0 ? parseJson(said) : said;
      if (part && dot > 0) parts[part][key.slice(dot + 1)] = said;
      else if (part && isRecord(plain)) Object.assign(parts[part], plain);
      else own[key.startsWith('ls_') ? `langsmith.metadata.${key}` : `${name}.${key}`] = said;
    }
  const { scope } = parts;
  return {
    own,
    attributes: parts.attributes as OtlpAttributes,
    resource: parts.resource as OtlpAttributes,
    scope: { name: text(scope['name']), version: text(scope['version']), attributes: {} },
  };
}
