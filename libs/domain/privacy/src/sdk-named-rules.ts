import { SECRET } from './match';
import { AFTER_TEXT, NO_WORD_BEFORE, oneOf, rule, type SdkRule } from './sdk-rule';
import { SECRET_NAME_PARTS } from './secret-names';
import { SAMPLE, STATES } from './secret-value';

// Values after a name that says that they are secret. Only what no code, reference, placeholder or sentence is: the scanners judge the rest.

/** `secret_key`, `secret-key`, `secretkey`: the last word first, because a pattern that begins with many alternatives is slow. */
const lastOf = (word: string, firsts: string): string =>
  `${word}(?:${firsts
    .split('|')
    .map((first) => `(?<=${first}${word})|(?<=${first}[_-]${word})`)
    .join('|')})`;
/** Names whose value is a secret whatever it looks like; a text in front of them belongs to the name. */
const STRONG = `(?:pass(?:word|wd|phrase|code)|passwort|kennwort|pwd|secret|${lastOf('key', `api|${SECRET_NAME_PARTS.KINDS_OF_KEYS}`)}|${lastOf('string', 'connection')}|${lastOf('pass', SECRET_NAME_PARTS.OWNERS_OF_PASSWORDS)})`;
/** Names that people and programs also use for other things. */
const WEAK = `(?:token|authorization|credentials?|cookie|jwt)`;
const QUALIFIER = `(?:(?<![0-9])_?[0-9]{1,4}|_(?:${SECRET_NAME_PARTS.QUALIFIERS}))?`;
const upToOne = (words: string): string[] =>
  words
    .split('|')
    .flatMap((word) =>
      word.endsWith('?') && !word.includes('_') ? [word.slice(0, -2), word.slice(0, -1)] : [word.replace('_?', '_')],
    );
/** `next_token`, `show_password`. */
const NO_TOKEN = upToOne(SECRET_NAME_PARTS.NO_TOKENS)
  .map((word) => `(?<!${word})(?<!${word}[_-])`)
  .join('');
const NO_QUESTION = upToOne(SECRET_NAME_PARTS.QUESTIONS)
  .map((word) => `(?<!\\b${word})(?<!\\b${word}[_-])`)
  .join('');
const STRONG_NAME = `(?=pass|kenn|pwd|secret|key|string)${NO_QUESTION}${STRONG}${QUALIFIER}`;
const WEAK_NAME = `(?=token|auth|cred|cook|jwt)${NO_QUESTION}${NO_TOKEN}${WEAK}${QUALIFIER}`;
const WORDS = ['pass', 'pwd', 'secret', 'key', 'kennwort', 'string'];
const WEAK_WORDS = ['token', 'authorization', 'credential', 'cookie', 'jwt'];

/** What an unquoted value has none of. */
const ENDS = '\\x00-\\x20,;&)}\\]<>"\'`\\\\';
/** The last character is none that ends a sentence. */
const plain = (least: number, signs = '.:'): string => `[^${ENDS}]{${least - 1},4095}[^${ENDS}${signs}]`;
const WITH_DIGIT_AND_LETTER = `(?=[^${ENDS}0-9]{0,63}[0-9])(?=[^${ENDS}A-Za-z]{0,63}[A-Za-z])`;

const STATE = oneOf([...STATES]);
/** What no secret is: empty, references, placeholders, samples. Values hold no line break, so `$` is their end in every language. */
const NO_SECRET = [
  `^${STATE}$`,
  SAMPLE.source.replaceAll('\\s', ' ').replaceAll('.*', '[\\s\\S]*'),
  '^\\[[^\\]]*\\]?$',
  '^[$%<{(*!@#:&?|=]',
  '[$#%]\\{|\\{\\{|\\$\\(',
  '^(?:vault|ssm|secretsmanager|arn|op|awssm|gcpsm|file|keyring|env|sops|bao|akv|https?):',
  '^(?:[*.#\\u2022\\u00b7]{3,}|x{4,}|-{3,}|_{3,}|\\?{2,}|\\u2026)$',
  '^my[_-]',
  '^(?:true|false|null|none|nil|undefined|nan|-?[01])$',
].join('|');
/** Expressions of programs, and paths. */
const CODE = [
  '^[A-Za-z_$][A-Za-z0-9_$.:>!?-]*[\\[(]',
  '^[A-Za-z_$][A-Za-z0-9_$]*(?:(?:\\?\\.|\\.|->|::)[A-Za-z_$][A-Za-z0-9_$]*)+[!?]?$',
  '^(?:[&~]|\\.{1,2})?\\/',
  '^[A-Za-z]:',
  '\\.(?:pem|key|crt|txt|json|ya?ml|env|ts|js|py)$',
  '[()|{}\\[]',
].join('|');
/** A variable: letters with joints or humps, and up to two digits. */
const VARIABLE = '^[A-Za-z$]*_[A-Za-z_$]*[0-9]{0,2}$|^(?:bearer|basic|digest|token|apikey|negotiate)$';
/** Words and short numbers in a row. */
const SLUG = '^(?:[A-Za-z]+[0-9]{0,2}|[0-9]{1,4})(?:[_.:\\/@+=-](?:[A-Za-z]+[0-9]{0,2}|[0-9]{1,4})?)*$';
/** Several words, code between two literals. */
const NO_LITERAL = '^ |^(?:[),;+\\]}:.](?:[^A-Za-z0-9_]|$)|\\+ ?[A-Za-z_])|^[^ ]+ [^ ]+ | (?:is|must|not|required|invalid)\\b';

/** What a value that stays looks like, by the names that rules use. */
export const STAYING = { no_secret: NO_SECRET, no_literal: NO_LITERAL, code: CODE, variable: VARIABLE, slug: SLUG };

const SIGN = '[ \\t]{0,3}(?:=(?![=>~])|:=|=>|:(?![:=/]))[ \\t]{0,3}';
const QUOTED_NAME = '(?:"|\')[ \\t]{0,3}(?::|=>)[ \\t\\r\\n]{0,8}';
/** `x ? 'secret' : 'token'`. */
const CHOICE = `[?][ ]?["'][A-Za-z0-9_.-]{0,40}["'] ?: ?["']${AFTER_TEXT}`;
const both = (name: string, words: readonly string[]): { name: string; words: readonly string[] } => ({ name, words });
const STRONG_ = both(STRONG_NAME, WORDS);
const WEAK_ = both(WEAK_NAME, WEAK_WORDS);
const common = { replace: SECRET, ignoreCase: true } as const;

export function namedRules(): SdkRule[] {
  const quotes = [
    ['double', '"', '(?:[^"\\\\\\r\\n]|\\\\[^\\r\\n]){1,4096}'],
    ['single', "'", "(?:[^'\\\\\\r\\n]|\\\\[^\\r\\n]){1,4096}"],
  ] as const;
  return [
    rule({
      ...common,
      id: 'authorization',
      words: ['bearer', 'basic', 'authorization'],
      head: `(?:${NO_WORD_BEFORE}bearer |authorization\\\\?["']?[ \\t]{0,3}[:=][ \\t]{0,3}\\\\?["']?(?:bearer|basic|token|digest|apikey)[ ]{1,3})`,
      value: '(?=[A-Za-z_+\\/=.~-]{0,63}[0-9])[A-Za-z0-9_+\\/=.~-]{8,4096}',
    }),
    ...[STRONG_, WEAK_].flatMap(({ name, words }, n): SdkRule[] => {
      const of = n === 0 ? 'secret' : 'token';
      return [
        // In JSON, and in JSON inside JSON.
        ...quotes.map(([id, quote, value]) =>
          rule({
            ...common,
            id: `${of}-json-${id}`,
            words,
            head: `${name}${QUOTED_NAME}${quote}`,
            value,
            unless: ['no_secret'],
            after: CHOICE,
          }),
        ),
        rule({
          ...common,
          id: `${of}-json-escaped`,
          words,
          head: `${name}\\\\{1,7}"[ \\t]{0,3}:[ \\t]{0,3}\\\\{1,7}"`,
          value: '[^"\\\\\\r\\n]{1,4096}',
          unless: ['no_secret'],
        }),
      ];
    }),
    rule({
      ...common,
      id: 'secret-json-number',
      words: WORDS,
      head: `${STRONG_NAME}"[ \\t]{0,3}:[ \\t\\r\\n]{0,8}`,
      value: '-?[0-9]{2,20}(?:\\.[0-9]{1,20})?',
      tail: '(?=[ \\t\\r\\n]{0,8}[,}\\]])',
      replace: `"${SECRET}"`,
    }),
    ...quotes.map(([id, quote, value]) =>
      rule({
        ...common,
        id: `secret-quoted-${id}`,
        words: WORDS,
        head: `${STRONG_NAME}${SIGN}${quote}`,
        value,
        unless: ['no_secret', 'no_literal', 'code', 'variable'],
      }),
    ),
    // `NAME=value` of shells and settings: text, whatever it looks like.
    rule({
      id: 'secret-environment',
      words: WORDS,
      head: `(?<![a-z])${STRONG.toUpperCase()}${QUALIFIER.toUpperCase().replace('V\\D', 'V[0-9]')}=(?![=>~])`,
      value: plain(4),
      unless: ['no_secret', 'code'],
      replace: SECRET,
    }),
    rule({
      ...common,
      id: 'secret-assigned',
      words: WORDS,
      head: `${STRONG_NAME}${SIGN}`,
      value: `${WITH_DIGIT_AND_LETTER}${plain(6)}`,
      unless: ['no_secret', 'code', 'variable'],
    }),
    rule({
      ...common,
      id: 'token-assigned',
      words: WEAK_WORDS,
      head: `${WEAK_NAME}${SIGN}`,
      value: `${WITH_DIGIT_AND_LETTER}${plain(8)}`,
      unless: ['no_secret', 'code', 'slug'],
    }),
    rule({
      ...common,
      id: 'secret-option',
      words: [...WORDS, 'token'],
      head: `(?<![A-Za-z0-9-])--?[A-Za-z0-9-]{0,40}?(?:${STRONG}|token)[ \\t]{1,4}`,
      value: `(?!-)${WITH_DIGIT_AND_LETTER}${plain(6)}`,
      unless: ['no_secret', 'code', 'slug'],
    }),
    rule({
      ...common,
      id: 'secret-element',
      words: WORDS,
      head: `<[A-Za-z0-9_.:-]{0,40}?${STRONG}>`,
      value: '[^\\x00-\\x20<>&{}$]{3,512}',
      tail: '(?=<\\/)',
      unless: ['no_secret', 'code', 'variable'],
    }),
    rule({
      ...common,
      id: 'secret-said',
      words: ['password'],
      head: `password(?: is| was|'s)[ \\t]{1,3}(?:now )?["'\`]?`,
      value: `${WITH_DIGIT_AND_LETTER}${plain(6, '.:!?')}`,
      unless: ['no_secret', 'code', 'variable'],
    }),
  ];
}
