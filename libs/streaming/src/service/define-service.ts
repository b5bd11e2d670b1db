import { type TableName, type TopicSpec } from '@telltale/contracts';
import { type z } from 'zod';
import { type BatchEffects, type TaskProcessor } from '../processor/task-processor';

/** What the tasks of a service do; bound to a configuration. */
export interface ServicePipeline {
  /**
   * What people set of it, as text: the same for the same settings. A batch runs under the settings of its intent, also when a process
   * that has others repeats it.
   */
  readonly settings?: string;
  /** `restored`: state as it was at the end of the task's last batch, by key. `settings`: those to run under, where they are not its own. */
  createTask(partition: number, restored: ReadonlyMap<string, Buffer>, settings?: string): TaskProcessor;
}

/** A service's pipeline with the topics and tables around it: what the task runner runs. */
export interface Topology extends ServicePipeline {
  readonly name: string;
  readonly groupId: string;
  readonly inputs: readonly string[];
  /** Topics it writes to, beside its state and the DLQ. */
  readonly outputs: readonly string[];
  readonly tables: readonly string[];
  readonly stateTopic: string;
}

/** Variables of a service. */
export type ConfigSlice = z.ZodObject<Readonly<Record<string, z.ZodType>>>;

/** What is known of a service without starting it. */
export interface ServiceDescription {
  readonly name: string;
  /** What it does, in one sentence. */
  readonly about: string;
  /** HTTP port of a process of its own: health and metrics, and what it serves. */
  readonly httpPort: number;
  /** The deployable that hosts it; one of its own where the definition names none. */
  readonly app: string;
  /** Topics that its consumer group reads. A batch holds their records in this order. */
  readonly inputs: readonly TopicSpec[];
  /** Topics it reads outside of a group: tails, and the newest records. */
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

/** A service whose tasks read topics as a group. */
export interface PipelineService<Config extends ConfigSlice, Deps> extends ServiceDefinition<Config> {
  readonly state: TopicSpec;
  /** Its pipeline under a configuration; `deps`: what it needs of the outside. */
  open(config: z.infer<Config>, deps: Deps): Topology;
}

type Given<Config extends ConfigSlice> = Pick<ServiceDescription, 'name' | 'about' | 'httpPort'> &
  Partial<Pick<ServiceDescription, 'app' | 'reads' | 'outputs'>> & { readonly config: Config };

interface PipelineGiven<Config extends ConfigSlice, Deps> extends Given<Config> {
  readonly inputs: readonly TopicSpec[];
  readonly tables: readonly TableName[];
  readonly state: TopicSpec;
  readonly pipeline: (config: z.infer<Config>, deps: Deps) => ServicePipeline;
}

/** A service without a pipeline: what it reads and writes of topics, it does by itself. */
export const defineEdgeService = <Config extends ConfigSlice>(given: Given<Config>): ServiceDefinition<Config> => ({
  app: given.name,
  reads: [],
  outputs: [],
  ...given,
  groupId: `telltale.${given.name}`,
  inputs: [],
  tables: [],
  state: null,
});

const namesOf = (topics: readonly TopicSpec[]): readonly string[] => topics.map(({ name }) => name);

/**
 * The one place that says what a service is. Topic pages, consumer groups, lag, ports and the chart are derived from it, and the task
 * runner holds the service to it.
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
      outputs: namesOf(definition.outputs),
      tables: definition.tables,
      stateTopic: definition.state.name,
    }),
  };
}

/** Throws where effects go to a topic or table that the definition of the service does not name. */
export function checkEffects(
  { name, outputs, tables }: Pick<Topology, 'name' | 'outputs' | 'tables'>,
  effects: Pick<BatchEffects, 'outputs' | 'rows'>,
): void {
  const topic = effects.outputs.find((output) => !outputs.includes(output.topic))?.topic;
  if (topic !== undefined) throw new Error(`${name} writes to ${topic}, which its definition does not name as an output`);
  const table = [...effects.rows.keys()].find((one) => !tables.includes(one));
  if (table !== undefined) throw new Error(`${name} inserts into ${table}, which its definition does not name as a table`);
}
