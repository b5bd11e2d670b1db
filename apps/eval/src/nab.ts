import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliError } from '@telltale/cli';
import { type LabeledSeries, readSeries } from './labeled-series';
import { NAB_PROFILES, nabScore, type NabSeries } from './nab-score';
import { REPORTED, reportedRows } from './reported-rows';
import { everySecond } from './series';
import { PRODUCT_SURPRISE, surprisesOf } from './surprises';

export interface NabFigures {
  /** Best threshold on all files, as the benchmark has it. */
  readonly standard_best: number;
  /** The product's threshold. */
  readonly standard_product: number;
  /** Threshold chosen on every second file, score on the others. */
  readonly standard_other_half: number;
  /** The anomalies that the service opens, with every rule it runs; and the same without its drift channel. */
  readonly standard_service: number;
  readonly standard_service_without_drift: number;
  readonly low_fp_best: number;
  readonly low_fn_best: number;
}

export interface NabCorpus {
  readonly series: readonly LabeledSeries[];
  readonly scored: readonly NabSeries[];
}

type Windows = Readonly<Record<string, readonly (readonly [string, string])[]>>;

function readWindows(dir: string): Windows {
  const path = join(dir, 'labels', 'combined_windows.json');
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Windows;
  } catch (error) {
    throw new CliError(
      `--data ${dir}: ${error instanceof Error ? error.message : String(error)}`,
      'give a folder with data/ and labels/combined_windows.json of the Numenta Anomaly Benchmark',
    );
  }
}

export function readNab(dir: string): NabCorpus {
  const windows = readWindows(dir);
  const series = Object.keys(windows)
    .sort()
    .map((key) => readSeries(join(dir, 'data', key), key));
  const scored = series.map(({ key, times }) => {
    const rowOf = new Map(Array.from(times, (time, i) => [time, i] as const).reverse());
    const row = (text: string): number => rowOf.get(Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`)) ?? 0;
    return {
      length: times.length,
      windows: (windows[key] ?? []).map(([from, to]) => [row(from), row(to)] as const),
    };
  });
  return { series, scored };
}

const rounded = (value: number): number => Math.round(100 * value) / 100;

/** The corpus in one frozen configuration, each row evaluated without look-ahead. */
export function evaluateNab(dir: string): Promise<NabFigures> {
  const { series, scored } = readNab(dir);
  const surprises = series.map((one) => surprisesOf(one));
  const { standard, low_fp, low_fn } = NAB_PROFILES;
  const reported = series.map(reportedRows);
  const serviceScore = (rows: readonly Float64Array[]): number => rounded(nabScore(scored, rows, standard, REPORTED).score);
  const chosen = nabScore(everySecond(scored, 1), everySecond(surprises, 1), standard).threshold;
  return Promise.resolve({
    standard_best: rounded(nabScore(scored, surprises, standard).score),
    standard_product: rounded(nabScore(scored, surprises, standard, PRODUCT_SURPRISE).score),
    standard_other_half: rounded(nabScore(everySecond(scored, 0), everySecond(surprises, 0), standard, chosen).score),
    standard_service: serviceScore(reported.map(({ all }) => all)),
    standard_service_without_drift: serviceScore(reported.map(({ withoutDrift }) => withoutDrift)),
    low_fp_best: rounded(nabScore(scored, surprises, low_fp).score),
    low_fn_best: rounded(nabScore(scored, surprises, low_fn).score),
  });
}
