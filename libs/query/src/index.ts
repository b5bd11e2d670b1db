export { createGuard, type Guard } from './guard/guard';
