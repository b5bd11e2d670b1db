import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRedactionCounts, findSpans, redactValue } from '.';
import { createSdkRedactor } from './sdk-redact';
import { SDK_RULES } from './sdk-rules';
import { isSecretName } from './secret-names';

interface Case {
  readonly name: string;
  readonly input: unknown;
  readonly output: unknown;
}
const { texts, values } = JSON.parse(readFileSync(join(__dirname, '../../../../sdk/rules/vectors.json'), 'utf8')) as {
  texts: (Case & { input: string; output: string })[];
  values: Case[];
};
const sdk = createSdkRedactor(SDK_RULES);

/** The parts of `input` that are placeholders in `output`. */
function maskedParts(input: string, output: string): { start: number; end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let at = 0;
  const kept = output.split(/\[[A-Z]+\]/);
  kept.forEach((text, n) => {
    const start = n === kept.length - 1 ? input.length - text.length : input.indexOf(text, at);
    if (n > 0) parts.push({ start: at, end: start });
    at = start + text.length;
  });
  return parts;
}

describe('the scanners of the enricher mask all that SDKs mask', () => {
  // Where one of two keys ends cannot be seen from the text without them.
  const changed = texts.filter(({ input, output, name }) => input !== output && name !== 'two private keys');
  it.each(changed)('$name: $input', ({ input, output }) => {
    const found = findSpans(input, 'content');
    const isMasked = (at: number): boolean => found.some(({ start, end }) => start <= at && at < end);
    const missed = maskedParts(input, output).flatMap(({ start, end }) =>
      [...input.slice(start, end)].filter((_, n) => !isMasked(start + n)),
    );
    expect(missed.join('')).toBe('');
  });
  it.each(values.filter(({ input, output, name }) => JSON.stringify(input) !== JSON.stringify(output) && name !== 'deeper'))(
    'in values: $name',
    ({ input, output }) => {
      expect(sdk.value(redactValue(input, createRedactionCounts()))).toEqual(redactValue(output, createRedactionCounts()));
    },
  );
  it('and know the same names of secrets', () => {
    const names = [...new Set(JSON.stringify(values).match(/[A-Za-z][\w.-]*/g))];
    const differ = names.filter(
      (name) => ((sdk.value({ [name]: 'x' }) as Record<string, unknown>)[name] !== 'x') !== isSecretName(name),
    );
    expect(names.length).toBeGreaterThan(150);
    expect(differ).toEqual([]);
  });
});

describe('patterns', () => {
  const all = [
    ...SDK_RULES.rules.flatMap((rule) => [rule.pattern, rule.unless_before ?? '', rule.digits ?? '']),
    ...Object.values(SDK_RULES.patterns),
    ...[
      SDK_RULES.names.qualifier,
      SDK_RULES.names.secret,
      ...SDK_RULES.names.not_secret,
      SDK_RULES.names.id,
      SDK_RULES.names.id_value,
    ],
  ];
  it('are in the common subset of languages', () => {
    const bare = (pattern: string): string =>
      pattern.replaceAll('[\\s\\S]', '').replace(/\\[^spPkKuU]/g, '').replace(/\[[^\]]*\]/g, ''); // prettier-ignore
    expect(all.filter((pattern) => /\\[spPkK]|\(\?<[A-Za-z]|\(\?P|\(\?[a-z]/.test(bare(pattern)))).toEqual([]);
    // `.` is another set of characters in each language, and Python warns of `[[`, `--`, `&&`, `||` and `~~` in a class.
    expect(SDK_RULES.rules.filter(({ pattern }) => bare(pattern).includes('.'))).toEqual([]);
    expect(all.filter((pattern) => /\[[^\]\\]*(?:\[|--|&&|~~|\|\|)/.test(pattern.replace(/\\./g, '')))).toEqual([]);
  });
  it('match to the end of the group', () => {
    for (const { pattern } of SDK_RULES.rules) expect(pattern).toMatch(/\)(?:\(\?[!=].*\))*$/);
  });
  it('have words in small letters, and ids of their own', () => {
    const words = SDK_RULES.rules.flatMap((rule) => rule.words);
    expect(words).toEqual(words.map((word) => word.toLowerCase()));
    expect(new Set(SDK_RULES.rules.map(({ id }) => id)).size).toBe(SDK_RULES.rules.length);
  });

  const PIECES = [
    'password="', "password='", 'password: ', 'PASSWORD=', 'password="\\"', '"password":"\\', '\\"password\\":\\"a', '--password ', '--a-', '<password>', '<a.', 'token=a1', 'password is ', 'authorization: bearer ', 'Bearer a', '://a:', '://a', 'a@', 'a@a.',
    '@a.a.', 'a.', 'é', '1', '1 ', '1-', '1.', '1:', 'a:', '::a', '+1 ', '-----BEGIN PRIVATE KEY', '-----BEGIN PRIVATE KEY-----', 'DE89 ', 'A1', 'eyJ-', 'eyJa.', 'a-', 'a_', '://hooks.slack.com/services/.', ' ', '\\n',
  ]; // prettier-ignore
  it.each(SDK_RULES.rules)(
    'of $id take time in proportion to the length of a text',
    ({ pattern, ignore_case, words, unless = [] }) => {
      const matcher = new RegExp(pattern, ignore_case ? 'gi' : 'g');
      const stays = unless.map((name) => new RegExp(SDK_RULES.patterns[name]!, 'i'));
      const cost = (piece: string, length: number): number => {
        const text = piece.repeat(Math.ceil(length / piece.length));
        const { user } = process.cpuUsage();
        for (const found of text.matchAll(matcher)) for (const one of stays) one.test(found[1]!);
        return process.cpuUsage().user - user;
      };
      const pieces = [
        ...PIECES,
        ...words,
        ...words.map((word) => word.toUpperCase()),
        ...words.map((word) => `${word}.`),
        ...words.map((word) => ` ${word}a`),
      ];
      for (const piece of pieces) cost(piece, 2_000);
      // Twice the length at four times the cost would be a quadratic search; a busy machine is allowed for.
      const slow = pieces.filter((piece) => cost(piece, 40_000) > 3 * cost(piece, 20_000) + 20_000);
      expect(slow.filter((piece) => cost(piece, 80_000) > 3 * cost(piece, 40_000) + 20_000)).toEqual([]);
    },
  );
});
