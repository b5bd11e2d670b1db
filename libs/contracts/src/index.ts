export * from './event';
export * from './otlp';
export * from './records';
export * from './rows';
export * from './topics';
export * from './compatibility';
export * from './sql';
export * from './usage';
