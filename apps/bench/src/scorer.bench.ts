import { TOPICS } from '@telltale/contracts';
import { createBaselines, createDetector } from '@telltale/domain-detector';
import { applyState, type BatchEffects, expectSync, type LogRecord } from '@telltale/streaming';
import { createDice, type Dice, MINUTE_MS } from '@telltale/kernel';
import { scorerService, scorerConfig } from '@telltale/pipeline-score';
import { type FleetSeries, measureAt, newFleetSeries } from '@telltale/app-eval';

const SERIES = 100_000;
const ROUNDS = 40;
/** Until the series are grown up: young ones set records all the time. */
const WARM_ROUNDS = 200;
const START = Date.UTC(2026, 0, 5);

/** CPU seconds of this process that `work` takes, which other processes on the machine hardly affect; the garbage collector's threads count. */
function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** Evaluations a CPU second over 100,000 series in random order, one core. */
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
  const spent = cpuSeconds(() => {
    for (let number = WARM_ROUNDS; number < WARM_ROUNDS + ROUNDS; number++) round(number);
  });
  return Math.round((SERIES * ROUNDS) / spent);
}

/** As many measures as a record of the enricher has when it brings many series. */
const MEASURES_PER_RECORD = 500;
/** Records of one batch: about the 8 MB that a batch may have. */
const RECORDS_PER_BATCH = 40;
/** While series are new, each window also makes rows, state and a parent of them. */
const NEW_MINUTES = 2;
const MINUTES = 5;

const newSeries = (): FleetSeries[] => {
  const about = { metric: 'operation.duration', rate: 3, median: 300, spread: 0.5, rhythm: 0, phase: 0, errorShare: 0.02, planted: null }; // prettier-ignore
  return Array.from({ length: SERIES }, (_, i) =>
    newFleetSeries({
      ...about,
      dimensions: { service_name: `bot-${i % 500}`, kind: 'tool', name: `tool-${Math.floor(i / 500)}` },
    }),
  );
};

/** Measures of all series at `at`, as the enricher sends them. */
function recordsAt(series: readonly FleetSeries[], at: number, dice: Dice): LogRecord[] {
  const said = series.flatMap((one) => measureAt(one, at, dice, 'bench') ?? []);
  const records: LogRecord[] = [];
  for (let i = 0; i < said.length; i += MEASURES_PER_RECORD) {
    const measures = said.slice(i, i + MEASURES_PER_RECORD).flatMap((one) => one.measures);
    const value = Buffer.from(JSON.stringify({ ...said[i], measures }));
    records.push({ topic: TOPICS.measures.name, partition: 0, offset: i, key: null, value, headers: {}, timestampMs: at });
  }
  return records;
}

interface TaskFigures {
  readonly restoreMs: number;
  /** Per CPU second, while all series are new, and after that. */
  readonly newWindowsPerSecond: number;
  readonly windowsPerSecond: number;
}

/** A task that judges 100,000 series each minute, in batches as it gets them, and how long another takes to take its state over. */
function benchTask(): TaskFigures {
  const service = scorerService.open(scorerConfig.parse({ SCORER_SOURCE_IDLE_MS: 120_000 }), { partitions: 1 });
  const task = service.createTask(0, new Map());
  const dice = createDice(2);
  const state = new Map<string, Buffer>();
  const series = newSeries();
  const spent = { new: 0, old: 0 };
  const windows = { new: 0, old: 0 };
  for (let minute = 0; minute < MINUTES; minute++) {
    const age = minute < NEW_MINUTES ? 'new' : 'old';
    const at = START + minute * MINUTE_MS;
    const records = recordsAt(series, at, dice);
    const run = (batch: readonly LogRecord[]): void => {
      let written: BatchEffects['state'] = new Map();
      spent[age] += cpuSeconds(() => {
        const effects = expectSync(task.process(batch, { source: 'bench/0', partition: 0, now: at + MINUTE_MS }));
        windows[age] += effects.counts?.['windows_scored'] ?? 0;
        written = effects.state;
      });
      applyState(state, written);
    };
    for (let i = 0; i < records.length; i += RECORDS_PER_BATCH) run(records.slice(i, i + RECORDS_PER_BATCH));
    while (task.due(at + MINUTE_MS)) run([]);
  }
  const perSecond = (age: 'new' | 'old'): number => Math.round(windows[age] / spent[age]);
  const began = process.hrtime.bigint();
  service.createTask(0, state);
  const restoreMs = Math.round(Number(process.hrtime.bigint() - began) / 1e6);
  return { restoreMs, newWindowsPerSecond: perSecond('new'), windowsPerSecond: perSecond('old') };
}

export function benchScorer(): Promise<object> {
  const { restoreMs, newWindowsPerSecond, windowsPerSecond } = benchTask();
  return Promise.resolve({
    updates_per_second: benchUpdates(),
    bytes_per_series: createBaselines().rows.bytesPerRow,
    restore_ms_100k: restoreMs,
    scorer_new_windows_per_second: newWindowsPerSecond,
    scorer_windows_per_second: windowsPerSecond,
  });
}
