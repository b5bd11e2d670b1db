export * from './hourly-jump';
export * from './spend';
