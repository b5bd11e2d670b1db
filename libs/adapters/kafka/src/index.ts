export { createKafkaEventLog } from './kafka-event-log';
export { kafkaOptionsSchema, type KafkaLogOptions, type KafkaSasl } from './kafka-options';
