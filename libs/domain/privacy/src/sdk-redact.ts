import { isRecord } from '@telltale/kernel';
import { FAILED } from './redact-plain';
import { type SdkRule, type SdkRules } from './sdk-rule';
import { passesIban, passesLuhn } from './scan-number';

// The reference implementation of sdk/rules: what every SDK does with a text or a value before it sends it.

const CUT = '[cut]';
/** How far back from the cut a blank is looked for, so that nothing is cut in two. */
const MAX_WORD = 4_096;
const BLANKS = [' ', '\t', '\n', '\r'];
const PLACEHOLDER = /^\[[A-Z_]{2,16}\]$/;

const CHECKS = {
  luhn: (value: string) => passesLuhn(value.replace(/[^0-9]/g, '')),
  mod97: (value: string) => passesIban(value.replace(/[ -]/g, '')),
} as const;

/** What stands between the words of a name becomes `_`: `dbPassword`, `DB-PASSWORD` and `db.password` are `db_password`. */
const toSnake = (name: string, limit: number): string =>
  name
    .slice(-limit)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');

type Rewrite = (text: string) => string;

function compile(rule: SdkRule, unless: readonly RegExp[], context: number): Rewrite {
  const pattern = new RegExp(rule.pattern, rule.ignore_case ? 'gi' : 'g');
  const before = rule.unless_before === undefined ? null : new RegExp(rule.unless_before, 'i');
  const digits = rule.digits === undefined ? null : new RegExp(rule.digits);
  return (text) => {
    let out = '';
    let from = 0;
    for (const found of text.matchAll(pattern)) {
      const value = found[rule.group] ?? '';
      const end = found.index + found[0].length;
      const start = end - value.length;
      if (
        value === '' ||
        unless.some((one) => one.test(value)) ||
        before?.test(text.slice(Math.max(0, start - context), start)) === true
      )
        continue;
      if (digits?.test(value.replace(/[^0-9]/g, '')) === false || (rule.check && !CHECKS[rule.check](value))) continue;
      out += text.slice(from, start) + rule.replace;
      from = end;
    }
    return from === 0 ? text : out + text.slice(from);
  };
}

export interface SdkRedactor {
  text(text: string): string;
  /** Texts and numbers in a value of JSON; keys stay as they are. `name` is the name of the field that has the value. */
  value(value: unknown, name?: string): unknown;
}

export function createSdkRedactor({ limits, names, patterns, rules }: SdkRules): SdkRedactor {
  const compiled = rules.map((rule) => {
    const unless = (rule.unless ?? []).map((name) => new RegExp(patterns[name] as string, 'i'));
    return { ...rule, rewrite: compile(rule, unless, limits.context) };
  });
  const qualifier = new RegExp(names.qualifier);
  const secret = new RegExp(names.secret);
  const notSecret = names.not_secret.map((pattern) => new RegExp(pattern));
  const id = new RegExp(names.id);
  const idValue = new RegExp(names.id_value);

  function isSecret(snake: string): boolean {
    let core = snake;
    for (let n = 0; n < names.qualifiers; n++) core = core.replace(qualifier, '');
    return !notSecret.some((pattern) => pattern.test(core)) && (secret.test(snake) || secret.test(core));
  }

  function cut(text: string): string {
    if (text.length <= limits.text) return text;
    const kept = text.slice(0, limits.text);
    const blank = Math.max(...BLANKS.map((sign) => kept.lastIndexOf(sign)));
    return (blank >= limits.text - MAX_WORD ? kept.slice(0, blank) : kept) + CUT;
  }

  function redact(text: string, isId: boolean): string {
    let out = cut(text);
    const lower = out.toLowerCase();
    for (const { ids, words, rewrite } of compiled)
      if ((ids || !isId) && (words.length === 0 || words.some((word) => lower.includes(word)))) out = rewrite(out);
    return out;
  }

  function leaf(value: string | number, snake: string): unknown {
    const text = String(value);
    if (text === '' || PLACEHOLDER.test(text)) return value;
    if (isSecret(snake)) return '[SECRET]';
    if (typeof value === 'number' && !Number.isSafeInteger(value)) return value;
    const after = redact(text, id.test(snake) && idValue.test(text));
    return after === text ? value : after;
  }

  function walk(value: unknown, snake: string, depth: number): unknown {
    if (typeof value === 'string' || typeof value === 'number') return leaf(value, snake);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= limits.depth) return FAILED;
    if (Array.isArray(value)) return value.map((item: unknown) => walk(item, snake, depth + 1));
    if (!isRecord(value)) return FAILED;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, walk(inner, toSnake(key, limits.name), depth + 1)]),
    );
  }

  return {
    text: (text) => redact(text, false),
    value: (value, name = '') => walk(value, toSnake(name, limits.name), 0),
  };
}
