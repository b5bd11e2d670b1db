export * from './row-store.contract';
export { describeBroker } from './broker.contract';
export { createHarness, type TestBroker } from './broker-harness';
