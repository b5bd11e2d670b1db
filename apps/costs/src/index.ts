export { budgetsApp, costsApp, wasteApp } from './app';
