import { type AnomalyRecord, type DetectorSettingRecord, sqlString } from '@telltale/contracts';
import { modelOf } from '@telltale/domain-detector';
import { backtest, metricsWithParent, scorerConfig, windowOfStored } from '@telltale/pipeline-score';
import { type Command } from 'commander';
import { withClient } from '../../client/connect';
import { UsageError } from '../../terminal/errors';
import { type Io, note } from '../../terminal/io';
import { printJson, printTable, spanOf, withJson } from '../command';
import { numberOf } from './overrides';

interface BacktestOptions {
  readonly since: string;
  readonly service?: string;
  readonly series?: string;
  readonly falsePositivesPerDay?: number;
  readonly rateMultiplier?: number;
  readonly json?: boolean;
}

interface SeriesRow {
  readonly series_id: string;
  readonly tenant: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** start in ms, count, sum, min, max, errors, p50, p95 */
  readonly windows: readonly (readonly number[])[];
}

const MAX_SERIES = 1_000;
const NAMES = ['started_at', 'ended_at', 'channel', 'expected_false_per_day', 'summary'];

function sqlOf(metric: string, { since, service, series }: BacktestOptions): string {
  const seconds = Math.round(spanOf('--since', since) / 1_000);
  const metrics = metricsWithParent(metric).map(sqlString).join(', ');
  const conditions = [
    // As the scorer evaluated: what came too late to be scored is no window of its own.
    'NOT w.late',
    `w.metric IN (${metrics})`,
    `w.window_start >= now() - INTERVAL ${seconds} SECOND`,
    ...(service === undefined ? [] : [`w.dimensions['service_name'] = ${sqlString(service)}`]),
    ...(series === undefined ? [] : [`w.series_id = ${sqlString(series)}`]),
  ];
  // Qualified, for an alias of the same name as a column stands for the aggregate.
  return `SELECT w.tenant AS tenant, w.series_id AS series_id, any(w.metric) AS metric, any(w.dimensions) AS dimensions,
      arraySort(groupArray((toUnixTimestamp(w.window_start) * 1000, w.count, w.sum, w.min, w.max, w.errors, w.p50, w.p95))) AS windows
    FROM series_windows AS w WHERE ${conditions.join(' AND ')}
    GROUP BY w.tenant, w.series_id ORDER BY sum(w.count) DESC LIMIT ${MAX_SERIES}`;
}

function* windowsOf({ windows }: SeriesRow): Generator<ReturnType<typeof windowOfStored>> {
  for (const row of windows) {
    const [start = 0, count = 0, sum = 0, min = 0, max = 0, errors = 0, p50 = 0, p95 = 0] = row.map(Number);
    yield windowOfStored({ start, count, sum, min, max, errors, p50, p95 });
  }
}

/** The sensitivities to try, for every tenant in the history. */
function settingsOf(rows: readonly SeriesRow[], { rateMultiplier }: BacktestOptions): DetectorSettingRecord[] {
  if (rateMultiplier === undefined) return [];
  const tenants = new Set(rows.map(({ tenant }) => tenant));
  return [...tenants].map((tenant) => ({
    type: 'set_sensitivity',
    tenant,
    id: 'backtest',
    rate_multiplier: rateMultiplier,
    issued_by: 'backtest',
  }));
}

/** Numbers above 0, as `detector sensitivity set` takes them. */
const positiveOf = (flag: string) => {
  const read = numberOf(flag);
  return (text: string): number => {
    const value = read(text);
    if (value <= 0) throw new UsageError(`${flag} ${text} is not above 0`, 'give a number such as 2 or 0.1');
    return value;
  };
};

export function registerBacktest(detector: Command, io: Io): void {
  withJson(
    detector
      .command('backtest <metric>')
      .description('run the detector over stored history and show which anomalies it would have reported')
      .option('--since <span>', 'how far back: 6h, 7d', '7d')
      .option('--service <name>', 'only series of this service')
      .option('--series <id>', 'only this series')
      .option(
        '--false-positives-per-day <n>',
        'false anomalies a day that are accepted, over all series',
        positiveOf('--false-positives-per-day'),
      )
      .option(
        '--rate-multiplier <f>',
        '10 accepts ten times as many false anomalies, 0.1 a tenth',
        positiveOf('--rate-multiplier'),
      ),
  ).action(async (metric: string, options: BacktestOptions) => {
    if (!modelOf(metric, { severity: 'error' }))
      throw new UsageError(
        `there is no detector for the metric ${metric}`,
        'there are turn.duration, version.duration, operation.duration, llm.cost, llm.tokens, score, error.count, log.count',
      );
    const rows = await withClient(io, ['insights'], (client) => client.query<SeriesRow>(sqlOf(metric, options)));
    const series = rows.map((row) => ({ ...row, id: row.series_id, windows: windowsOf(row) }));
    const config = scorerConfig.parse({ DETECTOR_FALSE_POSITIVES_PER_DAY: options.falsePositivesPerDay });
    const reported = backtest(series, Date.now(), { config, settings: settingsOf(rows, options) });
    const found = reported.filter((anomaly) => isOf(metric, anomaly, rows));
    if (options.json) return found.forEach((anomaly) => printJson(io, anomaly));
    printTable(io, found, NAMES);
    note(
      io,
      `${found.length} anomalies over ${rows.length} series; they share the budget of false positives; no maintenance windows or labels`,
    );
  });
}

/** Whether an anomaly is of the metric that was asked for, rather than of its parents' metric. */
function isOf(metric: string, { series_id: id }: AnomalyRecord, rows: readonly SeriesRow[]): boolean {
  const measured = rows.find(({ series_id }) => series_id === id);
  return measured === undefined || measured.metric === metric;
}
