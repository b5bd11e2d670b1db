import { type ByToken, type CallGroup, mergeFacts, nanoOf, type PeriodFacts, PRICED_TOKENS } from './facts';

/** What spend is the product of; a change of spend is the sum of what each of them changed. */
export const PARTS = [
  'sessions', 'turns_per_session', 'calls_per_turn', 'retries', 'model_mix', 'input_tokens_per_call', 'cache_share', 'output_tokens_per_call', 'price',
] as const; // prettier-ignore
export type Part = (typeof PARTS)[number];
export type Parts = Readonly<Record<Part, number>>;

/** What a call of one model was like in a period. */
interface CallShape {
  /** Of all calls, 0 to 1. */
  readonly share: number;
  readonly inputTokens: number;
  /** Of the input tokens, by their price: each 0 to 1. */
  readonly split: Omit<ByToken, 'output'>;
  readonly outputTokens: number;
  /** Nano-dollars a token. */
  readonly price: ByToken;
  /** Nano-dollars a call, for what has no tokens. */
  readonly perCall: number;
}

interface Shape {
  readonly sessions: number;
  readonly turnsPerSession: number;
  readonly firstCallsPerTurn: number;
  /** Calls for each first call. */
  readonly tries: number;
  readonly models: ReadonlyMap<string, CallShape>;
}

/** Beyond so many calls for each first call the rest counts as first calls. */
const MAX_TRIES = 20;
const ratio = (a: number, b: number): number => (b > 0 ? a / b : 0);

/** List prices, moved together so that they give what was paid: tiers, discounts and corrections are part of the price. */
function pricesOf({ tokens, nano, listPrice }: CallGroup): ByToken {
  const total = PRICED_TOKENS.reduce((sum, name) => sum + tokens[name], 0);
  const listed = listPrice ? PRICED_TOKENS.reduce((sum, name) => sum + tokens[name] * listPrice[name], 0) : 0;
  const of = (name: keyof ByToken): number => (listPrice && listed > 0 ? (listPrice[name] * nano) / listed : ratio(nano, total));
  return { input: of('input'), cache_read: of('cache_read'), cache_write: of('cache_write'), output: of('output') };
}

function callShapeOf(group: CallGroup, allCalls: number): CallShape {
  const { tokens, calls, nano } = group;
  const input = tokens.input + tokens.cache_read + tokens.cache_write;
  const hasTokens = input + tokens.output > 0;
  return {
    share: ratio(calls, allCalls),
    inputTokens: ratio(input, calls),
    split: {
      input: input > 0 ? tokens.input / input : 1,
      cache_read: ratio(tokens.cache_read, input),
      cache_write: ratio(tokens.cache_write, input),
    },
    outputTokens: ratio(tokens.output, calls),
    price: pricesOf(group),
    perCall: hasTokens ? 0 : ratio(nano, calls),
  };
}

function shapeOf({ sessions, turns, retries, groups }: PeriodFacts, knows: { readonly sessions: boolean; readonly turns: boolean }): Shape {
  const calls = groups.reduce((sum, group) => sum + group.calls, 0);
  // Retries are counted by turn, calls by hour: at the border there may be more of them.
  const firstCalls = Math.max(calls - retries, calls / MAX_TRIES);
  // What is not known in both periods is no factor: the next one takes its place.
  const turnCount = knows.turns ? turns : firstCalls;
  const sessionCount = knows.sessions ? sessions : turnCount;
  return {
    sessions: sessionCount,
    turnsPerSession: ratio(turnCount, sessionCount),
    firstCallsPerTurn: ratio(firstCalls, turnCount),
    tries: ratio(calls, firstCalls),
    models: new Map(groups.filter((group) => group.calls > 0).map((group) => [group.key, callShapeOf(group, calls)])),
  };
} // prettier-ignore

const bit = (part: Part): number => 1 << PARTS.indexOf(part);

/** Spend with the parts in `after` as they were afterwards, and the others as before. */
function createSpendWith(before: Shape, after: Shape): (mask: number) => number {
  const keys = [...new Set([...before.models.keys(), ...after.models.keys()])];
  // What was not called before, or no more, is taken to have been as it is in the other period.
  const pairs = keys.flatMap((key) => {
    const [b, a] = [before.models.get(key), after.models.get(key)];
    const known = b ?? a;
    return known ? [[b ?? { ...known, share: 0 }, a ?? { ...known, share: 0 }] as const] : [];
  });
  return (mask) => {
    const pick = <T>(part: Part, from: readonly [T, T]): T => from[(mask & bit(part)) === 0 ? 0 : 1];
    const volume =
      pick('sessions', [before.sessions, after.sessions]) *
      pick('turns_per_session', [before.turnsPerSession, after.turnsPerSession]) *
      pick('calls_per_turn', [before.firstCallsPerTurn, after.firstCallsPerTurn]) *
      pick('retries', [before.tries, after.tries]);
    let perCall = 0;
    for (const pair of pairs) {
      const price = pick('price', pair);
      const { split } = pick('cache_share', pair);
      const input = split.input * price.price.input + split.cache_read * price.price.cache_read + split.cache_write * price.price.cache_write;
      perCall +=
        pick('model_mix', pair).share *
        (pick('input_tokens_per_call', pair).inputTokens * input +
          pick('output_tokens_per_call', pair).outputTokens * price.price.output +
          price.perCall);
    }
    return volume * perCall;
  };
} // prettier-ignore

/** Weight of a set of `size` others, of `count` players, in the Shapley value. */
function shapleyWeights(count: number): readonly number[] {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  return Array.from({ length: count }, (_, size) => (factorial(size) * factorial(count - size - 1)) / factorial(count));
}
const WEIGHTS = shapleyWeights(PARTS.length);
const SETS = 1 << PARTS.length;
const SIZES = Array.from({ length: SETS }, (_, set) => PARTS.filter((part) => (set & bit(part)) !== 0).length);

/** Beyond it a sum of parts would not be exact. Two parts can be so large only by taking each other back. */
const MOST = Math.floor(Number.MAX_SAFE_INTEGER / (2 * PARTS.length));
const bounded = (value: number): number => Math.max(-MOST, Math.min(MOST, value));

/** Rounds so that the sum stays: the largest fractions are rounded up first. */
function roundTo(total: number, values: readonly number[]): number[] {
  const floors = values.map(Math.floor);
  let left = total - floors.reduce((sum, value) => sum + value, 0);
  const order = values.map((value, i) => [value - (floors[i] ?? 0), i] as const).sort(([a], [b]) => b - a);
  // Beyond one a value, the rest is an error of floating point: the first takes it.
  for (const [, i] of order) {
    if (left <= 0) break;
    floors[i] = (floors[i] ?? 0) + 1;
    left--;
  }
  const [[, first] = [0, 0]] = order;
  floors[first] = (floors[first] ?? 0) + left;
  return floors;
}

/**
 * What each part changed of spend between two periods, nano-dollars: its Shapley value, that is what changing it adds on average over all orders
 * in which the parts can be changed (L. S. Shapley, A Value for n-Person Games, 1953). The sum is the change, exactly, also where
 * models come or go and where counts are 0, which logarithmic mean indices have no value for.
 */
export function decompose(before: PeriodFacts, after: PeriodFacts): Parts {
  const knows = {
    sessions: before.sessions > 0 && after.sessions > 0 && before.turns > 0 && after.turns > 0,
    turns: before.turns > 0 && after.turns > 0,
  };
  const [first, last] = [before, after].map((facts) => shapeOf(mergeFacts([facts]), knows)) as [Shape, Shape];
  // Where there was nothing, only volume came; where there is nothing any more, only volume went.
  const spendWith = createSpendWith(
    first.models.size > 0 ? first : { ...last, sessions: 0 },
    last.models.size > 0 ? last : { ...first, sessions: 0 },
  );
  const values = Array.from({ length: SETS }, (_, set) => spendWith(set));
  const shares = PARTS.map((part) => {
    let share = 0;
    for (let set = 0; set < SETS; set++)
      if ((set & bit(part)) === 0) share += (WEIGHTS[SIZES[set] ?? 0] ?? 0) * ((values[set | bit(part)] ?? 0) - (values[set] ?? 0));
    return share;
  });
  const change = nanoOf(after) - nanoOf(before);
  const rounded = roundTo(change, shares.map(bounded)); // prettier-ignore
  return Object.fromEntries(PARTS.map((part, i) => [part, rounded[i] ?? 0])) as Record<Part, number>;
} // prettier-ignore
