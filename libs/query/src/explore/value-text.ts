import { type ExploredField } from './explored-field';

/** SQL: the value of a row as a text; the key of a map is the parameter `key<place>`. */
export function scalarText({ form, expression, nullable }: ExploredField, place: number): string {
  const value = expression.replace('{key:String}', `{key${place}:String}`);
  if (form === 'boolean') return `if(${value}, 'true', 'false')`;
  return nullable ? `ifNull(toString(${value}), '')` : `toString(${value})`;
}
