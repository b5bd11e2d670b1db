import { DAY_MS } from '@telltale/kernel';
import { type LabeledSeries, readSeriesFolder } from './labeled-series';
import { REPORTED, reportedRows } from './reported-rows';
import { PRODUCT_SURPRISE, surprisesOf } from './surprises';

export interface SeriesFigures {
  /** Best F1 by rows: a labeled run counts, whole, when an alert comes within its first 8 rows (AIOps challenge 2018). */
  readonly f1_delay7_best: number;
  /** Best F1 by runs: hit anywhere, against false episodes. */
  readonly f1_event_best: number;
  /** At the product's threshold: share of labeled runs hit, false episodes per series and day. */
  readonly recall_product: number;
  readonly false_per_key_day_product: number;
  /** The anomalies that the service opens, with every rule it runs; and the same without its drift channel. */
  readonly recall_service: number;
  readonly false_per_key_day_service: number;
  readonly recall_service_without_drift: number;
  readonly false_per_key_day_service_without_drift: number;
  /** Best share of labeled runs hit at no more than 0.1 false episodes per series and day. */
  readonly recall_at_0_1_false: number;
}

interface Outcome {
  readonly f1Delay7: number;
  readonly f1Event: number;
  readonly recall: number;
  readonly falsePerKeyDay: number;
}

type Segment = readonly [first: number, last: number];

const MAX_DELAY = 7;
/** False rows this close are one episode. */
const EPISODE_GAP = 10;
const MAX_THRESHOLDS = 400;

export function segmentsOf(labels: Uint8Array): Segment[] {
  const segments: Segment[] = [];
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 1) continue;
    const first = i;
    while (labels[i + 1] === 1) i++;
    segments.push([first, i]);
  }
  return segments;
}

interface Tally {
  hitRows: number;
  missedRows: number;
  falseRows: number;
  hits: number;
  segments: number;
  episodes: number;
}

function tallySegments(scores: Float64Array, segments: readonly Segment[], threshold: number, tally: Tally): void {
  for (const [first, last] of segments) {
    let at = first;
    while (at <= last && (scores[at] ?? 0) < threshold) at++;
    const rows = last - first + 1;
    tally.segments++;
    if (at <= last) tally.hits++;
    if (at <= Math.min(last, first + MAX_DELAY)) tally.hitRows += rows;
    else tally.missedRows += rows;
  }
}

function tallyFalse(scores: Float64Array, labels: Uint8Array, threshold: number, tally: Tally): void {
  let before = -Infinity;
  for (let i = 0; i < scores.length; i++) {
    if (labels[i] === 1 || (scores[i] ?? 0) < threshold) continue;
    tally.falseRows++;
    if (i - before > EPISODE_GAP) tally.episodes++;
    before = i;
  }
}

const f1 = (right: number, wrong: number, missed: number): number =>
  right === 0 ? 0 : (2 * right) / (2 * right + wrong + missed);

export function outcomeAt(
  series: readonly LabeledSeries[],
  scores: readonly Float64Array[],
  threshold: number,
  segments = series.map(({ labels }) => segmentsOf(labels)),
): Outcome {
  const tally: Tally = { hitRows: 0, missedRows: 0, falseRows: 0, hits: 0, segments: 0, episodes: 0 };
  let days = 0;
  series.forEach(({ times, labels }, i) => {
    const own = scores[i] ?? new Float64Array();
    tallySegments(own, segments[i] ?? [], threshold, tally);
    tallyFalse(own, labels, threshold, tally);
    days += ((times.at(-1) ?? 0) - (times[0] ?? 0)) / DAY_MS;
  });
  return {
    f1Delay7: f1(tally.hitRows, tally.falseRows, tally.missedRows),
    f1Event: f1(tally.hits, tally.episodes, tally.segments - tally.hits),
    recall: tally.segments === 0 ? 0 : tally.hits / tally.segments,
    falsePerKeyDay: days === 0 ? 0 : tally.episodes / days,
  };
}

/** Distinct scores to try as thresholds, more closely where they are high. */
function thresholdsOf(scores: readonly Float64Array[]): number[] {
  const distinct = new Set<number>();
  for (const own of scores) for (const score of own) if (score > 0) distinct.add(score);
  const sorted = [...distinct].sort((a, b) => b - a);
  if (sorted.length <= MAX_THRESHOLDS) return sorted;
  const picked = Array.from({ length: MAX_THRESHOLDS }, (_, i) => sorted[Math.floor((i / MAX_THRESHOLDS) ** 2 * sorted.length)]);
  return [...new Set(picked.filter((score) => score !== undefined))];
}

const rounded = (value: number): number => Math.round(1_000 * value) / 1_000;

export function figuresOf(series: readonly LabeledSeries[]): SeriesFigures {
  const scores = series.map(surprisesOf);
  const segments = series.map(({ labels }) => segmentsOf(labels));
  const best = { delay7: 0, event: 0, recall: 0 };
  for (const threshold of thresholdsOf(scores)) {
    const { f1Delay7, f1Event, recall, falsePerKeyDay } = outcomeAt(series, scores, threshold, segments);
    best.delay7 = Math.max(best.delay7, f1Delay7);
    best.event = Math.max(best.event, f1Event);
    if (falsePerKeyDay <= 0.1) best.recall = Math.max(best.recall, recall);
  }
  const reported = series.map(reportedRows);
  const service = outcomeAt(series, reported.map(({ all }) => all), REPORTED, segments); // prettier-ignore
  const withoutDrift = outcomeAt(series, reported.map((rows) => rows.withoutDrift), REPORTED, segments); // prettier-ignore
  const product = outcomeAt(series, scores, PRODUCT_SURPRISE, segments);
  return {
    f1_delay7_best: rounded(best.delay7),
    f1_event_best: rounded(best.event),
    recall_product: rounded(product.recall),
    false_per_key_day_product: rounded(product.falsePerKeyDay),
    recall_service: rounded(service.recall),
    false_per_key_day_service: rounded(service.falsePerKeyDay),
    recall_service_without_drift: rounded(withoutDrift.recall),
    false_per_key_day_service_without_drift: rounded(withoutDrift.falsePerKeyDay),
    recall_at_0_1_false: rounded(best.recall),
  };
}

/** Any folder of CSV files `timestamp,value[,label]`. */
export const evaluateSeries = (dir: string): Promise<SeriesFigures> => Promise.resolve(figuresOf(readSeriesFolder(dir)));
