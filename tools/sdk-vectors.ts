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

export const sdkVectors = (): { texts: TextVector[]; long: LongVector[]; values: ValueVector[] } => ({
  texts: [{ name: 'an address', input: 'write to mia@example.com!', output: 'write to [EMAIL]!' }],
  long: [{ name: 'a text beyond the limit', input: [['word ', 200_001]], output: [['word ', 199_999], ['word', 1], ['[cut]', 1]] }],
  values: [{ name: 'a password', input: { password: 'x', n: 1 }, output: { password: '[SECRET]', n: 1 } }],
}); // prettier-ignore
