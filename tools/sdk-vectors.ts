import { tokenVectors } from './sdk-token-vectors';
import { STAYING_TEXTS } from './sdk-staying-vectors';
import { MASKED_TEXTS } from './sdk-text-vectors';
import { VALUES } from './sdk-value-vectors';

/** What a text becomes. */
export interface TextVector {
  readonly name: string;
  readonly input: string;
  readonly output: string;
}
/** The same for long texts: pieces and how often each is repeated. */
export interface LongVector {
  readonly name: string;
  readonly input: readonly (readonly [string, number])[];
  readonly output: readonly (readonly [string, number])[];
}
/** What a value of JSON becomes. */
export interface ValueVector {
  readonly name: string;
  readonly input: unknown;
  readonly output: unknown;
}

/** One case a line: `«…»` is masked, `\n` is a line break. */
const linesOf = (table: string): string[] =>
  table.trim().split('\n').map((line) => line.replaceAll('\\n', '\n')); // prettier-ignore

const masked = (): TextVector[] =>
  Object.entries(MASKED_TEXTS).flatMap(([kind, table]) =>
    linesOf(table).map((line, n) => ({
      name: `${kind.toLowerCase()} ${n + 1}`,
      input: line.replace(/[«»]/g, ''),
      output: line.replace(/«[^»]*»/g, `[${kind}]`),
    })),
  );
const staying = (): TextVector[] =>
  Object.entries(STAYING_TEXTS).flatMap(([what, table]) =>
    linesOf(table).map((line, n) => ({ name: `${what} ${n + 1} stays`, input: line, output: line })),
  );

const KEY = ['-----BEGIN RSA PRIVATE', ' KEY-----\nbm90IGEga2V5\n-----END RSA PRIVATE', ' KEY-----'].join('');
const BLOCKS: readonly TextVector[] = [
  { name: 'private key', input: `a ${KEY} b`, output: 'a [SECRET] b' },
  { name: 'private key of another kind', input: KEY.replaceAll('RSA ', ''), output: '[SECRET]' },
  { name: 'private key without its end', input: `a ${KEY.slice(0, 44)}`, output: 'a [SECRET]' },
  { name: 'two private keys', input: `${KEY}\n${KEY}`, output: '[SECRET]\n[SECRET]' },
  { name: 'private key in JSON', input: `{"pem":${JSON.stringify(KEY)}}`, output: '{"pem":"[SECRET]"}' },
  ...['-----BEGIN CERTIFICATE-----\nbm90IGEga2V5\n-----END CERTIFICATE-----', '-----BEGIN PUBLIC KEY-----\nbm90\n-----END PUBLIC KEY-----', 'BEGIN PRIVATE KEY is a header'].map(
    (text) => ({ name: 'no private key', input: text, output: text }),
  ),
]; // prettier-ignore

const LONG: readonly LongVector[] = [
  { name: 'a text as long as the limit', input: [['word ', 200_000]], output: [['word ', 200_000]] },
  { name: 'a text beyond the limit, cut before a word', input: [['word ', 200_001]], output: [['word ', 199_999], ['word[cut]', 1]] },
  { name: 'a text without blanks', input: [['a', 1_000_001]], output: [['a', 1_000_000], ['[cut]', 1]] },
  { name: 'a secret at the cut', input: [['word ', 199_998], ['password=aB3dE5fG7h', 1]], output: [['word ', 199_997], ['word[cut]', 1]] },
  { name: 'addresses', input: [['write to mia@example.com ', 20_000]], output: [['write to [EMAIL] ', 20_000]] },
  { name: 'digits', input: [['1', 500_000]], output: [['1', 500_000]] },
]; // prettier-ignore

export const sdkVectors = (): { texts: TextVector[]; long: readonly LongVector[]; values: readonly ValueVector[] } => ({
  texts: [...tokenVectors(), ...masked(), ...BLOCKS, ...staying()],
  long: LONG,
  values: VALUES,
});
