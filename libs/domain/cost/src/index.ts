export * from './correction';
export * from './hourly-jump';
export * from './spend';
