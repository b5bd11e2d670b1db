export { costsApp, wasteApp } from './app';
