import { TOPICS } from '@telltale/contracts';
import { createBaselines, createDetector } from '@telltale/domain-detector';
import { applyState, expectSync } from '@telltale/streaming';
import { createDice, MINUTE_MS } from '@telltale/kernel';
import { scorerService, scorerConfig } from '@telltale/pipeline-score';
import { type FleetSeries, measureAt, newFleetSeries } from '@telltale/app-eval';

const SERIES = 100_000;
const ROUNDS = 40;
/** Until the series are grown up: young ones set records all the time. */
const WARM_ROUNDS = 200;
const START = Date.UTC(2026, 0, 5);

/** Evaluations a second over 100,000 series in random order, one core. */
function benchUpdates(): number {
  const detector = createDetector();
  const dice = createDice(1);
  const rows = Uint32Array.from({ length: SERIES }, () => detector.add());
  for (let i = SERIES - 1; i > 0; i--) {
    const j = Math.floor(dice.uniform() * (i + 1));
    const swapped = rows[i] ?? 0;
    rows[i] = rows[j] ?? 0;
    rows[j] = swapped;
  }
  const values = Float64Array.from({ length: 65_536 }, () => 100 * Math.exp(0.4 * dice.normal()));
  const round = (number: number): void => {
    for (let i = 0; i < SERIES; i++)
      detector.judge(rows[i] ?? 0, values[(i * 31 + number * 7_919) & 65_535] ?? 0, START + number * MINUTE_MS);
  };
  for (let number = 0; number < WARM_ROUNDS; number++) round(number);
  const began = process.hrtime.bigint();
  for (let number = WARM_ROUNDS; number < WARM_ROUNDS + ROUNDS; number++) round(number);
  return Math.round((SERIES * ROUNDS) / (Number(process.hrtime.bigint() - began) / 1e9));
}

/** A task that has judged 100,000 series, and how long another takes to take its state over. */
function benchRestore(): { restoreMs: number; windowsPerSecond: number } {
  const config = scorerConfig.parse({ SCORER_SOURCE_IDLE_MS: 120_000, SCORER_MAX_WINDOWS_PER_BATCH: 1_000_000 });
  const service = scorerService.open(config, { partitions: 1 });
  const task = service.createTask(0, new Map());
  const dice = createDice(2);
  const state = new Map<string, Buffer>();
  const about = {
    metric: 'operation.duration',
    rate: 3,
    median: 300,
    spread: 0.5,
    rhythm: 0,
    phase: 0,
    errorShare: 0.02,
    planted: null,
  };
  const series: FleetSeries[] = Array.from({ length: SERIES }, (_, i) =>
    newFleetSeries({
      ...about,
      dimensions: { service_name: `bot-${i % 500}`, kind: 'tool', name: `tool-${Math.floor(i / 500)}` },
    }),
  );
  let offset = 0;
  let spent = 0n;
  let windows = 0;
  for (let minute = 0; minute < 3; minute++) {
    const at = START + minute * MINUTE_MS;
    const records = series.flatMap((one) => {
      const measure = measureAt(one, at, dice, 'bench');
      return measure ? [{ topic: TOPICS.measures.name, partition: 0, offset: offset++, key: null, value: Buffer.from(JSON.stringify(measure)), headers: {}, timestampMs: at }] : []; // prettier-ignore
    });
    const began = process.hrtime.bigint();
    const effects = expectSync(task.process(records, { source: 'bench/0', partition: 0, now: at + MINUTE_MS }));
    spent += process.hrtime.bigint() - began;
    windows += effects.counts?.['windows_scored'] ?? 0;
    applyState(state, effects.state);
  }
  const began = process.hrtime.bigint();
  service.createTask(0, state);
  const restoreMs = Math.round(Number(process.hrtime.bigint() - began) / 1e6);
  return { restoreMs, windowsPerSecond: Math.round(windows / (Number(spent) / 1e9)) };
}

export function benchScorer(): Promise<object> {
  const { restoreMs, windowsPerSecond } = benchRestore();
  return Promise.resolve({
    updates_per_second: benchUpdates(),
    bytes_per_series: createBaselines().rows.bytesPerRow,
    restore_ms_100k: restoreMs,
    scorer_windows_per_second: windowsPerSecond,
  });
}
