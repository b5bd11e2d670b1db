import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSdkRedactor } from './sdk-redact';
import { type SdkRules } from './sdk-rule';

const read = (file: string): unknown => JSON.parse(readFileSync(join(__dirname, '../../../../sdk/rules', file), 'utf8'));
interface Vectors {
  readonly texts: readonly { name: string; input: string; output: string }[];
  readonly long: readonly { name: string; input: readonly [string, number][]; output: readonly [string, number][] }[];
  readonly values: readonly { name: string; input: unknown; output: unknown }[];
}
const rules = read('sdk-rules.json') as SdkRules;
const vectors = read('vectors.json') as Vectors;
const sdk = createSdkRedactor(rules);
const joined = (pieces: readonly [string, number][]): string => pieces.map(([text, times]) => text.repeat(times)).join('');

describe('the cases for SDKs', () => {
  it.each(vectors.texts)('$name: $input', ({ input, output }) => {
    expect(sdk.text(input)).toBe(output);
    expect(sdk.text(output)).toBe(output);
  });
  it.each(vectors.long)('$name', ({ input, output }) => {
    // Not compared by toBe, which would print a megabyte.
    expect(sdk.text(joined(input)) === joined(output)).toBe(true);
  });
  it.each(vectors.values)('$name', ({ input, output }) => {
    expect(sdk.value(input)).toEqual(output);
    expect(sdk.value(output)).toEqual(output);
  });
});
