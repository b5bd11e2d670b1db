import { createRootCommand, intOf, type Io, printJson, printTable, withExample, withJson } from '@telltale/cli';
import { type Command, Option } from 'commander';
import { COLLECTOR_MODES, modesOf } from './collector-config';
import { type BenchOptions, runBench } from './run-bench';

export function createBenchProgram(io: Io): Command {
  const { root, finish } = createRootCommand('telltale bench', io);
  root
    .argument('[names...]')
    .description('measure this machine: throughput, latency, start, memory; all benchmarks, or those named')
    .option(
      '--events <n>',
      'events in the tables that reads asks (1,000,000), or that go through the Collector (200,000)',
      intOf('--events', 1_000, 50_000_000),
    )
    .option('--mb <n>', 'size of the file that is imported, millions of bytes', intOf('--mb', 1, 100_000), 500)
    .addOption(
      new Option('--input <format>', 'what the enricher reads: JSON events, or encrypted traces')
        .choices(['native', 'otlp'])
        .default('native'),
    ) // prettier-ignore
    .option('--long', 'let the enricher read 400,000 events instead of 100,000, so that start does not matter', false)
    .option('--collector <path>', 'the OpenTelemetry Collector that the benchmark collector runs beside the enricher')
    .option('--modes <list>', `what that Collector does: ${COLLECTOR_MODES.join(',')}`, modesOf, COLLECTOR_MODES);
  withExample(
    withJson(root),
    'telltale bench scorer --json',
    'telltale bench enricher --long --input otlp',
    'telltale bench import --mb 500 --json',
    'telltale bench collector --collector dist/collector/collector --modes disk_queue',
  ).action(async (names: string[], { json, ...options }: Omit<BenchOptions, 'signal'> & { readonly json?: boolean }) => {
    const figures = await runBench(names, { ...options, signal: io.signal });
    if (json) return printJson(io, figures);
    printTable(io, Object.entries(figures).map(([figure, value]) => ({ figure, value }))); // prettier-ignore
  });
  return finish();
}
