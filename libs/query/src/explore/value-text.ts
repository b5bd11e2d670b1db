import { type ExploredField } from './explored-field';

/** SQL: the value of a row as a text; the key of a map is the parameter `key<place>`. */
export function scalarText({ form, expression, nullable }: ExploredField, place: number): string {
  const value = expression.replace('{key:String}', `{key${place}:String}`);
  if (form === 'boolean') return `if(${value}, 'true', 'false')`;
  return nullable ? `ifNull(toString(${value}), '')` : `toString(${value})`;
}

/** SQL: the values of a row as a list of texts; an empty text where it has none. */
export const valueText = (field: ExploredField, place: number): string =>
  field.form === 'list'
    ? `if(empty(${field.expression}), [''], arrayMap(v -> toString(v), ${field.expression}))`
    : `[${scalarText(field, place)}]`;
