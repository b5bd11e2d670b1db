export * from './faults';
export * from './fleet';
export { createRandom, type Random } from './random';
export * from './simulate-fleet';
