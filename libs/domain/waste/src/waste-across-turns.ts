import { type TurnWaste, type WasteCall, type WasteClaim, type WasteRule } from '@telltale/contracts';
import { HOUR_MS, MINUTE_MS } from '@telltale/kernel';
import { RELATIVE_PRICE, shareOf, shareOfInput, type Usage } from './call';
import { partOf } from './claims';
import { type Alternative } from './outcome-stats';
import { cacheLoss, type CachedCall, contextLimit, detailOfBreak, detailOfGrowth } from './rules/context';

/** A turn of a session as the rules across turns see it. */
export interface SeenTurn {
  readonly id: string;
  /** Same request, same value; '' when unknown. */
  readonly requestHash: string;
  readonly waste: TurnWaste;
}

/** What is known beside the turns of a session. */
export interface Surroundings {
  /** Input tokens with which the session began, by scope. */
  readonly firstInput: (scope: string) => number | undefined;
  /** Whether a call of another session read the same beginning from a cache, later than a time and within so long. */
  readonly wasRead: (call: WasteCall, within: number) => boolean;
  /** Whether all that could have read a cache until then has come. */
  readonly isOver: (until: number) => boolean;
  /** A setting without reasoning that answers as well. */
  readonly withoutReasoning: Alternative | null;
  /** A cheaper model that answers as well. */
  readonly cheaperModel: Alternative | null;
}

export interface AcrossTurns {
  readonly claims: readonly WasteClaim[];
  /** When a cache that was written is given up; null when nothing is waited for. */
  readonly openUntil: number | null;
}

const CACHE_MS = 5 * MINUTE_MS;
/** An equal turn before this many equal ones in a row is no polling. */
const EQUAL_BEFORE = 2;
const LEAST_TURNS_OF_GROWTH = 3;
const LEAST_WRITTEN_TOKENS = 1_024;

const usageOf = ({ input, read, write, write_1h: write1h, output, reasoning }: WasteCall): Usage => ({
  uncached: Math.max(0, input - (read ?? 0) - write - write1h),
  read,
  write,
  write1h,
  output,
  reasoning,
});
const cachedCallOf = (call: WasteCall): CachedCall => ({ ...usageOf(call), at: call.at, end: call.end, blocks: call.blocks });

const callsOf = (turn: SeenTurn): readonly WasteCall[] => turn.waste.calls ?? [];
const firstIn = (turn: SeenTurn, scope: string): WasteCall | undefined => callsOf(turn).find((call) => call.scope === scope);
const lastIn = (turn: SeenTurn, scope: string): WasteCall | undefined =>
  callsOf(turn)
    .filter((call) => call.scope === scope)
    .at(-1);
/** The call of the same prompt before, in the nearest turn that has one. */
function callBefore(earlier: readonly SeenTurn[], scope: string): WasteCall | undefined {
  for (let nth = earlier.length - 1; nth >= 0; nth--) {
    const call = lastIn(earlier[nth] as SeenTurn, scope);
    if (call) return call;
  }
  return undefined;
}

/** Money of a turn that no rule has claimed yet, by model, and the calls of which nothing is claimed. */
function createRest({ waste }: SeenTurn) {
  const models = new Map((waste.models ?? []).map(({ model, ...rest }) => [model, { ...rest }]));
  const claimed = new Set<WasteCall>();
  const claims: WasteClaim[] = [];

  function add(rule: WasteRule, model: string, nano: number, of: Partial<WasteClaim>): void {
    const lost = Math.max(0, nano);
    claims.push({ rule, model, lost, avoidable: lost, calls: 1, unpriced: 0, spans: [], detail: '', ...of });
  }
  return {
    claims,
    models,
    isFree: (call: WasteCall): boolean => !call.claimed && !claimed.has(call),
    /** A part of a call, after which the call is spoken for. */
    takeCall(rule: WasteRule, call: WasteCall, share: number, against: WasteCall | undefined, detail: string): void {
      const left = models.get(call.model);
      if (!left || call.claimed || claimed.has(call)) return;
      claimed.add(call);
      const whole = Math.min(call.nano ?? 0, left.nano);
      // The rest of the call is nobody's any more: a later rule would claim the call again.
      left.nano -= whole;
      left.reasoning = Math.min(left.reasoning, left.nano);
      left.calls -= 1;
      if (call.nano === null) left.unpriced -= 1;
      add(rule, call.model, partOf(whole, share), {
        unpriced: call.nano === null ? 1 : 0,
        spans: [against?.span ?? '', call.span],
        detail,
      });
    },
    /** A part of all that is left of a model. */
    takeModel(rule: WasteRule, model: string, nano: number, detail: string, saved = nano): void {
      const left = models.get(model);
      if (!left || left.calls <= 0) return;
      const lost = Math.min(left.nano, Math.max(0, nano));
      add(rule, model, lost, {
        avoidable: Math.min(lost, Math.max(0, saved)),
        calls: left.calls,
        unpriced: left.unpriced,
        detail,
      });
      models.delete(model);
    },
    add,
  };
}
type Rest = ReturnType<typeof createRest>;

const isEqual = (a: SeenTurn, b: SeenTurn): boolean =>
  a.requestHash !== '' && a.requestHash === b.requestHash && !!a.waste.found && a.waste.found === b.waste.found;

/** A turn that asks, finds and says what those before it did. */
function polling(turn: SeenTurn, earlier: readonly SeenTurn[], rest: Rest): void {
  let equal = 0;
  while (equal < earlier.length && isEqual(turn, earlier[earlier.length - 1 - equal] as SeenTurn)) equal++;
  if (equal < EQUAL_BEFORE) return;
  for (const [model, { nano }] of [...rest.models])
    rest.takeModel('idle_agent_polling', model, nano, `found the same as ${equal} turns before it`);
}

function embeddings(turn: SeenTurn, earlier: readonly SeenTurn[], rest: Rest): void {
  const known = new Map(earlier.flatMap(({ waste }) => (waste.embeddings ?? []).map((one) => [`${one.model} ${one.hash}`, one.span] as const)));
  const again = (turn.waste.embeddings ?? []).filter(({ model, hash }) => known.has(`${model} ${hash}`));
  for (const model of new Set(again.map((one) => one.model))) {
    const of = again.filter((one) => one.model === model);
    const lost = of.reduce((sum, { nano }) => sum + (nano ?? 0), 0);
    const [first] = of;
    rest.add('embedding_repeated', model, lost, {
      calls: of.length,
      unpriced: of.filter(({ nano }) => nano === null).length,
      spans: [known.get(`${model} ${first?.hash ?? ''}`) ?? '', first?.span ?? ''],
      detail: 'the same text in an earlier turn of the session',
    });
  }
} // prettier-ignore

/** Blocks at which prompts of the session broke off between turns before. */
function breaksBefore(earlier: readonly SeenTurn[], scope: string): ReadonlySet<number> {
  const blocks = new Set<number>();
  earlier.forEach((turn, nth) => {
    const [call, before] = [firstIn(turn, scope), callBefore(earlier.slice(0, nth), scope)];
    const loss = call && before && cacheLoss(cachedCallOf(before), cachedCallOf(call));
    if (loss) blocks.add(loss.block);
    for (const { rule, detail } of turn.waste.claims ?? [])
      if (rule === 'cache_prefix_broken') blocks.add(Number(/^block (\d+)/.exec(detail)?.[1]));
  });
  return blocks;
}

function brokenPrefixes(turn: SeenTurn, earlier: readonly SeenTurn[], rest: Rest): void {
  for (const scope of new Set(callsOf(turn).map((call) => call.scope))) {
    const [call, before] = [firstIn(turn, scope), callBefore(earlier, scope)];
    const loss = call && before && cacheLoss(cachedCallOf(before), cachedCallOf(call));
    if (loss && breaksBefore(earlier, scope).has(loss.block))
      rest.takeCall('cache_prefix_broken', call, loss.lost, before, detailOfBreak(loss));
  }
}

function growth(turn: SeenTurn, earlier: readonly SeenTurn[], rest: Rest, firstInput: Surroundings['firstInput']): void {
  for (const call of callsOf(turn)) {
    const first = firstInput(call.scope);
    if (first === undefined || earlier.filter((one) => firstIn(one, call.scope)).length < LEAST_TURNS_OF_GROWTH) continue;
    const over = call.input - contextLimit(first);
    if (over > 0)
      rest.takeCall('context_growth', call, shareOfInput(usageOf(call), over), callBefore(earlier, call.scope), detailOfGrowth(first, call.input));
  }
} // prettier-ignore

/** What was written to a cache in a session that never reads from it. */
function unreadWrites(turn: SeenTurn, earlier: readonly SeenTurn[], later: readonly SeenTurn[], rest: Rest, around: Surroundings): number | null {
  let openUntil: number | null = null;
  for (const scope of new Set(callsOf(turn).map((call) => call.scope))) {
    const call = lastIn(turn, scope);
    if (!call || call.write + call.write_1h < LEAST_WRITTEN_TOKENS) continue;
    const ofModel = (turns: readonly SeenTurn[]): WasteCall[] => turns.flatMap(callsOf).filter(({ model }) => model === call.model);
    // Where caching works, the last answer of a session is written in vain: that is its price.
    if (ofModel([...earlier, turn]).some(({ read }) => (read ?? 0) > 0)) continue;
    const lives = call.write_1h > 0 ? HOUR_MS : CACHE_MS;
    if (ofModel(later).some(({ read, at }) => (read ?? 0) > 0 && at <= call.end + lives) || around.wasRead(call, lives)) continue;
    const until = call.end + lives;
    if (!around.isOver(until)) openUntil = Math.min(openUntil ?? Infinity, until);
    else {
      const premium = call.write * (RELATIVE_PRICE.write - 1) + call.write_1h * (RELATIVE_PRICE.write1h - 1);
      rest.takeCall('cache_write_unread', call, shareOf(usageOf(call), premium), undefined, `${call.write + call.write_1h} tokens written`);
    }
  }
  return openUntil;
} // prettier-ignore

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
const outcomesOf = ({ difference: { by, low, high }, stats }: Alternative): string =>
  `answered ${by >= 0 ? '+' : ''}${percent(by)} (95 %: ${percent(low)} to ${percent(high)}) in ${stats.turns} turns`;

/** What a turn wasted beside the turns of its session, `earlier` and `later` in order of start: beyond what it claims of itself. */
export function wasteAcrossTurns(turn: SeenTurn, earlier: readonly SeenTurn[], later: readonly SeenTurn[], around: Surroundings): AcrossTurns {
  const rest = createRest(turn);
  polling(turn, earlier, rest);
  embeddings(turn, earlier, rest);
  brokenPrefixes(turn, earlier, rest);
  growth(turn, earlier, rest, around.firstInput);
  const openUntil = unreadWrites(turn, earlier, later, rest, around);
  const main = turn.waste.main?.model ?? '';
  const left = rest.models.get(main);
  const { withoutReasoning, cheaperModel } = around;
  if (left && withoutReasoning && left.reasoning > 0)
    rest.takeModel('reasoning_without_gain', main, left.reasoning, `without: ${outcomesOf(withoutReasoning)}`);
  else if (left && cheaperModel)
    rest.takeModel('model_too_large', main, partOf(left.nano, 1 - cheaperModel.costs), `${cheaperModel.name}: ${outcomesOf(cheaperModel)}`);
  return { claims: rest.claims, openUntil };
} // prettier-ignore
