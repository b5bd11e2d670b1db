export * from './correction';
export * from './hourly-spike';
export * from './spend';
