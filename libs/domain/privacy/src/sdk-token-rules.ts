import { isKind } from './characters';
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

const without = (chars: string, range: 'A-Z' | 'a-z' | '0-9'): string => chars.replace(range, '');
const MAX_WORD = 32;

/** Long, or with a digit (or both cases): what is none of it is a word. */
function looksDrawn({ needs }: TokenForm, chars: string): string {
  if (needs === 'nothing') return '';
  const before = (range: 'A-Z' | 'a-z' | '0-9'): string => `[${without(chars, range)}]{0,${MAX_WORD - 1}}`;
  const twice = (range: 'A-Z' | 'a-z'): string => `(?:${before(range)}[${range}]){2}`;
  const mixed = needs === 'mixed' ? `|(?=${twice('A-Z')})${twice('a-z')}` : '';
  return `(?=[${chars}]{${MAX_WORD}}|${before('0-9')}[0-9]${mixed})`;
}

const inAnyCase = (prefix: string): string =>
  [...prefix].map((c) => (/[a-z]/i.test(c) ? `[${c.toLowerCase()}${c.toUpperCase()}]` : oneOf([c]).slice(3, -1))).join('');

/** How many of these characters: a dot at the end is that of the sentence. */
function body(form: TokenForm, chars: string): string {
  const { least, most } = form;
  if (most === 0) return '';
  const isOpen = most === MAX_TOKEN;
  if (!chars.includes('.')) return `[${chars}]{${least},${most}}${isOpen ? '' : NO_WORD_AFTER}`;
  return `[${chars}]{${least - 1},${most - 1}}[${chars.replace('.', '')}]${isOpen ? '' : NO_WORD_AFTER}`;
}

function patternOf(form: TokenForm): { head: string; value: string } {
  const chars = charsOf(form.made);
  const prefix = form.isAnyCase ? inAnyCase(form.prefix) : oneOf([form.prefix]).slice(3, -1);
  const lead = form.lead > 0 ? `[A-Za-z0-9_.~-]{${form.lead}}` : '';
  const rest = `${looksDrawn(form, chars)}${body(form, chars)}`;
  return form.keepsPrefix
    ? { head: `${NO_WORD_BEFORE}${prefix}`, value: rest }
    : { head: NO_WORD_BEFORE, value: `${lead}${prefix}${rest}` };
}

/** Whole tokens, where prefix and length do not tell enough. */
function shapeOf(form: TokenForm): { head: string; value: string } {
  const shape = (form.shape as RegExp).source.slice(1, -1).replace('AQVN.*', 'AQVN[\\w-]{35,40}');
  const chars = charsOf(form.made);
  return { head: NO_WORD_BEFORE, value: `(?:${shape})(?![${chars.replace('.', '')}])` };
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
