import { type LabeledSeries } from './labeled-series';

/** Plain rules that need no library, to measure the detector beside: scores a row, 0 where the rule says nothing or just has. */
export type Peer = (series: LabeledSeries) => Float64Array;

const WARM_ROWS = 100;

/** Whether a row is news `rows` after the one before: later, or greater. */
function createRest(rows: number): (row: number, score: number) => boolean {
  let at = -Infinity;
  let greatest = 0;
  return (row, score) => {
    if (row - at <= rows && score <= greatest) return false;
    at = row;
    greatest = score;
    return true;
  };
}

/** Distance to an exponential mean (gain 0.3) beyond its usual upper 5 %, in mean excesses; silent for 20 rows unless it gets worse. */
export function ewmaTail({ values }: LabeledSeries): Float64Array {
  const isNews = createRest(20);
  let [mean, scale, threshold, excess, hits, seen] = [NaN, 0, 0, 0, 0, 0];
  return values.map((value, row) => {
    if (Number.isNaN(value)) return 0;
    const off = seen === 0 ? 0 : Math.abs(value - mean);
    const unit = (excess * Math.min(hits, 20) + scale) / (Math.min(hits, 20) + 1);
    const score = seen > WARM_ROWS && off > threshold && unit > 0 ? 3 + (off - threshold) / unit : 0;
    const gain = Math.max(1 / ++seen, 1 / 1_000);
    const isHit = off > threshold;
    threshold = Math.max(0, threshold + 2 * scale * Math.max(3 * gain, 0.01) * ((isHit ? 1 : 0) - 0.05));
    if (isHit) excess += (Math.min(Math.max(0, off - threshold), 30 * scale) - excess) * Math.max(1 / ++hits, 0.03);
    scale += ((scale > 0 ? Math.min(off, 5 * scale) : off) - scale) * gain;
    mean = seen === 1 ? value : mean + 0.3 * (value - mean);
    return score > 0 && isNews(row, score) ? score : 0;
  });
}

/** A new least or greatest value, by how far it is beyond the range so far; silent for 120 rows unless it gets worse. */
export function newExtremes({ values }: LabeledSeries): Float64Array {
  const isNews = createRest(120);
  let [least, greatest, seen] = [Infinity, -Infinity, 0];
  return values.map((value, row) => {
    if (Number.isNaN(value)) return 0;
    const beyond = Math.max(value - greatest, least - value, 0);
    const score = seen++ > WARM_ROWS && beyond > 0 ? 0.001 + beyond / Math.max(greatest - least, Number.MIN_VALUE) : 0;
    least = Math.min(least, value);
    greatest = Math.max(greatest, value);
    return score > 0 && isNews(row, score) ? score : 0;
  });
}

const middleOf = (sorted: readonly number[]): number => sorted[sorted.length >> 1] ?? 0;
const ascending = (a: number, b: number): number => a - b;

/** Distance to the median of the last 1,024 rows in median absolute deviations, both renewed every 32 rows; silent for 120 rows unless it gets worse. */
export function rollingMad({ values }: LabeledSeries): Float64Array {
  const isNews = createRest(120);
  const last: number[] = [];
  let [median, deviation, seen] = [0, 0, 0];
  return values.map((value, row) => {
    if (Number.isNaN(value)) return 0;
    if (seen++ % 32 === 0) {
      median = middleOf([...last].sort(ascending));
      deviation = middleOf(last.map((one) => Math.abs(one - median)).sort(ascending));
    }
    const score = seen > WARM_ROWS && deviation > 0 ? Math.abs(value - median) / deviation : 0;
    last.push(value);
    if (last.length > 1_024) last.shift();
    return score > 3 && isNews(row, score) ? score : 0;
  });
}

export const PEERS: Readonly<Record<string, Peer>> = {
  ewma_tail: ewmaTail,
  new_extremes: newExtremes,
  rolling_mad: rollingMad,
};
