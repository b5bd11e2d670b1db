import { DIMENSIONS } from '../fields/dimensions';
import { type ExploredField, exploredField, LIST_FIELDS, MAP_FIELDS, type Source } from './explored-field';
import { valueText } from './value-text';

// Values of a row as texts, so that those of all fields are counted in one pass: place of the field in the list, a separator, the value.

const BETWEEN = '\u001f';
/** Dimensions of many values that groups of rows may have in common. Those that name single rows, or say the same again, are left out. */
const OF_MANY = new Set(['user_id', 'instance', 'error_fingerprint', 'log_template_id']);

/** A field whose values are looked at: one of the catalogue, a list, or a map with all its keys. */
export interface Tagged {
  readonly name: string;
  readonly list: string;
}

const isLookedAt = ({ form, cardinality, name }: ExploredField): boolean =>
  form !== 'time' && (cardinality === 'few' || OF_MANY.has(name));

/** Every field by whose values rows can differ; the wide table is not read for them. */
export function taggedFields(source: Source, without: ReadonlySet<string>): Tagged[] {
  const names = [...DIMENSIONS.map(({ name }) => name), ...LIST_FIELDS].filter((name) => !without.has(name));
  const fields = names.flatMap((name): Tagged[] => {
    const field = exploredField(source, name);
    if (!field || field.wide || !isLookedAt(field)) return [];
    return [{ name, list: field.form === 'list' ? `arrayMap(v -> toString(v), ${field.expression})` : valueText(field, 0) }];
  });
  const maps = Object.entries(MAP_FIELDS).filter(([, { sources }]) => sources.includes(source));
  const pairs = maps.map(([name, { column }]): Tagged => ({
    name,
    list: `arrayMap((k, v) -> concat(k, char(31), v), mapKeys(${column}), mapValues(${column}))`,
  }));
  return [...fields, ...pairs];
}

/** SQL: the tags of a row; the first is the empty one, which every row has. */
export function tagsSql(fields: readonly Tagged[]): string {
  const lists = fields.map(({ list }, i) => `arrayMap(v -> concat('${i}', char(31), v), arrayFilter(v -> v != '', ${list}))`);
  return `arrayConcat([''], ${lists.join(', ')})`;
}

/** What a tag says; null for the empty one. The values of maps are fields of their own. */
export function fieldAndValue(fields: readonly Tagged[], tag: string): { readonly field: string; readonly value: string } | null {
  const [place = '', first, second] = tag.split(BETWEEN);
  const field = fields[Number(place)];
  if (tag === '' || !field || first === undefined) return null;
  return Object.hasOwn(MAP_FIELDS, field.name)
    ? { field: `${field.name}.${first}`, value: second ?? '' }
    : { field: field.name, value: tag.slice(place.length + 1) };
}
