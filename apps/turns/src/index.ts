export { sessionsApp, turnsApp } from './app';
