import { eventRecord, type CostRecord, TOPICS } from '@telltale/contracts';
import { isPaid, type Spend, type Spender, spendOf, sumSpend } from '@telltale/domain-cost';
import { type TaskProcessor, type LogRecord } from '@telltale/streaming';
import { isoTime } from '@telltale/kernel';
import { createEffects, type Effects } from '@telltale/streaming';
import { readRecord } from '@telltale/streaming';
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
    provider: true,
    request_model: true,
    response_model: true,
    usage_input_uncached: true,
    usage_cache_read: true,
    usage_cache_write: true,
    usage_output: true,
    usage_reasoning: true,
    cost_nano_usd: true,
    sampling_weight: true,
    backfill: true,
  })
  .extend(rare.shape);

const WATERMARK_KEY = 'watermark';
/** A re-pricing waits when a tenth of this is under way, so what is asked twice at once still meets what was applied. */
const MAX_REMEMBERED = 100_000;

/**
 * One task of costs: what each range spent, and what corrections change of what was spent before, as deltas. Its state is how
 * far event time has come, and which corrections were applied of late.
 */
export function createCostsTask(restored: ReadonlyMap<string, Buffer>, maxRemembered: number = MAX_REMEMBERED): TaskProcessor {
  let watermark = Number(restored.get(WATERMARK_KEY)?.toString() ?? 0);
  const applied = createAppliedCorrections(restored, maxRemembered);

  function spendIn(record: LogRecord, now: number, effects: Effects): Spend | null {
    const read = readRecord<Spender>(record, spender, 'read_event');
    if (read.kind === 'rejected') effects.reject(read.rejection);
    if (read.kind !== 'ok') return null;
    // A producer's clock that runs ahead must not end hours early.
    watermark = Math.min(Math.max(watermark, Date.parse(read.value.ts)), now);
    return isPaid(read.value) ? spendOf(read.value) : null;
  }

  function tell(effects: Effects, record: Omit<CostRecord, 'watermark'>): void {
    effects.output(
      TOPICS.costs,
      record.tenant,
      JSON.stringify({ ...record, watermark: isoTime(watermark) } satisfies CostRecord),
    );
  }

  return {
    process(records, { now }) {
      const effects = createEffects();
      const spends: Spend[] = [];
      const changes: Spend[] = [];
      const before = watermark;
      applied.begin(now);
      for (const record of records) {
        const isCorrection = record.topic === TOPICS.corrections.name;
        const spend = isCorrection ? correctSpend(record, applied, effects) : spendIn(record, now, effects);
        if (spend) (isCorrection ? changes : spends).push(spend);
      }
      for (const spend of sumSpend(spends)) {
        tell(effects, spend);
        // The watermark speaks to readers of the topic; the table holds numbers to be summed.
        effects.row('spend', JSON.stringify(spend));
      }
      // The tables have these in cost_corrections; a view sums both.
      for (const { unpriced_calls: unpriced, ...change } of sumSpend(changes))
        if (change.cost_nano_usd !== 0 || unpriced !== 0)
          tell(effects, { ...change, unpriced_calls: 0, correction: true, newly_priced_calls: Math.abs(unpriced) });
      effects.count('paid_calls', spends.length);
      if (watermark !== before) effects.state(WATERMARK_KEY, String(watermark));
      applied.flush(effects);
      return effects.done();
    },
    due: applied.due,
  };
}
