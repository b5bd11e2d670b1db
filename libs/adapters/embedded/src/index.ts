export { createEmbeddedEventLog, type EmbeddedLogOptions } from './embedded-event-log';
