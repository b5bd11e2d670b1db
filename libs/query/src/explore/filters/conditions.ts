import { badParameter } from '../../define/api-error';
import { DIMENSIONS } from '../../fields/dimensions';
import { type Measure } from '../../fields/measures';
import { type ExploredField, exploredField, type Source, whyNoField } from '../explored-field';
import { FilterProblem, type FilterTerm, type FilterValue, parseFilters } from './parse-filters';
import { sequenceCondition } from './sequence';

/** A condition with the field it is about; names of parameters begin with `prefix`. */
export interface Condition {
  readonly field: ExploredField;
  readonly sql: string;
  readonly params: Readonly<Record<string, string | number>>;
}

const UNITS: Partial<Record<Measure['unit'], Readonly<Record<string, number>>>> = {
  ms: { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 },
};
const EXAMPLES: Partial<Record<Measure['unit'], string>> = {
  ms: '500, 500ms, 2s or 1.5m',
  nano_usd: '1000000 (nano-dollars) or $0.001',
};

/** A number in the unit of its field: `2s` of a duration, `$0.01` of a cost. */
function numberIn(text: string, measure: Measure | undefined): number {
  const dollars = measure?.unit === 'nano_usd' ? /^\$(\d+(?:\.\d+)?|\.\d+)$/.exec(text)?.[1] : undefined;
  if (dollars !== undefined) return Number(dollars) * 1e9;
  const [, digits, unit = ''] = /^(-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d{1,3})?)([a-z]*)$/i.exec(text) ?? [];
  const factor = unit === '' ? 1 : UNITS[measure?.unit ?? 'rows']?.[unit];
  const value = digits === undefined || factor === undefined ? NaN : Number(digits) * factor;
  if (!Number.isFinite(value)) throw new FilterProblem(`compares with ${text.slice(0, 60)}, which is no number`, `give a number, such as ${EXAMPLES[measure?.unit ?? 'rows'] ?? '100'}`);
  return value;
} // prettier-ignore

function checkKnown({ name }: ExploredField, { form, text }: FilterValue): void {
  const known = DIMENSIONS.find((one) => one.name === name)?.values;
  if (form !== 'exact' || !known || text === '' || known.includes(text)) return;
  throw new FilterProblem(`has ${text.slice(0, 60)}, which is no value of ${name}`, `give one of ${known.join(', ')}`);
}

/** Parameters of one statement, each under a name of its own. */
function createBinder(prefix: string) {
  const params: Record<string, string | number> = {};
  const bind = (type: string, value: string | number): string => {
    const name = `${prefix}${Object.keys(params).length}`;
    params[name] = value;
    return `{${name}:${type}}`;
  };
  return { params, bind };
}
type Bind = ReturnType<typeof createBinder>['bind'];

function ofTexts(expression: string, values: readonly FilterValue[], bind: Bind): string[] {
  const exact = values.filter(({ form }) => form === 'exact').map(({ text }) => bind('String', text));
  return [
    ...(exact.length === 0 ? [] : [exact.length === 1 ? `${expression} = ${exact[0] ?? ''}` : `${expression} IN (${exact.join(', ')})`]),
    ...values.filter(({ form }) => form === 'prefix').map(({ text }) => `startsWith(${expression}, ${bind('String', text)})`),
    ...(values.some(({ form }) => form === 'any') ? [`${expression} != ''`] : []),
  ];
} // prettier-ignore

function ofLists(column: string, values: readonly FilterValue[], bind: Bind): string[] {
  return values.map(({ form, text }) => {
    if (form === 'any') return `notEmpty(${column})`;
    if (form === 'exact' && text === '') return `empty(${column})`;
    return form === 'exact'
      ? `has(${column}, ${bind('String', text)})`
      : `arrayExists(v -> startsWith(v, ${bind('String', text)}), ${column})`;
  });
}

function ofNumbers({ expression, nullable, measure }: ExploredField, { operator, values }: FilterTerm, bind: Bind): string[] {
  return values.map(({ form, text }) => {
    if (form === 'any') return nullable ? `isNotNull(${expression})` : '1';
    if (form === 'prefix') throw new FilterProblem(`has ${text.slice(0, 60)}*, which is no number`, 'give a number');
    const compared = `${expression} ${operator === ':' ? '=' : operator} ${bind('Float64', numberIn(text, measure))}`;
    return nullable ? `ifNull(${compared}, 0)` : compared;
  });
}

function ofBooleans(expression: string, values: readonly FilterValue[]): string[] {
  return values.map(({ form, text }) => {
    if (form === 'any') return '1';
    if (form !== 'exact' || (text !== 'true' && text !== 'false')) throw new FilterProblem(`has ${text.slice(0, 60)}, which is not true or false`, 'give true or false');
    return `${expression} = ${text}`;
  });
} // prettier-ignore

function partsOf(field: ExploredField, term: FilterTerm, bind: Bind): string[] {
  const { operator, values } = term;
  if (field.form === 'time') throw new FilterProblem(`has ${field.name}, which is a time`, 'give since and until instead');
  if (field.form === 'number') return ofNumbers(field, term, bind);
  if (operator !== ':') throw new FilterProblem(`compares ${field.name}, which is no number`, `write ${field.name}:value`);
  if (field.form === 'boolean') return ofBooleans(field.expression, values);
  if (field.form === 'sequence') return [sequenceCondition(values, bind)];
  values.forEach((value) => checkKnown(field, value));
  if (field.form === 'list') return ofLists(field.expression, values, bind);
  const expression = field.key === undefined ? field.expression : field.expression.replace('{key:String}', bind('String', field.key)); // prettier-ignore
  return ofTexts(expression, values, bind);
}

function conditionOf(source: Source, term: FilterTerm, prefix: string): Condition {
  const field = exploredField(source, term.field);
  if (!field) {
    const { problem, fix } = whyNoField(source, term.field);
    throw new FilterProblem(problem, fix);
  }
  const { params, bind } = createBinder(prefix);
  const parts = partsOf(field, term, bind);
  const any = parts.length === 1 ? (parts[0] ?? '1') : `(${parts.join(' OR ')})`;
  return { field, sql: term.negated ? `NOT (${any})` : any, params };
}

/** The conditions of a text of filters. ApiError names the parameter it came in. */
export function conditionsOf(source: Source, parameter: string, text: string | undefined): Condition[] {
  try {
    return parseFilters(text ?? '').map((term, i) => conditionOf(source, term, `${parameter}${i}_`));
  } catch (error) {
    if (error instanceof FilterProblem) throw badParameter(parameter, error.problem, error.fix);
    throw error;
  }
}
