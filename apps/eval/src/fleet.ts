import { createDice, DAY_MS, HOUR_MS } from '@telltale/kernel';
import { type AnomalyRecord, TOPICS } from '@telltale/contracts';
import { expectSync, type LogRecord } from '@telltale/streaming';
import { scorerConfig, scorerService } from '@telltale/pipeline-score';
import { median } from 'simple-statistics';
import { type Fault, FAULTS, type FleetSeries, measureAt, newFleetSeries, type Planted, WINDOW_MS } from './fleet-series';

export interface FleetFigures {
  /** Faults that were planted, and those with an anomaly of their series while they lasted or soon after. */
  readonly planted: number;
  readonly found: number;
  /** From the first bad window to the anomaly, in the series' usual distance of windows; median over what was found, null without any. */
  readonly median_delay_windows: number | null;
  /** Anomalies on days without a fault, over all series. */
  readonly false_per_day_clean: number;
  /** What the tenant accepts. */
  readonly budget_per_day: number;
  readonly series: number;
  readonly by_fault: Readonly<Record<Fault, string>>;
}

const TENANT = 'fleet';
const START = Date.UTC(2026, 0, 5);
const LEARNING_DAYS = 5;
const CLEAN_DAYS = 2;
const FAULT_DAY = START + (LEARNING_DAYS + CLEAN_DAYS) * DAY_MS;
const REPEATS = 6;
const SPAN_MS: Readonly<Record<Fault, number>> = {
  spike: 3 * WINDOW_MS,
  level_shift: 4 * HOUR_MS,
  slow_drift: 20 * HOUR_MS,
  seasonality_change: 20 * HOUR_MS,
  variance_change: 4 * HOUR_MS,
  silence: 20 * HOUR_MS,
  error_ratio: 6 * HOUR_MS,
};
/** A spike lasts for 24 calls at least: fewer are an odd call or two. */
const spanOf = (fault: Fault, rate: number): number =>
  fault === 'spike' ? Math.max(SPAN_MS.spike, Math.ceil(24 / rate) * WINDOW_MS) : SPAN_MS[fault];
/** An anomaly that starts this long after a fault still counts as finding it. */
const SOON_MS = 10 * 60_000;

function fleetOf(seed: number): FleetSeries[] {
  const dice = createDice(seed);
  const series: FleetSeries[] = [];
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const service = `bot-${repeat}`;
    series.push(newFleetSeries({ metric: 'turn.duration', dimensions: { service_name: service }, rate: 5, median: 4_000, spread: 0.5, rhythm: 0.6, phase: 0, errorShare: 0.01, planted: null })); // prettier-ignore
    FAULTS.forEach((fault, i) => {
      const longest = DAY_MS - SPAN_MS[fault] - HOUR_MS;
      const from = FAULT_DAY + WINDOW_MS * Math.floor((HOUR_MS + dice.uniform() * Math.max(0, longest - HOUR_MS)) / WINDOW_MS);
      const rate = fault === 'error_ratio' ? 0.2 + 0.2 * dice.uniform() : ([1, 4, 12][(repeat + i) % 3] ?? 1);
      series.push(
        newFleetSeries({
          metric: 'operation.duration',
          dimensions: { service_name: service, kind: 'tool', name: `tool-${i}` },
          rate,
          median: 100 * Math.exp(3 * dice.uniform()),
          spread: 0.3 + 0.4 * dice.uniform(),
          rhythm: 0.3 + 0.6 * dice.uniform(),
          phase: 0.2 * dice.uniform(),
          errorShare: 0.03 * dice.uniform(),
          planted: { fault, from, to: from + spanOf(fault, rate) },
        }),
      );
    });
  }
  return series;
}

interface Detected {
  readonly anomaly: AnomalyRecord;
  readonly at: number;
}

/** Runs the fleet through the scorer, live, a minute of measures to a batch. */
function detect(series: readonly FleetSeries[], seed: number): Detected[] {
  const task = scorerService
    .open(scorerConfig.parse({ SCORER_SOURCE_IDLE_MS: 120_000 }), { partitions: 1 })
    .createTask(0, new Map());
  const dice = createDice(seed);
  const detected = new Map<string, Detected>();
  let offset = 0;
  const end = FAULT_DAY + DAY_MS;
  for (let minute = START; minute < end; minute += 60_000) {
    const records: LogRecord[] = [];
    for (let at = minute; at < minute + 60_000; at += WINDOW_MS)
      for (const one of series) {
        const measure = measureAt(one, at, dice, TENANT);
        if (!measure) continue;
        records.push({ topic: TOPICS.measures.name, partition: 0, offset: offset++, key: null, value: Buffer.from(JSON.stringify(measure)), headers: {}, timestampMs: at }); // prettier-ignore
      }
    const now = minute + 60_000;
    for (const { topic, value } of expectSync(task.process(records, { source: 'telltale.scorer/0', partition: 0, now }))
      .outputs) {
      if (topic !== TOPICS.anomalies.name || value === null) continue;
      const anomaly = JSON.parse(value.toString()) as AnomalyRecord;
      if (anomaly.kind !== 'novelty' && !detected.has(anomaly.id)) detected.set(anomaly.id, { anomaly, at: now });
    }
  }
  return [...detected.values()];
}

/** When a person could first have known: the end of the window that opened it; a silence or a drift is known when it is detected. */
const knownAt = ({ anomaly, at }: Detected): number => (anomaly.kind === 'deviation' ? Date.parse(anomaly.started_at) : at);

function delayOf({ id, rate }: FleetSeries, planted: Planted, detected: readonly Detected[]): number | null {
  const usual = Math.max(WINDOW_MS, WINDOW_MS / rate);
  const first = detected
    .filter(({ anomaly }) => anomaly.series_id === id)
    .map(knownAt)
    .filter((at) => at >= planted.from && at <= planted.to + SOON_MS)
    .sort((a, b) => a - b)[0];
  return first === undefined ? null : (first - planted.from) / usual;
}

const rounded = (value: number): number => Math.round(100 * value) / 100;
const medianOf = (delays: readonly number[]): number | null => (delays.length > 0 ? rounded(median(delays)) : null);

/** Seven kinds of fault on a day after a week of normal ones, and the two clean days before it. */
export function evaluateFleet(seed = 20_260_105): Promise<FleetFigures> {
  const series = fleetOf(seed);
  const detected = detect(series, seed + 1);
  const delays = new Map<Fault, (number | null)[]>();
  for (const one of series) {
    if (!one.planted) continue;
    const { fault } = one.planted;
    delays.set(fault, [...(delays.get(fault) ?? []), delayOf(one, one.planted, detected)]);
  }
  const all = [...delays.values()].flat();
  const found = all.filter((delay) => delay !== null);
  const cleanFrom = FAULT_DAY - CLEAN_DAYS * DAY_MS;
  const falsePositives = detected.filter(({ at }) => at >= cleanFrom && at < FAULT_DAY).length;
  return Promise.resolve({
    planted: all.length,
    found: found.length,
    median_delay_windows: medianOf(found),
    false_per_day_clean: rounded(falsePositives / CLEAN_DAYS),
    budget_per_day: scorerConfig.parse({}).DETECTOR_FALSE_POSITIVES_PER_DAY,
    series: series.length,
    by_fault: Object.fromEntries(
      FAULTS.map((fault) => {
        const own = (delays.get(fault) ?? []).filter((delay) => delay !== null);
        return [fault, `${own.length} of ${delays.get(fault)?.length ?? 0}, median delay ${medianOf(own) ?? '–'} windows`];
      }),
    ) as FleetFigures['by_fault'],
  });
}
