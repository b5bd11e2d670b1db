import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type NativeEvent } from './event';

// What sdk/rules/README.md says, in its order.

interface Rule {
  readonly words: readonly string[];
  readonly pattern: string;
  readonly ignore_case: boolean;
  readonly group: number;
  readonly replace: string;
  readonly ids: boolean;
  readonly unless?: readonly string[];
  readonly unless_before?: string;
  readonly digits?: string;
  readonly check?: 'luhn' | 'mod97';
}

export interface Rules {
  readonly version: number;
  readonly limits: { readonly text: number; readonly depth: number; readonly context: number; readonly name: number };
  readonly names: {
    readonly qualifier: string;
    readonly qualifiers: number;
    readonly secret: string;
    readonly not_secret: readonly string[];
    readonly id: string;
    readonly id_value: string;
  };
  readonly patterns: Readonly<Record<string, string>>;
  readonly rules: readonly Rule[];
}

export interface Redactor {
  text(text: string): string;
  value(value: unknown, name?: string): unknown;
}

/** Reads the rules that were built into the package; in the repository those they are built from. */
export function loadRules(): Rules {
  const built = join(__dirname, 'sdk-rules.json');
  const file = existsSync(built) ? built : join(__dirname, '../../rules/sdk-rules.json');
  const rules = JSON.parse(readFileSync(file, 'utf8')) as Rules;
  if (rules.version !== 1) throw new Error(`version ${rules.version} is not known`);
  return rules;
}

const CUT = '[cut]';
const MAX_WORD = 4_096;
const MAX_SHORT = 512;
const FAILED = '[redaction failed]';
const PLACEHOLDER = /^\[[A-Z_]{2,16}\]$/;

const digitsOf = (text: string): string => text.replace(/[^0-9]/g, '');

function isLuhn(text: string): boolean {
  const digits = digitsOf(text);
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48;
    sum += index % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return digits.length > 0 && sum % 10 === 0;
}

function isMod97(text: string): boolean {
  const code = text.replace(/[ -]/g, '').toUpperCase();
  let rest = 0;
  for (const sign of code.slice(4) + code.slice(0, 4)) {
    const value = parseInt(sign, 36);
    if (Number.isNaN(value)) return false;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Names in one form: `dbPassword`, `DB-PASSWORD` and `db.password` are `db_password`. */
const toSnake = (name: string, limit: number): string =>
  name
    .slice(-limit)
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');

function compileRule(rule: Rule, patterns: Rules['patterns'], context: number): (text: string) => string {
  const pattern = new RegExp(rule.pattern, rule.ignore_case ? 'gi' : 'g');
  const unless = (rule.unless ?? []).map((name) => new RegExp(patterns[name] ?? '(?!)', 'i'));
  const before = rule.unless_before === undefined ? null : new RegExp(rule.unless_before, 'i');
  const digits = rule.digits === undefined ? null : new RegExp(rule.digits);

  const stays = (value: string, text: string, start: number): boolean =>
    value === '' ||
    unless.some((one) => one.test(value)) ||
    before?.test(text.slice(Math.max(0, start - context), start)) === true ||
    digits?.test(digitsOf(value)) === false ||
    (rule.check === 'luhn' && !isLuhn(value)) ||
    (rule.check === 'mod97' && !isMod97(value));

  return (text) => {
    let out = '';
    let from = 0;
    for (const found of text.matchAll(pattern)) {
      const value = found[rule.group] ?? '';
      const end = found.index + found[0].length;
      const start = end - value.length;
      if (stays(value, text, start)) continue;
      out += text.slice(from, start) + rule.replace;
      from = end;
    }
    return from === 0 ? text : out + text.slice(from);
  };
}

function createNames({ limits, names }: Rules) {
  const qualifier = new RegExp(names.qualifier);
  const secret = new RegExp(names.secret);
  const notSecret = names.not_secret.map((pattern) => new RegExp(pattern));
  const id = new RegExp(names.id);
  const known = new Map<string, NameClass>();

  function classify(name: string): NameClass {
    const snake = toSnake(name, limits.name);
    let core = snake;
    for (let count = 0; count < names.qualifiers; count++) core = core.replace(qualifier, '');
    const isSecret = !notSecret.some((pattern) => pattern.test(core)) && (secret.test(snake) || secret.test(core));
    return { isSecret, isId: id.test(snake) };
  }
  return (name: string): NameClass => {
    let found = known.get(name);
    if (found === undefined) {
      found = classify(name);
      // Names repeat; those that do not must not fill the memory.
      if (known.size < 2_000 && name.length < 200) known.set(name, found);
    }
    return found;
  };
}

interface NameClass {
  readonly isSecret: boolean;
  readonly isId: boolean;
}

export function createRedactor(all: Rules): Redactor {
  const { limits, names, patterns, rules } = all;
  const compiled = rules.map((rule) => {
    // Most are never met.
    let rewrite: ReturnType<typeof compileRule> | null = null;
    return {
      words: rule.words,
      ids: rule.ids,
      rewrite: (text: string) => (rewrite ??= compileRule(rule, patterns, limits.context))(text),
    };
  });
  const idValue = new RegExp(names.id_value);
  const classOf = createNames(all);

  function cut(text: string): string {
    if (text.length <= limits.text) return text;
    const kept = text.slice(0, limits.text);
    const blank = Math.max(...[' ', '\t', '\n', '\r'].map((sign) => kept.lastIndexOf(sign)));
    return (blank >= limits.text - MAX_WORD ? kept.slice(0, blank) : kept) + CUT;
  }

  const always = compiled.filter(({ words }) => words.some((word) => word.length < 3) || words.length === 0);
  const anyWord = new RegExp(
    compiled
      .filter((rule) => !always.includes(rule))
      .flatMap(({ words }) => words.map((word) => word.replace(/[^\w ]/g, '\\$&')))
      .join('|'),
  );

  function redact(text: string, isId: boolean): string {
    let out = cut(text);
    const lower = out.toLowerCase();
    // Most short texts have no word of any rule: one look instead of one for each.
    const candidates = text.length <= MAX_SHORT && !anyWord.test(lower) ? always : compiled;
    for (const { ids, words, rewrite } of candidates)
      if ((ids || !isId) && (words.length === 0 || words.some((word) => lower.includes(word)))) out = rewrite(out);
    return out;
  }

  function leaf(value: string | number, name: string): unknown {
    const text = String(value);
    if (text === '' || PLACEHOLDER.test(text)) return value;
    const { isSecret, isId } = classOf(name);
    if (isSecret) return '[SECRET]';
    if (typeof value === 'number' && !Number.isSafeInteger(value)) return value;
    const after = redact(text, isId && idValue.test(text));
    return after === text ? value : after;
  }

  function walk(value: unknown, name: string, depth: number): unknown {
    if (typeof value === 'string' || typeof value === 'number') return leaf(value, name);
    if (typeof value !== 'object' || value === null) return value;
    if (depth >= limits.depth) return FAILED;
    if (Array.isArray(value)) return value.map((item: unknown) => walk(item, name, depth + 1));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, key, depth + 1)]));
  }

  return { text: (text) => redact(text, false), value: (value, name = '') => walk(value, name, 0) };
}

/** Fields of an event that hold what people and programs said. Ids stay: only the gateway has the key of pseudonyms. */
const SHOWN = ['body', 'error', 'input', 'output', 'tool', 'decision', 'attributes', 'score', 'feature_flags'] as const;

/** Masks an event; what cannot be looked through is not sent as it is. */
export function redactEvent(event: NativeEvent, redactor: Redactor): NativeEvent {
  const result: Record<string, unknown> = { ...event };
  for (const field of SHOWN) {
    if (event[field] === undefined) continue;
    // The name of a tool is no text of people, and what it is found by.
    if (field === 'tool' && event.tool) {
      const { name, call_id, ...content } = event.tool;
      result[field] = { name, ...(call_id === undefined ? {} : { call_id }), ...(redactor.value(content) as object) };
    } else result[field] = redactor.value(event[field], field);
  }
  return result as unknown as NativeEvent;
}
