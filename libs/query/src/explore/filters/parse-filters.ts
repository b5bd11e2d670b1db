// Filters as people type them: `intent:refund -status:ok duration_ms>2s tool_name:"search orders",refund`. Terms stand beside each other, and all must hold.

export const OPERATORS = [':', '>=', '<=', '>', '<'] as const;
export type Operator = (typeof OPERATORS)[number];

/** One value of a term. `any`: whatever is there; `prefix`: what begins with the text. */
export interface FilterValue {
  readonly form: 'exact' | 'prefix' | 'any';
  readonly text: string;
}

/** One condition: the field has one of the values, or (negated) none of them. */
export interface FilterTerm {
  readonly field: string;
  readonly operator: Operator;
  readonly negated: boolean;
  readonly values: readonly FilterValue[];
}

/** What is wrong with a text of filters, and how to mend it. */
export class FilterProblem extends Error {
  constructor(
    readonly problem: string,
    readonly fix: string,
  ) {
    super(problem);
  }
}

export const MAX_TERMS = 20;
export const MAX_FILTER_LENGTH = 2_000;
const MAX_VALUES = 50;
const SHOWN = 60;
const FORM = 'write field:value, such as status:error, -intent:refund or duration_ms>2s';

const TERM = /(-?)([A-Za-z_]\w*(?:\.[^\s:<>",]{1,100})?)(>=|<=|:|>|<)/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;
const BARE = /[^\s",]+/y;

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

interface Read<T> {
  readonly value: T;
  readonly end: number;
}

function readValue(text: string, at: number): Read<FilterValue> | null {
  const quoted = matchAt(QUOTED, text, at);
  if (quoted) return { value: { form: 'exact', text: (quoted[1] ?? '').replace(/\\(.)/gs, '$1') }, end: at + quoted[0].length };
  const bare = matchAt(BARE, text, at)?.[0];
  if (bare === undefined) return null;
  const end = at + bare.length;
  if (bare === '*') return { value: { form: 'any', text: '' }, end };
  return { value: bare.endsWith('*') ? { form: 'prefix', text: bare.slice(0, -1) } : { form: 'exact', text: bare }, end };
}

function readValues(text: string, start: number, term: string): Read<FilterValue[]> {
  const values: FilterValue[] = [];
  let at = start;
  for (;;) {
    const read = readValue(text, at);
    if (!read)
      throw new FilterProblem(
        text[at] === '"' ? `has a quote after ${term} that does not end` : `has no value after ${term}`,
        text[at] === '"' ? 'close the quote; write \\" for a quote inside' : FORM,
      );
    values.push(read.value);
    at = read.end;
    if (text[at] !== ',') return { value: values, end: at };
    at++;
  }
}

/** The terms of a text. FilterProblem says what cannot be read. */
export function parseFilters(text: string): FilterTerm[] {
  const terms: FilterTerm[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? '')) at++;
    if (at >= text.length) return terms;
    const head = matchAt(TERM, text, at);
    if (!head) throw new FilterProblem(`has ${(text.slice(at).split(/\s/)[0] ?? '').slice(0, SHOWN)}, which names no field`, FORM);
    const [term, minus, field = '', operator = ':'] = head;
    const { value: values, end } = readValues(text, at + term.length, term);
    if (end < text.length && !/\s/.test(text[end] ?? ''))
      throw new FilterProblem(`goes on after a value of ${field} without a space`, 'put a space between terms, and quotes around a value with quotes in it');
    if (values.length > MAX_VALUES) throw new FilterProblem(`has more than ${MAX_VALUES} values of ${field}`, 'give fewer values');
    terms.push({ field, operator: operator as Operator, negated: minus === '-', values });
    if (terms.length > MAX_TERMS) throw new FilterProblem(`has more than ${MAX_TERMS} terms`, 'leave some out');
    at = end;
  }
} // prettier-ignore

const IS_BARE = /^[^\s",*:<>-][^\s",*]*$/;
const FIELD = /^[A-Za-z_]\w*(?:\.[^\s:<>",]{1,100})?$/;

/** The term that finds a value of a field, as people type it; null where no term can name the field. */
export function termOf(field: string, value: string): string | null {
  if (!FIELD.test(field)) return null;
  return `${field}:${IS_BARE.test(value) ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`}`;
}
