import { CODE, NUMBER, NUMBERED, TECHNICAL } from './field-names';
import { CARD, EMAIL, IBAN, IP, PHONE, SECRET, SSN } from './match';
import { MAX_TEXT } from './reading';
import { DIGITS_ALONE, IBAN_LENGTH, ISSUED } from './scan-number';
import { HOOKS } from './scan-url';
import { namedRules, STAYING } from './sdk-named-rules';
import { AFTER_TEXT, NO_WORD_AFTER, NO_WORD_BEFORE, oneOf, rule, type SdkRule, type SdkRules } from './sdk-rule';
import { tokenRules } from './sdk-token-rules';
import { SECRET_NAME_PARTS } from './secret-names';
import { SAYS_VERSION, VERSION_REACH } from './version-words';

// What SDKs mask before they send, made of the tables of the scanners: less than the scanners find, in patterns that any language has.

/** Not in the middle of an id of hexadecimal groups. */
const NO_GROUP_BEFORE = '(?<![0-9A-Fa-f]-)(?<![_.])';

const KEYS: readonly SdkRule[] = [
  rule({
    id: 'private-key',
    words: ['private key'],
    value: `-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,12}-----[\\s\\S]*?(?:-----END [A-Z0-9 ]{0,40}KEY[A-Z ]{0,12}-----|${AFTER_TEXT})`,
    replace: SECRET,
  }),
  rule({
    id: 'url-credentials',
    words: ['://'],
    head: ':\\/\\/',
    value: '[^\\x00-\\x20\\/?#"\'<>\\\\`@:\\[]{0,128}:[^\\x00-\\x20\\/?#"\'<>\\\\`@]{1,256}',
    tail: '(?=@)',
    replace: SECRET,
  }),
  rule({
    id: 'webhook',
    words: HOOKS.map((hook) => hook.slice(0, hook.indexOf('/'))),
    head: `:\\/\\/${oneOf(HOOKS)}`,
    value: '[A-Za-z0-9_\\/.:%-]{7,256}[A-Za-z0-9_\\/-]',
    replace: SECRET,
  }),
  rule({
    id: 'jwt',
    words: ['eyj'],
    // Preceded by no character of a token, so that each run is read once.
    head: '(?:(?<![A-Za-z0-9_-])|(?<=\\\\[bfnrt]))',
    value: 'eyJ[A-Za-z0-9_-]{9,4096}\\.[A-Za-z0-9_.-]{7,16384}[A-Za-z0-9_-]',
    replace: SECRET,
  }),
];

const ibanOf = (countries: readonly string[], length: number, takes: string): string =>
  `(?:${countries.join('|')})[0-9]{2}(?:[ -]?${takes}){${length - 4}}`;
function iban(): string {
  const groups = new Map<string, string[]>();
  for (const [country, length] of IBAN_LENGTH) {
    const key = `${length} ${DIGITS_ALONE.has(country) ? '[0-9]' : '[A-Z0-9]'}`;
    groups.set(key, [...(groups.get(key) ?? []), country]);
  }
  return [...groups]
    .map(([key, countries]) => ibanOf(countries, Number.parseInt(key), key.slice(key.indexOf(' ') + 1)))
    .join('|');
}

// Letters beyond ASCII are part of an address, as for the scanners: what is excluded is named.
const LOCAL_FIRST = '[^\\x00-$&-*,./:-@\\[-\\^`{-\\xbf]';
const LOCAL = '[^\\x00-$&(-*,/:-@\\[-\\^`{-\\xbf]';
const DOMAIN = '[^\\x00-,./:-@\\[-`{-\\xbf]';
const DOMAIN_LETTER = '[^\\x00-@\\[-`{-\\xbf]';
const HEX_GROUP = '[0-9A-Fa-f]{1,4}';
const OCTET = '(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]{1,2})';

const PERSONAL: readonly SdkRule[] = [
  rule({
    id: 'email',
    words: ['@'],
    head: `(?:(?<!${LOCAL_FIRST}|\\\\)|(?<=\\\\[bfnrt]))`,
    value: `${LOCAL_FIRST}${LOCAL}{0,63}@(?:${DOMAIN}{1,63}\\.){1,8}${DOMAIN_LETTER}{2,24}`,
    tail: `(?!-{0,8}[A-Za-z0-9]|\\.${DOMAIN})`,
    replace: EMAIL,
    ids: true,
  }),
  rule({ id: 'iban', head: NO_WORD_BEFORE, value: iban(), tail: NO_WORD_AFTER, check: 'mod97', replace: IBAN }),
  // A number in JSON needs quotes when it becomes text.
  ...(['"', '\\"'] as const).map((quote) =>
    rule({
      id: quote === '"' ? 'card-json-number' : 'card-json-escaped-number',
      words: [`${quote}:`],
      head: `${quote === '"' ? '(?<!\\\\)"' : '\\\\"'}:[ \\t]{0,3}`,
      value: '[0-9]{12,19}',
      tail: '(?=[ \\t\\r\\n]{0,8}[,}\\]])',
      digits: ISSUED.source,
      check: 'luhn',
      replace: `${quote}${CARD}${quote}`,
    }),
  ),
  rule({
    id: 'card',
    head: `${NO_WORD_BEFORE}(?<![0-9A-Fa-f]-)(?<![+])`,
    value:
      '[0-9]{12,19}|[0-9]{4}(?: [0-9]{4}){3}(?: [0-9]{3})?|[0-9]{4}(?:-[0-9]{4}){3}(?:-[0-9]{3})?|[0-9]{4} [0-9]{6} [0-9]{4,5}|[0-9]{4}-[0-9]{6}-[0-9]{4,5}',
    tail: `${NO_WORD_AFTER}(?!-[0-9A-Fa-f])`,
    digits: ISSUED.source,
    check: 'luhn',
    replace: CARD,
  }),
  rule({
    id: 'ssn',
    words: ['-'],
    head: `${NO_WORD_BEFORE}${NO_GROUP_BEFORE}`,
    value: '[0-8][0-9]{2}-[0-9]{2}-[0-9]{4}',
    tail: `${NO_WORD_AFTER}(?!-[0-9A-Fa-f])`,
    replace: SSN,
  }),
  rule({
    id: 'phone',
    words: ['+'],
    head: NO_WORD_BEFORE,
    value: '\\+[0-9](?:[ .()-]{0,2}[0-9]){7,14}',
    tail: `${NO_WORD_AFTER}(?![ .()-]{1,2}[0-9])`,
    replace: PHONE,
  }),
  rule({
    id: 'ipv4',
    words: ['.'],
    head: `${NO_WORD_BEFORE}(?<![_.-])(?!127\\.|0\\.0\\.0\\.0)`,
    value: `${OCTET}(?:\\.${OCTET}){3}`,
    tail: `${NO_WORD_AFTER}(?!\\.[0-9])`,
    after: SAYS_VERSION.source.replace(/\$$/, AFTER_TEXT),
    ignoreCase: true,
    replace: IP,
  }),
  rule({
    id: 'ipv6',
    words: [':'],
    head: `${NO_WORD_BEFORE}(?<![:_])(?=[A-Fa-f:]{0,36}[0-9])(?=[0-9A-Fa-f:]{0,36}[0-9A-Fa-f]{3})`,
    value: `(?:${HEX_GROUP}:){7}${HEX_GROUP}|(?:${HEX_GROUP}:){1,3}(?::${HEX_GROUP}){1,4}|(?:${HEX_GROUP}:){4,6}:${HEX_GROUP}`,
    tail: `${NO_WORD_AFTER}(?![:][0-9A-Fa-f:])`,
    replace: IP,
  }),
];

const lastWords = oneOf([...TECHNICAL].sort());
const numbered = oneOf([...NUMBERED].sort());

export const SDK_RULES: SdkRules = {
  version: 1,
  limits: { text: MAX_TEXT, depth: 100, context: VERSION_REACH, name: SECRET_NAME_PARTS.MAX_NAME },
  names: {
    qualifier: SECRET_NAME_PARTS.QUALIFIER.source,
    qualifiers: SECRET_NAME_PARTS.MAX_QUALIFIERS,
    secret: SECRET_NAME_PARTS.OPENS.source,
    not_secret: [SECRET_NAME_PARTS.NO_SECRET.source, SECRET_NAME_PARTS.ASKS.source, '^pass$', '^[a-z0-9_]{0,2}$'],
    id: `(?:^|_)${lastWords}$|(?:^|_)${numbered}_?(?:${[...NUMBER].join('|')})$|(?:^|_)${numbered}id$`,
    id_value: CODE.source.replace('$)', `${AFTER_TEXT})`).replace(/\$$/, AFTER_TEXT),
  },
  patterns: STAYING,
  rules: [...KEYS, ...tokenRules(), ...namedRules(), ...PERSONAL],
};
