// The text of filters as the API takes it: terms with spaces between, such as `status:error -intent:refund duration_ms>2s`.

/** One term, as it is written. */
export interface Term {
  readonly text: string;
  readonly field: string;
  readonly operator: string;
  readonly isNegated: boolean;
  readonly values: readonly string[];
}

const TERM = /-?[A-Za-z_][\w.-]*(?:>=|<=|:|>|<)(?:"(?:[^"\\]|\\.)*"?|[^\s"])*|\S+/gsu;
const PARTS = /^(-?)([^\s:<>]+?)(>=|<=|:|>|<)(.*)$/s;
const VALUE = /"((?:[^"\\]|\\.)*)"|([^\s",]+)/gs;
const IS_BARE = /^[^\s",*:<>-][^\s",*]*$/;

/** Every term of the text, in order; what is no term stays as it is, with no field. */
export const termsOf = (text: string): Term[] =>
  [...text.matchAll(TERM)].map(([term]) => {
    const [, minus = '', field = '', operator = '', rest = ''] = PARTS.exec(term) ?? [];
    const values = [...rest.matchAll(VALUE)].map(([, quoted, bare = '']) => quoted?.replace(/\\(.)/gs, '$1') ?? bare);
    return { text: term, field, operator, isNegated: minus === '-', values };
  });

export const quoted = (value: string): string =>
  IS_BARE.test(value) ? value : `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/** A term for values of a field; none where there are no values. */
const termFor = (field: string, values: readonly string[], isNegated: boolean): string[] =>
  values.length === 0 ? [] : [`${isNegated ? '-' : ''}${field}:${values.map(quoted).join(',')}`];

const written = (terms: readonly string[]): string => terms.join(' ');

export const withTerm = (text: string, term: string): string => {
  const own = termsOf(text).map((one) => one.text);
  return written(own.includes(term) ? own : [...own, term]);
};
export const withoutTerm = (text: string, at: number): string => written(termsOf(text).flatMap((term, i) => (i === at ? [] : [term.text]))); // prettier-ignore

/** The opposite of a term: rows that it leaves out. */
export const withTermTurned = (text: string, at: number): string =>
  written(termsOf(text).map((term, i) => (i !== at ? term.text : term.isNegated ? term.text.slice(1) : `-${term.text}`)));

const isOf = (term: Term, field: string, isNegated: boolean): boolean =>
  term.field === field && term.operator === ':' && term.isNegated === isNegated && !/\*(?:,|$)/.test(term.text.replace(/"(?:[^"\\]|\\.)*"/gs, '')); // prettier-ignore

/** Values of a field that the text asks for. */
export const valuesIn = (text: string, field: string, isNegated = false): string[] =>
  termsOf(text).filter((term) => isOf(term, field, isNegated)).flatMap(({ values }) => values); // prettier-ignore

/** The text with a value of a field among those asked for, or without it where it was. */
export function withValueToggled(text: string, field: string, value: string): string {
  const values = valuesIn(text, field);
  const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
  const others = termsOf(text).filter((term) => !isOf(term, field, false));
  return written([...others.map((term) => term.text), ...termFor(field, next, false)]);
}

/** The text for one value of a field, or for all but it. */
export const withValue = (text: string, field: string, value: string, isNegated = false): string =>
  withTerm(text, `${isNegated ? '-' : ''}${field}:${quoted(value)}`);
