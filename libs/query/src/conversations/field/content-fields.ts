import { numberOf, type Row } from '../../define/row-values';

/** Fields of an event that hold content, as text. */
export const CONTENT_FIELDS = [
  'input',
  'output',
  'tool_arguments',
  'tool_result',
  'body',
  'error_message',
  'error_stack',
  'decision_reason',
  'attributes',
] as const;
export type ContentField = (typeof CONTENT_FIELDS)[number];

/** The field as text in a statement. */
export const textExpression = (field: ContentField): string => (field === 'attributes' ? 'toJSONString(attributes)' : field);

/** The columns of a statement that have the sizes. */
export const FIELD_SIZES = CONTENT_FIELDS.map((field) => ({ field, column: `${field}_characters` }));
export const SIZE_COLUMNS = FIELD_SIZES.map(({ field, column }) =>
  field === 'attributes'
    ? `if(empty(attributes), 0, lengthUTF8(toJSONString(attributes))) AS ${column}`
    : `lengthUTF8(events.${field}) AS ${column}`,
).join(', ');

/** Characters of each field with content, of a row with those columns. */
export const sizesOf = (row: Row): Record<string, number> =>
  Object.fromEntries(FIELD_SIZES.map(({ field, column }) => [field, numberOf(row, column)] as const).filter(([, size]) => size > 0)); // prettier-ignore
