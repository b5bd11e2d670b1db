import { createRootCommand, type Io, printJson, printTable, withExample, withJson } from '@telltale/cli';
import { type Command } from 'commander';
import { runBench } from './run-bench';

export function createBenchProgram(io: Io): Command {
  const { root, finish } = createRootCommand('telltale bench', io);
  root
    .argument('[names...]')
    .description('measure this machine: throughput, latency, start, memory; all benchmarks, or those named');
  withExample(withJson(root), 'telltale bench scorer --json').action(async (names: string[], { json }: { json?: boolean }) => {
    const figures = await runBench(names);
    if (json) return printJson(io, figures);
    printTable(io, Object.entries(figures).map(([figure, value]) => ({ figure, value }))); // prettier-ignore
  });
  return finish();
}
