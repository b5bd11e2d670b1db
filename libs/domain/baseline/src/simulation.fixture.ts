import { type Baseline, type Finding, scoreWindow } from './baseline';
import { type BaselineWindow, type MetricModel, type Point } from './model';

/** Seeded generator (mulberry32) for tests. */
export function createDice(seed: number): { uniform: () => number; normal: () => number; poisson: (mean: number) => number } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const poisson = (mean: number): number => {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let k = 0;
    for (let p = uniform(); p > limit; p *= uniform()) k++;
    return k;
  };
  return { uniform, normal, poisson };
}

export const WINDOW_MS = 10_000;
export const WINDOWS_A_DAY = 8_640;
export const DURATION: MetricModel = { model: 'level', unit: 'ms', errors: true };
export const COST: MetricModel = { model: 'level', unit: 'nano_usd', errors: false };
export const LOG_RATE: MetricModel = { model: 'rate', unit: 'count', errors: false };

export interface Shape {
  readonly seed: number;
  /** Mean measurements in a window. */
  readonly rate: number;
  readonly median: number;
  /** Log-normal spread. */
  readonly spread: number;
  readonly errorShare: number;
  /** How much the rate and the median follow the day, 0 to 1. */
  readonly rhythm: number;
  /** Share of measurements that take ten times as long (retries, timeouts). */
  readonly tail?: number;
}

export interface Disturbance {
  readonly fromWindow: number;
  readonly factor?: number;
  readonly errorShare?: number;
  readonly rateFactor?: number;
}

/** Windows of a simulated series; empty ones are left out, as in life. */
export function* simulate(shape: Shape, windows: number, disturbance?: Disturbance): Generator<BaselineWindow> {
  const dice = createDice(shape.seed);
  for (let i = 0; i < windows; i++) {
    const wave = Math.sin((2 * Math.PI * i) / WINDOWS_A_DAY);
    const hit = disturbance && i >= disturbance.fromWindow ? disturbance : undefined;
    const count = dice.poisson(shape.rate * (1 + shape.rhythm * wave) * (hit?.rateFactor ?? 1));
    if (count === 0) continue;
    const points: Point[] = [];
    let errors = 0;
    for (let j = 0; j < count; j++) {
      const slow = dice.uniform() < (shape.tail ?? 0) ? 10 : 1;
      const median = shape.median * (1 + 0.3 * shape.rhythm * wave) * (hit?.factor ?? 1) * slow;
      points.push({ value: median * Math.exp(shape.spread * dice.normal()), weight: 1 });
      if (dice.uniform() < (hit?.errorShare ?? shape.errorShare)) errors++;
    }
    yield { start: i * WINDOW_MS, count, errors, points };
  }
}

export interface Scored {
  readonly window: BaselineWindow;
  readonly findings: readonly Finding[];
}

export function run(
  windows: Iterable<BaselineWindow>,
  model: MetricModel,
): { scored: Scored[]; baseline: Baseline | null; largestJson: number } {
  let baseline: Baseline | null = null;
  let largestJson = 0;
  let i = 0;
  const scored: Scored[] = [];
  for (const window of windows) {
    const step = scoreWindow(baseline, window, model);
    // Through JSON, as a stage keeps it.
    const json = i++ % 50 === 0 ? JSON.stringify(step.baseline) : null;
    if (json) largestJson = Math.max(largestJson, json.length);
    baseline = json ? (JSON.parse(json) as Baseline) : step.baseline;
    scored.push({ window, findings: step.findings });
  }
  return { scored, baseline, largestJson };
}

export const openings = (scored: readonly Scored[]): { at: number; finding: Finding }[] =>
  scored.flatMap(({ window, findings }) =>
    findings.filter((f) => f.edge === 'opened').map((finding) => ({ at: window.start / WINDOW_MS, finding })),
  );
