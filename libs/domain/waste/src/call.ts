/** An operation of a turn, as the rules of waste look at it. */
export interface Call {
  readonly kind: 'llm' | 'embedding' | 'tool' | 'other';
  /** What is compared with its like: the prompt template, else the name, of calls of models with the model; of tools the tool. */
  readonly scope: string;
  readonly model: string;
  readonly span: string;
  /** Start and end, ms since the epoch. */
  readonly at: number;
  readonly end: number;
  readonly failed: boolean;
  /** A try after the first, as its producer says. */
  readonly isRetry: boolean;
  /** Same call with the same arguments, same value; '' when unknown. */
  readonly hash: string;
  /** Of its result, or its words; '' when unknown. */
  readonly resultHash: string;
  readonly resultChars: number;
  /** It ended at its limit of output tokens. */
  readonly isCut: boolean;
  /** A call of a model that asked for no tool. */
  readonly isAnswer: boolean;
  /** See `sampleBlocks`. */
  readonly blocks: string;
  readonly uncached: number;
  /** Null when the provider does not report reads from a cache. */
  readonly read: number | null;
  readonly write: number;
  readonly write1h: number;
  readonly output: number;
  readonly reasoning: number;
  readonly isPaid: boolean;
  /** Nano-dollars; null when unknown. */
  readonly nano: number | null;
}

/** The calls of a turn in order of start. */
export interface Turn {
  readonly calls: readonly Call[];
  readonly hasFailed: boolean;
  /** Of the answer that the turn itself reports; '' when it reports none. */
  readonly answerHash: string;
}

export type Usage = Pick<Call, 'uncached' | 'read' | 'write' | 'write1h' | 'output' | 'reasoning'>;

/**
 * What a token costs beside one of uncached input, where only the sum is known. Providers differ, most of all in output (4 to 8), so parts of a
 * call are estimates; they never exceed the call.
 */
export const RELATIVE_PRICE = { uncached: 1, read: 0.1, write: 1.25, write1h: 2, output: 4, reasoning: 4 } as const;

export const inputOf = ({ uncached, read, write, write1h }: Usage): number => uncached + (read ?? 0) + write + write1h;

const priceOfInput = ({ uncached, read, write, write1h }: Usage): number =>
  uncached * RELATIVE_PRICE.uncached +
  (read ?? 0) * RELATIVE_PRICE.read +
  write * RELATIVE_PRICE.write +
  write1h * RELATIVE_PRICE.write1h;
const priceOf = (usage: Usage): number =>
  priceOfInput(usage) + usage.output * RELATIVE_PRICE.output + usage.reasoning * RELATIVE_PRICE.reasoning;

/** The part of a call's cost, 0 to 1, that so much of relative price makes. */
export function shareOf(usage: Usage, price: number): number {
  const whole = priceOf(usage);
  return whole > 0 ? Math.min(1, Math.max(0, price / whole)) : 0;
}

/** The part of a call's cost that so many of its input tokens make. */
export function shareOfInput(usage: Usage, tokens: number): number {
  const input = inputOf(usage);
  return input > 0 ? shareOf(usage, (Math.min(tokens, input) / input) * priceOfInput(usage)) : 0;
}
