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
  type SecretBox,
  type ServiceDefinition,
  type Topology,
  type Tracer,
} from '@telltale/streaming';
import { type z } from 'zod';
import { type LiveCertificate, type ServerCertificate } from './live-certificate';

export type ProcessConfig = CommonConfig & Readonly<Record<string, unknown>>;

/** The dependencies of every service. */
export interface ServiceContext {
  readonly config: ProcessConfig;
  readonly broker: Broker;
  readonly rows: RowStore;
  readonly encryptor: Encryptor;
  readonly signer: RecordSigner;
  readonly secrets: SecretBox;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Takes traces of the work of the service; null: they are off. */
  readonly tracer: Tracer | null;
  /** Partitions that a topic has, which may be another number than is configured. */
  partitionsOf(topic: TopicSpec): number;
  /** What receivers serve TLS with; null: they serve without. */
  readonly certificate: LiveCertificate | null;
  /** Ends the process: for a bug, or a group that was left for good. */
  onCrash(error: unknown): void;
  /** Aborts when the process begins to stop. */
  readonly stopping: AbortSignal;
}

/** The parts of a service in a process. */
export interface ServiceParts {
  /** HTTP controllers. */
  readonly modules?: readonly DynamicModule[];
  /** The pipeline whose tasks run here. */
  readonly topology?: Topology;
  /** Starts receivers other than HTTP; they start last and stop first. Returns fields for the startup log line, e.g. ports. */
  start?(): Promise<Readonly<Record<string, unknown>> | undefined>;
  stop?(): Promise<void>;
  /** Releases the dependencies of its pipeline, once its tasks are done. */
  release?(): Promise<void>;
}

/** A service in a process: its definition, bound to the adapters of this process. */
export interface ServiceApp {
  readonly service: ServiceDefinition;
  /** Topics it may write to in addition to its outputs: those of the dead letters it replays. */
  readonly replays?: readonly TopicSpec[];
  /** Throws PermanentError('config') for rules that the slice cannot express; runs before anything connects. */
  check?(config: ProcessConfig): void;
  /** The certificate that its process serves TLS with, HTTP included; null: none. Throws PermanentError('config'). */
  certificate?(config: ProcessConfig): ServerCertificate | null;
  init(context: ServiceContext): ServiceParts | Promise<ServiceParts>;
}

/** A service that consists of its pipeline only. `depsOf`: the outside dependencies of the pipeline. */
export const pipelineApp = <Config extends ConfigSlice, Deps>(
  service: PipelineService<Config, Deps>,
  depsOf: (context: ServiceContext) => Deps,
): ServiceApp => ({
  service,
  init: (context) => ({ topology: service.open(service.config.parse(context.config) as z.infer<Config>, depsOf(context)) }),
});
