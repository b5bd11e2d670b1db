import { z } from 'zod';

/** What a matcher can look at. `tool` and `model` are looked for in the words of an alert, as `title` is. */
export const MATCHER_FIELDS = ['service', 'kind', 'severity', 'model', 'tool', 'title'] as const;
type MatcherField = (typeof MATCHER_FIELDS)[number];
export const MATCHER_OPS = ['=', '!=', 'in'] as const;

const MAX_VALUES = 50;
const word = z.string().min(1, 'is empty; give what the field must be').max(300);
const FIELD_RULE = `is no field of a matcher; give one of ${MATCHER_FIELDS.join(', ')}`;
const OP_RULE = `is no comparison; give one of ${MATCHER_OPS.join(', ')}`;

export const matcher = z
  .strictObject({
    field: z.enum(MATCHER_FIELDS, { error: FIELD_RULE }).describe('What it looks at'),
    op: z.enum(MATCHER_OPS, { error: OP_RULE }).default('=').describe('How it compares'),
    value: z.union([word, z.array(word).min(1, 'has no values; give at least one').max(MAX_VALUES)], { error: 'is missing; give a text, or a list of texts with op in' }).describe('What with: a text, or with `in` a list of texts'),
  })
  .refine(({ op, value }) => op === 'in' || typeof value === 'string', {
    path: ['value'],
    message: 'is a list, which goes with op in; give one text, or op in',
  }); // prettier-ignore
export type Matcher = z.infer<typeof matcher>;

export const matchers = z.array(matcher).max(20, 'are more than 20; use op in for several values of one field');

/** What matchers are held against. */
export interface Matchable {
  readonly services: readonly string[];
  readonly kind: string;
  /** Empty where it is not known. */
  readonly severity: string;
  /** Everything an alert says in words. */
  readonly words: readonly string[];
}

const LETTER = /[\p{L}\p{N}]/u;
const isBoundary = (text: string, at: number): boolean => !LETTER.test(text.slice(at).charAt(0));
const endsBefore = (text: string, at: number): boolean => at === 0 || !LETTER.test(text.charAt(at - 1));

/** Whether the text has these words in this order as whole words; capitals do not count. */
function says(text: string, words: string): boolean {
  const [inside, wanted] = [text.toLowerCase(), words.toLowerCase().trim()];
  for (let at = inside.indexOf(wanted); at >= 0; at = inside.indexOf(wanted, at + 1))
    if (endsBefore(inside, at) && isBoundary(inside, at + wanted.length)) return true;
  return false;
}

const IN_WORDS: readonly MatcherField[] = ['model', 'tool', 'title'];

function has(field: MatcherField, value: string, { services, kind, severity, words }: Matchable): boolean {
  if (field === 'service') return services.includes(value);
  if (field === 'kind') return kind === value;
  if (field === 'severity') return severity === value;
  if (!IN_WORDS.includes(field)) return false;
  return words.some((text) => says(text, value));
}

/** Whether all of the matchers hold; where there are none, they do. */
export const allMatch = (given: readonly Matcher[], what: Matchable): boolean =>
  given.every(({ field, op, value }) => {
    const found = (Array.isArray(value) ? value : [value]).some((one) => has(field, one, what));
    return op === '!=' ? !found : found;
  });
