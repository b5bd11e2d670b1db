import { createRootCommand, intOf, type Io, printJson, printTable, withExample, withJson } from '@telltale/cli';
import { type Command } from 'commander';
import { runBench } from './run-bench';

export function createBenchProgram(io: Io): Command {
  const { root, finish } = createRootCommand('telltale bench', io);
  root
    .argument('[names...]')
    .description('measure this machine: throughput, latency, start, memory; all benchmarks, or those named')
    .option('--events <n>', 'events in the tables that reads asks', intOf('--events', 1_000, 50_000_000), 1_000_000);
  withExample(withJson(root), 'telltale bench scorer --json').action(
    async (names: string[], { json, events }: { json?: boolean; events: number }) => {
      const figures = await runBench(names, { events });
      if (json) return printJson(io, figures);
      printTable(io, Object.entries(figures).map(([figure, value]) => ({ figure, value }))); // prettier-ignore
    },
  );
  return finish();
}
