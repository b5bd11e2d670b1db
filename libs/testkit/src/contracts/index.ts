
export * from './row-store.contract';
