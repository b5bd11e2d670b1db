import { UsageError } from '@telltale/cli';
import { type BenchInput } from './bench-events';
import { benchEmbedded } from './embedded.bench';
import { benchEnricher } from './enricher.bench';
import { benchImport } from './import.bench';
import { benchMeasures } from './measures.bench';
import { benchPipelines } from './pipelines.bench';
import { benchSteps } from './steps.bench';
import { benchReads } from './reads.bench';
import { benchReprice } from './reprice.bench';
import { benchScaling } from './scaling.bench';
import { benchScorer } from './scorer.bench';
import { benchStandalone } from './standalone.bench';

export type Figures = Record<string, number | string>;

export interface BenchOptions {
  /** Events in the tables that `reads` asks. */
  readonly events: number;
  /** Size of the file that is imported, millions of bytes. */
  readonly mb: number;
  /** What the enricher reads. */
  readonly input: BenchInput;
  /** Whether the enricher reads enough for start not to matter. */
  readonly long: boolean;
}

/** Each answers its figures; loaded only when it is run. */
const BENCHES: Readonly<Record<string, (options: BenchOptions) => Promise<object>>> = {
  gateway: async () => (await import('@telltale/app-gateway/bench')).benchGateway(),
  steps: benchSteps,
  pipelines: benchPipelines,
  measures: benchMeasures,
  enricher: benchEnricher,
  embedded: benchEmbedded,
  import: ({ mb }) => benchImport(mb),
  reads: ({ events }) => benchReads(events),
  reprice: benchReprice,
  scaling: benchScaling,
  scorer: benchScorer,
  standalone: benchStandalone,
};

/** Runs the named benchmarks, or all, one after another. */
export async function runBench(names: readonly string[], options: BenchOptions): Promise<Figures> {
  const unknown = names.find((name) => !(name in BENCHES));
  if (unknown !== undefined)
    throw new UsageError(`there is no benchmark ${unknown}`, `there are ${Object.keys(BENCHES).join(', ')}`);
  const figures: Figures = {};
  for (const [name, run] of Object.entries(BENCHES))
    if (names.length === 0 || names.includes(name)) Object.assign(figures, await run(options));
  return figures;
}
