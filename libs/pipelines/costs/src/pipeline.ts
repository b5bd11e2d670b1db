import { eventRecord, type CostRecord, TOPICS } from '@telltale/contracts';
import { isPaid, type Spend, type Spender, spendOf, sumSpend } from '@telltale/domain-cost';
import { isoTime } from '@telltale/kernel';
import {
  allOf,
  createEffects,
  createEventClock,
  createTaskSettings,
  type Effects,
  type LogRecord,
  readOrReject,
  type TaskProcessor,
} from '@telltale/streaming';
import { type z } from 'zod';
import { type AboutCall, type CountedCall, createBudgetSpend } from './budget-spend';
import { correctSpend } from './correct-spend';
import { createAppliedCorrections } from './state/applied-corrections';
import { createOpenTurnCosts, TURN_COST_LIMITS } from './state/open-turn-costs';

/** Only what spend depends on is read; content is not looked at. */
const rare = eventRecord
  .pick({
    usage_cache_write_1h: true,
    usage_input_audio: true,
    usage_input_image: true,
    usage_output_audio: true,
    usage_output_image: true,
  })
  .partial();
const spender = eventRecord
  .pick({
    tenant: true,
    kind: true,
    ts: true,
    service_name: true,
    service_version: true,
    deployment_environment: true,
    provider: true,
    request_model: true,
    response_model: true,
    tool_name: true,
    prompt_name: true,
    prompt_version: true,
    usage_estimated: true,
    usage_input_uncached: true,
    usage_cache_read: true,
    usage_cache_write: true,
    usage_output: true,
    usage_reasoning: true,
    cost_nano_usd: true,
    price_version: true,
    sampling_weight: true,
    backfill: true,
  })
  .extend(rare.shape)
  .extend(eventRecord.pick({ trace_id: true, user_id: true, agent_name: true, region: true, release: true }).partial().shape);
type Call = Spender & AboutCall & Pick<z.infer<typeof spender>, 'trace_id'>;

/** A re-pricing waits when a tenth of this is under way, so what is asked twice at once still meets what was applied. */
const MAX_REMEMBERED = 100_000;

/** The row of table `spend`: numbers to be summed. What readers of the topic have beside them is not in it. */
const rowOf = (spend: Spend): string => JSON.stringify({ ...spend, cost_by_5_minutes: undefined });

/**
 * One task of costs: what each batch spent, and what corrections change of what was spent before, as deltas; and for budgets what only
 * calls say. Its state is how far event time has come, which corrections were applied recently, and what turns with a bound cost so far.
 */
export function createCostsTask(restored: ReadonlyMap<string, Buffer>, maxRemembered: number = MAX_REMEMBERED): TaskProcessor {
  const watermark = createEventClock(restored);
  const applied = createAppliedCorrections(restored, maxRemembered);
  const turns = createOpenTurnCosts(restored, TURN_COST_LIMITS);
  const settings = createTaskSettings(['budget'], restored);
  const budgets = createBudgetSpend(settings, turns);
  const state = allOf(watermark, applied, turns);

  function spendIn(record: LogRecord, effects: Effects): CountedCall | null {
    const event = readOrReject<Call>(record, spender, 'read_event', effects);
    if (!event) return null;
    watermark.add(Date.parse(event.ts));
    if (!isPaid(event)) return null;
    const spend = spendOf(event);
    return { about: event, trace: event.trace_id ?? '', spend, cost: event.cost_nano_usd ?? 0 };
  }

  function publish(effects: Effects, record: Omit<CostRecord, 'watermark'>): void {
    const { cost_by_5_minutes: parts, ...rest } = record;
    const cost: CostRecord = {
      ...rest,
      ...(parts?.length && { cost_by_5_minutes: parts }),
      watermark: isoTime(watermark.current()),
    };
    effects.output(TOPICS.costs, record.tenant, JSON.stringify(cost));
  }

  return {
    process(records, { now }) {
      const effects = createEffects();
      const spends: Spend[] = [];
      const changes: Spend[] = [];
      state.startBatch(now);
      for (const record of settings.take(records, effects)) {
        const isCorrection = record.topic === TOPICS.corrections.name;
        const call = isCorrection ? correctSpend(record, applied, effects) : spendIn(record, effects);
        if (!call) continue;
        (isCorrection ? changes : spends).push(call.spend);
        budgets.add(call);
      }
      for (const spend of sumSpend(spends)) {
        publish(effects, spend);
        effects.row('spend', rowOf(spend));
      }
      // The tables have these in cost_corrections; a view sums both.
      for (const { unpriced_calls: unpriced, ...change } of sumSpend(changes))
        if (change.cost_nano_usd !== 0 || unpriced !== 0)
          publish(effects, { ...change, unpriced_calls: 0, correction: true, newly_priced_calls: Math.abs(unpriced) });
      effects.count('paid_calls', spends.length);
      budgets.flush(effects);
      state.flush(effects);
      settings.flush(effects);
      return effects.done();
    },
    due: state.due,
  };
}
