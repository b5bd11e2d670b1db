import { DIGIT, DOT, isKind, LOWER, UPPER } from './characters';
import { SECRET } from './match';
import { NO_WORD_AFTER, NO_WORD_BEFORE, oneOf, rule, type SdkRule } from './sdk-rule';
import { MAX_TOKEN, TOKEN_FORMS, type TokenForm } from './token-forms';

/** The ASCII characters of these classes, as a class of a pattern without its brackets. */
function charsOf(kinds: number): string {
  const ranges: string[] = [];
  // A dash that is the last character is no range.
  const isOf = (c: number): boolean => c < 127 && c !== 45 && isKind(c, kinds);
  for (let c = 33; c < 127; c++) {
    if (!isOf(c)) continue;
    const from = c;
    while (isOf(c + 1)) c++;
    ranges.push(c - from < 2 ? [...new Set([from, c])].map(sign).join('') : `${sign(from)}-${sign(c)}`);
  }
  return ranges.join('') + (isKind(45, kinds) ? '-' : '');
}
const sign = (c: number): string => String.fromCharCode(c).replace(/[\\\]^[/-]/, '\\$&');

const MAX_WORD = 32;

/** Long, or with a digit (or both cases): what is none of it is a word. */
function looksDrawn({ needs, made }: TokenForm): string {
  if (needs === 'nothing') return '';
  const upTo = (kind: number, range: string): string => `[${charsOf(made & ~kind)}]{0,${MAX_WORD - 1}}[${range}]`;
  const mixed = needs === 'mixed' ? `|(?=(?:${upTo(UPPER, 'A-Z')}){2})(?:${upTo(LOWER, 'a-z')}){2}` : '';
  return `(?=[${charsOf(made)}]{${MAX_WORD}}|${upTo(DIGIT, '0-9')}${mixed})`;
}

const inAnyCase = (prefix: string): string =>
  [...prefix].map((c) => (/[a-z]/i.test(c) ? `[${c.toLowerCase()}${c.toUpperCase()}]` : oneOf([c]).slice(3, -1))).join('');

/** The characters after the prefix: a dot at the end is that of the sentence. */
function body({ made, least, most }: TokenForm): string {
  if (most === 0) return '';
  const end = most === MAX_TOKEN ? '' : NO_WORD_AFTER;
  const chars = charsOf(made);
  return (made & DOT) === 0
    ? `[${chars}]{${least},${most}}${end}`
    : `[${chars}]{${least - 1},${most - 1}}[${charsOf(made & ~DOT)}]${end}`;
}

function patternOf(form: TokenForm): { head: string; value: string } {
  const prefix = form.isAnyCase ? inAnyCase(form.prefix) : oneOf([form.prefix]).slice(3, -1);
  const lead = form.lead > 0 ? `[A-Za-z0-9_.~-]{${form.lead}}` : '';
  const rest = `${looksDrawn(form)}${body(form)}`;
  return form.keepsPrefix
    ? { head: `${NO_WORD_BEFORE}${prefix}`, value: rest }
    : { head: NO_WORD_BEFORE, value: `${lead}${prefix}${rest}` };
}

/** Whole tokens, where prefix and length do not tell enough. */
function shapeOf(form: TokenForm): { head: string; value: string } {
  const shape = (form.shape as RegExp).source.slice(1, -1).replace('AQVN.*', 'AQVN[\\w-]{35,40}');
  return { head: NO_WORD_BEFORE, value: `(?:${shape})(?![${charsOf(form.made & ~DOT)}])` };
}

/** A rule for each form: the prefixes of a form, which differ in nothing else, in one. */
export function tokenRules(): SdkRule[] {
  const groups = new Map<string, TokenForm[]>();
  // `sb_secret_` before `secret_`.
  for (const form of [...TOKEN_FORMS].sort((a, b) => b.prefix.length - a.prefix.length)) {
    const { id, made, least, most, needs, isAnyCase, keepsPrefix, lead, shape } = form;
    const key = shape ? `${id} shape` : [id, made, least, most, needs, isAnyCase, keepsPrefix, lead].join(' ');
    groups.set(key, [...(groups.get(key) ?? []), form]);
  }
  const ids = new Map<string, number>();
  return [...groups.values()].map((forms) => {
    const [first] = forms as [TokenForm];
    const n = (ids.get(first.id) ?? 0) + 1;
    ids.set(first.id, n);
    const { head } = first.shape ? shapeOf(first) : patternOf(first);
    const heads = forms.map(patternOf);
    const isKept = first.keepsPrefix;
    const value = first.shape ? shapeOf(first).value : isKept ? (heads[0]?.value ?? '') : heads.map((one) => one.value).join('|');
    return rule({
      id: `token-${first.id}${n > 1 ? `-${n}` : ''}`,
      words: forms.map(({ prefix }) => prefix),
      head: isKept ? `${NO_WORD_BEFORE}${oneOf(forms.map(({ prefix }) => prefix))}` : head,
      value,
      ignoreCase: first.shape?.flags.includes('i') ?? false,
      replace: SECRET,
    });
  });
}
