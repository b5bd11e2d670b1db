export {
  adding,
  type BatchPipeline,
  type BatchResult,
  createBatchPipeline,
  type Failure,
  type Reject,
} from './pipeline/batch-pipeline';
export * from './pipeline/effects';
export * from './pipeline/pipeline';
export * from './pipeline/read-record';
export * from './pipeline/results';
export * from './ports/broker';
export * from './ports/metrics';
export * from './ports/record-signer';
export * from './ports/row-store';
export * from './ports/encryptor';
export * from './ports/token-counter';
export * from './processor/backoff';
export * from './processor/dlq-limit';
export * from './processor/insert-load';
export * from './processor/task-runner';
export { type TaskHealth } from './processor/task-statuses';
export * from './processor/offset-range';
export * from './processor/failpoint';
export * from './processor/stream-processor';
export * from './processor/pipeline-settings';
export * from './processor/task-processor';
export * from './service/define-service';
export * from './service/group-lag';
export * from './state/batch-state';
export * from './state/bounded-keys';
export * from './state/state-codec';
export * from './state/timer-queue';
export * from './tables/compacted-topic-table';
