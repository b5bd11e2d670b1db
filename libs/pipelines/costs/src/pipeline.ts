import { eventRecord, type CostRecord, TOPICS } from '@telltale/contracts';
import { isPaid, type Spend, type Spender, spendOf, sumSpend } from '@telltale/domain-cost';
import { isoTime } from '@telltale/kernel';
import {
  allOf,
  createEffects,
  createEventClock,
  type Effects,
  type LogRecord,
  readOrReject,
  type TaskProcessor,
} from '@telltale/streaming';
import { correctSpend } from './correct-spend';
import { createAppliedCorrections } from './state/applied-corrections';

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
  .extend(rare.shape);

/** A re-pricing waits when a tenth of this is under way, so what is asked twice at once still meets what was applied. */
const MAX_REMEMBERED = 100_000;

/**
 * One task of costs: what each batch spent, and what corrections change of what was spent before, as deltas. Its state is how
 * far event time has come, and which corrections were applied recently.
 */
export function createCostsTask(restored: ReadonlyMap<string, Buffer>, maxRemembered: number = MAX_REMEMBERED): TaskProcessor {
  const watermark = createEventClock(restored);
  const applied = createAppliedCorrections(restored, maxRemembered);
  const state = allOf(watermark, applied);

  function spendIn(record: LogRecord, effects: Effects): Spend | null {
    const event = readOrReject<Spender>(record, spender, 'read_event', effects);
    if (!event) return null;
    watermark.add(Date.parse(event.ts));
    return isPaid(event) ? spendOf(event) : null;
  }

  function publish(effects: Effects, record: Omit<CostRecord, 'watermark'>): void {
    const cost: CostRecord = { ...record, watermark: isoTime(watermark.current()) };
    effects.output(TOPICS.costs, record.tenant, JSON.stringify(cost));
  }

  return {
    process(records, { now }) {
      const effects = createEffects();
      const spends: Spend[] = [];
      const changes: Spend[] = [];
      state.startBatch(now);
      for (const record of records) {
        const isCorrection = record.topic === TOPICS.corrections.name;
        const spend = isCorrection ? correctSpend(record, applied, effects) : spendIn(record, effects);
        if (spend) (isCorrection ? changes : spends).push(spend);
      }
      for (const spend of sumSpend(spends)) {
        publish(effects, spend);
        // The watermark is for readers of the topic; the table holds numbers to be summed.
        effects.row('spend', JSON.stringify(spend));
      }
      // The tables have these in cost_corrections; a view sums both.
      for (const { unpriced_calls: unpriced, ...change } of sumSpend(changes))
        if (change.cost_nano_usd !== 0 || unpriced !== 0)
          publish(effects, { ...change, unpriced_calls: 0, correction: true, newly_priced_calls: Math.abs(unpriced) });
      effects.count('paid_calls', spends.length);
      state.flush(effects);
      return effects.done();
    },
    due: state.due,
  };
}
