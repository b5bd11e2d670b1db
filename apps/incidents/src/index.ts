export { incidentsApp } from './app';
