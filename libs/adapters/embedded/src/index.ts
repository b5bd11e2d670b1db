export { createEmbeddedEventLog, type EmbeddedLogOptions } from './embedded-event-log';
export { compactEmbeddedLog, type Compaction } from './compact-log';
