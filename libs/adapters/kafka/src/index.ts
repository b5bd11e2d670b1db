export { createTopicManager, type TopicDifference } from './topic-differences';
export { createKafkaBroker } from './kafka-broker';
export { kafkaOptionsSchema, type KafkaBrokerOptions } from './kafka-options';
