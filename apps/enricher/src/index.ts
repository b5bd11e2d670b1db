export { enricherApp } from './app';
