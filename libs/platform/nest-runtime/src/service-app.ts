import { type DynamicModule } from '@nestjs/common';
import { type TopicSpec } from '@telltale/contracts';
import { type Clock } from '@telltale/kernel';
import { type CommonConfig } from '@telltale/platform-config';
import {
  type Broker,
  type ConfigSlice,
  type Encryptor,
  type Logger,
  type Metrics,
  type PipelineService,
  type RecordSigner,
  type RowStore,
  type ServiceDefinition,
  type Topology,
} from '@telltale/streaming';
import { type z } from 'zod';

export type ProcessConfig = CommonConfig & Readonly<Record<string, unknown>>;

/** What every service is built from. */
export interface ServiceContext {
  readonly config: ProcessConfig;
  readonly broker: Broker;
  readonly rows: RowStore;
  readonly encryptor: Encryptor;
  readonly signer: RecordSigner;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Aborts when the process begins to stop. */
  readonly stopping: AbortSignal;
}

/** What a service adds to the process. */
export interface ServiceParts {
  /** HTTP controllers. */
  readonly modules?: readonly DynamicModule[];
  /** The pipeline whose tasks run here. */
  readonly topology?: Topology;
  /** Receivers other than HTTP; opened last, closed first. Answers what the start is to report of them, e.g. ports. */
  start?(): Promise<Readonly<Record<string, unknown>> | undefined>;
  stop?(): Promise<void>;
  /** Gives back what its pipeline uses, once its tasks are done. */
  release?(): Promise<void>;
}

/** A service as a process hosts it: its definition, bound to the adapters of this process. */
export interface ServiceApp {
  readonly service: ServiceDefinition;
  /** Topics it may write to beside its outputs: those whose dead letters it gives back. */
  readonly replays?: readonly TopicSpec[];
  /** Throws PermanentError('config') for what the slice cannot express; runs before anything is connected. */
  check?(config: ProcessConfig): void;
  init(context: ServiceContext): ServiceParts | Promise<ServiceParts>;
}

/** A service that is its pipeline and nothing else. `depsOf`: what the pipeline needs of the outside. */
export const pipelineApp = <Config extends ConfigSlice, Deps>(
  service: PipelineService<Config, Deps>,
  depsOf: (context: ServiceContext) => Deps,
): ServiceApp => ({
  service,
  init: (context) => ({ topology: service.open(service.config.parse(context.config) as z.infer<Config>, depsOf(context)) }),
});
