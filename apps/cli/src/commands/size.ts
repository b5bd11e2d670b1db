import { type Size, sizeFor, SIZING_FIGURES, type SizingFigureName } from '@telltale/services';
import { type Command } from 'commander';
import { type Io, note, type Terminal } from '../terminal/io';
import { intOf, printJson, printTable, withExample, withJson } from './command';

const MOST_EVENTS = 100_000_000;
const MOST_SERIES = 1_000_000_000;
const MOST_DAYS = 400;

interface SizeOptions {
  readonly eventsPerSecond: number;
  readonly series?: number;
  readonly retentionDays?: number;
  readonly json?: boolean;
}

/** Every figure that the sizes rest on. */
function basisOf({ services, kafka, clickhouse }: Size) {
  const names = new Set<SizingFigureName>([...services, ...kafka, ...clickhouse].flatMap(({ restsOn }) => restsOn));
  return [...names].map((name) => ({ figure: name, ...SIZING_FIGURES[name] }));
}

function printSize(size: Size, io: Io, terminal: Terminal): void {
  const print = (rows: readonly Readonly<Record<string, unknown>>[]): void => {
    printTable({ out: io.out, columns: terminal.columns }, rows);
    io.out('');
  };
  print([
    { what: 'cells', size: size.cells },
    { what: 'events/s a cell', size: Math.round(size.eventsPerSecond) },
    { what: 'TELLTALE_PARTITIONS', size: size.partitions },
    { what: 'wait between batches, ms', size: size.lingerMs },
    { what: 'inserts/s into a table, all tasks', size: size.insertsPerSecondAndTable },
  ]);
  print(
    size.services.map(({ service, pods, coresPerPod, memoryMbPerPod, restsOn }) => ({
      service,
      pods,
      'cores each': coresPerPod,
      'MB each': memoryMbPerPod,
      'rests on': restsOn.join(', '),
    })),
  );
  const disks = (where: string, of: Size['kafka']) =>
    of.map(({ what, gigabytes, restsOn }) => ({ disk: where, of: what, GB: gigabytes, 'rests on': restsOn.join(', ') }));
  print([...disks('Kafka', size.kafka), ...disks('ClickHouse', size.clickhouse)]);
  print(basisOf(size).map(({ figure, value, unit, source }) => ({ figure, value, unit, from: source })));
  const { value: cellRate } = SIZING_FIGURES.cell_rate;
  note(
    io,
    size.cells > 1
      ? `above ${cellRate} events/s the load is spread over cells, whole deployments of their own: these sizes are of each`
      : `one cell is enough: cells begin above ${cellRate} events/s`,
  );
}

export function registerSize(program: Command, io: Io, terminal: Terminal): void {
  const command = program
    .command('size')
    .description('what a load needs: partitions, pods, disks, and which figures and assumptions that rests on')
    .requiredOption('--events-per-second <n>', 'events a second, at the peak', intOf('--events-per-second', 1, MOST_EVENTS))
    .option('--series <n>', 'series that have values all the time (default: assumed)', intOf('--series', 1, MOST_SERIES))
    .option(
      '--retention-days <n>',
      'days that events are kept (default: RETENTION_DAYS)',
      intOf('--retention-days', 1, MOST_DAYS),
    );
  withExample(
    withJson(command),
    'telltale size --events-per-second 10000',
    'telltale size --events-per-second 10000 --series 50000 --json',
  ).action(
    // prettier-ignore
    async ({ eventsPerSecond, series, retentionDays, json }: SizeOptions) => {
      const { commonConfig, loadConfig } = await import('@telltale/platform-config');
      const config = loadConfig(commonConfig, io.env);
      const size = sizeFor({
        eventsPerSecond,
        series: series ?? null,
        retentionDays: retentionDays ?? config.RETENTION_DAYS,
        batchLingerMs: config.BATCH_LINGER_MS,
        batchMaxRecords: config.BATCH_MAX_RECORDS,
      });
      if (json) return printJson(io, { ...size, basis: basisOf(size) });
      printSize(size, io, terminal);
    },
  );
}
