import { type Part } from '@telltale/domain-cost';
import { createDice, type Dice } from '@telltale/kernel';
import { type PriceFactors, type Route, seedOf } from './traffic';

/** What was changed between two days, and what else changed beside it. */
export interface PlantedSpike {
  readonly kind: string;
  readonly before: readonly Route[];
  readonly after: readonly Route[];
  readonly prices: PriceFactors;
  readonly truth: { readonly part: Part; readonly slices: readonly (readonly [dimension: string, value: string])[] };
  readonly distractors: readonly string[];
}

const SERVICES = ['shop', 'desk', 'pay'] as const;
const INTENTS = ['order', 'refund', 'track', 'account'] as const;
const MODELS = [['openai', 'gpt-4o'], ['openai', 'gpt-4o-mini'], ['anthropic', 'claude-sonnet-4-0']] as const; // prettier-ignore
const EXPENSIVE = { provider: 'anthropic', model: 'claude-opus-4-0' } as const;
const USERS = Array.from({ length: 60 }, (_, i) => `u_${i}`);

const pick = <T>(dice: Dice, items: readonly T[]): T => items[Math.floor(dice.uniform() * items.length)] as T;
const between = (dice: Dice, low: number, high: number): number => low + dice.uniform() * (high - low);

function usualRoutes(dice: Dice): Route[] {
  return SERVICES.flatMap((service, s) => {
    const [provider, model] = MODELS[s] ?? MODELS[0];
    return INTENTS.map((intent, i): Route => {
      const turns = Math.round(between(dice, 40, 120));
      return {
        service, intent, version: '1.0', prompt: `${service}-${i % 2 === 0 ? 'answer' : 'search'}@v1`, provider, model, turns, sessions: Math.ceil(turns / between(dice, 1.5, 4)),
        callsPerTurn: between(dice, 1.2, 3), retryShare: 0.02, inputTokens: Math.round(between(dice, 1_500, 4_000)), cacheShare: between(dice, 0.5, 0.85),
        outputTokens: Math.round(between(dice, 80, 300)), users: USERS, region: i % 2 === 0 ? 'eu' : 'us', flag: i === 3 ? 'on' : 'off',
      }; // prettier-ignore
    });
  });
}

type Change = (route: Route) => Route;
const where =
  (matches: (route: Route) => boolean, change: Change): Change =>
  (route) =>
    matches(route) ? change(route) : route;
const grown = (route: Route, factor: number): Route => ({ ...route, turns: Math.round(route.turns * factor), sessions: Math.round(route.sessions * factor) }); // prettier-ignore

interface Plant {
  /** What the world was like already before. */
  readonly base?: Change;
  readonly change: Change;
  readonly extra?: readonly Route[];
  readonly prices?: PriceFactors;
  readonly truth: PlantedSpike['truth'];
}

/** Each makes the whole of three services cost about twice as much: `strength` is moved until it does. */
const KINDS: Readonly<Record<string, (dice: Dice, routes: readonly Route[], strength: number) => Plant>> = {
  cache_broken: (dice, routes, strength) => {
    const { prompt, service } = pick(dice, routes);
    const [name = ''] = prompt.split('@');
    return {
      base: where((route) => route.prompt === prompt, (route) => ({ ...route, cacheShare: 0.95, inputTokens: route.inputTokens * strength })),
      // A time at the top of the prompt: nothing after it is read from the cache, and prompts are longer by a little.
      change: where((route) => route.prompt === prompt, (route) => ({ ...route, prompt: `${name}@v2`, cacheShare: 0 })),
      truth: { part: 'cache_share', slices: [['prompt', name], ['service', service]] },
    };
  },
  longer_inputs: (dice, routes, strength) => {
    const { prompt } = pick(dice, routes);
    const [name = ''] = prompt.split('@');
    return {
      change: where((route) => route.prompt === prompt, (route) => ({ ...route, prompt: `${name}@v2`, inputTokens: route.inputTokens * strength })),
      truth: { part: 'input_tokens_per_call', slices: [['prompt', name]] },
    };
  },
  longer_inputs_of_intent: (dice, routes, strength) => {
    const { intent, service, prompt } = pick(dice, routes);
    return {
      change: where((route) => route.intent === intent && route.service === service, (route) => ({ ...route, inputTokens: route.inputTokens * strength })),
      truth: { part: 'input_tokens_per_call', slices: [['intent', intent], ['prompt', prompt]] },
    };
  },
  longer_outputs: (dice, routes, strength) => {
    const { service } = pick(dice, routes);
    return {
      change: where((route) => route.service === service, (route) => ({ ...route, version: '1.1', outputTokens: route.outputTokens * strength })),
      truth: { part: 'output_tokens_per_call', slices: [['version', '1.1'], ['service', service], ['model', routes.find((route) => route.service === service)?.model ?? '']] },
    };
  },
  model_swap: (dice, _routes, strength) => {
    const service = pick(dice, SERVICES);
    return {
      base: where((route) => route.service === service, (route) => grown(route, strength / 4)),
      change: where((route) => route.service === service, (route) => ({ ...route, ...EXPENSIVE })),
      truth: { part: 'model_mix', slices: [['service', service]] },
    };
  },
  retry_storm: (dice, routes, strength) => {
    const { service } = pick(dice, routes);
    return {
      change: where((route) => route.service === service, (route) => ({ ...route, retryShare: 1 - 1 / strength })),
      truth: { part: 'retries', slices: [['service', service]] },
    };
  },
  more_calls: (dice, routes, strength) => {
    const { service } = pick(dice, routes);
    return {
      change: where((route) => route.service === service, (route) => ({ ...route, version: '1.1', callsPerTurn: route.callsPerTurn * strength })),
      truth: { part: 'calls_per_turn', slices: [['version', '1.1'], ['service', service]] },
    };
  },
  heavy_user: (dice, routes, strength) => {
    const user = pick(dice, USERS);
    const base = pick(dice, routes);
    return {
      change: (route) => route,
      extra: [{ ...grown(base, strength), users: [user] }],
      truth: { part: 'sessions', slices: [['user', user]] },
    };
  },
  longer_sessions: (dice, routes, strength) => {
    const { service } = pick(dice, routes);
    return {
      change: where((route) => route.service === service, (route) => ({ ...route, version: '1.1', turns: Math.round(route.turns * strength) })),
      truth: { part: 'turns_per_session', slices: [['version', '1.1'], ['service', service]] },
    };
  },
  price_rise: (dice, routes, strength) => {
    const { model, provider, service } = pick(dice, routes);
    return {
      change: (route) => route,
      prices: { [model]: strength },
      truth: { part: 'price', slices: [['model', model], ['service', service], ['provider', provider]] },
    };
  },
  more_traffic: (_dice, _routes, strength) => ({
    change: (route) => grown(route, strength),
    truth: { part: 'sessions', slices: [['all', '']] },
  }),
}; // prettier-ignore
export const SPIKE_KINDS = Object.keys(KINDS);

/** Things that change on any day without mattering. Each leaves `spared` alone. */
const DISTRACTORS: Readonly<Record<string, (dice: Dice, spared: string) => Change>> = {
  deploy_elsewhere: (dice, spared) => {
    const service = pick(dice, SERVICES.filter((one) => one !== spared));
    return where((route) => route.service === service, (route) => ({ ...route, version: '2.0' }));
  },
  growth_elsewhere: (dice, spared) => {
    const service = pick(dice, SERVICES.filter((one) => one !== spared));
    const factor = between(dice, 1.15, 1.35);
    return where((route) => route.service === service, (route) => grown(route, factor));
  },
  prompt_elsewhere: (dice, spared) => {
    const service = pick(dice, SERVICES.filter((one) => one !== spared));
    return where((route) => route.service === service && route.prompt.includes('search@'), (route) => ({ ...route, prompt: `${service}-search@v3`, inputTokens: route.inputTokens * 1.05 }));
  },
  flag_on: (dice) => {
    const intent = pick(dice, INTENTS);
    return where((route) => route.intent === intent, (route) => ({ ...route, flag: 'on' }));
  },
  region_moved: (dice) => {
    const intent = pick(dice, INTENTS);
    return where((route) => route.intent === intent, (route) => ({ ...route, region: 'ap' }));
  },
  cheaper_elsewhere: (dice, spared) => {
    const service = pick(dice, SERVICES.filter((one) => one !== spared));
    return where((route) => route.service === service && route.intent === 'track', (route) => ({ ...route, outputTokens: route.outputTokens * 0.7 }));
  },
}; // prettier-ignore
const COUNT_OF_DISTRACTORS = 3;

function serviceOf(truth: PlantedSpike['truth']): string {
  const names = truth.slices.map(([, value]) => value);
  return SERVICES.find((service) => names.some((name) => name.startsWith(service))) ?? '';
}

/** A spike of one kind with three distractors. `strength` is the factor of what is planted. */
export function plantSpike(kind: string, seed: string, strength: number): PlantedSpike {
  const make = KINDS[kind];
  if (!make) throw new Error(`there is no kind ${kind}; there are ${SPIKE_KINDS.join(', ')}`);
  const dice = createDice(seedOf(`${kind} ${seed}`));
  const usual = usualRoutes(dice);
  const { base = (route) => route, change, extra = [], prices = {}, truth } = make(dice, usual, strength);
  const before = usual.map(base);
  const names = Object.keys(DISTRACTORS);
  const distractors: string[] = [];
  while (distractors.length < COUNT_OF_DISTRACTORS) {
    const name = pick(dice, names);
    if (!distractors.includes(name)) distractors.push(name);
  }
  const spared = serviceOf(truth);
  const changes = distractors.flatMap((name) => DISTRACTORS[name]?.(dice, spared) ?? []);
  // What changes for a service changes for new traffic, too.
  const after = [...before.map(change), ...extra].map((route) => changes.reduce((one, next) => next(one), route));
  return { kind, before, after, prices, truth, distractors };
}
