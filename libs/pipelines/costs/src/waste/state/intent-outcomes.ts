import {
  addStats,
  type Alternative,
  cheaperAlternative,
  isAsGood,
  moreAnswered,
  NO_STATS,
  type OutcomeStats,
} from '@telltale/domain-waste';
import { DAY_MS, hashId } from '@telltale/kernel';
import { type BatchState, createBoundedKeys, createStateCodec, createStateSection, flushBounded } from '@telltale/streaming';
import { type KeptTurn } from '../wasteful-turn';

const LIMITS = { perTenant: 500, perTask: 5_000, idleMs: 7 * DAY_MS };
const MAX_MODELS = 8;
/** Counts are halved here, so that what was long ago weighs less. */
const MAX_TURNS = 2_000;
/** A turn with so much of its cost in reasoning is one with reasoning. */
const REASONING = 0.2;

interface Kept {
  /** By `<model>` or `<model> reasoning`. */
  readonly models: Readonly<Record<string, OutcomeStats>>;
  readonly at: number;
}
const SECTION = createStateSection('outcomes/', createStateCodec<Kept>(1));
const WITH_REASONING = ' reasoning';

type Counted = Pick<KeptTurn, 'turn'>;

/** How turns of each service and intent ended, by the model that answered them. */
export interface IntentOutcomes extends BatchState {
  add(tenant: string, turn: Counted): void;
  /** Takes back what a turn that is revised had added. */
  remove(tenant: string, turn: Counted): void;
  /** What else would do for such a turn: the same model without reasoning, a cheaper one. */
  alternativesTo(tenant: string, turn: Counted): { readonly withoutReasoning: Alternative | null; readonly cheaperModel: Alternative | null };
} // prettier-ignore

function countedOf({ turn: { service_name: service, intent, outcome, waste } }: Counted): { readonly key: string; readonly model: string; readonly name: string; readonly stats: OutcomeStats } | null {
  const { main } = waste;
  if (!main || intent === '' || outcome === 'unknown') return null;
  const priced = main.nano === null ? 0 : 1;
  return {
    key: hashId(20, service, intent),
    model: main.model,
    name: main.reasoning >= REASONING ? main.model + WITH_REASONING : main.model,
    stats: { turns: 1, answered: outcome === 'answered' ? 1 : 0, priced, nano: main.nano ?? 0 },
  };
} // prettier-ignore

const halved = ({ turns, answered, priced, nano }: OutcomeStats): OutcomeStats => ({
  turns: turns / 2,
  answered: answered / 2,
  priced: priced / 2,
  nano: nano / 2,
});

/** Both kinds of turns of each model together. */
function byModel(models: Kept['models']): Map<string, OutcomeStats> {
  const sums = new Map<string, OutcomeStats>();
  for (const [name, stats] of Object.entries(models)) {
    const model = name.endsWith(WITH_REASONING) ? name.slice(0, -WITH_REASONING.length) : name;
    sums.set(model, addStats(sums.get(model) ?? NO_STATS, stats));
  }
  return sums;
}

export function createIntentOutcomes(restored: ReadonlyMap<string, Buffer>): IntentOutcomes {
  const kept = new Map(SECTION.restore(restored));
  const changed = new Set<string>();
  let now = 0;
  const tenantOf = (key: string): string => key.slice(0, key.lastIndexOf('/'));
  const bounded = createBoundedKeys(LIMITS, [...kept].map(([key, { at }]) => ({ tenant: tenantOf(key), key, at }))); // prettier-ignore

  function change(tenant: string, turn: Counted, sign: 1 | -1): void {
    const counted = countedOf(turn);
    if (!counted) return;
    const key = `${tenant}/${counted.key}`;
    const models = kept.get(key)?.models ?? {};
    const before = models[counted.name];
    if (!before && (sign < 0 || Object.keys(models).length >= MAX_MODELS)) return;
    const stats = addStats(before ?? NO_STATS, counted.stats, sign);
    kept.set(key, { models: { ...models, [counted.name]: stats.turns > MAX_TURNS ? halved(stats) : stats }, at: now });
    bounded.touch(tenant, key, now);
    changed.add(key);
  }

  return {
    startBatch(time) {
      now = time;
    },
    add: (tenant, turn) => change(tenant, turn, 1),
    remove: (tenant, turn) => change(tenant, turn, -1),
    alternativesTo(tenant, turn) {
      const counted = countedOf(turn);
      const models = counted && kept.get(`${tenant}/${counted.key}`)?.models;
      if (!models) return { withoutReasoning: null, cheaperModel: null };
      const [own, plain] = [models[counted.name], models[counted.model]];
      const isFree = counted.name !== counted.model && own && plain && isAsGood(plain, own);
      // One model, as most services have for an intent, has no others beside it.
      const sums = Object.keys(models).length < 2 ? null : byModel(models);
      const of = sums?.get(counted.model);
      return {
        withoutReasoning: isFree ? { name: counted.model, stats: plain, costs: 0, difference: moreAnswered(plain, own) } : null,
        cheaperModel:
          sums && of
            ? cheaperAlternative(
                of,
                [...sums].filter(([model]) => model !== counted.model),
              )
            : null,
      };
    },
    flush: (effects) => flushBounded('intent_outcomes', { section: SECTION, kept, changed, bounded }, now, effects),
    due: (time) => bounded.due(time),
  };
}
