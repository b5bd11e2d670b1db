import { type Command } from 'commander';
import { evaluateFleet } from '../eval/fleet';
import { evaluateNab } from '../eval/nab';
import { evaluateSeries } from '../eval/series';
import { type Io } from '../terminal/io';
import { printJson, printTable, withJson } from './command';

interface Evaluation {
  readonly name: string;
  readonly about: string;
  readonly data?: string;
  /** Answers one object of figures. */
  run(path: string): Promise<object>;
}

const EVALUATIONS: readonly Evaluation[] = [
  {
    name: 'nab',
    about: 'the Numenta Anomaly Benchmark in one frozen configuration, without look-ahead',
    data: 'folder with data/ and labels/ of the benchmark',
    run: evaluateNab,
  },
  {
    name: 'cloud-monitoring',
    about: 'labelled series of cloud services: what is found, and how often it cries wolf',
    data: 'folder of CSV files, timestamp,value,label',
    run: evaluateSeries,
  },
  {
    name: 'series',
    about: 'the same figures over series of your own',
    data: 'folder of CSV files, timestamp,value[,label]',
    run: evaluateSeries,
  },
  {
    name: 'fleet',
    about: 'a simulated fleet with planted faults and clean days, through the scorer as it runs',
    run: () => evaluateFleet(),
  },
];

export function registerEval(program: Command, io: Io): void {
  const group = program.command('eval').description('accuracy: detection on labelled data, each with figures as JSON');
  for (const { name, about, data, run } of EVALUATIONS) {
    const command = group.command(name).description(about);
    if (data) command.requiredOption('--data <path>', data);
    withJson(command).action(async ({ data: path, json }: { data?: string; json?: boolean }) => {
      const figures = await run(path ?? '');
      if (json) return printJson(io, figures);
      printTable(io, Object.entries(figures).map(([figure, value]) => ({ figure, value: typeof value === 'object' ? JSON.stringify(value) : String(value) }))); // prettier-ignore
    });
  }
}
