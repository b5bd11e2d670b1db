export * from './row-store.contract';
export * from './event-log.contract';
