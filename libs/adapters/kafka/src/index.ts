export { createKafkaBroker } from './kafka-broker';
export { kafkaOptionsSchema, type KafkaBrokerOptions } from './kafka-options';
