export { faultOnce, randomFaults, type FaultPlan, type KafkaFault } from './kafka-faults';
export { startKafkaProxy, type KafkaProxy } from './kafka-proxy';
export { describeWithKafka, requireKafka, startKafka, type TestKafka } from './start-kafka';
