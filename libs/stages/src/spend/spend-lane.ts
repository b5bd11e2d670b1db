import { eventRecord, type CostRecord, TOPICS } from '@telltale/contracts';
import { isPaid, type Spend, type Spender, spendOf, sumSpend } from '@telltale/domain-cost';
import { type LaneStage } from '@telltale/engine';
import { isoTime } from '@telltale/kernel';
import { createEffects } from '../stream/effects';
import { readRecord } from '../stream/read-record';

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
    cost_nano: true,
    sampling_weight: true,
    historic: true,
  })
  .extend(rare.shape);

const WATERMARK_KEY = 'watermark';

/** One lane of costs: what each range spent, as deltas. Its only state is how far event time has come. */
export function openSpendLane(restored: ReadonlyMap<string, Buffer>): LaneStage {
  let watermark = Number(restored.get(WATERMARK_KEY)?.toString() ?? 0);
  return {
    process(records, { now }) {
      const effects = createEffects();
      const spends: Spend[] = [];
      const before = watermark;
      for (const record of records) {
        const read = readRecord<Spender>(record, spender, 'read_event');
        if (read.kind === 'rejected') effects.reject(read.rejection);
        if (read.kind !== 'ok') continue;
        // A producer's clock that runs ahead must not end hours early.
        watermark = Math.max(watermark, Math.min(Date.parse(read.value.ts), now));
        if (isPaid(read.value)) spends.push(spendOf(read.value));
      }
      for (const spend of sumSpend(spends)) {
        const record: CostRecord = { ...spend, watermark: isoTime(watermark) };
        effects.output(TOPICS.costs, record.tenant, JSON.stringify(record));
        // The watermark speaks to readers of the topic; the table holds numbers to be summed.
        effects.row('spend', JSON.stringify(spend));
      }
      effects.count('paid_calls', spends.length);
      if (watermark !== before) effects.state(WATERMARK_KEY, String(watermark));
      return effects.done();
    },
    due: () => false,
  };
}
