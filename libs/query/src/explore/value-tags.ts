import { DIMENSIONS } from '../fields/dimensions';
import { type ExploredField, exploredField, LIST_FIELDS, MAP_FIELDS, type Source } from './explored-field';
import { scalarText } from './value-text';

// Values of a row with the place of their field, so that those of all fields are counted in one pass.

/** Between the key of a map and its value. */
const BETWEEN = '\u001f';
/** Dimensions of many values that groups of rows may have in common. Those that name single rows, or say the same again, are left out. */
const OF_MANY = new Set(['user_id', 'instance', 'error_fingerprint', 'log_template_id']);

/** A field whose values are looked at: one of the catalogue, a list, or a map with all its keys. `tags`: SQL of its tags, given its place. */
export interface Tagged {
  readonly name: string;
  /** Of one value: it stands in a list with others. */
  readonly isOne: boolean;
  readonly tags: (place: number) => string;
}

const isLookedAt = ({ form, cardinality, name }: ExploredField): boolean =>
  form !== 'time' && (cardinality === 'few' || OF_MANY.has(name));

/** Every field by whose values rows can differ; the wide table is not read for them. */
export function taggedFields(source: Source, without: ReadonlySet<string>): Tagged[] {
  const names = [...DIMENSIONS.map(({ name }) => name), ...LIST_FIELDS].filter((name) => !without.has(name));
  const fields = names.flatMap((name): Tagged[] => {
    const field = exploredField(source, name);
    if (!field || field.wide || !isLookedAt(field)) return [];
    const isOne = field.form !== 'list';
    return [
      {
        name,
        isOne,
        tags: (place) =>
          isOne ? `(${place}, ${scalarText(field, 0)})` : `arrayMap(v -> (${place}, toString(v)), ${field.expression})`,
      },
    ];
  });
  const maps = Object.entries(MAP_FIELDS).filter(([, { sources }]) => sources.includes(source));
  const pairs = maps.map(([name, { column }]): Tagged => ({
    name,
    isOne: false,
    tags: (place) => `arrayMap((k, v) -> (${place}, concat(k, char(31), v)), mapKeys(${column}), mapValues(${column}))`,
  }));
  return [...fields, ...pairs];
}

/** Place of the tag that every row has. */
export const WHOLE = 255;

/** SQL: the tags of a row, those of fields that have a value. */
export function tagsSql(fields: readonly Tagged[]): string {
  const placed = fields.map(({ isOne, tags }, place) => ({ isOne, sql: tags(place) }));
  const ones = placed.filter(({ isOne }) => isOne).map(({ sql }) => sql);
  const lists = placed.filter(({ isOne }) => !isOne).map(({ sql }) => sql);
  return `arrayFilter(t -> t.2 != '', arrayConcat([(${WHOLE}, 'whole'), ${ones.join(', ')}], ${lists.join(', ')}))`;
}

/** What a tag says. The values of maps are fields of their own. */
export function fieldAndValue(fields: readonly Tagged[], place: number, text: string): { readonly field: string; readonly value: string } | null {
  const field = fields[place];
  if (!field) return null;
  if (!Object.hasOwn(MAP_FIELDS, field.name)) return { field: field.name, value: text };
  const end = text.indexOf(BETWEEN);
  return { field: `${field.name}.${text.slice(0, end)}`, value: text.slice(end + 1) };
} // prettier-ignore
