export { createKafkaEventLog } from './kafka-event-log';
export { kafkaOptionsSchema, type KafkaLogOptions } from './kafka-options';
