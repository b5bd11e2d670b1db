export * from './clock';
export * from './errors';
export * from './hash';
export * from './ids';
export * from './json';
export * from './parse-json';
export * from './result';
export * from './time';
