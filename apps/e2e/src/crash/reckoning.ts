import { TOPICS, type MeasuresRecord } from '@telltale/contracts';
import { type LogRecord } from '@telltale/streaming';

/** One series window, summed over its measures. */
export interface RedactionCounts {
  count: number;
  sum: number;
  errors: number;
}
export type Reckoning = Map<string, RedactionCounts>;

/** Adds measures up by series and window: what a downstream reader would have, whoever made the parts and in how many. */
export function reckon(records: readonly LogRecord[], into: Reckoning = new Map()): Reckoning {
  for (const { topic, value } of records) {
    if (topic !== TOPICS.measures.name || !value) continue;
    for (const measure of (JSON.parse(value.toString()) as MeasuresRecord).measures) {
      const slot = `${measure.metric} ${JSON.stringify(measure.dimensions)} ${measure.window_start}`;
      const tally = into.get(slot) ?? { count: 0, sum: 0, errors: 0 };
      tally.count += measure.count;
      tally.sum = Math.round((tally.sum + measure.sum) * 1000) / 1000;
      tally.errors += measure.errors;
      into.set(slot, tally);
    }
  }
  return into;
}
