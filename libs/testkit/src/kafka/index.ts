export { describeWithKafka, requireKafka, startKafka, type TestKafka } from './start-kafka';
