import { type ApiClient, type Operations } from '@telltale/api-client';
import { type AnomalyRecord, type DetectorSettingRecord } from '@telltale/contracts';
import { modelOf } from '@telltale/domain-detector';
import { backtest, metricsWithParent, scorerConfig, windowOfStored } from '@telltale/pipeline-score';
import { type Command } from 'commander';
import { withClient } from '../../client/connect';
import { UsageError } from '../../terminal/errors';
import { type Io, note } from '../../terminal/io';
import { printJson, printTable, spanOf, withJson } from '../command';
import { numberOf } from './overrides';

/** Sensitivities to compare, tried by insights. */
interface CompareOptions extends BacktestOptions {
  readonly budgets?: string;
  readonly multipliers?: string;
}

interface BacktestOptions {
  readonly since?: string;
  readonly service?: string;
  readonly series?: string;
  readonly falsePositivesPerDay?: number;
  readonly rateMultiplier?: number;
  readonly json?: boolean;
}

type SeriesRow = Operations['listWindowsOfMetric']['answer']['series'][number];

const MAX_SERIES = 1_000;
const COMPARED = ['false_per_day', 'rate_multiplier', 'is_present', 'anomalies', 'explained', 'kept', 'real_lost'];
const NAMES = ['started_at', 'ended_at', 'channel', 'expected_false_per_day', 'summary'];

/** Series of a metric and of the parents of its series, with their windows, those with most values first. */
async function seriesOf(api: ApiClient, metric: string, { since, service, series }: BacktestOptions): Promise<SeriesRow[]> {
  const from = String(Date.now() - spanOf('--since', since ?? '7d'));
  const found: SeriesRow[] = [];
  for (const one of metricsWithParent(metric)) {
    let cursor: string | undefined;
    let left = MAX_SERIES;
    do {
      const page = await api.listWindowsOfMetric({ metric: one, since: from, service, series, cursor });
      found.push(...page.series);
      left -= page.series.length;
      cursor = page.next_cursor;
    } while (cursor !== undefined && left > 0);
  }
  return found.sort((a, b) => b.events - a.events).slice(0, MAX_SERIES);
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

/** How many anomalies there would have been at other sensitivities, and which of the real ones would be lost. */
async function compareSensitivities(io: Io, metric: string | undefined, options: CompareOptions): Promise<void> {
  const { service, series, budgets, multipliers, falsePositivesPerDay, rateMultiplier } = options;
  if (falsePositivesPerDay !== undefined || rateMultiplier !== undefined)
    throw new UsageError(
      'one sensitivity cannot be compared with itself',
      'give --budgets or --multipliers with several, or name a metric to list its anomalies at one',
    );
  const since = options.since === undefined ? undefined : String(Date.now() - spanOf('--since', options.since));
  const answer = await withClient(io, ['insights'], ({ api }) =>
    api.backtestDetector({ metric, service, series, since, false_per_day: budgets, rate_multiplier: multipliers }),
  );
  if (options.json) return printJson(io, answer);
  printTable(io, answer.settings, COMPARED);
  const { raised, present } = answer;
  note(io, `raised in that time: ${raised.anomalies}, at ${present.false_per_day} a day${present.is_set ? '' : ' (nobody set a budget)'}; ${answer.series} series, ${answer.series_left_out} left out`); // prettier-ignore
  for (const { text } of answer.cannot_know) note(io, text);
}

export function registerBacktest(detector: Command, io: Io): void {
  withJson(
    detector
      .command('backtest [metric]')
      .description(
        'run the detector over stored history: which anomalies of a metric it would have reported; without one, how many at other sensitivities',
      )
      .option('--since <span>', 'how far back: 6h, 7d; 7d, or 3d where sensitivities are compared')
      .option('--service <name>', 'only series of this service')
      .option('--series <id>', 'only this series')
      .option(
        '--budgets <list>',
        'compare these budgets of false anomalies a day: 0.5,5,50; without any, some around the present one',
      )
      .option('--multipliers <list>', 'compare these rate multipliers instead: 0.1,1,10')
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
  ).action(async (metric: string | undefined, options: CompareOptions) => {
    if (metric === undefined || options.budgets !== undefined || options.multipliers !== undefined)
      return compareSensitivities(io, metric, options);
    if (!modelOf(metric, { severity: 'error' }))
      throw new UsageError(
        `there is no detector for the metric ${metric}`,
        'there are turn.duration, version.duration, operation.duration, llm.cost, llm.tokens, score, error.count, log.count',
      );
    const rows = await withClient(io, ['insights'], ({ api }) => seriesOf(api, metric, options));
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
