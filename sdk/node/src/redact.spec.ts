import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRedactor, loadRules } from './redact';

interface Case<T> {
  readonly name: string;
  readonly input: T;
  readonly output: T;
}
type Pieces = readonly (readonly [string, number])[];
interface Vectors {
  readonly texts: readonly Case<string>[];
  readonly values: readonly Case<unknown>[];
  readonly long: readonly Case<Pieces>[];
}
const vectors = JSON.parse(readFileSync(join(__dirname, '../../rules/vectors.json'), 'utf8')) as Vectors;
const { text, value } = createRedactor(loadRules());
const whole = (pieces: Pieces): string => pieces.map(([piece, often]) => piece.repeat(often)).join('');

describe('redaction', () => {
  it.each(vectors.texts.map(({ name, ...one }) => [name, one] as const))('of a text: %s', (_, { input, output }) => {
    expect([text(input), text(text(input))]).toEqual([output, output]);
  });

  it.each(vectors.values.map(({ name, ...one }) => [name, one] as const))('of a value: %s', (_, { input, output }) => {
    expect([value(input), value(value(input))]).toEqual([output, output]);
  });

  it.each(vectors.long.map(({ name, ...one }) => [name, one] as const))('of much: %s', (_, { input, output }) => {
    expect(text(whole(input)) === whole(output)).toBe(true);
  });

  it('has cases of each', () => {
    expect(Math.min(vectors.texts.length, vectors.values.length, vectors.long.length)).toBeGreaterThan(0);
  });

  it('does not look deeper than its limit', () => {
    let deep: unknown = 'mia@example.com';
    for (let n = 0; n < 101; n++) deep = [deep];
    expect(JSON.stringify(value(deep))).toContain('[redaction failed]');
  });
});
