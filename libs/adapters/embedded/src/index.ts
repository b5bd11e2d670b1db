export { createEmbeddedBroker, type EmbeddedBrokerOptions } from './embedded-broker';
export { compactEmbeddedLog, type Compaction } from './compact-log';
