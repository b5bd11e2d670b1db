export * from './row-store.contract';
export { describeEventLog } from './event-log.contract';
export { createLogRoom, type TestLog } from './log-room';
