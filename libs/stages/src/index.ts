export * from './incidents';
export * from './score';
export * from './spend';
export * from './verbosity';
export * from './enrich';
