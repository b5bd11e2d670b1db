import { sqlString } from '@telltale/contracts';
import {
  logPerDayOf,
  modelOf,
  type Opening,
  PER_SERIES_DAY,
  replay,
  describeDeviation,
  type StoredWindow,
} from '@telltale/domain-detector';
import { isoTime } from '@telltale/kernel';
import { type Command } from 'commander';
import { withClient } from '../../client/connect';
import { UsageError } from '../../terminal/errors';
import { type Io, note } from '../../terminal/io';
import { printJson, printTable, spanOf, withJson } from '../command';

interface BacktestOptions {
  readonly since: string;
  readonly service?: string;
  readonly series?: string;
  readonly perDay: string;
  readonly json?: boolean;
}

interface SeriesRow {
  readonly series_id: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly windows: readonly (readonly [start: number, count: number, errors: number, p50: number, p95: number])[];
}

const MAX_SERIES = 1_000;
const NAMES = ['started_at', 'ended_at', 'channel', 'expected_false_per_day', 'summary'];

function sqlOf(metric: string, { since, service, series }: BacktestOptions): string {
  const seconds = Math.round(spanOf('--since', since) / 1_000);
  const conditions = [
    // As the scorer judged: what came too late to be scored is no window of its own.
    'NOT late',
    `metric = ${sqlString(metric)}`,
    `window_start >= now() - INTERVAL ${seconds} SECOND`,
    ...(service === undefined ? [] : [`dimensions['service_name'] = ${sqlString(service)}`]),
    ...(series === undefined ? [] : [`series_id = ${sqlString(series)}`]),
  ];
  return `SELECT series_id, any(dimensions) AS dimensions,
      arraySort(groupArray((toUnixTimestamp(window_start) * 1000, count, errors, p50, p95))) AS windows
    FROM series_windows WHERE ${conditions.join(' AND ')}
    GROUP BY series_id ORDER BY sum(count) DESC LIMIT ${MAX_SERIES}`;
}

function* windowsOf(row: SeriesRow): Generator<StoredWindow> {
  for (const [start, count, errors, p50, p95] of row.windows)
    yield { start: Number(start), count: Number(count), errors: Number(errors), p50: Number(p50), p95: Number(p95) };
}

const answerOf = (metric: string, { series_id, dimensions }: SeriesRow, opening: Opening): Record<string, unknown> => {
  const model = modelOf(metric, dimensions);
  return {
    started_at: isoTime(opening.startedAt),
    ended_at: opening.endedAt === null ? null : isoTime(opening.endedAt),
    series_id,
    dimensions,
    channel: opening.evidence.channel,
    direction: opening.evidence.direction < 0 ? 'down' : 'up',
    value: opening.evidence.value,
    expected: opening.evidence.expected,
    expected_low: opening.evidence.low,
    expected_high: opening.evidence.high,
    p_value: Math.exp(opening.evidence.logP),
    expected_false_per_day: Math.exp(logPerDayOf(opening.evidence)),
    summary: model ? describeDeviation(metric, dimensions, model, opening.evidence) : '',
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
      .option('--per-day <number>', 'false deviations a day that each series may have', String(PER_SERIES_DAY)),
  ).action(async (metric: string, options: BacktestOptions) => {
    const perDay = Number(options.perDay);
    if (!(perDay > 0)) throw new UsageError(`--per-day ${options.perDay} is no rate`, 'give a number above 0, such as 0.1');
    if (!modelOf(metric, { severity: 'error' }))
      throw new UsageError(
        `there is no detector for the metric ${metric}`,
        'there are turn.duration, version.duration, operation.duration, llm.cost, llm.tokens, score, error.count, log.count',
      );
    const { rows } = await withClient(io, ['insights'], (client) => client.post('/api/query', { sql: sqlOf(metric, options) }));
    const found = (rows as SeriesRow[]).flatMap((row) => {
      const model = modelOf(metric, row.dimensions);
      if (!model) return [];
      return replay(windowsOf(row), model, perDay).openings.map((opening) => answerOf(metric, row, opening));
    });
    found.sort((a, b) => String(a['started_at']).localeCompare(String(b['started_at'])));
    if (options.json) return found.forEach((answer) => printJson(io, answer));
    printTable(io, found, NAMES);
    note(
      io,
      `${found.length} anomalies over ${(rows as SeriesRow[]).length} series; no budget over all series, no parent series, no maintenance windows`,
    );
  });
}
