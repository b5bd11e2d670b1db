import { type Operations } from '@telltale/api-client';
import { quoted, termsOf } from './filter-text';

type Fields = Operations['listFields']['answer'];

/** Something that can be added to the filters. */
export interface Offer {
  /** What it becomes in the text; a field with its operator still waits for a value. */
  readonly text: string;
  readonly isWhole: boolean;
  readonly about: string;
  /** Why it cannot be chosen here. */
  readonly why?: string;
}

/** A field that rows of turns or events can be filtered by. */
export interface KnownField {
  readonly name: string;
  readonly about: string;
  readonly type: string;
  readonly isMeasure: boolean;
  readonly values: readonly string[] | undefined;
  readonly tables: readonly string[];
}

const MOST = 12;
/** Fields in whose values a bare word is looked for. */
const SEARCHED: Readonly<Record<'turns' | 'events', readonly string[]>> = {
  turns: ['intent', 'outcome', 'status', 'error_type', 'service_name', 'service_version', 'models', 'tools', 'agents', 'prompt_versions', 'user_id', 'session_id'],
  events: ['name', 'kind', 'status', 'error_type', 'service_name', 'service_version', 'tool_name', 'response_model', 'agent_name', 'prompt_name', 'severity', 'session_id'],
}; // prettier-ignore

/** A field that is no column: the order of calls in a turn. */
const SEQUENCE: KnownField = { name: 'sequence', about: 'Calls in their order, ! for one that failed: find_order!,refund', type: 'names', isMeasure: false, values: undefined, tables: ['turns', 'events'] }; // prettier-ignore

export const fieldsOf = ({ dimensions, measures }: Fields): KnownField[] => [
  SEQUENCE,
  ...dimensions.filter(({ type }) => type !== 'time').map(({ name, about, type, values, tables }) => ({ name, about, type, isMeasure: false, values, tables })),
  ...measures.filter(({ name }) => name !== 'rows').map(({ name, about, tables }) => ({ name, about, type: 'number', isMeasure: true, values: undefined, tables })),
]; // prettier-ignore

/** What the last word of a text is about: a field with its value so far, or a bare word. */
export interface Typed {
  readonly before: string;
  readonly word: string;
  readonly field: string;
  readonly operator: string;
  readonly value: string;
  readonly isNegated: boolean;
}

export function typedIn(text: string): Typed {
  const terms = /\s$/.test(text) || text === '' ? [] : termsOf(text);
  const last = terms.at(-1);
  const before = last ? text.slice(0, text.length - last.text.length) : text;
  return { before, word: last?.text ?? '', field: last?.field ?? '', operator: last?.operator ?? '', value: last?.values.at(-1) ?? '', isNegated: last?.isNegated ?? false }; // prettier-ignore
}

/** Which fields are asked for values while a text is typed, and what the values hold. */
export function askedFor({ field, operator, value, word }: Typed, of: 'turns' | 'events', fields: readonly KnownField[]): { readonly fields: readonly string[]; readonly containing: string } {
  if (operator === ':' && field === SEQUENCE.name) return { fields: [of === 'turns' ? 'tools' : 'tool_name'], containing: value.replace(/!$/, '') };
  if (operator === ':') return { fields: fields.some(({ name, isMeasure }) => name === field && isMeasure) ? [] : [field], containing: value };
  return operator === '' && word.replace(/^-/, '').length >= 2 ? { fields: SEARCHED[of], containing: word.replace(/^-/, '') } : { fields: [], containing: '' };
} // prettier-ignore

interface Found {
  readonly field: string;
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** What is offered for what was typed: values with their counts, then fields; those that rows of this kind lack, with the reason. */
export function offersFor(typed: Typed, of: 'turns' | 'events', fields: readonly KnownField[], found: readonly Found[]): Offer[] {
  if (typed.field === SEQUENCE.name) {
    const before = typed.word.replace(/[^,:]*$/, '');
    return found.flatMap(({ values }) => values.filter(({ value }) => value !== '').map(({ value }): Offer => ({ text: `${before}${quoted(value)}`, isWhole: false, about: '! for one that failed, then a comma and what came after it' }))).slice(0, MOST);
  }
  const minus = typed.isNegated || typed.word.startsWith('-') ? '-' : '';
  const values = found.flatMap(({ field, values: own }) => own.filter(({ value }) => value !== '').map(({ value, count }) => ({ count, offer: { text: `${minus}${field}:${quoted(value)}`, isWhole: true, about: `${Math.round(count).toLocaleString('en-US')} ${of}` } })));
  const ofValues = [...values].sort((a, b) => b.count - a.count).map(({ offer }) => offer);
  if (typed.operator !== '') return ofValues.slice(0, MOST);
  const word = typed.word.replace(/^-/, '').toLowerCase();
  const ranked = fields
    .map((field) => ({ field, place: field.name.toLowerCase().startsWith(word) ? 0 : field.name.toLowerCase().includes(word) ? 1 : field.about.toLowerCase().includes(word) ? 2 : 3 }))
    .filter(({ place }) => place < 3)
    .sort((a, b) => a.place - b.place);
  const table = of === 'turns' ? 'turns' : 'events';
  const ofFields = ranked.map(({ field: { name, about, type, isMeasure, tables } }): Offer => {
    const offer = { text: `${minus}${name}${isMeasure ? '>' : ':'}`, isWhole: false, about: `${about} (${type})` };
    return tables.includes(table) ? offer : { ...offer, why: `a field of ${of === 'turns' ? 'events' : 'turns'}: explore those to filter by it` };
  });
  const here = [...ofFields.filter(({ why }) => why === undefined), ...(word === '' ? [] : ofFields.filter(({ why }) => why !== undefined))];
  return [...ofValues.slice(0, MOST - Math.min(5, here.length)), ...here].slice(0, MOST);
} // prettier-ignore
