export { costsApp } from './app';
