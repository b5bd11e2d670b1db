import { type Clock } from '@telltale/kernel';
import { type LogRecord } from '../ports/broker';
import { type Encryptor } from '../ports/encryptor';
import { type Logger, type Metrics } from '../ports/metrics';
import { type RowStore } from '../ports/row-store';
import { type Tracer } from '../ports/tracer';
import { type Topology } from '../service/define-service';
import { type DlqLimit } from './dlq-limit';
import { type Failpoint } from './failpoint';

export interface BatchLimits {
  /** Maximum records in one batch. */
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** Minimum time between two batches that are not full, so that small inserts do not flood the store. */
  readonly lingerMs: number;
  /** How often an idle task checks whether time alone has an effect (punctuation). */
  readonly idleMs: number;
}

export interface TaskDeps {
  readonly topology: Topology;
  readonly rows: RowStore;
  readonly encryptor: Encryptor;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Absent: batches leave no traces. */
  readonly tracer?: Tracer | null;
  readonly limits: BatchLimits;
  readonly dlqLimit: DlqLimit;
  readonly failpoint: Failpoint;
  /** Finish the current batch, then return. */
  readonly draining: AbortSignal;
  /** Cancel the current batch and return. */
  readonly terminated: AbortSignal;
  readonly onStatus: (status: TaskStatus) => void;
  /** The records that were read but not committed; called every round, also when idle. */
  readonly onPending: (records: readonly LogRecord[]) => void;
}

export interface TaskStatus {
  readonly service: string;
  readonly partition: number;
  readonly phase: 'restoring' | 'running' | 'paused' | 'done';
  readonly detail: string;
}
