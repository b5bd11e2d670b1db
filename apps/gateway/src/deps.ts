import { type EventLog, type Log, type Metrics, type Seal } from '@telltale/engine';
import { type Clock } from '@telltale/kernel';
import { type Inflight } from './inflight';

/** API key → tenant. */
export interface KeyRing {
  /** Tenant of a key, or null when there is no such key. */
  tenantOf(key: string): string | null;
  /** False until the keys have been read: then an unknown key may only be unknown yet. */
  readonly loaded: boolean;
}

export interface GatewayLimits {
  /** Of one request, before and after decompression. */
  readonly maxBodyBytes: number;
  /** Of one record of the log, before sealing. */
  readonly maxRecordBytes: number;
  readonly maxJsonDepth: number;
  /** Control streams open at the same time. */
  readonly maxControlStreams: number;
}

export interface GatewayDeps {
  readonly log: EventLog;
  readonly seal: Seal;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly logger: Log;
  readonly limits: GatewayLimits;
  /** Shared by all doors. */
  readonly inflight: Inflight;
  /** Lanes of the raw topic; 1 as long as it is not known. */
  readonly lanes: () => number;
  /** Aborts when the process begins to stop. */
  readonly stopping: AbortSignal;
}
