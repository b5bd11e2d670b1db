/** Tokens that have a price of their own: uncached input, input read from a cache, input written to one, output. */
export const PRICED_TOKENS = ['input', 'cache_read', 'cache_write', 'output'] as const;
export type PricedTokens = (typeof PRICED_TOKENS)[number];
export type ByToken = Readonly<Record<PricedTokens, number>>;

/** Calls of one model, or of one tool that has a price, in one period. */
export interface CallGroup {
  /** Same model, same value, in both periods. */
  readonly key: string;
  readonly calls: number;
  readonly nano: number;
  readonly tokens: ByToken;
  /** Nano-dollars a token by the price table, in the middle of the period; null when it knows none, and for tools. */
  readonly listPrice: ByToken | null;
}

/** What one part of the traffic did in one period. Sums, weighted. */
export interface PeriodFacts {
  /** 0 where no producer names sessions. */
  readonly sessions: number;
  /** 0 where they are not known for this part. */
  readonly turns: number;
  /** Of the calls, those after a failed call of the same. */
  readonly retries: number;
  readonly groups: readonly CallGroup[];
}

export const nanoOf = ({ groups }: PeriodFacts): number => groups.reduce((sum, { nano }) => sum + nano, 0);

/** What calls of a part of the traffic were like. */
export interface Figures {
  readonly sessions: number;
  readonly turns: number;
  readonly calls: number;
  readonly retries: number;
  /** Per call. */
  readonly input_tokens: number | null;
  /** Of the input tokens, 0 to 1. */
  readonly cache_read_share: number | null;
  /** Per call. */
  readonly output_tokens: number | null;
  /** Per call. */
  readonly nano_usd: number | null;
}

export function figuresOf({ sessions, turns, retries, groups }: PeriodFacts): Figures {
  const sum = (of: (group: CallGroup) => number): number => groups.reduce((total, group) => total + of(group), 0);
  const per = (amount: number, count: number): number | null => (count > 0 ? amount / count : null);
  const calls = sum((group) => group.calls);
  const input = sum(({ tokens }) => tokens.input + tokens.cache_read + tokens.cache_write);
  return {
    sessions,
    turns,
    calls,
    retries,
    input_tokens: per(input, calls),
    cache_read_share: per(sum(({ tokens }) => tokens.cache_read), input), // prettier-ignore
    output_tokens: per(sum(({ tokens }) => tokens.output), calls), // prettier-ignore
    nano_usd: per(sum(({ nano }) => nano), calls), // prettier-ignore
  };
}

const addTokens = (a: ByToken, b: ByToken): ByToken => ({
  input: a.input + b.input,
  cache_read: a.cache_read + b.cache_read,
  cache_write: a.cache_write + b.cache_write,
  output: a.output + b.output,
});

/** The facts of several parts together; calls of one model become one group. */
export function mergeFacts(parts: readonly PeriodFacts[]): PeriodFacts {
  const groups = new Map<string, CallGroup>();
  for (const group of parts.flatMap((part) => part.groups)) {
    const known = groups.get(group.key);
    groups.set(
      group.key,
      known
        ? {
            ...known,
            calls: known.calls + group.calls,
            nano: known.nano + group.nano,
            tokens: addTokens(known.tokens, group.tokens),
          }
        : group,
    );
  }
  const sum = (of: (part: PeriodFacts) => number): number => parts.reduce((total, part) => total + of(part), 0);
  return {
    sessions: sum(({ sessions }) => sessions),
    turns: sum(({ turns }) => turns),
    retries: sum(({ retries }) => retries),
    groups: [...groups.values()],
  };
}
