/** Turns that are alike in every value that is looked at. */
export interface Cell {
  /** Indices of the values they have. */
  readonly has: readonly number[];
  readonly bad: number;
  readonly good: number;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
export const logit = (p: number): number => Math.log(p / (1 - p));

const MAX_STEPS = 40;
const MAX_LOG_ODDS = 12;
const clamp = (value: number): number => Math.max(-MAX_LOG_ODDS, Math.min(MAX_LOG_ODDS, value));

/** Solves A x = b by elimination with pivots; singular directions get 0. */
function solve(a: number[][], b: number[]): number[] {
  const n = b.length;
  const rows = a.map((row, i) => [...row, b[i] ?? 0]);
  for (let col = 0; col < n; col++) {
    let pivot = col;
    for (let row = col + 1; row < n; row++) if (Math.abs(rows[row]?.[col] ?? 0) > Math.abs(rows[pivot]?.[col] ?? 0)) pivot = row; // prettier-ignore
    const top = rows[pivot] ?? [];
    rows[pivot] = rows[col] ?? [];
    rows[col] = top;
    const head = top[col] ?? 0;
    if (Math.abs(head) < 1e-12) continue;
    for (let row = 0; row < n; row++) {
      const own = rows[row] ?? [];
      if (row === col || !own[col]) continue;
      const factor = (own[col] ?? 0) / head;
      for (let k = col; k <= n; k++) own[k] = (own[k] ?? 0) - factor * (top[k] ?? 0);
    }
  }
  return rows.map((row, i) => (Math.abs(row[i] ?? 0) < 1e-12 ? 0 : (row[n] ?? 0) / (row[i] ?? 1)));
}

export function logLikelihood(cells: readonly Cell[], logOdds: Float64Array): number {
  let sum = 0;
  cells.forEach(({ bad, good }, i) => {
    const x = logOdds[i] ?? 0;
    const softplus = x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x));
    sum += bad * x - (bad + good) * softplus;
  });
  return sum;
}

/** Where each feature is: cells by index. */
export type Feature = readonly number[];

export interface Fit {
  readonly coefficients: readonly number[];
  /** Of each cell, with its offset. */
  readonly logOdds: Float64Array;
  readonly logLikelihood: number;
}

/**
 * Logistic regression by Newton's method with a ridge, which keeps coefficients of few turns small. `features`: the cells in which each is 1.
 */
export function fitLogistic(
  cells: readonly Cell[],
  features: readonly Feature[],
  offset: Float64Array,
  ridge: number | readonly number[],
): Fit {
  const n = features.length;
  const penalty = (i: number): number => (typeof ridge === 'number' ? ridge : (ridge[i] ?? 0));
  const memberships: number[][] = cells.map(() => []);
  features.forEach((feature, f) => feature.forEach((cell) => memberships[cell]?.push(f)));
  let beta: number[] = new Array<number>(n).fill(0);
  const oddsOf = (coefficients: readonly number[]): Float64Array =>
    offset.map((base, i) => clamp((memberships[i] ?? []).reduce((sum, f) => sum + (coefficients[f] ?? 0), base)));
  const objective = (coefficients: readonly number[], logOdds: Float64Array): number =>
    logLikelihood(cells, logOdds) - coefficients.reduce((sum, value, i) => sum + (penalty(i) * value * value) / 2, 0);
  let logOdds = oddsOf(beta);
  let best = objective(beta, logOdds);
  for (let step = 0; step < MAX_STEPS && n > 0; step++) {
    const gradient = beta.map((value, i) => -penalty(i) * value);
    const hessian = beta.map((_, i) => beta.map((__, k) => (i === k ? penalty(i) + 1e-9 : 0)));
    cells.forEach(({ bad, good }, i) => {
      const p = sigmoid(logOdds[i] ?? 0);
      const total = bad + good;
      const residual = bad - total * p;
      const weight = total * p * (1 - p);
      const member = memberships[i] ?? [];
      for (const f of member) {
        gradient[f] = (gradient[f] ?? 0) + residual;
        const row = hessian[f] ?? [];
        for (const k of member) row[k] = (row[k] ?? 0) + weight;
      }
    });
    const direction = solve(hessian, gradient);
    let scale = 1;
    let improved = false;
    for (let half = 0; half < 12 && !improved; half++, scale /= 2) {
      const next = beta.map((value, i) => clamp(value + scale * (direction[i] ?? 0)));
      const nextOdds = oddsOf(next);
      const value = objective(next, nextOdds);
      if (value <= best + 1e-9) continue;
      improved = true;
      const gained = value - best;
      [beta, logOdds, best] = [next, nextOdds, value];
      if (gained < 1e-4) return { coefficients: beta, logOdds, logLikelihood: logLikelihood(cells, logOdds) };
    }
    if (!improved) break;
  }
  return { coefficients: beta, logOdds, logLikelihood: logLikelihood(cells, logOdds) };
}

export interface Gain {
  /** Log-likelihood that one more coefficient gains, nats. */
  readonly gain: number;
  readonly coefficient: number;
}

/** What one more feature gains over the log odds that are already fitted. A small ridge keeps a handful of turns from infinite odds. */
export function gainOf(cells: readonly Cell[], feature: Feature, logOdds: Float64Array, ridge = 0.1): Gain {
  let beta = 0;
  for (let step = 0; step < 25; step++) {
    let [gradient, curvature] = [-ridge * beta, ridge];
    for (const i of feature) {
      const cell = cells[i];
      if (!cell) continue;
      const p = sigmoid((logOdds[i] ?? 0) + beta);
      const total = cell.bad + cell.good;
      gradient += cell.bad - total * p;
      curvature += total * p * (1 - p);
    }
    const move = Math.max(-1.5, Math.min(1.5, gradient / curvature));
    beta = clamp(beta + move);
    if (Math.abs(move) < 1e-5) break;
  }
  let gain = 0;
  for (const i of feature) {
    const cell = cells[i];
    if (!cell) continue;
    const x = logOdds[i] ?? 0;
    const before = Math.log1p(Math.exp(-Math.abs(x))) + Math.max(x, 0);
    const y = x + beta;
    const after = Math.log1p(Math.exp(-Math.abs(y))) + Math.max(y, 0);
    gain += cell.bad * beta - (cell.bad + cell.good) * (after - before);
  }
  return { gain: Math.max(0, gain), coefficient: beta };
}
