import { type Clock } from '@telltale/kernel';
import { type LogRecord } from '../ports/broker';
import { type Encryptor } from '../ports/encryptor';
import { type Logger, type Metrics } from '../ports/metrics';
import { type RowStore } from '../ports/row-store';
import { type Topology } from '../service/define-service';
import { type DlqLimit } from './dlq-limit';
import { type Failpoint } from './failpoint';

export interface BatchLimits {
  /** Most records in one range. */
  readonly maxRecords: number;
  readonly maxBytes: number;
  /** A range that is not full starts at the soonest this long after the one before, so that small ones don't flood the store. */
  readonly lingerMs: number;
  /** How often an idle task looks whether time alone has an effect. */
  readonly idleMs: number;
}

export interface TaskDeps {
  readonly topology: Topology;
  readonly rows: RowStore;
  readonly encryptor: Encryptor;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly limits: BatchLimits;
  readonly dlqLimit: DlqLimit;
  readonly failpoint: Failpoint;
  /** Finish the current range, then return. */
  readonly draining: AbortSignal;
  /** Abandon the current range and return. */
  readonly terminated: AbortSignal;
  readonly onStatus: (status: TaskStatus) => void;
  /** Records that were read and are not committed; called once a round, when idle too. */
  readonly onPending: (records: readonly LogRecord[]) => void;
}

export interface TaskStatus {
  readonly service: string;
  readonly partition: number;
  readonly phase: 'restoring' | 'running' | 'paused' | 'done';
  readonly detail: string;
}
