import { createBaselines, type Evidence, modelOf, pValueOf, WINDOW_MS } from '@telltale/domain-detector';
import { DAY_MS, createDice, type Dice } from '@telltale/kernel';
import { type EvaluatedSeries, evidenceOfWindow, windowOf } from '@telltale/pipeline-score';

/** Shares of evaluations on normal data whose probability is no greater than that, over what it says they are: 1 is right, less is cautious. */
export interface ChannelCalibration {
  readonly evaluations: number;
  readonly at_1e2: number;
  readonly at_1e3: number;
  readonly at_1e4: number;
}

export interface CalibrationFigures {
  /** The greatest ratio at each probability, of those whose evaluations expect at least three. */
  readonly worst_at_1e2: string;
  readonly worst_at_1e3: string;
  readonly worst_at_1e4: string;
  /** The same over noises that no rule was chosen on. */
  readonly other_worst_at_1e2: string;
  readonly other_worst_at_1e3: string;
  readonly other_worst_at_1e4: string;
  /** By noise, calls per 10 s and channel. */
  readonly by_noise: Readonly<Record<string, ChannelCalibration>>;
}

/** The next call, ms. `memory` is the series' own. */
type Noise = (dice: Dice, memory: { level: number; left: number }) => number;

export const NOISES: Readonly<Record<string, Noise>> = {
  lognormal: (dice) => 60 * Math.exp(0.35 * dice.normal()),
  wide: (dice) => 60 * Math.exp(dice.normal()),
  pareto: (dice) => 30 * Math.pow(1 - dice.uniform(), -1 / 1.5),
  mixture: (dice) => (dice.uniform() < 0.1 ? 400 : 60) * Math.exp(0.3 * dice.normal()),
  quantized: (dice) => Math.max(1, Math.round(4 * Math.exp(0.35 * dice.normal()))),
  bursty(dice, memory) {
    if (dice.uniform() < 0.002) memory.left = 30;
    return (memory.left-- > 0 ? 180 : 60) * Math.exp(0.35 * dice.normal());
  },
  autocorrelated(dice, memory) {
    memory.level = 0.98 * memory.level + 0.07 * dice.normal();
    return 60 * Math.exp(memory.level + 0.2 * dice.normal());
  },
};

/** Noises of the same kinds, and of two others, that no rule was chosen on. */
const OTHER_NOISES: Readonly<Record<string, Noise>> = {
  bursty_short(dice, memory) {
    if (dice.uniform() < 0.01) memory.left = 8;
    return (memory.left-- > 0 ? 300 : 60) * Math.exp(0.3 * dice.normal());
  },
  bursty_long(dice, memory) {
    if (dice.uniform() < 0.0008) memory.left = 100;
    return (memory.left-- > 0 ? 120 : 60) * Math.exp(0.5 * dice.normal());
  },
  autocorrelated_fast(dice, memory) {
    memory.level = 0.8 * memory.level + 0.2 * dice.normal();
    return 60 * Math.exp(memory.level + 0.2 * dice.normal());
  },
  autocorrelated_slow(dice, memory) {
    memory.level = 0.995 * memory.level + 0.04 * dice.normal();
    return 60 * Math.exp(memory.level + 0.3 * dice.normal());
  },
  two_levels(dice, memory) {
    if (dice.uniform() < 0.01) memory.level = memory.level === 0 ? 0.8 : 0;
    return 60 * Math.exp(memory.level + 0.25 * dice.normal());
  },
  quantized_by_five: (dice) => 5 * Math.max(1, Math.round(3 * Math.exp(0.5 * dice.normal()))),
};

/** Calls per 10 s, how many series, and for how many days. */
export interface CalibrationSize {
  readonly rate: number;
  readonly series: number;
  readonly days: number;
}
const SIZES: readonly CalibrationSize[] = [
  { rate: 0.05, series: 40, days: 14 },
  { rate: 0.3, series: 24, days: 7 },
  { rate: 1, series: 16, days: 4 },
  { rate: 20, series: 6, days: 1.5 },
];
const LEVELS = [1e-2, 1e-3, 1e-4] as const;
const ERROR_SHARE = 0.02;
const START = Date.UTC(2026, 0, 5);

/** Evidence of series without a fault, from their first window on. */
function* evidenceOn(noise: Noise, { rate, series, days }: CalibrationSize, seed: number): Generator<Evidence> {
  const model = modelOf('operation.duration', {});
  for (let nth = 0; nth < series; nth++) {
    const dice = createDice(seed + nth);
    const memory = { level: 0, left: 0 };
    const baselines = createBaselines();
    const one: EvaluatedSeries = { model, row: baselines.add(), parent: null, run: null, longRun: null, scored: -1 };
    for (let start = START; start < START + days * DAY_MS; start += WINDOW_MS) {
      const calls = Array.from({ length: dice.poisson(rate) }, () => noise(dice, memory));
      if (calls.length === 0) continue;
      const errors = calls.filter(() => dice.uniform() < ERROR_SHARE).length;
      yield* evidenceOfWindow(baselines, one, windowOf(start, calls, errors));
    }
  }
}

export function calibrationOf(noise: Noise, size: CalibrationSize, seed = 20_261_129): Map<string, ChannelCalibration> {
  const counts = new Map<string, { all: number; below: number[] }>();
  for (const evidence of evidenceOn(noise, size, seed)) {
    const { channel } = evidence;
    const p = pValueOf(evidence);
    const count = counts.get(channel) ?? { all: 0, below: LEVELS.map(() => 0) };
    counts.set(channel, count);
    count.all++;
    LEVELS.forEach((level, i) => {
      if (p <= level) count.below[i] = (count.below[i] ?? 0) + 1;
    });
  }
  const ratio = (all: number, below: number, level: number): number => Number((below / all / level).toFixed(2));
  return new Map([...counts].map(([channel, { all, below }]) => {
    const [at2 = 0, at3 = 0, at4 = 0] = LEVELS.map((level, i) => ratio(all, below[i] ?? 0, level));
    return [channel, { evaluations: all, at_1e2: at2, at_1e3: at3, at_1e4: at4 }];
  })); // prettier-ignore
}

type ByNoise = Record<string, ChannelCalibration>;

function figuresOf(noises: Readonly<Record<string, Noise>>): ByNoise {
  const figures: ByNoise = {};
  for (const [name, noise] of Object.entries(noises))
    for (const size of SIZES)
      for (const [channel, one] of calibrationOf(noise, size)) figures[`${name}, ${size.rate}, ${channel}`] = one;
  return figures;
}

function worstOf(byNoise: ByNoise, level: number, of: (figures: ChannelCalibration) => number): string {
  const known = Object.entries(byNoise).filter(([, { evaluations }]) => evaluations * level >= 3);
  const [name, figures] = known.reduce((a, b) => (of(b[1]) > of(a[1]) ? b : a));
  return `${of(figures)} (${name})`;
}

/** Whether P(p ≤ α) ≤ α holds: every channel, from its first evaluation on, over noises and rates without a fault. */
export function evaluateCalibration(): Promise<CalibrationFigures> {
  const own = figuresOf(NOISES);
  const other = figuresOf(OTHER_NOISES);
  return Promise.resolve({
    worst_at_1e2: worstOf(own, 1e-2, ({ at_1e2 }) => at_1e2),
    worst_at_1e3: worstOf(own, 1e-3, ({ at_1e3 }) => at_1e3),
    worst_at_1e4: worstOf(own, 1e-4, ({ at_1e4 }) => at_1e4),
    other_worst_at_1e2: worstOf(other, 1e-2, ({ at_1e2 }) => at_1e2),
    other_worst_at_1e3: worstOf(other, 1e-3, ({ at_1e3 }) => at_1e3),
    other_worst_at_1e4: worstOf(other, 1e-4, ({ at_1e4 }) => at_1e4),
    by_noise: { ...own, ...other },
  });
}
