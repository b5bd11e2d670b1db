export { scorerApp } from './app';
