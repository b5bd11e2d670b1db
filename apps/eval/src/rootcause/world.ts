import { type Dice, HOUR_MS, MINUTE_MS } from '@telltale/kernel';

/** One operation of a turn. */
export interface Tool {
  readonly name: string;
  readonly medianMs: number;
  readonly failShare: number;
}

interface Model {
  readonly name: string;
  readonly provider: string;
  readonly medianMs: number;
  readonly nanoPerToken: number;
}

interface Intent {
  readonly name: string;
  weight: number;
  readonly tools: readonly { readonly tool: number; readonly chance: number }[];
  readonly calls: number;
  readonly inputTokens: number;
}

/** A value that turns have by chance, from a moment on. */
export interface Rollout {
  readonly kind: 'version' | 'prompt_version' | 'flag' | 'template';
  readonly value: string;
  readonly at: number;
  readonly share: number;
}

export interface World {
  readonly service: string;
  readonly tools: readonly Tool[];
  readonly models: readonly Model[];
  readonly modelWeights: readonly number[];
  readonly intents: readonly Intent[];
  readonly regions: readonly string[];
  readonly regionWeights: readonly number[];
  readonly languages: readonly string[];
  readonly plans: readonly string[];
  readonly users: number;
  readonly flags: readonly { readonly name: string; readonly share: number }[];
  readonly version: string;
  readonly prompt: string;
  readonly retryShare: number;
  readonly spread: number;
  readonly from: number;
  readonly onset: number;
  readonly until: number;
  readonly turnsPerHour: number;
}

export const pick = <T>(dice: Dice, list: readonly T[]): T => {
  const one = list[Math.floor(dice.uniform() * list.length)];
  if (one === undefined) throw new RangeError('nothing to pick from');
  return one;
};
export const between = (dice: Dice, least: number, most: number): number => least + (most - least) * dice.uniform();
export const whole = (dice: Dice, least: number, most: number): number => Math.floor(between(dice, least, most + 1));

/** Index by weight. */
export function weighted(dice: Dice, weights: readonly number[]): number {
  let rest = dice.uniform() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

export function chosenOf<T>(dice: Dice, list: readonly T[], count: number): T[] {
  const rest = [...list];
  return Array.from(
    { length: Math.min(count, list.length) },
    () => rest.splice(Math.floor(dice.uniform() * rest.length), 1)[0] as T,
  );
}

const SERVICES = ['support-bot', 'shop-assistant', 'travel-agent', 'claims-helper', 'it-desk', 'banking-bot'];
const TOOLS = ['search_orders', 'refund', 'lookup_user', 'get_weather', 'book_flight', 'create_ticket', 'query_db', 'send_mail', 'price_quote', 'check_stock']; // prettier-ignore
const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet', 'claude-haiku', 'gemini-pro', 'mistral-large'];
const PROVIDERS = ['openai', 'anthropic', 'google', 'mistral'];
const INTENTS = ['cancel order', 'track parcel', 'change address', 'refund', 'ask price', 'reset password', 'book trip', 'file claim', 'complain', 'small talk']; // prettier-ignore
const REGIONS = ['eu-west-1', 'us-east-1', 'us-west-2', 'ap-south-1', 'sa-east-1'];
const FLAGS = ['fast_path', 'new_ui', 'memory', 'rerank', 'tone_v2'];
const PLANS = ['free', 'pro', 'team', 'enterprise'];

const weightsOf = (dice: Dice, count: number): number[] => Array.from({ length: count }, () => between(dice, 0.4, 1.6));

/** A program with its traffic: no two seeds share a number. */
export function newWorld(dice: Dice, now: number): World {
  const tools = chosenOf(dice, TOOLS, whole(dice, 3, 7)).map((name) => ({
    name,
    medianMs: Math.exp(between(dice, Math.log(60), Math.log(1_500))),
    failShare: between(dice, 0.002, 0.03),
  }));
  const providers = chosenOf(dice, PROVIDERS, 2);
  const models = chosenOf(dice, MODELS, whole(dice, 2, 4)).map((name, i) => ({
    name,
    provider: providers[i % 2] ?? 'openai',
    medianMs: between(dice, 400, 1_800),
    nanoPerToken: between(dice, 300, 6_000),
  }));
  // The first is rare and dear.
  const intents = chosenOf(dice, INTENTS, whole(dice, 4, 8)).map((name, i) => ({
    name,
    weight: i === 0 ? between(dice, 0.2, 0.6) : between(dice, 0.3, 2),
    tools: chosenOf(dice, tools.map((_, i) => i), whole(dice, 1, 3)).map((tool) => ({ tool, chance: between(dice, 0.3, 0.95) })),
    calls: i === 0 ? whole(dice, 2, 3) : whole(dice, 1, 2),
    inputTokens: Math.exp(i === 0 ? between(dice, Math.log(5_000), Math.log(12_000)) : between(dice, Math.log(500), Math.log(4_000))),
  })); // prettier-ignore
  const after = between(dice, 40, 170) * MINUTE_MS;
  const until = now - between(dice, 0, 10) * MINUTE_MS;
  const onset = until - after;
  const turnsPerHour = between(dice, 120, 420) * Math.min(2, (90 * MINUTE_MS) / after);
  const regions = chosenOf(dice, REGIONS, whole(dice, 2, 4));
  return {
    service: pick(dice, SERVICES),
    tools,
    models,
    modelWeights: weightsOf(dice, models.length),
    intents,
    regions,
    regionWeights: weightsOf(dice, regions.length),
    languages: chosenOf(dice, ['en', 'de', 'fr', 'es', 'pt'], whole(dice, 2, 4)),
    plans: chosenOf(dice, PLANS, whole(dice, 2, 4)),
    users: whole(dice, 40, 400),
    flags: chosenOf(dice, FLAGS, whole(dice, 1, 3)).map((name) => ({ name, share: between(dice, 0.1, 0.9) })),
    version: `1.${whole(dice, 0, 40)}.${whole(dice, 0, 9)}`,
    prompt: `answer@v${whole(dice, 1, 30)}`,
    retryShare: between(dice, 0.2, 0.9),
    spread: between(dice, 0.3, 0.6),
    from: onset - between(dice, 8, 12) * HOUR_MS,
    onset,
    until,
    turnsPerHour,
  };
}
