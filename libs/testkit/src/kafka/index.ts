export { faultOnce, randomFaults, type FaultPlan, type KafkaFault } from './kafka-faults';
export { startKafkaProxy, type KafkaProxy } from './kafka-proxy';
export { describeWithKafka, requireKafka, startKafka, type TestKafka } from './start-kafka';
export { brokerJars } from './broker-files';
export { type JavaBrokers, startJavaBrokers } from './java-broker';
export { createTestAuthority, requireSecureKafka, type SecureKafka, type TestAuthority } from './secure-kafka';
