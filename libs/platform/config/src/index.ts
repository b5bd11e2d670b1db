export * from './common';
export * from './config';
