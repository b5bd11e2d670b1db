export { requireKafka, startKafka, type TestKafka } from './start-kafka';
