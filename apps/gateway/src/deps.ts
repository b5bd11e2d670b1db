import { type KeyStore } from '@telltale/auth';
import { type Broker, type Logger, type Metrics, type RecordSigner, type Encryptor, type Tracer } from '@telltale/streaming';
import { type Clock } from '@telltale/kernel';
import { type Inflight } from './inflight';
import { type Pace } from './pace';

export interface GatewayLimits {
  /** Of one request, before and after decompression. */
  readonly maxBodyBytes: number;
  /** Maximum ratio of the inflated to the compressed size. */
  readonly maxInflation: number;
  /** Of one request. */
  readonly maxItems: number;
  /** Of one native item, or of one OTLP/JSON request. */
  readonly maxJsonValues: number;
  readonly maxJsonDepth: number;
  /** Of one record of the broker, before encryption. */
  readonly maxRecordBytes: number;
  readonly maxInflightBytes: number;
  readonly maxTenantInflightBytes: number;
  readonly requestTimeoutMs: number;
  readonly minBytesPerSecond: number;
  /** Maximum concurrent control streams. */
  readonly maxControlStreams: number;
}

/** The cell of this gateway, where it is one of several, and where the gateways of others are. */
export interface Cells {
  readonly own: string | null;
  readonly urls: ReadonlyMap<string, string>;
}

export interface GatewayDeps {
  readonly broker: Broker;
  readonly encryptor: Encryptor;
  readonly signer: RecordSigner;
  readonly keys: KeyStore;
  readonly cells: Cells;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Takes a trace of each request; null: traces are off. */
  readonly tracer: Tracer | null;
  readonly logger: Logger;
  readonly limits: GatewayLimits;
  /** Shared by all receivers, like `pace`. */
  readonly inflight: Inflight;
  readonly pace: Pace;
  /** Partitions of the raw topic. */
  readonly partitions: number;
  /** Aborts when the process begins to stop. */
  readonly stopping: AbortSignal;
}
