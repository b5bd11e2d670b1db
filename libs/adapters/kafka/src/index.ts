export { createTopicManager, type TopicDifference } from './topic-differences';
export { type AccessTarget, type ClusterInspector, createClusterInspector } from './inspect-cluster';
export { createKafkaBroker } from './kafka-broker';
export { kafkaOptionsSchema, type KafkaBrokerOptions } from './kafka-options';
