import { UsageError } from '@telltale/cli';
import { type BenchInput } from './bench-events';
import { benchCollector } from './collector.bench';
import { type CollectorMode } from './collector-config';
import { benchConsole } from './console.bench';
import { benchCosts } from './costs.bench';
import { benchEmbedded } from './embedded.bench';
import { benchEnricher } from './enricher.bench';
import { benchImport } from './import.bench';
import { benchMcp } from './mcp.bench';
import { benchMeasures } from './measures.bench';
import { benchPipelines } from './pipelines.bench';
import { benchSteps } from './steps.bench';
import { benchReads } from './reads.bench';
import { benchReprice } from './reprice.bench';
import { benchScaling } from './scaling.bench';
import { benchScorer } from './scorer.bench';
import { benchWaste } from './waste.bench';
import { benchStandalone } from './standalone.bench';

export type Figures = Record<string, number | string>;

export interface BenchOptions {
  /** Events in the tables that `reads` asks, or that go through the Collector; each has its own default. */
  readonly events?: number;
  /** Size of the file that is imported, millions of bytes. */
  readonly mb: number;
  /** What the enricher reads. */
  readonly input: BenchInput;
  /** Whether the enricher reads enough for start not to matter. */
  readonly long: boolean;
  /** Path of an OpenTelemetry Collector. */
  readonly collector?: string;
  readonly modes: readonly CollectorMode[];
  /** Aborts at Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Each answers its figures; loaded only when it is run. */
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<object>>> = {
  gateway: async () => (await import('@telltale/app-gateway/bench')).benchGateway(),
  directives: async () => (await import('@telltale/app-gateway/bench')).benchDirectives(),
  steps: benchSteps,
  pipelines: benchPipelines,
  mcp: benchMcp,
  measures: benchMeasures,
  enricher: benchEnricher,
  collector: benchCollector,
  embedded: benchEmbedded,
  import: ({ mb }) => benchImport(mb),
  console: ({ events }) => benchConsole(events ?? 1_000_000),
  reads: ({ events }) => benchReads(events ?? 1_000_000),
  reprice: benchReprice,
  scaling: benchScaling,
  scorer: benchScorer,
  standalone: benchStandalone,
  costs: benchCosts,
  waste: benchWaste,
};

/** The benchmarks of these names, or all. The one that needs a Collector is among all only where one is given. */
export function benchesOf(names: readonly string[], { collector }: Pick<BenchOptions, 'collector'>): readonly string[] {
  const all = Object.keys(BENCHES);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown !== undefined) throw new UsageError(`there is no benchmark ${unknown}`, `there are ${all.join(', ')}`);
  return all.filter((name) => (names.length > 0 ? names.includes(name) : name !== 'collector' || collector !== undefined));
}

/** Runs them one after another. */
export async function runBench(names: readonly string[], options: BenchOptions): Promise<Figures> {
  const figures: Figures = {};
  for (const name of benchesOf(names, options)) Object.assign(figures, await BENCHES[name]?.(options));
  return figures;
}
