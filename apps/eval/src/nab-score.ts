/**
 * The scoring of the Numenta Anomaly Benchmark, from its rules (Lavin & Ahmad, ICMLA 2015; the repository's sweeper and optimizer):
 * a window counts once, by its earliest detected row, worth more the earlier; every row over the threshold outside windows costs.
 */
export interface NabSeries {
  readonly length: number;
  /** First and last row of each window, in order. */
  readonly windows: readonly (readonly [first: number, last: number])[];
}

export interface NabProfile {
  readonly truePositive: number;
  readonly falseNegative: number;
  readonly falsePositive: number;
}

export const NAB_PROFILES = {
  standard: { truePositive: 1, falseNegative: 1, falsePositive: 0.11 },
  low_fp: { truePositive: 1, falseNegative: 1, falsePositive: 0.22 },
  low_fn: { truePositive: 1, falseNegative: 2, falsePositive: 0.11 },
} as const satisfies Record<string, NabProfile>;

export interface NabResult {
  /** 0: nothing detected; 100: every window at its first row and nothing else. */
  readonly score: number;
  readonly threshold: number;
  readonly found: number;
  readonly windows: number;
  readonly falseRows: number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** 1 well before the right edge of a window, 0 at it, -1 far behind it. */
const scaled = (position: number): number => 2 * sigmoid(-5 * position) - 1;
const FIRST_ROW = scaled(-1);
const FAR = 3;
const PROBATION_SHARE = 0.15;
const PROBATION_MAX = 750;

interface Row {
  readonly score: number;
  /** Number of the window it is in, over all series; -1 outside. */
  readonly window: number;
  readonly worth: number;
}

function rowsOf(series: NabSeries, scores: Float64Array, firstWindow: number, profile: NabProfile, rows: Row[]): void {
  const probation = Math.min(Math.floor(PROBATION_SHARE * series.length), PROBATION_MAX);
  let next = 0;
  for (let i = 0; i < series.length; i++) {
    while (next < series.windows.length && i > (series.windows[next]?.[1] ?? 0)) next++;
    const score = scores[i] ?? 0;
    if (i < probation || score <= 0) continue;
    const [first, last] = series.windows[next] ?? [Infinity, Infinity];
    if (i >= first) {
      const position = -(last - i + 1) / (last - first + 1);
      rows.push({ score, window: firstWindow + next, worth: (scaled(position) / FIRST_ROW) * profile.truePositive });
      continue;
    }
    const before = series.windows[next - 1];
    const position = before ? (i - before[1]) / (before[1] - before[0]) : Infinity;
    rows.push({ score, window: -1, worth: (position > FAR ? -1 : scaled(position)) * profile.falsePositive });
  }
}

/** One threshold over all series: the given one, or the one that scores best, as the benchmark has it. */
export function nabScore(
  corpus: readonly NabSeries[],
  scores: readonly Float64Array[],
  profile: NabProfile,
  threshold?: number,
): NabResult {
  const rows: Row[] = [];
  let windows = 0;
  corpus.forEach((series, i) => {
    rowsOf(series, scores[i] ?? new Float64Array(), windows, profile, rows);
    windows += series.windows.length;
  });
  rows.sort((a, b) => b.score - a.score);

  const nothing = -profile.falseNegative * windows;
  const perfect = profile.truePositive * windows;
  const best = new Map<number, number>();
  let total = nothing;
  let falseRows = 0;
  let result = { total, threshold: threshold ?? Infinity, found: 0, falseRows: 0 };
  for (let i = 0; i < rows.length;) {
    const score = rows[i]?.score ?? 0;
    if (threshold !== undefined && score < threshold) break;
    for (let row = rows[i]; row?.score === score; row = rows[++i]) {
      const known = best.get(row.window);
      if (row.window < 0) falseRows++;
      if (row.window < 0) total += row.worth;
      else if (known === undefined) total += profile.falseNegative + row.worth;
      else total += Math.max(0, row.worth - known);
      if (row.window >= 0) best.set(row.window, Math.max(known ?? -Infinity, row.worth));
    }
    if (threshold !== undefined || total > result.total)
      result = { total, threshold: threshold ?? score, found: best.size, falseRows };
  }
  const { total: reached, ...rest } = result;
  return { score: (100 * (reached - nothing)) / (perfect - nothing), windows, ...rest };
}
