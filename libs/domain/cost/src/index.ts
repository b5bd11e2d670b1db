export * from './correction';
export * from './explain/decompose';
export * from './explain/explain-change';
export * from './explain/facts';
export * from './hourly-spike';
export * from './spend';
export * from './reconcile/reconcile';
export * from './what-if/what-if';
