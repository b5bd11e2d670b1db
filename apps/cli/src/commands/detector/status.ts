import { type Command } from 'commander';
import { withClient } from '../../client/connect';
import { type Io, noteOfList } from '../../terminal/io';
import { intOf, printJson, printTable, withJson } from '../command';

const NAMES = ['state', 'metric', 'series', 'calls', 'calls_per_hour', 'watched_from'];

interface Options {
  readonly service?: string;
  readonly all?: boolean;
  readonly since: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** Which series the detector is still learning, and until when. */
export function registerStatus(detector: Command, io: Io): void {
  withJson(
    detector
      .command('status')
      .description('series that the detector is still learning, and from when it will judge them at their present pace')
      .option('--service <name>', 'only of this service')
      .option('--all', 'those that it judges already too')
      .option('--since <time>', 'with values since: an age such as 24h or 7d, or ISO 8601', '24h')
      .option('--limit <n>', 'how many', intOf('--limit', 1, 1_000), 100),
  ).action(async ({ service, all, since, limit, json }: Options) => {
    const { series } = await withClient(io, ['insights'], ({ api }) =>
      api.listReadiness({ service, since, limit, ...(all ? {} : { state: 'learning' }) }),
    );
    if (json) return series.forEach((row) => printJson(io, row));
    const rows = series.map(({ metric_name: metric, labels, ...row }) => ({
      ...row,
      metric,
      series: Object.values(labels).join(' '),
    }));
    printTable(io, rows, NAMES);
    noteOfList(
      io,
      series,
      limit,
      `${series.length} series${all ? '' : ' that it is still learning'}, with values since ${since}`,
    );
  });
}
