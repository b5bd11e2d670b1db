import { DAY_MS, HOUR_MS } from '@telltale/kernel';
import { type LabeledSeries, readSeriesFolder } from './labeled-series';
import { PEERS } from './peers';
import { REPORTED, reportedRows } from './reported-rows';
import { PRODUCT_SURPRISE, surprisesOf } from './surprises';

/** What one rule finds by itself, at thresholds that suit it best. */
export interface RankedFigures {
  /** Best F1 by rows: a labeled run counts, whole, when an alert comes within its first 8 rows (AIOps challenge 2018). */
  readonly f1_delay7_best: number;
  /** Best F1 by runs: hit anywhere, against false episodes. */
  readonly f1_event_best: number;
  /** The same at a threshold that was chosen on every second series, of the others. */
  readonly f1_delay7_other_half: number;
  readonly f1_event_other_half: number;
  /** False episodes per series and day at the threshold of `f1_delay7_best`. */
  readonly false_per_key_day_at_f1_delay7_best: number;
  /** Best share of labeled runs hit at no more than 0.1 false episodes per series and day. */
  readonly recall_at_0_1_false: number;
  /** The best share of labeled runs hit, and the best F1 by rows, at no more than so many false episodes per series and day. */
  readonly recall_by_false: Frontier;
  readonly f1_delay7_by_false: Frontier;
}

/** `at_0.1`: at 0.1 false episodes per series and day. */
type Frontier = Readonly<Record<string, number>>;

export interface SeriesFigures extends RankedFigures {
  /** At the product's threshold: share of labeled runs hit, false episodes per series and day. */
  readonly recall_product: number;
  readonly false_per_key_day_product: number;
  /** The anomalies that the service opens, with every rule it runs; and the same without its drift channel. */
  readonly recall_service: number;
  readonly false_per_key_day_service: number;
  readonly recall_service_without_drift: number;
  readonly false_per_key_day_service_without_drift: number;
  /** Of the false episodes of the service a day: median and 90th percentile over the series, and all together by channel. */
  readonly false_per_key_day_service_p50: number;
  readonly false_per_key_day_service_p90: number;
  readonly false_per_key_day_by_channel: Readonly<Record<string, number>>;
  /** Plain rules in the same run. */
  readonly peers: Readonly<Record<string, RankedFigures>>;
}

export interface SeriesOptions {
  /** Part of each series that is seen first and not counted. */
  readonly warmup?: number;
  /** Another cooldown than the service has, hours. */
  readonly restHours?: number;
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
/** From what a person on call accepts to what nobody reads. */
const FALSE_PER_KEY_DAY = [0.05, 0.1, 0.2, 0.5, 1, 3];

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

/** Where counting begins. */
const firstRow = ({ values }: LabeledSeries, warmup: number): number => Math.floor(warmup * values.length);

function tallySegments(scores: Float64Array, segments: readonly Segment[], threshold: number, from: number, tally: Tally): void {
  for (const [first, last] of segments) {
    if (first < from) continue;
    let at = first;
    while (at <= last && (scores[at] ?? 0) < threshold) at++;
    const rows = last - first + 1;
    tally.segments++;
    if (at <= last) tally.hits++;
    if (at <= Math.min(last, first + MAX_DELAY)) tally.hitRows += rows;
    else tally.missedRows += rows;
  }
}

function tallyFalse(scores: Float64Array, labels: Uint8Array, threshold: number, from: number, tally: Tally): void {
  let before = -Infinity;
  for (let i = from; i < scores.length; i++) {
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
  warmup = 0,
): Outcome {
  const tally: Tally = { hitRows: 0, missedRows: 0, falseRows: 0, hits: 0, segments: 0, episodes: 0 };
  let days = 0;
  series.forEach((one, i) => {
    const { times, labels } = one;
    const own = scores[i] ?? new Float64Array();
    const from = firstRow(one, warmup);
    tallySegments(own, segmentsOf(labels), threshold, from, tally);
    tallyFalse(own, labels, threshold, from, tally);
    days += ((times.at(-1) ?? 0) - (times[from] ?? 0)) / DAY_MS;
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
export const everySecond = <T>(list: readonly T[], from: 0 | 1): T[] => list.filter((_, i) => i % 2 === from);

interface Best {
  readonly delay7: number;
  readonly event: number;
  /** False episodes per series and day of the first. */
  readonly falseAtDelay7: number;
  readonly recallByFalse: Frontier;
  readonly delay7ByFalse: Frontier;
  /** Thresholds of the first two. */
  readonly atDelay7: number;
  readonly atEvent: number;
}

function bestOf(series: readonly LabeledSeries[], scores: readonly Float64Array[], warmup: number): Best {
  const best = { delay7: 0, event: 0, falseAtDelay7: 0, atDelay7: Infinity, atEvent: Infinity };
  const recallByFalse: Record<string, number> = {};
  const delay7ByFalse: Record<string, number> = {};
  for (const threshold of thresholdsOf(scores)) {
    const { f1Delay7, f1Event, recall, falsePerKeyDay } = outcomeAt(series, scores, threshold, warmup);
    if (f1Delay7 > best.delay7) Object.assign(best, { delay7: f1Delay7, falseAtDelay7: falsePerKeyDay, atDelay7: threshold });
    if (f1Event > best.event) Object.assign(best, { event: f1Event, atEvent: threshold });
    for (const limit of FALSE_PER_KEY_DAY) {
      if (falsePerKeyDay > limit) continue;
      const point = `at_${limit}`;
      recallByFalse[point] = Math.max(recallByFalse[point] ?? 0, rounded(recall));
      delay7ByFalse[point] = Math.max(delay7ByFalse[point] ?? 0, rounded(f1Delay7));
    }
  }
  return { ...best, recallByFalse, delay7ByFalse };
}

function rankedFigures(series: readonly LabeledSeries[], scores: readonly Float64Array[], warmup: number): RankedFigures {
  const best = bestOf(series, scores, warmup);
  const chosen = bestOf(everySecond(series, 0), everySecond(scores, 0), warmup);
  const others = (threshold: number): Outcome => outcomeAt(everySecond(series, 1), everySecond(scores, 1), threshold, warmup);
  return {
    f1_delay7_best: rounded(best.delay7),
    f1_event_best: rounded(best.event),
    f1_delay7_other_half: rounded(others(chosen.atDelay7).f1Delay7),
    f1_event_other_half: rounded(others(chosen.atEvent).f1Event),
    false_per_key_day_at_f1_delay7_best: rounded(best.falseAtDelay7),
    recall_at_0_1_false: best.recallByFalse['at_0.1'] ?? 0,
    recall_by_false: best.recallByFalse,
    f1_delay7_by_false: best.delay7ByFalse,
  };
}

const quantile = (sorted: readonly number[], q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;

export function figuresOf(series: readonly LabeledSeries[], { warmup = 0, restHours }: SeriesOptions = {}): SeriesFigures {
  const scores = series.map((one) => surprisesOf(one, restHours === undefined ? undefined : restHours * HOUR_MS));
  const reported = series.map(reportedRows);
  const outcomeOf = (rows: readonly Float64Array[]): Outcome => outcomeAt(series, rows, REPORTED, warmup);
  const service = outcomeOf(reported.map(({ all }) => all));
  const withoutDrift = outcomeOf(reported.map((rows) => rows.withoutDrift));
  const product = outcomeAt(series, scores, PRODUCT_SURPRISE, warmup);
  const byKey = series
    .map((one, i) => outcomeAt([one], [reported[i]?.all ?? new Float64Array()], REPORTED, warmup).falsePerKeyDay)
    .sort((a, b) => a - b);
  const channels = [...new Set(reported.flatMap(({ byChannel }) => [...byChannel.keys()]))].sort();
  const none = (i: number): Float64Array => new Float64Array(series[i]?.values.length ?? 0);
  return {
    ...rankedFigures(series, scores, warmup),
    recall_product: rounded(product.recall),
    false_per_key_day_product: rounded(product.falsePerKeyDay),
    recall_service: rounded(service.recall),
    false_per_key_day_service: rounded(service.falsePerKeyDay),
    recall_service_without_drift: rounded(withoutDrift.recall),
    false_per_key_day_service_without_drift: rounded(withoutDrift.falsePerKeyDay),
    false_per_key_day_service_p50: rounded(quantile(byKey, 0.5)),
    false_per_key_day_service_p90: rounded(quantile(byKey, 0.9)),
    false_per_key_day_by_channel: Object.fromEntries(
      channels.map((channel) => [
        channel,
        rounded(outcomeOf(reported.map(({ byChannel }, i) => byChannel.get(channel) ?? none(i))).falsePerKeyDay),
      ]),
    ),
    peers: Object.fromEntries(Object.entries(PEERS).map(([name, peer]) => [name, rankedFigures(series, series.map(peer), warmup)])), // prettier-ignore
  };
}

/** Any folder of CSV files `timestamp,value[,label]`. */
export const evaluateSeries = (dir: string, options?: SeriesOptions): Promise<SeriesFigures> =>
  Promise.resolve(figuresOf(readSeriesFolder(dir), options));
