export * from './decide';
export * from './state';
export { targetKey } from './target';
