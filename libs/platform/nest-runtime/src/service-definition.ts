import { type DynamicModule } from '@nestjs/common';
import {
  type Broker,
  type Logger,
  type Metrics,
  type RecordSigner,
  type RowStore,
  type Encryptor,
  type Stage,
} from '@telltale/streaming';
import { type Clock } from '@telltale/kernel';
import { type CommonConfig, type ConfigSlice } from '@telltale/platform-config';

/** What every service is built from. */
export interface ServiceContext {
  readonly config: CommonConfig & Readonly<Record<string, unknown>>;
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
  /** Stages whose tasks run here. */
  readonly stages?: readonly Stage[];
  /** Receivers other than HTTP; opened last, closed first. Answers what to say about itself. */
  start?(): Promise<Readonly<Record<string, unknown>> | undefined>;
  stop?(): Promise<void>;
  /** Gives back what its stages use, once their tasks are done. */
  release?(): Promise<void>;
}

export interface ServiceTopics {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Topics to which it only gives back what came from them. */
  readonly givesBack?: readonly string[];
}

/** A row of the module table. */
export interface ServiceDefinition {
  readonly name: string;
  readonly dependsOn: readonly string[];
  readonly config: ConfigSlice;
  /** Throws PermanentError('config') for what the slice cannot express; runs before anything is connected. */
  check?(config: ServiceContext['config']): void;
  /** Topics it uses beside those of its stages; of no other one it can read or write. */
  readonly topics?: ServiceTopics;
  init(context: ServiceContext): ServiceParts | Promise<ServiceParts>;
}
