import { type Command } from 'commander';
import { runBench } from '../bench/run-bench';
import { type Io } from '../terminal/io';
import { printJson, printTable, withJson } from './command';

export function registerBench(program: Command, io: Io): void {
  withJson(
    program
      .command('bench [names...]')
      .description('measure this machine: throughput, latency, start, memory; all benchmarks, or those named'),
  ).action(async (names: string[], { json }: { json?: boolean }) => {
    const figures = await runBench(names);
    if (json) return printJson(io, figures);
    printTable(io, Object.entries(figures).map(([figure, value]) => ({ figure, value }))); // prettier-ignore
  });
}
