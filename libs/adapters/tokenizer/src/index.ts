export { createTokenCounter, type WorkerTokenCounter } from './token-counter';
