export { verbosityApp } from './app';
