import { badParameter } from '../define/api-error';
import { type ExploredField, exploredField, type Source, whyNoField } from './explored-field';
import { scalarText } from './value-text';

const MAX_GROUPED = 2;
/** Between the values of a group. */
const BETWEEN = '\u001f';

/** Dimensions that rows are grouped by: none, one or two. */
export interface GroupBy {
  readonly fields: readonly ExploredField[];
  /** SQL: the values of a row as one text. */
  readonly key: string;
  readonly params: Readonly<Record<string, string>>;
}

function groupable(source: Source, name: string): ExploredField {
  const field = exploredField(source, name);
  if (!field) {
    const { problem, fix } = whyNoField(source, name);
    throw badParameter('by', problem, fix);
  }
  if (field.form === 'list') throw badParameter('by', `has ${name}, a list of which a turn has several values`, 'explore events, which have them one by one');
  if (field.form === 'time' || field.form === 'sequence' || field.measure) throw badParameter('by', `has ${name}, which is no dimension`, 'give a dimension: GET /api/fields lists them');
  return field;
} // prettier-ignore

/** ApiError where a name is no dimension of the source. */
export function groupByOf(source: Source, list: string | undefined): GroupBy {
  const names = [...new Set((list ?? '').split(',').map((name) => name.trim()).filter((name) => name !== ''))]; // prettier-ignore
  if (names.length > MAX_GROUPED) throw badParameter('by', `names more than ${MAX_GROUPED} dimensions`, `give at most ${MAX_GROUPED}`); // prettier-ignore
  const fields = names.map((name) => groupable(source, name));
  const texts = fields.map(scalarText);
  return {
    fields,
    key: texts.length < 2 ? (texts[0] ?? "''") : `concat(${texts.join(', char(31), ')})`,
    params: Object.fromEntries(fields.flatMap(({ key }, i) => (key === undefined ? [] : [[`key${i}`, key]]))),
  };
}

/** The values of a key by the names of their fields. */
export const valuesOf = ({ fields }: GroupBy, key: string): Record<string, string> => {
  const values = key.split(BETWEEN);
  return Object.fromEntries(fields.map(({ name }, i) => [name, values[i] ?? '']));
};
