export { createKafkaEventLog } from './kafka-event-log';
export { type KafkaLogOptions, type KafkaSasl } from './kafka-options';
