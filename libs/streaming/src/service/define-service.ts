import { type TableName, type TopicSpec } from '@telltale/contracts';
import { type z } from 'zod';
import { type BatchEffects, type TaskProcessor } from '../processor/task-processor';

/** The pipeline of a service, bound to a configuration. */
export interface ServicePipeline {
  /**
   * The operator's settings as text: equal settings give equal text. A batch runs under the settings of its intent, even when a process
   * with other settings repeats it.
   */
  readonly settings?: string;
  /** `restored`: the state after the task's last batch, by key. `settings`: overrides the pipeline's own settings. */
  createTask(partition: number, restored: ReadonlyMap<string, Buffer>, settings?: string): TaskProcessor;
}

/** A service's pipeline with its topics and tables: what the task runner runs. */
export interface Topology extends ServicePipeline {
  readonly name: string;
  readonly groupId: string;
  readonly inputs: readonly string[];
  /** Inputs that a task reads completely before its first batch of anything else. */
  readonly readFirst: readonly string[];
  /** Topics it writes to, except its state and the DLQ. */
  readonly outputs: readonly string[];
  readonly tables: readonly string[];
  readonly stateTopic: string;
}

/** Configuration variables of a service. */
export type ConfigSlice = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** The static description of a service. */
export interface ServiceDescription {
  readonly name: string;
  /** What the service does, in one sentence. */
  readonly about: string;
  /** HTTP port when it runs as its own process: health, metrics and its API. */
  readonly httpPort: number;
  /** The deployable that hosts it; one of its own where the definition names none. */
  readonly app: string;
  /** Topics that its consumer group reads. A batch contains their records in this order. */
  readonly inputs: readonly TopicSpec[];
  /** Topics it reads without a group: tails, and the newest records. */
  readonly reads: readonly TopicSpec[];
  readonly outputs: readonly TopicSpec[];
  /** Tables it inserts into. */
  readonly tables: readonly TableName[];
  /** Compacted topic of its state; null for a service without a pipeline. */
  readonly state: TopicSpec | null;
  readonly config: ConfigSlice;
}

export interface ServiceDefinition<Config extends ConfigSlice = ConfigSlice> extends ServiceDescription {
  readonly groupId: string;
  readonly config: Config;
}

/** A service with a pipeline, whose tasks consume topics as a group. */
export interface PipelineService<Config extends ConfigSlice, Deps> extends ServiceDefinition<Config> {
  readonly state: TopicSpec;
  /** Creates its pipeline from a configuration; `deps` are its outside dependencies. */
  open(config: z.infer<Config>, deps: Deps): Topology;
}

type Given<Config extends ConfigSlice> = Pick<ServiceDescription, 'name' | 'about' | 'httpPort'> &
  Partial<Pick<ServiceDescription, 'app' | 'reads' | 'outputs'>> & { readonly config: Config };

type EdgeGiven<Config extends ConfigSlice> = Given<Config> & Partial<Pick<ServiceDescription, 'inputs'>>;

interface PipelineGiven<Config extends ConfigSlice, Deps> extends Given<Config> {
  readonly inputs: readonly TopicSpec[];
  readonly tables: readonly TableName[];
  readonly state: TopicSpec;
  readonly pipeline: (config: z.infer<Config>, deps: Deps) => ServicePipeline;
}

/** A service without a pipeline: it reads and writes topics by itself, and works through its inputs as a group. */
export const defineEdgeService = <Config extends ConfigSlice>(given: EdgeGiven<Config>): ServiceDefinition<Config> => ({
  app: given.name,
  reads: [],
  outputs: [],
  inputs: [],
  ...given,
  groupId: `telltale.${given.name}`,
  tables: [],
  state: null,
});

const namesOf = (topics: readonly TopicSpec[]): readonly string[] => topics.map(({ name }) => name);

/**
 * The single definition of a service. Topic pages, consumer groups, lag, ports and the Helm chart are derived from it, and the task runner
 * enforces it.
 */
export function defineService<Config extends ConfigSlice, Deps = void>(
  given: PipelineGiven<Config, Deps>,
): PipelineService<Config, Deps> {
  const { pipeline, ...description } = given;
  const definition = { app: given.name, reads: [], outputs: [], ...description, groupId: `telltale.${given.name}` };
  return {
    ...definition,
    open: (config, deps) => ({
      ...pipeline(config, deps),
      name: definition.name,
      groupId: definition.groupId,
      inputs: namesOf(definition.inputs),
      readFirst: namesOf(definition.inputs.filter(({ readFirst }) => readFirst)),
      outputs: namesOf(definition.outputs),
      tables: definition.tables,
      stateTopic: definition.state.name,
    }),
  };
}

/** Throws when effects go to a topic or table that the service's definition does not name. */
export function checkEffects(
  { name, outputs, tables }: Pick<Topology, 'name' | 'outputs' | 'tables'>,
  effects: Pick<BatchEffects, 'outputs' | 'rows'>,
): void {
  const topic = effects.outputs.find((output) => !outputs.includes(output.topic))?.topic;
  if (topic !== undefined) throw new Error(`${name} writes to ${topic}, which its definition does not name as an output`);
  const table = [...effects.rows.keys()].find((one) => !tables.includes(one));
  if (table !== undefined) throw new Error(`${name} inserts into ${table}, which its definition does not name as a table`);
}
